"""Filters for the people around a child."""

from django import template

from barnetsbog.contacts.model import Held
from barnetsbog.directory.model import Away
from barnetsbog.fostering.rules import is_old

from .. import people
from ..words import HONOUR_STANDS, SUPPORT, TOPICS, Word

register = template.Library()


@register.filter
def involvement(code: str) -> Word:
    return people.INVOLVEMENTS[code]


@register.filter
def honour_stand(stand: str) -> Word:
    return HONOUR_STANDS[stand]


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


@register.filter
def topic(code: str) -> Word:
    return TOPICS[code]


@register.filter
def support(code: str) -> Word:
    return SUPPORT[code]


@register.filter
def is_old_status(written_at: int, at: int) -> bool:
    return is_old(written_at, at)
