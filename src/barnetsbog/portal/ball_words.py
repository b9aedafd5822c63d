"""The ball in words: buttons, what was done, and how it stands."""

from django.utils.translation import gettext_lazy as _

from barnetsbog.responsibility.model import Move, State

from .words import Word

BUTTONS: dict[Move, Word] = {
    Move.ACCEPT: _("Tag imod bolden"), Move.TAKE: _("Tag bolden"), Move.TAKE_OVER: _("Overtag bolden"),
    Move.FINISH: _("Opgaven er færdig"), Move.RECALL: _("Træk tilbuddet tilbage"),
    Move.RETURN: _("Giv tilbage"), Move.OFFER: _("Giv videre"), Move.DUE: _("Flyt fristen"),
    Move.CANCEL: _("Opgiv opgaven"), Move.REOPEN: _("Åbn igen"),
}  # fmt: skip
AT_ONCE = (Move.ACCEPT, Move.TAKE, Move.TAKE_OVER, Move.FINISH, Move.RECALL)
"""What takes one press. The others ask for something first."""
WITH_WORDS = (Move.RETURN, Move.OFFER, Move.DUE, Move.CANCEL, Move.REOPEN)

DONE: dict[str, Word] = {
    "open": _("Opgaven er oprettet."), Move.ACCEPT: _("Du har nu bolden."), Move.TAKE: _("Du har nu bolden."),
    Move.TAKE_OVER: _("Du har overtaget bolden."), Move.FINISH: _("Opgaven er færdig."),
    Move.RECALL: _("Tilbuddet er trukket tilbage."), Move.RETURN: _("Bolden er givet tilbage, og afsenderen kan se hvorfor."),
    Move.OFFER: _("Bolden er tilbudt. Den bliver, hvor den er, til der bliver sagt ja."), Move.DUE: _("Fristen er flyttet."),
    Move.CANCEL: _("Opgaven er opgivet."), Move.REOPEN: _("Opgaven er åben igen, og du har bolden."),
}  # fmt: skip

TOLD: dict[Move | None, Word] = {
    None: _("Registreret"), Move.OPEN: _("Oprettet"), Move.ACCEPT: _("Taget imod"),
    Move.TAKE: _("Taget"), Move.TAKE_OVER: _("Overtaget"), Move.FINISH: _("Færdig"),
    Move.RECALL: _("Tilbud trukket tilbage"), Move.RETURN: _("Givet tilbage"), Move.OFFER: _("Tilbudt"),
    Move.DUE: _("Frist flyttet"), Move.CANCEL: _("Opgivet"), Move.REOPEN: _("Åbnet igen"),
}  # fmt: skip

STATES: dict[State, Word] = {
    State.NOBODY: _("Bolden er hos ingen"), State.NEW: _("Ingen har taget imod endnu"), State.HELD: _("I gang"),
    State.OFFERED: _("Tilbudt en anden"), State.DONE: _("Færdig"), State.CANCELLED: _("Opgivet"),
}  # fmt: skip
