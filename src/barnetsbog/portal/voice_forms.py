"""The forms of a child's own words, goals and wishes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnetsbog.plan.model import GoalState, OwnChange, Said
from barnetsbog.voice.model import Room

from .plan_forms import Words
from .upon import UponForm

NUMBERS = [("", _("Intet tal")), *((str(one), str(one)) for one in range(11))]
STATES = [(GoalState.ACTIVE.value, _("Jeg arbejder på det")), (GoalState.REACHED.value, _("Jeg har nået det")),
          (GoalState.GIVEN_UP.value, _("Jeg vil ikke mere"))]  # fmt: skip
SAY = _("Skriv noget først.")


class NoteForm(forms.Form):
    """What a child says, in a room. `writer`: the grown-up who writes it down."""

    words = Words(error_messages={"required": SAY})
    writer = forms.CharField(required=False, max_length=100)
    room = forms.ChoiceField(choices=[(one.value, one.value) for one in Room])

    def kept(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"room": Room(given["room"]), "words": given["words"], "writer": given["writer"]}


class ShowForm(forms.Form):
    """Whom a note is shown to, and whether those who hold custody read along."""

    to = forms.ChoiceField(error_messages={
        "required": _("Vælg, hvem der skal læse det."), "invalid_choice": _("Vælg, hvem der skal læse det."),
    })  # fmt: skip
    holders = forms.BooleanField(required=False)

    def __init__(self, *args: Any, readers: Sequence[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].choices = list(readers)  # type: ignore[attr-defined]


class SayForm(forms.Form):
    """A goal, or what the child thinks of the plan, in its own words. Nothing is shared that was not ticked."""

    words = Words(error_messages={"required": SAY})
    mark = forms.ChoiceField(required=False, choices=NUMBERS)
    shared = forms.BooleanField(required=False)

    def said(self, day: date) -> Said:
        given = self.cleaned_data
        return Said(given["words"], day, given["shared"], mark=int(given["mark"]) if given["mark"] else None)


class OwnGoalForm(UponForm):
    """How close the child is to its goal, how it stands, and who may read it."""

    mark = forms.ChoiceField(
        label=_("Hvor tæt på er du i dag? 0 er slet ikke. 10 er helt i mål."), required=False, choices=NUMBERS
    )
    state = forms.ChoiceField(label=_("Hvordan går det med målet?"), choices=STATES)
    shared = forms.BooleanField(label=_("Må andre læse det?"), required=False)

    def change(self) -> OwnChange:
        given = self.cleaned_data
        return OwnChange(GoalState(given["state"]), given["shared"], int(given["mark"]) if given["mark"] else None)


class CompanyForm(forms.Form):
    """Who a child would like to come along: somebody it knows, or a name; and why, in its own words."""

    who = forms.ChoiceField(required=False)
    name = forms.CharField(required=False, max_length=100)
    words = Words(required=False)

    def __init__(self, *args: Any, people: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", _("Vælg en")), *((one, one) for one in people)]
        self.fields["who"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> None:
        if not self.errors and not self.wish:
            self.add_error("who", _("Vælg en, eller skriv et navn."))

    @property
    def wish(self) -> str:
        given = self.cleaned_data
        return str(given.get("name", "") or given.get("who", "")).strip()
