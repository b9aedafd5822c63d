"""Moving the demonstration's today.

The stories are written as if today were 25 November 2026. `move` gives the same story with every date moved by the
same number of days, and with the date marks in its texts (`{2026-12-03}`, `{2026-12}`, `{2026}`) written out in Danish.
Mappers and pages after this point know nothing of either. CPR numbers stay: they only identify.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from barnetsbog.demo.model import Moment, Story
from barnetsbog.kernel.time import DANISH_MONTHS

WRITTEN_TODAY = date(2026, 11, 25)
"""The day on which the stories are told."""

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOON = time(12, 0)
MONTHS = DANISH_MONTHS
TOKEN = re.compile(r"\{(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?\}")

T = TypeVar("T")
M = TypeVar("M", date, datetime)


@dataclass(frozen=True)
class Shift:
    """How far everything moves."""

    days: timedelta

    @classmethod
    def to(cls, today: date) -> Shift:
        return cls(today - WRITTEN_TODAY)

    def moment(self, value: M) -> M:
        return value + self.days

    def words(self, text: str, year: int) -> str:
        """The text with its date marks written out, as somebody would write them in `year` (already moved)."""
        return TOKEN.sub(lambda mark: self._mark(mark, year), text)

    def _mark(self, mark: re.Match[str], year: int) -> str:
        written, month, day = (int(part) if part else None for part in mark.groups())
        assert written is not None
        if month is None:
            # The middle of the period is moved, so that a small move doesn't change the year or month told.
            return str(self.moment(date(written, 7, 1)).year)
        if day is None:
            middle = self.moment(date(written, month, 15))
            return f"{MONTHS[middle.month - 1]} {middle.year}"
        return danish(self.moment(date(written, month, day)), year)


def danish(day: date, year: int) -> str:
    """»3. december«, and with the year when it is another year than the reader is in."""
    words = f"{day.day}. {MONTHS[day.month - 1]}"
    return words if day.year == year else f"{words} {day.year}"


def move(story: Story, today: date) -> Story:
    """The story as it is told on `today`."""
    moved: Story = _moved(story, Shift.to(today), today.year)
    return moved


def _moved(value: Any, shift: Shift, year: int) -> Any:
    if isinstance(value, str):
        return shift.words(value, year) if "{" in value else value
    if isinstance(value, date):
        return shift.moment(value)
    if isinstance(value, tuple):
        return tuple(_moved(part, shift, year) for part in value)
    if isinstance(value, Mapping):
        return {key: _moved(part, shift, year) for key, part in value.items()}
    return _moved_record(value, shift, year) if is_dataclass(value) else value


def _moved_record(record: Any, shift: Shift, year: int) -> Any:
    """A record with an `at` of its own is told from that year: an old letter says »3. december« of its own December."""
    own = getattr(record, "at", None)
    told = shift.moment(own).year if isinstance(own, date) else year
    return replace(record, **{field.name: _moved(getattr(record, field.name), shift, told) for field in fields(record)})


def day_of(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def at_noon(moment: Moment) -> datetime:
    """The moment with its Danish offset; a bare day counts as noon, so that no offset can move it to another day."""
    local = moment if isinstance(moment, datetime) else datetime.combine(moment, NOON)
    return local.replace(tzinfo=COPENHAGEN)


def instant(moment: Moment) -> str:
    """FHIR instant: always a time and an offset."""
    return at_noon(moment).isoformat(timespec="seconds")


def fhir_date(moment: Moment) -> str:
    return day_of(moment).isoformat()


def fhir_datetime(moment: Moment) -> str:
    """FHIR dateTime, as exact as the writer was."""
    return instant(moment) if isinstance(moment, datetime) else moment.isoformat()
