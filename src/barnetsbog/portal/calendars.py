"""The calendar on a page: words, days, and the week as a grid."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.calendar.model import Answer, Clash, Meeting
from barnetsbog.kernel.time import day_start, local_day

from . import dates
from .words import Word

ANSWERS: dict[str, Word] = {
    Answer.YES: _("Kommer"), Answer.NO: _("Kommer ikke"), Answer.MAYBE: _("Måske"), Answer.ASKED: _("Har ikke svaret"),
}  # fmt: skip
BADGES: dict[str, str] = {Answer.YES: "success", Answer.NO: "error", Answer.MAYBE: "warning", Answer.ASKED: "warning"}
NO_INTERPRETER = _("Familien har brug for tolk, og der er ikke bestilt en.")
CHOOSE = _("Vælg et svar.")
_DAYS = {
    "da": ["Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}


def weekday(day: date) -> str:
    names = _DAYS.get(get_language() or "da", _DAYS["da"])
    return names[day.weekday()]


def day_heading(day: date) -> str:
    """Torsdag 3. december 2026."""
    return f"{weekday(day)} {dates.long_day(day)}"


def hours(one: Meeting) -> str:
    """10.00-11.00; the last day too where it is another one; nothing where nobody gave a clock time."""
    first, last = local_day(one.start), local_day(one.end - 1)
    if one.whole_day:
        return (
            gettext("Hele dagen") if first == last else gettext("Til %(day)s") % {"day": dates.full_date(one.end - 1)}
        )
    return _clocks(one.start, one.end)


def _clocks(start: int, end: int) -> str:
    day = "" if local_day(start) == local_day(end - 1) else f"{dates.full_date(end)} "
    return f"{dates.clock(start)}-{day}{dates.clock(end)}"


class Day(NamedTuple):
    day: date
    meetings: list[Meeting]


def by_day(meetings: Iterable[Meeting]) -> list[Day]:
    return [Day(day, list(found)) for day, found in groupby(meetings, key=lambda one: local_day(one.start))]


class Week(NamedTuple):
    """Seven days from a Monday."""

    days: list[Day]
    before: date
    after: date


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def edges(monday: date) -> tuple[int, int]:
    return day_start(monday), day_start(monday + timedelta(days=7))


def week(monday: date, meetings: Sequence[Meeting]) -> Week:
    """Each meeting on the days that it touches."""
    days = [monday + timedelta(days=number) for number in range(7)]
    found = [
        Day(day, [one for one in meetings if local_day(one.start) <= day <= local_day(one.end - 1)]) for day in days
    ]
    return Week(found, monday - timedelta(days=7), monday + timedelta(days=7))


def warning(clash: Clash) -> str:
    """Who would have to be in two places."""
    when = f"{dates.full_date(clash.slot.start)} {_clocks(*clash.slot)}"
    what = f" ({clash.title})" if clash.title else ""
    if not clash.who:
        return gettext("Barnet har en anden aftale %(when)s%(what)s.") % {"when": when, "what": what}
    who = ", ".join(clash.who)
    return gettext("%(who)s har en anden aftale %(when)s%(what)s.") % {"who": who, "when": when, "what": what}
