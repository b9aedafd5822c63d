"""What requests for what is written, and their answers, are called on pages."""

from django.utils.translation import gettext_lazy as _

from barnetsbog.kernel.decisions import Outcome
from barnetsbog.requests.model import Answer, Ground, State

from .words import Word

GROUNDS: dict[Ground, Word] = {
    Ground.ACCESS: _("Aktindsigt. Forælderen har forældremyndighed."),
    Ground.ORIENTATION: _("Orientering. Forælderen har ikke forældremyndighed og får ikke sagen at se."),
}  # fmt: skip

STATES: dict[State, Word] = {
    State.OPEN: _("Mangler en afgørelse"), State.DECIDED: _("Afgjort, ikke sendt"), State.ANSWERED: _("Besvaret"),
}  # fmt: skip

ANSWERS: dict[Answer, Word] = {
    Answer.GIVEN: _("Ja, det gives"), Answer.PARTLY: _("Delvist"), Answer.REFUSED: _("Nej"),
}  # fmt: skip

ADVICE: dict[Outcome, Word] = {
    Outcome.ALLOWED: _("Kan gives"), Outcome.REVIEW: _("Vej det først"), Outcome.REFUSED: _("Gives ikke herfra"),
}  # fmt: skip

DONE: dict[str, Word] = {
    "skrevet": _("Anmodningen er skrevet ned. Kun jeres enhed kan se den."),
    "afgjort": _("Afgørelsen er gemt. Se brevet igennem, og send det."), "svaret": _("Svaret er på vej."),
}  # fmt: skip
