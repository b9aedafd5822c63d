"""Filters that put the words of the plan on its pages."""

from datetime import date

from django import template
from django.utils.functional import Promise

from barnetsbog.contacts.model import Contact
from barnetsbog.kernel.time import local_day
from barnetsbog.plan.model import Course, Felt, GoalState, Parts
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.instance import today

from .. import plans, words
from ..plan_forms import day_text

register = template.Library()


@register.filter
def day(one: date | None) -> str:
    return day_text(one)


@register.filter
def day_of(at: int) -> str:
    return day_text(local_day(at))


@register.filter
def gone(one: date | None) -> bool:
    return one is not None and one < today()


@register.filter
def goal_state(state: GoalState) -> str | Promise:
    return words.GOAL_STATES[state.value]


@register.filter
def course(one: Course) -> str | Promise:
    return words.STATUSES["intervention"][one.value]


@register.filter
def felt(one: Felt) -> str | Promise:
    return words.FELT[one.value]


@register.filter
def who(some: plans.Names, reference: str) -> str:
    return some.who(reference)


@register.filter
def named(some: plans.Names, references: tuple[str, ...]) -> list[str]:
    """The names of those whom the reader may see named."""
    return [name for one in references if (name := some.who(one))]


@register.filter
def titles(some: plans.Names, references: tuple[str, ...]) -> list[str]:
    """What is referred to, as far as the reader sees it."""
    return [title for one in references if (title := some.title(one))]


@register.filter
def author(parts: Parts, row: EntryRow) -> Contact | None:
    return parts.people.get(f"PractitionerRole/{row.author_id}") if row.author_id else None
