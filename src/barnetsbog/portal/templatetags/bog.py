"""Filters that put words and dates on what the capabilities return."""

from datetime import date
from typing import Any
from uuid import UUID

from django import template
from django.forms import BoundField
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_bidi

from barnetsbog.kernel.sentences import DANISH, ENGLISH, Sentence
from barnetsbog.kernel.time import Exactness, age_on
from barnetsbog.readiness.model import Readiness
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.instance import now, today
from barnetsbog.responsibility.model import Move

from .. import clock_words, dates, log_words, readiness_words, words
from ..ball_words import BUTTONS
from ..language import on_this_page
from ..menus import Menu, of_child
from ..typed import texts

register = template.Library()


@register.simple_tag(takes_context=True)
def typed(context: Context) -> list[str]:
    """What was written on the page before, where this one has no form for it."""
    return texts(context["request"])


@register.filter
def short(at: int) -> str:
    return dates.short_date(at, beside=today())


@register.filter
def full(at: int) -> str:
    return dates.full_date(at)


@register.filter
def long(at: int) -> str:
    return dates.long_date(at)


@register.filter
def long_day(day: date) -> str:
    return dates.long_day(day)


@register.filter
def distance(due: int) -> str:
    return clock_words.distance(due, now())


@register.filter
def ago(since: int) -> str:
    return clock_words.ago(since, now())


@register.filter
def by_when(due: int) -> str:
    return clock_words.by_when(due, now())


@register.filter
def is_late(due: int | None) -> bool:
    return due is not None and due < now()


@register.filter
def when(row: EntryRow) -> str:
    return dates.when(row.start, row.exactness)


@register.filter
def told_day(at: int, exactness: int) -> str:
    return dates.day_told(at, exactness)


@register.filter
def short_day(at: int, exactness: int) -> str:
    return short(at) if exactness <= Exactness.DAY else told_day(at, exactness)


@register.filter
def appointment_time(row: EntryRow) -> str:
    return dates.weekday_and_time(row.start, row.whole_day, beside=today())


@register.filter
def registered(at: int) -> str:
    return dates.when(at, False)


@register.filter
def how_ready(readiness: Readiness) -> str:
    word, badge = readiness_words.how_ready(readiness)
    return format_html('<span class="badge {}">{}</span>', badge, word)


@register.filter
def lacks(readiness: Readiness) -> str:
    return readiness_words.lacks(readiness)


@register.filter
def sector(code: str) -> str | Promise:
    return words.sector(code)


@register.filter
def what(code: str) -> str | Promise:
    return words.what(code)


@register.filter
def status(row: EntryRow) -> str | Promise:
    return words.status(row.what, row.status)


@register.filter
def language(code: str) -> str | Promise:
    return words.language(code)


@register.filter
def spoken(said: str | Promise) -> str | Promise:
    """A reason, or what stands in a book, in the language of the page. What was given in Danish only says so to those
    who have it read aloud; words of the page's own (`Promise`) are in its language."""
    language = get_language() or DANISH
    if isinstance(said, Sentence):
        return said.spoken(language)
    if isinstance(said, Promise) or not said or language == DANISH:
        return said
    return format_html('<span lang="{}"{}>{}</span>', DANISH, _AGAINST_THE_PAGE if get_language_bidi() else "", said)


_AGAINST_THE_PAGE = mark_safe(' dir="ltr"')


@register.filter
def purpose(code: str) -> str | Promise:
    return log_words.purpose(code)


@register.filter
def log_reason(written: str) -> str | Promise:
    return log_words.reason(written)


@register.filter
def relative(role: str) -> str | Promise:
    """Who acted, when it was nobody of the directory."""
    return log_words.relative(role)


@register.filter
def source(uri: str) -> str | Promise:
    return words.source(uri)


@register.filter
def age(born: date | None) -> int | None:
    return age_on(born, today()) if born else None


@register.filter
def possessive(name: str) -> str:
    """Almas, Lucas' and Alma's."""
    if get_language() == ENGLISH:
        return f"{on_this_page(name)}'s"
    return f"{name}'" if name.endswith(("s", "x", "z")) else f"{name}s"


@register.filter
def press(move: Move) -> str | Promise:
    return BUTTONS[move]


@register.filter
def entry_address(reference: str, child_id: UUID) -> str:
    """Where an entry of the child's book is read, by its FHIR reference."""
    return reverse("entry", args=[child_id, UUID(reference.rpartition("/")[2])])


@register.filter
def ident(reference: str) -> str:
    """The id in a reference."""
    return reference.rpartition("/")[2]


@register.filter
def last_day(end: int) -> str:
    """The last day of a time whose end is not included."""
    return dates.short_date(end - 1, beside=today())


@register.filter
def option_groups(field: BoundField) -> list[tuple[str, list[tuple[str, Any, bool]]]]:
    """The choices of a field in groups, each option with whether it is chosen: the first of those with its value. Those
    without a group stand by themselves."""
    chosen: str | None = str(field.value() or "")
    found: list[tuple[str, list[tuple[str, Any, bool]]]] = []
    for value, text in field.field.choices:  # type: ignore[attr-defined]
        grouped = isinstance(text, list)
        options = []
        for one, name in text if grouped else [(value, text)]:
            options.append((str(one), name, str(one) == chosen))
            chosen = None if str(one) == chosen else chosen
        found.append((str(value) if grouped else "", options))
    return found


@register.filter
def call(number: str) -> str:
    """A telephone number that a phone can call; words that are no number stay words."""
    digits = number.replace(" ", "")
    return format_html('<a href="tel:{}">{}</a>', digits, number) if digits.lstrip("+").isdecimal() else number


@register.filter
def pages_of_child(may: frozenset[str]) -> Menu:
    """The menu of a child's book, for somebody who may do this."""
    return of_child(may)


@register.filter
def get(table: dict[Any, Any] | str, key: UUID) -> Any:
    """What stands under a key; nothing where the page has no such table."""
    return table.get(key) if isinstance(table, dict) else None
