"""The forms by which a request is written down and decided: what is typed is never lost."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.kernel.time import local_day
from barnetsbog.requests.model import Answer, Asker, Paper, Verdict

from .consent_forms import Choices
from .fields import DayField
from .request_words import ANSWERS
from .upon import UponForm

COMPLAINT = "Du kan klage. Skriv til os, så snart du kan. Så sender vi din klage videre til dem, der skal se på den."
"""How somebody can complain, where nobody writes it otherwise: whoever decided passes it on."""


class RegisterForm(forms.Form):
    """Who asks, about what, since when, and who answers."""

    asker = forms.ChoiceField(error_messages={"required": gettext_lazy("Vælg, hvem der beder om det.")})
    about = forms.CharField(
        max_length=2000, error_messages={"required": gettext_lazy("Skriv, hvad der bliver bedt om.")}
    )
    received = DayField(error_messages={"required": gettext_lazy("Skriv, hvilken dag I fik anmodningen.")})
    to = forms.ChoiceField()

    def __init__(self, data: Any = None, *, askers: Iterable[Asker], colleagues: Choices, at: int) -> None:
        super().__init__(data, initial={"received": f"{local_day(at):%d.%m.%Y}"})
        people = [(one.reference, _asker(one)) for one in askers]
        nobody = [("", _("Vælg"))] if len(people) > 1 else []  # who asks is who is answered
        self.fields["asker"].choices = [*nobody, *people]  # type: ignore[attr-defined]
        self.fields["to"].choices = colleagues  # type: ignore[attr-defined]


def _asker(one: Asker) -> str:
    without = "" if one.custody else _("har ikke forældremyndighed")
    return ", ".join(part for part in (one.name, one.relation, without) if part)


class DecideForm(UponForm):
    """What is given, and why the rest is not."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Får forælderen det, der er bedt om?"),
        choices=[(one.value, text) for one, text in ANSWERS.items()],
        error_messages={"required": gettext_lazy("Vælg et svar.")},
    )
    told = forms.CharField(label=gettext_lazy("Hvad fortæller du?"), required=False, max_length=8000)
    given = forms.MultipleChoiceField(label=gettext_lazy("Hvilke dokumenter gives?"), required=False)
    accepted = forms.BooleanField(
        label=gettext_lazy("Den, der har forældremyndighed, har sagt ja til, at dokumenterne gives"), required=False
    )
    weighed = forms.CharField(label=gettext_lazy("Hvad har du vejet?"), required=False, max_length=4000)
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor får forælderen ikke det hele?"), required=False, max_length=4000
    )
    complaint = forms.CharField(label=gettext_lazy("Hvordan kan der klages?"), required=False, max_length=1000)

    def __init__(self, data: Any = None, *, papers: Iterable[Paper], verdict: Verdict | None, version: int) -> None:
        self.papers = list(papers)
        super().__init__(data, initial=_initial(verdict, version))
        self.fields["given"].choices = [(str(one.id), one.title) for one in self.papers]  # type: ignore[attr-defined]

    @property
    def rows(self) -> list[tuple[Paper, bool]]:
        """Each paper, and whether it is ticked. Nothing is ticked that nobody has ticked."""
        ticked = self["given"].value() or []
        return [(one, str(one.id) in ticked) for one in self.papers]

    @property
    def verdict(self) -> Verdict:
        given = self.cleaned_data
        return Verdict(
            Answer(given["answer"]), given["told"], given["reason"], given["complaint"], given["weighed"],
            given["accepted"], tuple(UUID(one) for one in given["given"]),
        )  # fmt: skip


def _initial(verdict: Verdict | None, version: int) -> dict[str, Any]:
    if verdict is None:
        return {"complaint": COMPLAINT, "version": version}
    return {
        "answer": verdict.answer.value, "told": verdict.told, "reason": verdict.reason, "weighed": verdict.weighed,
        "complaint": verdict.complaint or COMPLAINT, "accepted": verdict.accepted, "version": version,
        "given": [str(one) for one in verdict.given],
    }  # fmt: skip
