"""Columns of the timeline."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.timeline.model import Zoom
from barnetsbog.timeline.periods import COLUMNS, first_shown, parse_key, period_at, period_before, run

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("zoom", "day", "key", "start", "end"),
    [
        (Zoom.YEAR, date(2026, 11, 25), "2026", date(2026, 1, 1), date(2027, 1, 1)),
        (Zoom.QUARTER, date(2026, 11, 25), "2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        (Zoom.MONTH, date(2026, 12, 31), "2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        (Zoom.WEEK, date(2026, 11, 25), "2026-W48", date(2026, 11, 23), date(2026, 11, 30)),
        (Zoom.WEEK, date(2027, 1, 1), "2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
    ],
)
def test_the_column_of_a_day(zoom: Zoom, day: date, key: str, start: date, end: date) -> None:
    period = period_at(zoom, day)
    assert (period.key, period.start, period.end) == (key, start, end)


@given(st.sampled_from(Zoom), DAYS)
def test_a_key_leads_back_to_its_column(zoom: Zoom, day: date) -> None:
    period = period_at(zoom, day)
    assert period.start <= day < period.end
    assert parse_key(zoom, period.key) == period


@given(st.sampled_from(Zoom), DAYS, DAYS)
def test_columns_follow_each_other_without_gap(zoom: Zoom, first: date, last: date) -> None:
    first, last = min(first, last), max(first, last)
    periods = run(zoom, first, last)
    assert 1 <= len(periods) <= COLUMNS[zoom]
    assert periods[-1].start <= last < periods[-1].end
    assert all(a.end == b.start for a, b in pairwise(periods))
    assert len(periods) == COLUMNS[zoom] or periods[0].start <= first + timedelta(days=0)


@pytest.mark.parametrize(
    "key", ["", "2026-Q5", "2026-Q", "2026-13", "2026-W60", "x", "99999", "2026-Q04", "-1", "2026-1"]
)
def test_nonsense_is_no_column(key: str) -> None:
    assert all(parse_key(zoom, key) is None for zoom in Zoom)


@pytest.mark.parametrize("zoom", Zoom)
def test_columns_begin_where_the_calendar_does(zoom: Zoom) -> None:
    first = period_at(zoom, date.min)
    assert period_before(zoom, first) == first
    assert run(zoom, date.min, date.min) == (first,)


@given(st.sampled_from(Zoom), DAYS, st.integers(0, 60_000))
def test_today_is_in_the_table_however_much_is_planned_ahead(zoom: Zoom, today: date, ahead: int) -> None:
    newest = today + timedelta(days=ahead)
    last = first_shown(zoom, today, newest)
    columns = run(zoom, date(1950, 1, 1), last.start)
    at = next(number for number, one in enumerate(columns) if one.start <= today < one.end)
    assert at >= len(columns) // 2 - 1
    assert last == period_at(zoom, newest) or (last.end <= newest and len(columns) - 1 - at == COLUMNS[zoom] // 2)
