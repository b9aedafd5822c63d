"""Time: what a FHIR date means in Denmark, also across the nights when the clock changes."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.kernel.time import (
    COPENHAGEN,
    DAY,
    FOREVER,
    Exactness,
    age_on,
    day_start,
    instant,
    iso,
    local_day,
    moment,
    parse,
    told_until,
    utc,
)


@pytest.mark.parametrize(
    ("text", "start", "exactness"),
    [
        ("2026-12-03", datetime(2026, 12, 2, 23, tzinfo=UTC), Exactness.DAY),
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC), Exactness.DAY),
        ("2026-12", datetime(2026, 11, 30, 23, tzinfo=UTC), Exactness.MONTH),
        ("2026", datetime(2025, 12, 31, 23, tzinfo=UTC), Exactness.YEAR),
        ("2026-12-03T10:00:00+01:00", datetime(2026, 12, 3, 9, tzinfo=UTC), Exactness.CLOCK),
        ("2026-12-03T10:00:00Z", datetime(2026, 12, 3, 10, tzinfo=UTC), Exactness.CLOCK),
        ("2026-12-03T10:00:00.1234567+01:00", datetime(2026, 12, 3, 9, 0, 0, 123456, tzinfo=UTC), Exactness.CLOCK),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC), Exactness.CLOCK),
    ],
)
def test_when_a_date_begins(text: str, start: datetime, exactness: Exactness) -> None:
    assert parse(text) == (instant(start), exactness)


@pytest.mark.parametrize(
    ("text", "last_day"),
    [
        ("2026-12-03", date(2026, 12, 3)),
        ("2026-02", date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 29)),
        ("2026", date(2026, 12, 31)),
    ],
)
def test_an_end_without_a_clock_time_is_the_whole_of_its_day(text: str, last_day: date) -> None:
    at, _ = parse(text, end=True)
    assert local_day(at) == last_day
    assert local_day(at + 1) > last_day


def test_the_last_day_there_is() -> None:
    assert parse("9999-12-31", end=True)[0] == FOREVER


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 25), 24)]
)
def test_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    length = day_start(date.fromordinal(day.toordinal() + 1)) - day_start(day)
    assert length == hours * DAY // 24


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_an_instant_is_a_moment_and_back(at: datetime) -> None:
    assert moment(instant(at)) == at
    assert moment(instant(at)).tzinfo is COPENHAGEN


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2017, 5, 7), date(2026, 11, 25), 9), (date(2011, 11, 25), date(2026, 11, 25), 15), (date(2011, 11, 26), date(2026, 11, 25), 14),
        (date(2012, 2, 29), date(2027, 2, 28), 14), (date(2012, 2, 29), date(2027, 3, 1), 15),
        (date(2027, 1, 1), date(2026, 11, 25), 0),
    ],
)  # fmt: skip
def test_age(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize("far", [-(2**62), instant(datetime.min.replace(tzinfo=UTC)) - 1, FOREVER, 2**62])
def test_what_lies_beyond_the_calendar_is_told_as_its_end(far: int) -> None:
    assert moment(far).year == utc(far).year == (1 if far < 0 else 9999)


@pytest.mark.parametrize(
    ("told", "until"),
    [
        ("2026-11-25T12:00:00+01:00", "2026-11-25T12:00:00+01:00"),
        ("2026-03-29", "2026-03-29T23:59:59.999999+02:00"),
        ("2028-02", "2028-02-29T23:59:59.999999+01:00"),
        ("2026", "2026-12-31T23:59:59.999999+01:00"),
    ],
)
def test_until_when_something_may_have_been(told: str, until: str) -> None:
    assert iso(told_until(*parse(told))) == until
