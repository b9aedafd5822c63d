"""The forms that a ball is opened and moved with: what is typed is never lost, and every error says what to do."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.deadlines.model import Deadline
from barnetsbog.kernel.time import last_of_day, local_day
from barnetsbog.responsibility.model import Move, NewBall, Receiver
from barnetsbog.responsibility.rules import Wish

from .clock_words import told
from .fields import DayField
from .upon import UponForm

NEEDS_A_REASON = frozenset((Move.RETURN, Move.DUE, Move.CANCEL, Move.REOPEN))

Choices = list[tuple[Any, Any]]


def grouped(receivers: tuple[Receiver, ...]) -> Choices:
    """Units with their people, as a list to choose from."""
    found: Choices = []
    for one in receivers:
        if one.reference.startswith("Organization/"):
            everybody = _("Alle i %(unit)s") % {"unit": one.contact.name}
            found.append((one.contact.name, [(one.reference, everybody)]))
        elif found:
            away = f" ({_('er væk')})" if one.away else ""
            named = ", ".join(part for part in (one.contact.name, one.contact.title) if part)
            found[-1][1].append((one.reference, named + away))
    return found


class MoveForm(UponForm):
    """One move. What is typed comes back with the error."""

    move = forms.ChoiceField(choices=[(move.value, move.value) for move in Move])
    to = forms.ChoiceField(required=False)
    reason = forms.CharField(required=False, max_length=2000)
    due = DayField(required=False)

    def __init__(self, data: Any = None, *, move: Move, version: int, receivers: Choices) -> None:
        super().__init__(data, auto_id=f"{move.value}-%s", initial={"version": version, "move": move.value})
        self.kind = move
        self.fields["to"].choices = [("", _("Vælg")), *receivers]  # type: ignore[attr-defined]

    def clean(self) -> None:
        given = self.cleaned_data
        if self.kind is Move.OFFER and not given.get("to") and "to" not in self.errors:
            self.add_error("to", _("Vælg, hvem der skal have bolden."))
        if self.kind is Move.DUE and not given.get("due") and "due" not in self.errors:
            self.add_error("due", _("Skriv den nye frist."))
        if self.kind in NEEDS_A_REASON and not given.get("reason", "").strip():
            self.add_error("reason", _("Skriv kort hvorfor."))

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        due = last_of_day(given["due"]) if given.get("due") else None
        return Wish(self.kind, given.get("to", ""), given.get("reason", ""), due)


class StartForm(forms.Form):
    """A deadline that is started by hand: which, since when, and who has the ball."""

    deadline = forms.ChoiceField()
    since = DayField(error_messages={"required": gettext_lazy("Skriv, fra hvilken dag fristen løber.")})
    to = forms.ChoiceField()

    def __init__(self, data: Any = None, *, deadlines: list[Deadline], receivers: Choices, at: int) -> None:
        super().__init__(data, initial={"since": f"{local_day(at):%d.%m.%Y}"})
        self.fields["deadline"].choices = [(one.id, told(one.title)) for one in deadlines]  # type: ignore[attr-defined]
        self.fields["to"].choices = receivers  # type: ignore[attr-defined]


class NewBallForm(forms.Form):
    """What has to be done, by whom and by when. `me`: who has it unless another is chosen; nobody's is a choice."""

    title = forms.CharField(max_length=200, error_messages={"required": gettext_lazy("Skriv, hvad der skal gøres.")})
    text = forms.CharField(required=False, max_length=4000)
    to = forms.ChoiceField(required=False)
    due = DayField(required=False)
    important = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, receivers: Choices, me: str, at: int) -> None:
        super().__init__(data, initial={"to": me})
        self.fields["to"].choices = receivers  # type: ignore[attr-defined]
        self.at = at

    def clean_due(self) -> Any:
        due = self.cleaned_data.get("due")
        if due and due < local_day(self.at):
            raise forms.ValidationError(_("Fristen er gået. Vælg en dag, der kommer."))
        return due

    @property
    def wanted(self) -> NewBall:
        given = self.cleaned_data
        due = last_of_day(given["due"]) if given.get("due") else None
        return NewBall(given["title"], given["text"], given["to"], due, given["important"])
