"""To whom a ball comes, day by day: calm, never down again, and not over a weekend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.deadlines.files import load
from barnetsbog.deadlines.ladder import Climb, OnLadder, Reach
from barnetsbog.deadlines.model import Rung, Waits
from barnetsbog.directory.model import SECTORS
from barnetsbog.kernel.time import DAY
from barnetsbog.law.rulebook import standard

from .test_clocks import at

ALL = load(standard().rules, SECTORS)
C, L, A = Rung.COORDINATOR, Rung.LEADER, Rung.ABOVE


def reached(ball: OnLadder, moment: str) -> list[Rung]:
    return sorted(Reach(ALL.ladders, at(moment), ALL.days).rungs(ball), key=list(Rung).index)


@pytest.mark.parametrize(
    ("moment", "rungs"),
    [
        ("2026-11-20 10:00", []),  # a Friday: it has just come
        ("2026-11-22 23:59", []),  # Sunday
        ("2026-11-23 00:00", [C]),  # one working day
        ("2026-11-24 23:59", [C]),
        ("2026-11-25 00:00", [C, L]),  # three
        ("2026-11-26 23:59", [C, L]),
        ("2026-11-27 00:00", [C, L, A]),  # five
    ],
)
def test_a_ball_that_nobody_takes(moment: str, rungs: list[Rung]) -> None:
    assert reached(OnLadder(at("2026-11-20 09:00"), at("2027-01-10 12:00"), False), moment) == rungs


@pytest.mark.parametrize(
    ("moment", "rungs"),
    [
        ("2026-12-03 23:59", []),
        ("2026-12-04 00:00", [C]),
        ("2026-12-08 00:00", [C, L]),
        ("2026-12-16 23:59", [C, L]),
        ("2026-12-17 00:00", [C, L, A]),
    ],
)
def test_a_ball_that_is_late(moment: str, rungs: list[Rung]) -> None:
    due = at("2026-12-04 00:00") - 1  # the last moment of Thursday
    assert reached(OnLadder(at("2026-11-01 09:00"), due, True), moment) == rungs


def test_easter_is_nobody_s_delay() -> None:
    ball = OnLadder(at("2026-04-01 15:00"), None, False)  # the Wednesday before
    assert reached(ball, "2026-04-06 23:59") == []
    assert reached(ball, "2026-04-07 00:00") == [C]


def test_what_has_hours_comes_to_the_leader_at_once() -> None:
    concern = OnLadder(at("2026-11-25 14:10"), at("2026-11-26 14:10"), False)
    assert reached(concern, "2026-11-25 14:10") == [C, L]
    assert reached(concern, "2026-11-26 00:00") == [C, L, A]
    taken = concern._replace(accepted=True)
    assert reached(taken, "2026-11-26 14:10") == []
    assert reached(taken, "2026-11-26 14:11") == [C, L]


def test_it_says_why_and_for_how_long() -> None:
    reach = Reach(ALL.ladders, at("2026-11-25 10:00"), ALL.days)
    lost = OnLadder(at("2026-11-20 09:00"), None, False)
    assert reach.first(lost, {L}) == Climb(Waits.NOBODY, L, 3)
    assert reach.first(lost, {A}) is None
    assert reach.first(OnLadder(at("2026-11-01 09:00"), at("2026-11-20 09:00"), True), {C}) == Climb(Waits.LATE, C, 3)


moments = st.integers(at("2026-01-01 00:00"), at("2027-12-31 00:00"))


@given(moments, st.one_of(st.none(), moments), st.booleans(), st.integers(0, 60 * DAY), st.integers(0, 60 * DAY))
def test_a_ball_never_climbs_down_and_never_skips_a_rung(
    since: int, due: int | None, accepted: bool, now: int, more: int
) -> None:
    ball = OnLadder(since, due, accepted)
    earlier, later = (Reach(ALL.ladders, since + passed, ALL.days).rungs(ball) for passed in (now, now + more))
    assert {*earlier} <= {*later}
    assert (A not in later or L in later) and (L not in later or C in later)
