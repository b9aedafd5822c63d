"""Ages and periods in Danish time: the instant at which somebody turns a number of years, and when a consent ends.

A birthday begins at midnight in Denmark. One born on 29 February has it on 1 March in years without that day
(OWN-FEB29, the same as `kernel.time.age_on`).
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from barnetsbog.kernel.time import DAY, FOREVER, day_start, instant, local_day, moment
from barnetsbog.law.model import Consent

PARTY_AGE = 10
YOUNG_AGE = 15
ADULT_AGE = 18
_LATEST = FOREVER - 400 * DAY


@lru_cache(maxsize=65536)
def birthday(born: date, years: int) -> int:
    """The instant at which somebody is so many years old."""
    year = min(born.year + years, date.max.year)
    try:
        return day_start(born.replace(year=year))
    except ValueError:
        return day_start(date(year, 3, 1))


def birthdays(born: date | None, ages: Iterable[int]) -> list[int]:
    """The instants of several ages; none for one whose birthday nobody knows."""
    return [] if born is None else [birthday(born, years) for years in ages]


def days_after(end: int, days: int) -> int:
    """The end of the Danish day that is so many days after the last one of something that ended at `end` (not
    included). No days after is `end` itself."""
    return day_start(local_day(end - 1) + timedelta(days=days + 1)) if days else end


def turned(born: date | None, years: int, at: int) -> bool:
    """Whether somebody is so many years old. Nobody knows it of one whose birthday nobody knows."""
    return born is not None and at >= birthday(born, years)


def within(born: date | None, from_age: int, below: int | None, at: int) -> bool:
    """Whether somebody's age is in a range. An unknown age is in the whole range only."""
    if born is None:
        return from_age == 0 and below is None
    return at >= birthday(born, from_age) and (below is None or at < birthday(born, below))


def born_29_february(born: date) -> bool:
    return born.month == 2 and born.day == 29


def consent_end(consent: Consent, months: int) -> int:
    """The end of a consent's period, and never later than the longest allowed."""
    if consent.valid_to - consent.valid_from <= 28 * months * DAY:
        return consent.valid_to
    return min(consent.valid_to, months_after(consent.valid_from, months))


@lru_cache(maxsize=65536)
def months_after(start: int, months: int) -> int:
    """The same day and time so many months later; the last day of a month that is too short."""
    if not 0 <= start < _LATEST:
        return start + 28 * months * DAY  # no real consent begins there
    local = moment(start)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    day = min(local.day, monthrange(year, month + 1)[1])
    return instant(local.replace(year=year, month=month + 1, day=day, fold=0))
