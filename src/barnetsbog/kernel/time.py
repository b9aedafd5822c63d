"""Time: instants as UTC microseconds, days and months in Europe/Copenhagen.

Stored instants are whole microseconds since 1970 UTC, the same in SQLite and PostgreSQL and cheap to compare. What
people see and what deadlines mean is Danish local time, also across the nights when the clock changes.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SECOND = 1_000_000
DAY = 24 * 3600 * SECOND
FOREVER = 253_402_300_799 * SECOND
"""An end that is not known: 31 December 9999."""

DANISH_MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Exactness(IntEnum):
    """How exactly a moment is told (FHIR R4 §2.24.0.1): all that is not a clock time is true."""

    CLOCK = 0
    DAY = 1
    MONTH = 2
    YEAR = 3


_CLOCK = Exactness.CLOCK.value


def instant(moment: datetime) -> int:
    """Microseconds since 1970 UTC. A moment without a zone is Danish local time."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)
    return (aware - _EPOCH) // timedelta(microseconds=1)


_FIRST = instant(datetime.min.replace(tzinfo=UTC))
_LAST = instant(datetime.max.replace(tzinfo=UTC)) - 3600 * SECOND
"""The last moment that has a Danish local time: 9999 ends an hour earlier here."""


def utc(at: int) -> datetime:
    """The moment of an instant. What lies beyond the calendar is told as its first or last moment."""
    return _EPOCH + timedelta(microseconds=min(max(at, _FIRST), _LAST))


def moment(at: int) -> datetime:
    """The Danish local time of an instant."""
    return utc(at).astimezone(COPENHAGEN)


def iso(at: int) -> str:
    """A moment as FHIR writes it, with its clock time and Danish offset."""
    return moment(at).isoformat()


@lru_cache(maxsize=4096)
def day_start(day: date) -> int:
    """The instant at which a Danish calendar day begins. A list asks it of the same few days over and over."""
    return instant(datetime.combine(day, time.min, COPENHAGEN))


def day_end(day: date) -> int:
    """The first instant after a Danish calendar day."""
    return day_start(day + timedelta(days=1))


def last_of_day(day: date) -> int:
    """The last instant of a Danish calendar day, at which what is due that day is due."""
    return day_end(day) - 1


@lru_cache(maxsize=8192)
def local_day(at: int) -> date:
    """The Danish calendar day of an instant. A row of a list asks it of the same one over and over."""
    return moment(at).date()


def day_told(at: int, exactness: int, months: Sequence[str] = DANISH_MONTHS) -> str:
    """A day as exactly as it was told (`Exactness`): 2019, marts 2019, 03.03.2019."""
    day = local_day(at)
    if exactness == Exactness.YEAR:
        return f"{day.year:04}"
    return f"{months[day.month - 1]} {day.year}" if exactness == Exactness.MONTH else f"{day:%d.%m.%Y}"


def told_until(at: int, exactness: int) -> int:
    """The last instant of the period that a moment which begins at `at` was told as (`Exactness`)."""
    if exactness == Exactness.CLOCK:
        return at
    day = local_day(at)
    if exactness == Exactness.YEAR:
        return last_of_day(date(day.year, 12, 31))
    return last_of_day(day.replace(day=monthrange(day.year, day.month)[1]) if exactness == Exactness.MONTH else day)


def month_of(day: date) -> int:
    """A month as one sortable number: 202611 for November 2026."""
    return day.year * 100 + day.month


def age_on(born: date, day: date) -> int:
    """Whole years. Born on 29 February counts from 1 March in years without that day. A child that is expected is 0."""
    return max(0, day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def parse(text: str, *, end: bool = False) -> tuple[int, int]:
    """The instant that a FHIR date, dateTime or instant begins at (or ends at), and how exactly it was told
    (`Exactness`, as the plain number that a row holds).

    A date, a month or a year without a zone is a Danish calendar period (FHIR R4 §2.24.0.1).
    """
    return (instant(_exact(text)), _CLOCK) if len(text) > 10 else _partial(text, end)


def _exact(text: str) -> datetime:
    """Python takes up to six decimals of a second; FHIR allows more, and a leap second that no clock of ours has."""
    head, dot, tail = text.partition(".")
    if dot:
        digits = len(tail) - len(tail.lstrip("0123456789"))
        text = f"{head}.{tail[:digits][:6]:0<6}{tail[digits:]}"
    return datetime.fromisoformat(text.replace(":60", ":59", 1) if head[17:19] == "60" else text)


@lru_cache(maxsize=8192)
def _partial(text: str, end: bool) -> tuple[int, int]:
    year, month, day = (int(part) for part in [*text.split("-"), "0", "0"][:3])
    exactness = (Exactness.DAY if day else Exactness.MONTH if month else Exactness.YEAR).value
    if not end:
        return day_start(date(year, month or 1, day or 1)), exactness
    last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    return FOREVER if last == date.max else last_of_day(last), exactness
