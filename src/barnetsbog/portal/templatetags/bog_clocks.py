"""Filters for clocks and for why a ball has come to somebody."""

from django import template
from django.utils.functional import Promise

from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.deadlines.ladder import Climb
from barnetsbog.deadlines.model import Clock, Deadline, Length

from .. import clock_words

register = template.Library()


@register.filter
def badge(clock: Clock) -> str:
    return clock_words.badge(clock)


@register.filter
def told(text: str) -> str:
    return clock_words.told(text)


@register.filter
def why(climb: Climb) -> str | Promise:
    return clock_words.why(climb)


@register.filter
def length_in_words(length: Length) -> str:
    return clock_words.in_words(length)


@register.filter
def rules_in_words(one: Clock | Deadline) -> str:
    """The paragraphs that it rests on: barnets lov § 136. Our own choices have none."""
    rules = (law_in_use().book.rule(ident) for ident in one.rules)
    return ", ".join(f"{rule.statute} {rule.paragraph}" for rule in rules if rule.paragraph)
