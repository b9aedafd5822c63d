"""Each deadline at its boundaries: the last moment at which it is kept and the first at which it is not."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.deadlines import rules
from barnetsbog.deadlines.files import load
from barnetsbog.deadlines.model import Deadline, Fact, Length, Span, Start, State
from barnetsbog.directory.model import SECTORS
from barnetsbog.kernel.time import DAY, SECOND, day_start, instant, iso, parse
from barnetsbog.law.rulebook import standard

ALL = load(standard().rules, SECTORS)
DAYS = ALL.days
CHILD = UUID(int=7)


def at(text: str) -> int:
    """A moment in Danish time: `2026-11-25 14:10`."""
    return instant(datetime.fromisoformat(text))


def due_of(deadline: str, started: str) -> str:
    return iso(rules.after(at(started), ALL.deadlines[deadline].length, DAYS))[:16].replace("T", " ")


@pytest.mark.parametrize(
    ("deadline", "started", "due"),
    [
        ("concern-assessed", "2026-11-25 14:10", "2026-11-26 14:10"),
        ("concern-assessed", "2026-11-27 23:59", "2026-11-28 23:59"),  # at the weekend too
        ("concern-assessed", "2026-03-28 14:00", "2026-03-29 15:00"),  # the night with 23 hours
        ("concern-assessed", "2026-10-24 14:00", "2026-10-25 13:00"),  # the night with 25
        ("concern-assessed", "2026-10-25 02:30", "2026-10-26 01:30"),
        ("concern-receipt", "2026-11-25 14:10", "2026-12-03 23:59"),
        ("concern-receipt", "2026-03-31 08:00", "2026-04-13 23:59"),  # Easter between
        ("concern-receipt", "2026-12-22 08:00", "2026-12-31 23:59"),  # Christmas between
        ("childs-plan", "2026-11-30 10:00", "2027-02-28 23:59"),  # a month that is too short
        ("childs-plan", "2027-11-29 10:00", "2028-02-29 23:59"),  # a leap year
        ("first-follow-up", "2026-08-25 00:00", "2026-11-25 23:59"),
        ("examination", "2026-10-31 12:00", "2027-02-28 23:59"),
        ("examination", "2026-11-25 12:00", "2027-03-25 23:59"),  # winter time to winter time
        ("examination", "2026-12-15 12:00", "2027-04-15 23:59"),  # to summer time
        ("bup-assessment", "2026-11-12 09:00", "2026-12-12 23:59"),
        ("look-up-review", "2026-11-27 16:00", "2026-12-02 23:59"),
    ],
)
def test_when_each_is_due(deadline: str, started: str, due: str) -> None:
    assert due_of(deadline, started) == due


def state(deadline: str, started: str, moment: str, **more: object) -> State | None:
    one = ALL.deadlines[deadline]
    fact = Fact(one.starts, at(started), CHILD, **more)  # type: ignore[arg-type]
    found = rules.clock(one, fact, at(moment), DAYS)
    return found.state if found else None


@pytest.mark.parametrize(
    ("deadline", "started", "last", "first"),
    [
        ("concern-assessed", "2026-11-25 14:10", "2026-11-26 14:10", "2026-11-26 14:11"),
        ("concern-assessed", "2026-11-25 00:01", "2026-11-25 23:59", "2026-11-26 00:02"),
        ("concern-receipt", "2026-11-25 14:10", "2026-12-03 23:59", "2026-12-04 00:00"),
        ("childs-plan", "2026-11-30 10:00", "2027-02-28 23:59", "2027-03-01 00:00"),
        ("examination", "2026-11-25 10:00", "2027-03-25 23:59", "2027-03-26 00:00"),
        ("plan-follow-up", "2026-12-08 00:00", "2026-12-08 00:00", "2026-12-09 00:00"),
    ],
)
def test_it_is_kept_until_its_last_moment_and_over_from_the_next(
    deadline: str, started: str, last: str, first: str
) -> None:
    assert state(deadline, started, last) is not State.OVER
    assert state(deadline, started, first) is State.OVER


@pytest.mark.parametrize(
    ("deadline", "started", "moment", "expected"),
    [
        ("concern-assessed", "2026-11-25 22:00", "2026-11-25 23:00", State.RUNNING),
        ("concern-assessed", "2026-11-25 22:00", "2026-11-26 00:00", State.TODAY),
        ("concern-assessed", "2026-11-25 05:00", "2026-11-25 23:30", State.SOON),  # six hours before
        ("concern-receipt", "2026-11-25 14:10", "2026-11-30 23:59", State.RUNNING),
        ("concern-receipt", "2026-11-25 14:10", "2026-12-01 00:00", State.SOON),
        ("concern-receipt", "2026-11-25 14:10", "2026-12-03 00:00", State.TODAY),
        ("consent-ends", "2026-12-25 23:59", "2026-11-24 23:59", None),  # not shown yet
        ("consent-ends", "2026-12-25 23:59", "2026-11-25 00:00", State.RUNNING),
        ("consent-ends", "2026-12-25 23:59", "2026-12-26 00:00", State.MET),  # it has ended; nothing to be late for
    ],
)
def test_yellow_then_red(deadline: str, started: str, moment: str, expected: State | None) -> None:
    assert state(deadline, started, moment) is expected


# -- ages --------------------------------------------------------------------------------------------------------------


def of_age(born: str, moment: str, sector: str = "family_dept", plan: str = "") -> dict[str, State]:
    fact = Fact(Start.AGE, 0, CHILD, born=date.fromisoformat(born), written=(("plan", at(plan)),) if plan else ())
    found = rules.clocks(ALL.deadlines.values(), [fact], sector, at(moment), DAYS)
    return {one.deadline: one.state for one in found}


@pytest.mark.parametrize(
    ("born", "moment", "expected"),
    [
        ("2016-12-25", "2026-11-24 23:59", {}),
        ("2016-12-25", "2026-11-25 00:00", {"turns-10": State.RUNNING}),
        ("2016-11-26", "2026-11-25 23:59", {"turns-10": State.SOON}),
        ("2016-11-26", "2026-11-26 00:00", {"turns-10": State.TODAY}),
        ("2016-11-26", "2026-11-27 00:00", {}),
        ("2012-02-29", "2027-02-28 23:59", {"turns-15": State.SOON}),  # on 1 March in a year without the day
        ("2012-02-29", "2027-03-01 12:00", {"turns-15": State.TODAY}),
        ("2012-02-29", "2027-03-02 00:00", {}),
        ("2011-05-25", "2026-11-24 23:59", {}),
        ("2011-05-25", "2026-11-25 00:00", {"youth-plan": State.RUNNING}),
        ("2010-11-25", "2026-11-25 10:00", {"youth-plan": State.RUNNING}),
        ("2010-08-25", "2026-11-25 23:59", {"youth-plan": State.TODAY}),
        ("2010-08-25", "2026-11-26 00:00", {"youth-plan": State.OVER}),
        ("2008-12-18", "2026-11-25 10:00", {"youth-plan": State.OVER, "adult-services": State.SOON}),
        ("2008-12-18", "2026-12-18 00:00", {"adult-services": State.TODAY}),
        ("2008-12-18", "2026-12-19 00:00", {}),
    ],
)
def test_ages_come_and_go(born: str, moment: str, expected: dict[str, State]) -> None:
    assert of_age(born, moment) == expected


def test_a_plan_meets_the_youth_plan_and_not_the_birthday() -> None:
    assert of_age("2008-12-18", "2026-11-25 10:00", plan="2025-02-18 00:00") == {"adult-services": State.SOON}


@pytest.mark.parametrize(("plan", "met"), [("2026-05-24 23:59", False), ("2026-05-25 00:00", True)])
def test_a_plan_from_long_before_is_not_the_youth_plan(plan: str, met: bool) -> None:
    assert ("youth-plan" not in of_age("2010-11-25", "2026-11-25 10:00", plan=plan)) is met


@pytest.mark.parametrize(("plan", "met"), [("2026-11-09 23:59", False), ("2026-11-10 00:00", True)])
def test_a_plan_of_which_only_the_day_is_known_may_be_of_the_day_of_the_referral(plan: str, met: bool) -> None:
    found = state("bup-assessment", "2026-11-10 09:00", "2026-11-25 10:00", written=(("plan", at(plan)),))
    assert (found is State.MET) is met


def test_a_school_is_told_of_the_birthdays_that_concern_it() -> None:
    assert of_age("2008-12-18", "2026-11-25 10:00", "school") == {"adult-services": State.SOON}
    assert of_age("2016-11-26", "2026-11-25 23:59", "school") == {}


@given(st.dates(date(2006, 1, 1), date(2018, 12, 31)), st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_no_child_with_a_clock_is_outside_the_windows_that_are_read(born: date, day: date) -> None:
    moment = day_start(day) + 10 * 3600 * SECOND
    fact = Fact(Start.AGE, 0, CHILD, born=born)
    ages = [one for one in ALL.deadlines.values() if one.starts is Start.AGE]
    for one in ages:
        if rules.clocks([one], [fact], "family_dept", moment, DAYS):
            ((low, high),) = rules.births([one], moment, DAYS)
            assert low <= day_start(born) <= high


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_the_next_round_is_never_over(day: date) -> None:
    one = ALL.deadlines["special-schooling"]
    ((fact),) = rules.rounds(one, day_start(day))
    assert day_start(day) <= fact.at <= day_start(day) + 246 * DAY


# -- what must hold for all --------------------------------------------------------------------------------------------

spans = st.sampled_from(Span)
moments = st.integers(at("2023-01-01 00:00"), at("2031-01-01 00:00"))


@given(moments, spans, st.integers(0, 24), st.integers(0, 24))
def test_a_longer_deadline_never_falls_earlier(start: int, span: Span, count: int, more: int) -> None:
    assert rules.after(start, Length(count, span), DAYS) <= rules.after(start, Length(count + more, span), DAYS)


@given(moments, spans, st.integers(1, 24), st.integers(0, 40 * DAY))
def test_what_begins_later_is_never_due_earlier(start: int, span: Span, count: int, later: int) -> None:
    length = Length(count, span)
    assert start < rules.after(start, length, DAYS) <= rules.after(start + later, length, DAYS)


@given(moments, spans, st.integers(0, 24))
def test_what_comes_before_comes_before(moment: int, span: Span, count: int) -> None:
    assert rules.before(moment, Length(count, span), DAYS) <= moment


@given(spans, st.integers(0, 24))
def test_nothing_comes_before_the_calendar_begins(span: Span, count: int) -> None:
    """The zero of another system's calendar is a day too."""
    assert rules.before(parse("0001-01-01")[0], Length(count, span), DAYS) < at("1900-01-02 00:00")
    assert state("plan-follow-up", "0001-01-01 00:00", "2026-11-25 10:00") is State.OVER


