"""What the pages of the plan show: the parts in their order, and words for them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from barnetsbog.plan import queries
from barnetsbog.plan.model import Condition, Goal, Intervention, Item, Page, Parts, Plan

from .words import Word

DONE: dict[str, Word] = {
    "barnets-maal": _("Barnets mål er skrevet ned."),
    "barnets-syn": _("Det, barnet siger, er skrevet ned."),
    "maal": _("Målet er gemt."),
    "indsats": _("Indsatsen er gemt."),
    "plan": _("Planen er gemt."),
    "klar": _("Planen er klar."),
    "ikke-klar": _("Planen er ikke klar endnu. Se, hvad den mangler."),
    "moede": _("Referatet er gemt, og aftalerne er lagt ud som opgaver."),
}
"""What was done, by the word for it in the address."""


class Shown(NamedTuple):
    """The plan in the order of its page: what lasts, and what is over."""

    own_goals: list[Item[Goal]]
    goals: list[Item[Goal]]
    ended_goals: list[Item[Goal]]
    interventions: list[Item[Intervention]]
    tried: list[Item[Intervention]]
    conditions: list[Item[Condition]]
    over: list[Item[Condition]]
    plans: list[Item[Plan]]
    ended_plans: list[Item[Plan]]


def plan_shown(page: Page) -> Shown:
    parts = page.parts
    goals, interventions = queries.current_goals(parts), queries.current_interventions(parts)
    conditions, plans = queries.current_conditions(parts), queries.open_plans(parts)
    return Shown(
        [one for one in goals if one.row.what == "own-goal"], [one for one in goals if one.row.what == "goal"],
        _rest((*parts.own_goals, *parts.goals), goals), interventions, _rest(parts.interventions, interventions),
        conditions, _rest(parts.conditions, conditions), plans, _rest(parts.plans, plans),
    )  # fmt: skip


def _rest(every: tuple[Item[Any], ...], some: list[Item[Any]]) -> list[Item[Any]]:
    shown = {one.id for one in some}
    return [one for one in every if one.id not in shown]


def conditions_shown(parts: Parts) -> list[tuple[str, Word]]:
    return [(one.reference, one.row.title) for one in queries.current_conditions(parts)]


@dataclass(frozen=True, slots=True)
class Names:
    """Names for what goals and interventions refer to, as far as the reader sees it."""

    parts: Parts

    def title(self, reference: str) -> str:
        every: list[Item[Any]] = [*self.parts.own_goals, *self.parts.goals, *self.parts.conditions]
        return next((one.row.title for one in every if one.reference == reference), "")

    def who(self, reference: str) -> str:
        contact = self.parts.people.get(reference)
        return contact.line if contact else ""
