"""Danish working days: years that somebody has looked up, and what must hold in every year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.deadlines.working_days import WorkingDays, holidays

DAYS = WorkingDays()
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
counts = st.integers(0, 40)


def test_the_holidays_of_2026() -> None:
    told = ["01-01", "04-02", "04-03", "04-05", "04-06", "05-14", "05-24", "05-25", "12-25", "12-26"]
    assert sorted(f"{day:%m-%d}" for day in holidays(2026)) == told


@pytest.mark.parametrize(("year", "is_holiday"), [(2023, True), (2024, False)])
def test_great_prayer_day_was_a_holiday_until_2023(year: int, is_holiday: bool) -> None:
    day = {2023: date(2023, 5, 5), 2024: date(2024, 4, 26)}[year]
    assert day.weekday() == 4
    assert (day in holidays(year)) is is_holiday
    assert DAYS.is_one(day) is not is_holiday


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        ("2026-11-25", 6, "2026-12-03"),  # Wednesday; a weekend between
        ("2026-11-28", 1, "2026-11-30"),  # Saturday to Monday
        ("2026-04-01", 1, "2026-04-07"),  # the Wednesday before Easter: Tuesday is next
        ("2026-04-01", 6, "2026-04-14"),
        ("2026-05-13", 1, "2026-05-15"),  # Ascension Day
        ("2026-05-22", 1, "2026-05-26"),  # Whitsun
        ("2026-12-23", 3, "2026-12-29"),  # the 24th counts, the 25th does not, the 26th is a Saturday
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-06-04", 1, "2026-06-05"),  # Constitution Day counts
    ],
)
def test_so_many_working_days_after(day: str, count: int, then: str) -> None:
    assert DAYS.after(date.fromisoformat(day), count) == date.fromisoformat(then)


def test_a_municipality_that_is_closed_on_christmas_eve_says_so() -> None:
    closed = WorkingDays(frozenset({(12, 24), (12, 31)}))
    assert closed.after(date(2026, 12, 23), 3) == date(2026, 12, 30)


@given(days, counts)
def test_after_ends_on_a_working_day_with_just_so_many_passed(day: date, count: int) -> None:
    then = DAYS.after(day, count)
    assert DAYS.between(day, then) == count
    assert count == 0 or DAYS.is_one(then)


@given(days, counts, st.integers(0, 30))
def test_later_never_comes_before_earlier(day: date, count: int, more: int) -> None:
    assert DAYS.after(day, count) <= DAYS.after(day + timedelta(days=more), count + more)


@given(days, counts)
def test_before_is_the_last_day_on_which_one_had_waited_long_enough(day: date, count: int) -> None:
    first = DAYS.before(day, count)
    assert DAYS.between(first, day) == count
    assert count == 0 or DAYS.between(first + timedelta(days=1), day) < count
    assert DAYS.after(first, count) <= day


@given(st.integers(1900, 2199))
def test_easter_is_a_sunday_in_spring_and_no_holiday_twice(year: int) -> None:
    found = holidays(year)
    assert sum(date(year, 3, 15) < day < date(year, 5, 1) and day.weekday() == 6 for day in found) == 1
    assert 9 <= len(found) <= 11