ORDER = [State.RUNNING, State.SOON, State.TODAY, State.OVER]


@given(st.sampled_from(sorted(ALL.deadlines)), moments, st.lists(st.integers(0, 500 * DAY), min_size=2, max_size=6))
def test_a_clock_only_ever_gets_more_urgent_and_never_starts_again(name: str, start: int, moved: list[int]) -> None:
    one = replace(ALL.deadlines[name], starts=Start.CONCERN)
    found = [rules.clock(one, Fact(Start.CONCERN, start), start + later, DAYS) for later in sorted(moved)]
    states = [clock.state for clock in found if clock]
    order = [*ORDER[:3], State.MET] if one.passes else ORDER
    assert [order.index(state) for state in states] == sorted(order.index(state) for state in states)


@given(moments, moments)
def test_what_is_met_is_never_over(start: int, moment: int) -> None:
    one = replace(ALL.deadlines["youth-plan"], starts=Start.CONCERN)
    found = rules.clock(one, Fact(Start.CONCERN, start, written=(("plan", start),)), moment, DAYS)
    assert found is None or found.state is State.MET


# -- what an event opens -----------------------------------------------------------------------------------------------


def opened(name: str, started: str, received: str, born: str | None = "2012-01-01", **more: object) -> int | None:
    one: Deadline = replace(ALL.deadlines[name], **more)  # type: ignore[arg-type]
    day = date.fromisoformat(born) if born else None
    return rules.opens(one, started=at(started), received=at(received), born=lambda: day, days=DAYS)


