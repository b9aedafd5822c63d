"""A deadline that is started by hand: the day is worked out, and one that is over already is red at once."""

from datetime import date

import pytest

from barnetsbog.deadlines.operations import start, startable
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.time import iso
from barnetsbog.record.models import Entry
from barnetsbog.responsibility.model import State
from tests.conftest import BOTH_DATABASES
from tests.integration.responsibility.conftest import Team

pytestmark = BOTH_DATABASES


def begun(team: Team, who: str, deadline: str, since: str) -> str:
    to = team.job(who)
    ident = start(by=team.scope(who), child_id=team.child, deadline=deadline, since=date.fromisoformat(since), to=to)
    page = team.page(who, ident)
    assert (page.deadline, page.state, page.ball.mine) == (deadline, State.HELD, True)
    assert page.ball.due
    return iso(page.ball.due)[:16]


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("2026-11-25", "2027-03-25T23:59"),
        ("2026-10-31", "2027-02-28T23:59"),
        ("2026-05-20", "2026-09-20T23:59"),  # over, and still to be done
    ],
)
def test_four_months_from_the_day_the_municipality_became_aware(team: Team, since: str, due: str) -> None:
    assert begun(team, "rita", "examination", since) == due


def test_a_day_to_come_starts_nothing(team: Team) -> None:
    with pytest.raises(Refused, match="Ret dagen"):
        begun(team, "rita", "examination", "2026-11-26")


def test_a_school_starts_none_of_the_municipality_s_and_nobody_starts_what_an_event_does(team: Team) -> None:
    assert startable(team.scope("maja")) == []
    for who, deadline in (("maja", "examination"), ("rita", "concern-assessed"), ("rita", "nothing")):
        with pytest.raises(Refused, match="Vælg en frist"):
            begun(team, who, deadline, "2026-11-25")
    assert not Entry.objects.filter(what="task").exists()


def test_a_child_that_one_does_not_know_is_not_found(team: Team) -> None:
    with pytest.raises(NotFound):
        start(
            by=team.scope("rita"), child_id=team.ident("rita"), deadline="examination", since=date(2026, 11, 25), to=""
        )
