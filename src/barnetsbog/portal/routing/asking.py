"""The question as it stands in the address: who asks, the child's age, the worry, how urgent, which municipality.

A GP practice or a school can keep the link, also one that says only who asks and where. No personal data is in it.
"""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.directory.model import UnitName
from barnetsbog.fhir import folded
from barnetsbog.routing.model import AGES, Home, Question, Urgency
from barnetsbog.routing.rulebook import Rulebook

from ..words import Word
from .words import told

ELSEWHERE, HERE = "anden", "her"
URGENCIES: dict[Urgency, Word] = {
    Urgency.ACUTE: _("Barnet er i fare nu"),
    Urgency.SOON: _("Det kan ikke vente mange dage"),
    Urgency.PLANNED: _("Det kan godt vente lidt"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, and the municipality whose telephone numbers are wanted; None: another, or none is known here.
    `summary` is what was chosen, as the form shows it."""

    question: Question
    municipality: UnitName | None
    summary: tuple[str, ...]


class DoorForm(forms.Form):
    """Every field is a choice, so that whatever is in the address is either one of them or nothing."""

    hvem = forms.ChoiceField(label=_("Hvem er du?"), error_messages={"required": _("Vælg, hvem du er.")})
    alder = forms.TypedChoiceField(
        label=_("Hvor gammelt er barnet?"), coerce=int, error_messages={"required": _("Vælg barnets alder.")}
    )
    hvad = forms.ChoiceField(
        label=_("Hvad er du mest bekymret for?"), error_messages={"required": _("Vælg, hvad du er bekymret for.")}
    )
    haster = forms.ChoiceField(label=_("Haster det?"), error_messages={"required": _("Vælg, om det haster.")})
    kommune = forms.ChoiceField(
        label=_("Hvilken kommune bor barnet i?"), error_messages={"required": _("Vælg en kommune.")}
    )

    def __init__(self, data: QueryDict, book: Rulebook, municipalities: list[UnitName]) -> None:
        super().__init__(data or None)
        self._texts: dict[str, dict[str, str]] = {}
        self.municipalities = {slug(one.name): one for one in municipalities}
        self._choices("hvem", [(one.id, told(one.title)) for one in book.askers.values()])
        self._choices("alder", [(age, _years(age)) for age in AGES])
        self._choices("hvad", [(one.id, told(one.title)) for one in book.suspicions.values()])
        here = [(key, one.name) for key, one in self.municipalities.items()] or [(HERE, gettext("Kommunen her"))]
        self._choices("haster", [(one, str(text)) for one, text in URGENCIES.items()], empty=False)
        self._choices("kommune", [*here, (ELSEWHERE, gettext("En anden kommune"))])
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = field.error_messages["required"]

    def _choices(self, name: str, choices: list[tuple[object, str]], *, empty: bool = True) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*([("", gettext("Vælg"))] if empty else []), *choices]
        self._texts[name] = {str(value): text for value, text in choices}

    def asked(self) -> Asked | None:
        """The question, once there is an answer to all five."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        home = Home.ELSEWHERE if given["kommune"] == ELSEWHERE else Home.HERE
        question = Question(given["hvem"], given["alder"], given["hvad"], Urgency(given["haster"]), home)
        summary = (self._texts[name][str(value)] for name, value in given.items())
        return Asked(question, self.municipalities.get(given["kommune"]), tuple(summary))


def _years(age: int) -> str:
    return gettext("Under 1 år") if age == 0 else gettext("%(age)s år") % {"age": age}


def slug(name: str) -> str:
    """A name as it stands in an address."""
    return slugify(folded(name))