def test_an_event_opens_what_is_due_and_old_history_opens_nothing() -> None:
    assert opened("concern-assessed", "2026-11-25 10:00", "2026-11-25 10:00") == at("2026-11-26 10:00")
    assert opened("concern-assessed", "2026-11-20 10:00", "2026-11-25 10:00") is not None  # late, and still to be done
    assert opened("concern-assessed", "2026-11-17 10:00", "2026-11-25 23:59") is not None
    assert opened("concern-assessed", "2026-11-17 10:00", "2026-11-26 00:00") is None
    assert opened("concern-assessed", "2024-03-01 10:00", "2026-11-25 10:00") is None
    assert opened("childs-plan", "2026-09-01 10:00", "2026-11-25 10:00") is not None


def test_a_deadline_that_is_off_or_not_yet_the_law_opens_nothing() -> None:
    assert opened("concern-assessed", "2026-11-25 10:00", "2026-11-25 10:00", on=False) is None
    later = parse("2027-01-01")[0]
    assert opened("concern-assessed", "2026-11-25 10:00", "2026-11-25 10:00", valid_from=later) is None


@pytest.mark.parametrize(("born", "opens"), [("2016-11-26", False), ("2016-11-25", True), (None, True)])
def test_a_decision_is_for_the_child_from_ten(born: str | None, opens: bool) -> None:
    found = opened("decision-letter", "2026-11-25 10:00", "2026-11-25 10:00", born)
    assert (found is not None) is opens


def test_working_days_and_days_are_not_the_same() -> None:
    working, all_of_them = (
        rules.after(at("2026-11-27 09:00"), Length(3, span), DAYS) for span in (Span.WORKING_DAYS, Span.DAYS)
    )
    assert working - all_of_them == 2 * DAY
