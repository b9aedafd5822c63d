"""Goals that a child writes itself: its own until it says otherwise, its words never altered, its own scale over time."""

from datetime import timedelta

import pytest

from barnetsbog.access.own_log import own_log
from barnetsbog.access.reading import open_book
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.time import local_day
from barnetsbog.plan import operations, queries
from barnetsbog.plan.model import Goal, GoalChange, GoalState, Item, Mark, OwnChange, Said
from barnetsbog.responsibility.model import Move
from barnetsbog.responsibility.operations import move
from barnetsbog.responsibility.queries import balls
from barnetsbog.responsibility.rules import Wish
from tests.conftest import BOTH_DATABASES
from tests.integration.messages.conftest import Talking

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

ALMA = "Alma Prøvegaard"
WORDS = "  jeg vil ku sove hos Ella \n uden at ringe hjem  "


def goals(talk: Talking, name: str) -> list[Item[Goal]]:
    with open_book(talk.who(name), "plan", talk.child) as book:
        return list(queries.parts(book, talk.child).own_goals)


def said(goal: Item[Goal]) -> Goal:
    assert goal.said
    return goal.said


def written(talk: Talking, *, shared: bool = False, mark: int | None = 3) -> Item[Goal]:
    talk.clock.later(1)
    by = talk.who(ALMA)
    wanted = Said(WORDS, local_day(by.at), shared, mark=mark)
    ident = operations.write_own_goal(by=by, child_id=talk.child, said=wanted)
    return next(one for one in goals(talk, ALMA) if one.id == ident)


def changes(talk: Talking, goal: Item[Goal], change: OwnChange, name: str = ALMA) -> Item[Goal]:
    talk.clock.later(1)
    operations.change_own_goal(
        by=talk.who(name), child_id=talk.child, ident=goal.id, version=goal.row.version, change=change
    )
    return next(one for one in goals(talk, ALMA) if one.id == goal.id)


def test_a_goal_of_ones_own_is_ones_own_until_one_says_otherwise(talk: Talking) -> None:
    goal = written(talk)
    assert said(goal).words == WORDS and said(goal).said_to == "" and said(goal).marks[0].value == 3
    assert not any(goals(talk, name) for name in ("Sara", "Jonas", "kim", "maja", "rita"))
    changes(talk, goal, OwnChange(may_be_shared=True))
    for name in ("Sara", "kim", "maja"):
        assert [said(one).words for one in goals(talk, name)] == [WORDS]
    (goal,) = goals(talk, ALMA)
    changes(talk, goal, OwnChange(may_be_shared=False))
    assert not any(goals(talk, name) for name in ("Sara", "Jonas", "kim", "maja", "rita"))


def test_the_scale_is_over_time_and_one_number_a_day(talk: Talking) -> None:
    goal = changes(talk, written(talk), OwnChange(mark=5))
    assert [one.value for one in said(goal).marks] == [5]
    talk.clock.later(86400)
    goal = changes(talk, goal, OwnChange(mark=8))
    assert [one.value for one in said(goal).marks] == [5, 8] and said(goal).words == WORDS
    with pytest.raises(Refused, match="0 til 10"):
        changes(talk, goal, OwnChange(mark=11))


def test_what_others_added_to_a_shared_goal_stays(talk: Talking) -> None:
    goal = written(talk, shared=True)
    kim = talk.who("kim")
    operations.change_goal(
        by=kim, child_id=talk.child, ident=goal.id, version=goal.row.version,
        change=GoalChange(workers=(talk.job("kim"),), note="Vi øver én aften.", mark=Mark(local_day(kim.at), 4)),
    )  # fmt: skip
    (goal,) = goals(talk, ALMA)
    goal = changes(talk, goal, OwnChange(GoalState.REACHED, True))
    found = said(goal)
    assert (found.words, found.state, found.workers) == (WORDS, GoalState.REACHED, (talk.job("kim"),))
    assert [one.text for one in found.notes] == ["Vi øver én aften."] and found.marks[-1].value == 4


@pytest.mark.parametrize("days", [3, 20])  # before the day of the follow-up, and when it has gone
def test_the_child_still_says_who_reads_its_goal_when_the_follow_up_is_done(talk: Talking, days: int) -> None:
    goal, kim = written(talk, shared=True), talk.who("kim")
    day = local_day(kim.at) + timedelta(days=10)
    operations.change_goal(
        by=kim, child_id=talk.child, ident=goal.id, version=goal.row.version,
        change=GoalChange(workers=(talk.job("kim"),), follow_up=day),
    )  # fmt: skip
    with open_book(kim, "ball", talk.child) as book:
        (ball,) = [one for one in balls(book, talk.child) if one.title == "Følg op på et mål"]
    talk.clock.later(days * 86400)
    move(by=talk.who("kim"), child_id=talk.child, ident=ball.id, version=ball.version, wish=Wish(Move.FINISH))
    (goal,) = goals(talk, ALMA)
    goal = changes(talk, goal, OwnChange(may_be_shared=False))
    assert (said(goal).may_be_shared, said(goal).follow_up) == (False, day)
    assert not any(goals(talk, name) for name in ("Sara", "Jonas", "kim", "maja", "rita"))
    changes(talk, goal, OwnChange(may_be_shared=True))
    with open_book(talk.who("kim"), "ball", talk.child) as book:
        assert "Følg op på et mål" not in [one.title for one in balls(book, talk.child)]


def test_two_windows_at_once_and_nothing_is_written_over(talk: Talking) -> None:
    goal = written(talk)
    changes(talk, goal, OwnChange(mark=4))
    with pytest.raises(Conflict):
        changes(talk, goal, OwnChange(mark=9))


def test_nobody_else_says_it_for_the_child(talk: Talking) -> None:
    goal = written(talk, shared=True)
    for name in ("Sara", "kim"):
        with pytest.raises(NotFound):
            changes(talk, goal, OwnChange(mark=9), name)
        with pytest.raises(NotFound):
            operations.write_own_view(
                by=talk.who(name), child_id=talk.child, said=Said("Nej", local_day(talk.who(name).at), True)
            )


def test_no_parent_is_told_by_the_log_of_what_is_the_child_s_alone(talk: Talking) -> None:
    changes(talk, written(talk), OwnChange(mark=4))
    operations.write_own_view(
        by=talk.who(ALMA), child_id=talk.child, said=Said("Planen er for lang.", local_day(talk.who(ALMA).at), False)
    )
    told = {}
    for name in (ALMA, "Sara"):
        with open_book(talk.who(name), "log-read", talk.child) as book:
            told[name] = [row.action for row in own_log(book, talk.child, since=0).rows]
    assert {"plan-goal", "plan-view"} <= set(told[ALMA])
    assert not [one for one in told["Sara"] if one in ("plan-goal", "plan-view")]
