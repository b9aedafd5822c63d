"""The forms that a referral is written and answered with: what is typed is never lost."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.directory.model import UnitName
from barnetsbog.referrals.model import Answered, Draft, Enclosure, Move, Referral, Urgency
from barnetsbog.routing.loading import standard

from .referral_words import URGENCY
from .routing.words import told
from .upon import UponForm

Choices = list[tuple[Any, Any]]
NEEDS_CAUSE = frozenset((Move.RETURN, Move.REJECT, Move.REDIRECT, Move.WITHDRAW, Move.CLOSE))


def suspicions() -> Choices:
    return [(one.id, told(one.title)) for one in standard().suspicions.values()]


def units(found: list[UnitName]) -> Choices:
    """Units to choose from, under the organisation that each is part of."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for one in sorted(found, key=lambda unit: (unit.parent, unit.name)):
        grouped.setdefault(one.parent or one.name, []).append((f"Organization/{one.id}", one.name))
    return list(grouped.items())


class WorryForm(forms.Form):
    """What one begins with: what it is about, and how urgent it is."""

    hvad = forms.ChoiceField(error_messages={"required": gettext_lazy("Vælg det, der ligner mest.")})
    haster = forms.ChoiceField(choices=[(one.value, URGENCY[one]) for one in Urgency])

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"haster": Urgency.PLANNED.value})
        self.fields["hvad"].choices = [("", _("Vælg")), *suspicions()]  # type: ignore[attr-defined]


class ReferralForm(UponForm):
    """A referral as its writer sees it. Everything may be empty but the heading: a draft can wait."""

    to = forms.ChoiceField(required=False)
    title = forms.CharField(
        max_length=200, error_messages={"required": gettext_lazy("Skriv kort, hvad det drejer sig om.")}
    )
    suspicion = forms.ChoiceField(error_messages={"required": gettext_lazy("Vælg det, der ligner mest.")})
    urgency = forms.ChoiceField(choices=[(one.value, URGENCY[one]) for one in Urgency])
    reason = forms.CharField(required=False, max_length=8000)
    tried = forms.CharField(required=False, max_length=8000)
    override = forms.CharField(required=False, max_length=2000)
    ground = forms.CharField(required=False, max_length=2000)
    package = forms.MultipleChoiceField(required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        places: Choices,
        enclosures: tuple[Enclosure, ...],
        initial: Any = None,
        version: int = 0,
    ) -> None:
        super().__init__(data, initial={**(initial or {}), "version": version})
        self.enclosures = enclosures
        self.fields["to"].choices = [("", _("Vælg")), *places]  # type: ignore[attr-defined]
        self.fields["suspicion"].choices = [("", _("Vælg")), *suspicions()]  # type: ignore[attr-defined]
        self.fields["package"].choices = [(one.reference, one.title) for one in enclosures]  # type: ignore[attr-defined]

    @property
    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(
            given["to"], given["title"], given["suspicion"], Urgency(given["urgency"]), given["reason"], given["tried"],
            tuple(given["package"]), given["override"],
        )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Enclosure, bool]]:
        """What can be enclosed, and whether it is ticked."""
        if not self.is_bound:
            return [(one, one.chosen) for one in self.enclosures]
        ticked = set(self.data.getlist("package"))  # type: ignore[attr-defined]
        return [(one, one.reference in ticked) for one in self.enclosures]


def initial_of(referral: Referral) -> dict[str, Any]:
    return {
        "to": referral.to, "title": referral.title, "suspicion": referral.suspicion, "urgency": referral.urgency.value,
        "reason": referral.reason, "tried": referral.tried, "override": referral.override,
    }  # fmt: skip


class AnswerForm(UponForm):
    """A move with a referral that needs some words."""

    move = forms.CharField()
    cause = forms.CharField(required=False, max_length=4000)
    gaps = forms.CharField(required=False, max_length=4000)
    unit = forms.ChoiceField(required=False)
    elsewhere = forms.CharField(required=False, max_length=400)

    def __init__(self, data: Any = None, *, move: Move, version: int, places: Choices) -> None:
        super().__init__(data, auto_id=f"{move.value}-%s", initial={"version": version})
        self.kind = move
        self.fields["unit"].choices = [("", _("Vælg")), *places]  # type: ignore[attr-defined]

    def clean(self) -> None:
        given = self.cleaned_data
        if self.kind in NEEDS_CAUSE and not given.get("cause", "").strip():
            self.add_error("cause", _("Skriv kort hvorfor, så den anden ved, hvad der nu skal ske."))
        if self.kind is Move.ASK and not self.answered.gaps:
            self.add_error("gaps", _("Skriv, hvad der mangler. Hver linje bliver til en opgave."))
        if self.kind is Move.REDIRECT and not given.get("unit") and not given.get("elsewhere", "").strip():
            self.add_error("elsewhere", _("Vælg eller skriv, hvor barnet skal hen i stedet."))

    @property
    def answered(self) -> Answered:
        given = self.cleaned_data
        gaps = tuple(line.strip() for line in given.get("gaps", "").splitlines() if line.strip())
        return Answered(given.get("cause", ""), gaps, given.get("unit", ""), given.get("elsewhere", ""))
