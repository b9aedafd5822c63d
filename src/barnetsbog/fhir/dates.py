"""Moments and the stretch of time a partial date stands for.

FHIR lets a date say as little as a year. For comparing and for searching, such a date is the whole period it covers:
`2026-03` runs from the first to the last microsecond of March. Dates without a clock are calendar days in Denmark;
dates with a clock carry their own offset. A moment is a whole number of microseconds since 1970 (UTC), so that an index
can hold it in an ordinary 64-bit column.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

BEGINNING = -(2**62)
"""Stands for "no start"."""
END = 2**62
"""Stands for "no end"."""

_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DENMARK = ZoneInfo("Europe/Copenhagen")
_LEAP_SECOND = re.compile(r":60(?=[.Z+-])")
_FRACTION = re.compile(r"(\.\d{6})\d+")


def microseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return since.days * _DAY + since.seconds * 1_000_000 + since.microseconds


def instant(text: str) -> int:
    """The microsecond of a date with a clock and an offset."""
    try:
        return microseconds(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return _unusual_instant(text)


def _unusual_instant(text: str) -> int:
    """A leap second is the last second of its minute here, and no clock needs more than microseconds."""
    plain = _FRACTION.sub(r"\1", _LEAP_SECOND.sub(":59", text))
    try:
        return microseconds(datetime.fromisoformat(plain))
    except (ValueError, OverflowError):
        return BEGINNING if text.startswith("0") else END


# Bounded, and large enough for the days of a childhood.
@lru_cache(maxsize=16384)
def _partial(text: str) -> tuple[int, int]:
    year, month, day = (int(part) for part in (text + "-00-00").split("-")[:3])
    if not month:
        return _midnight(year, 1, 1), _midnight(year + 1, 1, 1) - 1
    if not day:
        return _midnight(year, month, 1), _midnight(year + month // 12, month % 12 + 1, 1) - 1
    following = date(year, month, day).toordinal() + 1
    return _midnight(year, month, day), _midnight_of(following) - 1


def _midnight(year: int, month: int, day: int) -> int:
    return _midnight_of(date(year, month, day).toordinal()) if year < 10_000 else END


def _midnight_of(ordinal: int) -> int:
    if ordinal > date.max.toordinal():
        return END
    day = date.fromordinal(ordinal)
    return microseconds(datetime(day.year, day.month, day.day, tzinfo=_DENMARK))


def bounds(text: str) -> tuple[int, int]:
    """First and last microsecond of what a date, dateTime or instant stands for; both the same for an instant."""
    if len(text) > 10:
        moment = instant(text)
        return moment, moment
    return _partial(text)


def may_precede(first: str, second: str) -> bool:
    """Whether the first date can lie at or before the second one, given what both leave open."""
    # Most dates that are compared are written alike, and then their letters already tell.
    if len(first) == len(second) and first[19:] == second[19:]:
        return first <= second
    return bounds(first)[0] <= bounds(second)[1]
