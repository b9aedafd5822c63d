"""Years, quarters, months and weeks as columns. Pure."""

from collections.abc import Callable
from datetime import date, timedelta

from .model import Period, Zoom

COLUMNS = {Zoom.YEAR: 12, Zoom.QUARTER: 24, Zoom.MONTH: 24, Zoom.WEEK: 26}
"""The most columns of a table; older ones are one step back."""


def period_at(zoom: Zoom, day: date) -> Period:
    """The column that a day stands in."""
    return _MAKERS[zoom](day)


def parse_key(zoom: Zoom, key: str) -> Period | None:
    """The column with this key (`2026`, `2026-Q4`, `2026-11`, `2026-W48`), or None if there is no such."""
    try:
        if zoom is Zoom.YEAR:
            day = date(int(key), 1, 1)
        elif zoom is Zoom.QUARTER:
            year, quarter = key.split("-Q")
            day = date(int(year), int(quarter) * 3 - 2, 1)
        elif zoom is Zoom.MONTH:
            day = date.fromisoformat(f"{key}-01")
        else:
            day = date.fromisoformat(f"{key}-1")
        period = period_at(zoom, day)
    except (ValueError, OverflowError):
        return None
    return period if period.key == key else None


def period_before(zoom: Zoom, period: Period) -> Period:
    """The column before one; the same where the calendar begins."""
    return period if period.start == date.min else period_at(zoom, period.start - timedelta(days=1))


def first_shown(zoom: Zoom, today: date, newest: date) -> Period:
    """The last column of the table that nobody has leafed in: the one `newest` stands in, but with today in the newer
    half at the least, however much is planned ahead."""
    last = period_at(zoom, today)
    for _ in range(COLUMNS[zoom] // 2):
        if last.end > newest:
            break
        last = period_at(zoom, last.end)
    return last


def run(zoom: Zoom, first: date, last: date) -> tuple[Period, ...]:
    """The columns from the one `first` stands in to the one `last` stands in, at most `COLUMNS`, the newest kept."""
    found: list[Period] = []
    period = period_at(zoom, last)
    while len(found) < COLUMNS[zoom]:
        found.append(period)
        if period.start <= first:
            break
        period = period_before(zoom, period)
    return tuple(reversed(found))


def _year(day: date) -> Period:
    return Period(f"{day.year}", date(day.year, 1, 1), _month_start(day.year, 13))


def _quarter(day: date) -> Period:
    quarter = (day.month + 2) // 3
    return Period(f"{day.year}-Q{quarter}", date(day.year, quarter * 3 - 2, 1), _month_start(day.year, quarter * 3 + 1))


def _month(day: date) -> Period:
    return Period(f"{day.year}-{day.month:02}", day.replace(day=1), _month_start(day.year, day.month + 1))


def _week(day: date) -> Period:
    year, week, weekday = day.isocalendar()
    start = day - timedelta(days=weekday - 1)
    return Period(f"{year}-W{week:02}", start, start + timedelta(days=7))


def _month_start(year: int, month: int) -> date:
    return date(year + 1, 1, 1) if month == 13 else date(year, month, 1)


_MAKERS: dict[Zoom, Callable[[date], Period]] = {
    Zoom.YEAR: _year,
    Zoom.QUARTER: _quarter,
    Zoom.MONTH: _month,
    Zoom.WEEK: _week,
}
