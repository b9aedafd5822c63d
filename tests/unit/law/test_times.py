"""Birthdays, the end of a consent and the moments at which an answer may change."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.kernel.time import DAY, FOREVER, age_on, day_start, local_day
from barnetsbog.law.ages import birthday, born_29_february, consent_end, months_after, turned, within
from barnetsbog.law.consents import breakpoints
from barnetsbog.law.custody import alive, as_what, contradicts_itself, holding, registered
from barnetsbog.law.model import (
    Capacity,
    CapacityDecision,
    Child,
    Custody,
    Holder,
    HolderKind,
    Matter,
    Placement,
)
from barnetsbog.law.rulebook import standard
from tests.unit.law.family import ASSESSMENT, FATHER, JOINT, MOTHER, SEPTEMBER, answer, at, child

HOUR = DAY // 24


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.integers(0, 18))
def test_a_birthday_is_the_first_instant_of_that_age(born: date, years: int) -> None:
    instant = birthday(born, years)
    assert age_on(born, local_day(instant)) == years
    assert years == 0 or age_on(born, local_day(instant - 1)) == years - 1
    assert turned(born, years, instant)
    assert not turned(born, years, instant - 1)


def test_29_february() -> None:
    leap = date(2012, 2, 29)
    assert birthday(leap, 15) == at("2027-03-01")
    assert birthday(leap, 16) == at("2028-02-29")
    assert born_29_february(leap)
    assert not born_29_february(date(2012, 3, 29))
    assert not born_29_february(date(2012, 2, 28))


def test_a_birthday_at_the_end_of_time_does_not_fail() -> None:
    assert birthday(date(9995, 5, 5), 18) == day_start(date(9999, 5, 5))


def test_nobody_knows_the_age_of_one_whose_birthday_is_unknown() -> None:
    assert not turned(None, 0, FOREVER)
    assert within(None, 0, None, 0)
    assert not within(None, 0, 18, 0)
    assert not within(None, 1, None, 0)


def test_a_range_of_ages_includes_its_start_and_not_its_end() -> None:
    born = date(2010, 5, 5)
    assert not within(born, 12, 15, at("2022-05-05") - 1)
    assert within(born, 12, 15, at("2022-05-05"))
    assert within(born, 12, 15, at("2025-05-05") - 1)
    assert not within(born, 12, 15, at("2025-05-05"))
    assert within(born, 12, None, at("2080-01-01"))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31T10:00", 1, "2026-02-28T10:00"),
        ("2024-02-29T10:00", 12, "2025-02-28T10:00"),
        ("2023-02-28T10:00", 12, "2024-02-28T10:00"),
        ("2026-12-15T10:00", 12, "2027-12-15T10:00"),
        ("2026-12-15T10:00", 1, "2027-01-15T10:00"),
        ("2026-11-30T10:00", 3, "2027-02-28T10:00"),
        ("2026-01-15T00:00", 6, "2026-07-15T00:00"),  # midnight in winter and in summer
        ("1970-01-01T01:00", 12, "1971-01-01T01:00"),
    ],
)
def test_months_are_the_calendars(start: str, months: int, end: str) -> None:
    assert months_after(at(*start.split("T")), months) == at(*end.split("T"))


def test_a_consent_from_the_hour_that_comes_twice_ends_in_an_hour_that_comes_once() -> None:
    again = at("2026-10-25", "02:30") + HOUR
    assert months_after(again, 12) == at("2027-10-25", "02:30")


def test_an_end_in_the_hour_that_comes_twice_is_the_first_of_them() -> None:
    assert months_after(at("2026-07-25", "02:30"), 3) == at("2026-10-25", "02:30")
    assert months_after(at("2025-10-26", "02:30") + HOUR, 12) == at("2026-10-26", "02:30")


@pytest.mark.parametrize("start", [-1, -(2**62), FOREVER, FOREVER - 400 * DAY, 2**62])
def test_a_start_that_nobody_can_mean_does_not_fail(start: int) -> None:
    assert months_after(start, 12) == start + 336 * DAY


def test_a_consent_ends_when_it_says_or_after_the_longest_time() -> None:
    def ends(valid_to: int, months: int = 12) -> int:
        return consent_end(answer(ASSESSMENT, MOTHER, valid_to=valid_to), months)

    year = at("2027-09-01")
    assert ends(year - 1) == year - 1
    assert ends(year) == year
    assert ends(year + 1) == year
    assert ends(2**62) == year
    assert ends(2**62, 3) == at("2026-12-01")
    assert ends(SEPTEMBER - 1) == SEPTEMBER - 1
    assert ends(SEPTEMBER + 336 * DAY) == SEPTEMBER + 336 * DAY


# -- custody ----------------------------------------------------------------------------------------------------------


def test_custody_includes_its_start_and_not_its_end_or_the_moment_of_death() -> None:
    holder = Holder(MOTHER, valid_from=10, valid_to=20, deceased_at=15)
    custody = Custody((holder,))
    assert [bool(holding(custody, moment)) for moment in (9, 10, 14, 15, 20)] == [False, True, True, False, False]
    assert not holding(Custody((Holder(MOTHER, valid_from=10, valid_to=20),)), 20)
    assert alive(holder, 14)
    assert not alive(holder, 15)


@pytest.mark.parametrize(
    ("kinds", "who"),
    [
        ([HolderKind.PARENT, HolderKind.TEMPORARY, HolderKind.REPRESENTATIVE], HolderKind.PARENT),
        ([HolderKind.REPRESENTATIVE, HolderKind.TEMPORARY], HolderKind.TEMPORARY),
        ([HolderKind.TEMPORARY, HolderKind.APPOINTED], HolderKind.APPOINTED),
        ([HolderKind.APPOINTED, HolderKind.PARENT], HolderKind.PARENT),
        ([HolderKind.REPRESENTATIVE], HolderKind.REPRESENTATIVE),
    ],
)
def test_of_the_kinds_that_are_there_one_goes_first(kinds: list[HolderKind], who: HolderKind) -> None:
    custody = Custody(tuple(Holder(kind.value, kind) for kind in kinds))
    assert [holder.kind for holder in holding(custody, 0)] == [who]
    assert len(registered(custody, 0)) == len(kinds)


def test_an_appointed_holder_besides_a_parent_is_a_contradiction() -> None:
    parent, appointed = Holder(MOTHER), Holder("aunt", HolderKind.APPOINTED)
    assert contradicts_itself(Custody((parent, appointed)), 0)
    assert not contradicts_itself(Custody((parent,)), 0)
    assert not contradicts_itself(Custody((appointed,)), 0)


def test_as_what_somebody_answers() -> None:
    assert as_what(Holder(MOTHER)) is Capacity.HOLDER
    assert as_what(Holder(MOTHER, HolderKind.TEMPORARY)) is Capacity.HOLDER
    assert as_what(Holder(MOTHER, HolderKind.REPRESENTATIVE)) is Capacity.REPRESENTATIVE


# -- breakpoints ------------------------------------------------------------------------------------------------------


def test_every_fact_gives_its_moments() -> None:
    who = Child(
        "alma",
        date(2013, 10, 1),
        died_at=101,
        placements=(Placement(102, 103),),
        capacity_decisions=(CapacityDecision(104, 105, reasoned=True),),
    )
    custody = Custody((Holder(MOTHER, valid_from=106, valid_to=107, deceased_at=108), Holder(FATHER)))
    consent = answer(ASSESSMENT, MOTHER, valid_from=109, valid_to=110, answered_at=111, withdrawn_at=112)
    other = answer(Matter("medication"), MOTHER, valid_from=113)
    points = breakpoints(ASSESSMENT, who, custody, [consent, other], standard())
    birthdays = [at(f"{year}-10-01") for year in (2013, 2023, 2028, 2029, 2031)]
    assert points == (*range(101, 113), *sorted([*birthdays, at("2024-01-01")]))


def test_what_is_always_or_never_is_no_breakpoint() -> None:
    points = breakpoints(
        ASSESSMENT, child(), JOINT, [answer(ASSESSMENT, MOTHER, valid_from=0, valid_to=FOREVER)], standard()
    )
    assert points[0] > 0
    assert points[-1] < FOREVER


def test_an_unknown_act_and_an_unknown_birthday_do_not_fail() -> None:
    nobody = Child("alma", None)
    assert breakpoints(Matter("no-such-act"), nobody, Custody(()), [], standard()) == ()
    assert len(breakpoints(Matter("no-such-act"), child(), Custody(()), [], standard())) == 5
    unanswered = answer(ASSESSMENT, MOTHER, answered_at=None)
    points = breakpoints(ASSESSMENT, nobody, JOINT, [unanswered], standard())
    assert points == (at("2024-01-01"), unanswered.valid_from, unanswered.valid_to)


def test_the_ages_of_the_acts_own_doubts_are_breakpoints() -> None:
    points = breakpoints(Matter("violence-psychologist"), child(), JOINT, [], standard())
    assert at("2025-10-01") in points  # 12 years
    assert at("2024-04-15") in points  # since when BL § 41 has let one holder be enough
