"""Danish working days. Pure.

A working day is a Monday to Friday that is no public holiday. Great Prayer Day (store bededag) was one until 2023 (lov
214/2023). Constitution Day and the last days of the year are no public holidays; a municipality that is closed then can
say so, and everything else counts, so that no deadline falls later than the law may mean.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

MonthDay = tuple[int, int]

_FIXED: tuple[MonthDay, ...] = ((1, 1), (12, 25), (12, 26))
_FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)
"""Maundy Thursday, Good Friday, the two days of Easter, Ascension Day, the two of Whitsun: days from Easter Sunday."""
_GREAT_PRAYER_DAY, _WITHOUT_IT = 26, 2024
_ONE = timedelta(days=1)


@lru_cache(maxsize=256)
def holidays(year: int) -> frozenset[date]:
    """The public holidays of a year."""
    moving = (*_FROM_EASTER, _GREAT_PRAYER_DAY) if year < _WITHOUT_IT else _FROM_EASTER
    found = {easter(year) + timedelta(days=days) for days in moving}
    return frozenset(found | {date(year, month, day) for month, day in _FIXED})


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Counts working days. `closed`: days of the year on which the municipality is closed besides, as (month, day)."""

    closed: frozenset[MonthDay] = frozenset()

    def is_one(self, day: date) -> bool:
        return day.weekday() < 5 and day not in holidays(day.year) and (day.month, day.day) not in self.closed

    def after(self, day: date, count: int) -> date:
        """The so many-th working day after a day, which is not counted itself; `day` when the count is 0."""
        while count:
            day += _ONE
            count -= self.is_one(day)
        return day

    def before(self, day: date, count: int) -> date:
        """The last day after which so many working days have come, `day` being counted: who began to wait on it or
        earlier has waited for so many. `day` when the count is 0."""
        while count:
            count -= self.is_one(day)
            day -= _ONE
        return day

    def between(self, first: date, last: date) -> int:
        """The working days after the first day, up to and with the last."""
        days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
        return sum(map(self.is_one, days))
