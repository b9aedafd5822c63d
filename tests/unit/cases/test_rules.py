"""When a unit may end its task with a child, and who may begin it again, as tables."""

from typing import Any

import pytest

from barnetsbog.cases.model import Open
from barnetsbog.cases.rules import BALL, CLOSED, COORDINATOR, REASON, REFERRAL, may_close, may_reopen, may_say

SOME: Any = (object(),)


@pytest.mark.parametrize(
    ("tasks", "referrals", "appointments", "coordinates", "last", "reason", "rule"),
    [
        ((), (), (), False, False, "Slut.", CLOSED),
        ((), (), (), True, True, "Slut.", CLOSED),
        ((), (), SOME, False, False, "Slut.", CLOSED),
        ((), (), (), True, False, "Slut.", COORDINATOR),
        (SOME, (), (), False, False, "Slut.", BALL),
        (SOME, (), (), False, True, "Slut.", BALL),
        ((), SOME, (), False, True, "Slut.", REFERRAL),
        ((), (), (), False, False, " \n", REASON),
    ],
)
def test_closing(
    tasks: Any, referrals: Any, appointments: Any, coordinates: bool, last: bool, reason: str, rule: str
) -> None:
    decision = may_close(Open(tasks, referrals, appointments, coordinates, last), reason)
    assert (decision.rules, decision.allowed) == ((rule,), rule == CLOSED)


@pytest.mark.parametrize(
    ("closed_by", "leads", "may"),
    [("me", False, True), ("other", True, True), ("other", False, False), ("", False, False), ("", True, True)],
)
def test_beginning_again(closed_by: str, leads: bool, may: bool) -> None:
    assert may_reopen(closed_by=closed_by, job="me", leads=leads) is may


def test_what_the_unit_is_asked_to_take_is_answered_first() -> None:
    assert may_close(Open((), (), (), False, False, asked=SOME), "Slut.").rules == (BALL,)


def test_what_is_too_long_is_said_and_never_cut() -> None:
    nothing = Open((), (), (), False, False)
    assert may_close(nothing, "x" * 2000, "y" * 8000).allowed and may_say("x" * 2000).allowed
    for wrong in (may_close(nothing, "x" * 2001), may_close(nothing, "Slut.", "y" * 8001), may_say("x" * 2001)):
        assert not wrong.allowed and "Det er for langt." in wrong.reason
    assert may_say(" ").reason == "Skriv, hvorfor I begynder igen."
