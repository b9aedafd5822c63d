"""Filters for the people around a child."""

from django import template

from barnetsbog.contacts.model import Held
from barnetsbog.directory.model import Away

from .. import people
from ..words import Word

register = template.Library()


@register.filter
def involvement(code: str) -> Word:
    return people.INVOLVEMENTS[code]


@register.filter
def leads(role: str) -> Word:
    return people.LEADS.get(role, "")


@register.filter
def gone(away: Away) -> Word:
    return people.GONE[away.why]


@register.filter
def picture_word(code: str) -> Word:
    return people.PICTURES.get(code, "")


@register.filter
def custody(held: Held, at: int) -> str:
    return ", ".join(str(one) for one in people.custody(held, at))
