"""Referrals in words: states, buttons, what was done."""

from django.utils.translation import gettext_lazy as _

from barnetsbog.referrals.model import Move, Side, State, Urgency

from .words import Word

STATES: dict[State, Word] = {
    State.DRAFT: _("Kladde"), State.SENT: _("Sendt"), State.RECEIVED: _("Modtaget"), State.INCOMPLETE: _("Mangler noget"), State.ACCEPTED: _("Sagt ja til"),
    State.RETURNED: _("Sendt tilbage"), State.REJECTED: _("Afvist"), State.REDIRECTED: _("Sendt videre"), State.WITHDRAWN: _("Trukket tilbage"),
    State.CLOSED: _("Afsluttet"),
}  # fmt: skip

BUTTONS: dict[Move, Word] = {
    Move.RECEIVE: _("Modtag"), Move.ASK: _("Bed om det, der mangler"), Move.RETURN: _("Send tilbage"), Move.REJECT: _("Afvis"),
    Move.REDIRECT: _("Send videre"), Move.ACCEPT: _("Sig ja"), Move.WITHDRAW: _("Træk tilbage"), Move.CLOSE: _("Afslut"),
}  # fmt: skip
AT_ONCE = (Move.RECEIVE,)
WITH_WORDS = (Move.ACCEPT, Move.ASK, Move.RETURN, Move.REJECT, Move.REDIRECT, Move.WITHDRAW, Move.CLOSE)

TOLD: dict[Move | None, Word] = {
    None: _("Registreret"), Move.WRITE: _("Skrevet"), Move.SEND: _("Sendt"), Move.RECEIVE: _("Modtaget"), Move.ASK: _("Bedt om mere"),
    Move.SUPPLEMENT: _("Sendt igen"), Move.RETURN: _("Sendt tilbage"), Move.REJECT: _("Afvist"), Move.REDIRECT: _("Sendt videre"),
    Move.ACCEPT: _("Sagt ja"), Move.WITHDRAW: _("Trukket tilbage"), Move.CLOSE: _("Afsluttet"),
}  # fmt: skip

DONE: dict[str, Word] = {
    "write": _("Kladden er gemt. Kun din enhed kan se den."), "send": _("Henvisningen er sendt. Du har bolden, til der bliver sagt ja."),
    "more": _("Det er gemt. Modtageren kan læse det nu. Send henvisningen igen, når det hele er der."),
    "moved": _("Pakken er sendt til den nye kommune. Du har bolden, til de har taget imod."),
    "receive": _("Henvisningen er modtaget. Afsenderen kan se det."), "ask": _("Afsenderen har fået en opgave for hver ting, der mangler."),
    "return": _("Henvisningen er sendt tilbage. Afsenderen har bolden."), "reject": _("Henvisningen er afvist. Afsenderen har bolden og kan se hvorfor."),
    "redirect": _("Henvisningen er sendt videre. Afsenderen kan se det."), "accept": _("I har sagt ja. Du har nu bolden."),
    "accept-for": _("I har sagt ja. Bolden er tilbudt den enhed, der tager barnet."),
    "withdraw": _("Henvisningen er trukket tilbage."), "close": _("Henvisningen er afsluttet."),
}  # fmt: skip

WAITS: dict[Side, Word] = {Side.REFERRER: _("afsenderen"), Side.RECEIVER: _("modtageren")}

FIELDS: dict[str, Word] = {
    "suspicion": _("Hvad ligner det mest?"), "urgency": _("Hvor meget haster det?"), "title": _("Overskrift"),
    "reason": _("Hvorfor henviser du, og hvad ser I?"), "tried": _("Hvad er prøvet, hvor længe, og hvordan gik det?"),
    "to": _("Modtager"), "override": _("Vælger du en anden dør end den rette? Skriv hvorfor"),
}  # fmt: skip
"""What the form of a referral asks, by its fields."""
PACKAGE = _("Fra barnets bog")

URGENCY: dict[Urgency, Word] = {
    Urgency.PLANNED: _("Det haster ikke"), Urgency.SOON: _("Inden for få dage"), Urgency.ACUTE: _("Akut, barnet er i fare nu"),
}  # fmt: skip
