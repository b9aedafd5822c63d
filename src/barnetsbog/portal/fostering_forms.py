"""The forms of a foster carer's notes and status, and of what the family department agrees with the family."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnetsbog.fostering.model import Agreement, Given, Report, Sort, Support, Topic
from barnetsbog.kernel.time import COPENHAGEN, instant

from .calendar_forms import ClockField
from .fields import DayField
from .message_forms import TextForm
from .plan_forms import Words
from .upon import UponForm
from .words import SUPPORT, TOPICS

Choices = list[tuple[str, Any]]


class MedicineForm(forms.Form):
    what = forms.CharField(max_length=200, error_messages={"required": _("Skriv, hvad barnet fik.")})
    dose = forms.CharField(required=False, max_length=200)
    day = DayField(error_messages={"required": _("Skriv dagen.")})
    clock = ClockField(error_messages=dict.fromkeys(("required", "max_length"), _("Skriv klokken som 9.30.")))
    by = forms.CharField(required=False, max_length=200)

    def given(self) -> Given:
        told = self.cleaned_data
        at = instant(datetime.combine(told["day"], told["clock"], COPENHAGEN))
        return Given(told["what"], told["dose"], at, told["by"])


class ReportForm(forms.Form):
    """How it goes, a box for each topic, and the child's own words."""

    words = Words(required=False)
    child_agrees = forms.BooleanField(required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields |= {topic.value: Words(required=False, label=TOPICS[topic]) for topic in Topic}

    @property
    def topics(self) -> list[forms.BoundField]:
        return [self[topic.value] for topic in Topic]

    def report(self) -> Report:
        given = self.cleaned_data
        return Report({topic: given[topic.value] for topic in Topic if given[topic.value].strip()}, given["words"])


class AnswerForm(TextForm):
    """An answer to a status."""

    text = forms.CharField(strip=False, error_messages={"required": _("Skriv dit svar.")})


class AgreementForm(UponForm):
    """What is agreed. `version`: the one that is changed, 0 for a new one."""

    title = forms.CharField(label=_("Hvad handler aftalen om?"), required=False)
    who = forms.ChoiceField(label=_("Hvem skal barnet se?"), required=False)
    often = forms.CharField(label=_("Hvor tit og hvornår?"), required=False)
    place = forms.CharField(label=_("Hvor?"), required=False)
    support = forms.ChoiceField(label=_("Er der en voksen med?"), required=False)
    text = Words(label=_("Hvad har I aftalt?"), required=False)
    call = forms.ChoiceField(label=_("Hvem ringer man til, hvis noget skal laves om?"), required=False)
    since = DayField(label=_("Fra"), error_messages={"required": _("Skriv den første dag.")})
    until = DayField(label=_("Til"), required=False)

    def __init__(
        self, data: Any = None, *, sort: Sort, people: Choices, call: Choices, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.sort = sort
        self._choose("call", call)
        if sort is Sort.DAILY:
            for name in ("who", "often", "place", "support"):
                del self.fields[name]
        else:
            del self.fields["title"]
            self._choose("who", people)
            self._choose("support", [(one.value, SUPPORT[one]) for one in Support])

    def _choose(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = [("", _("Vælg")), *choices]  # type: ignore[attr-defined]

    def agreed(self) -> Agreement:
        given = self.cleaned_data
        support = given.get("support")
        return Agreement(
            self.sort, given["since"], title=given.get("title", ""), text=given["text"], who=given.get("who", ""),
            often=given.get("often", ""), place=given.get("place", ""), support=Support(support) if support else None,
            call=given["call"], until=given["until"],
        )  # fmt: skip


class EndForm(UponForm):
    """Why an agreement ends."""

    reason = forms.CharField(error_messages={"required": _("Skriv, hvorfor aftalen slutter.")})
