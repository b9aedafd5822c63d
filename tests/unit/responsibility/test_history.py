"""Whatever is done with a ball: never two holders, never a gap once it was accepted, and its history is the whole of it.

The moves go all the way through FHIR, as they are kept: each version is the resource that the one before became.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from barnetsbog.fhir import check
from barnetsbog.fhir.own import reference_of
from barnetsbog.kernel.time import DAY, parse
from barnetsbog.responsibility import mapping, rules
from barnetsbog.responsibility.mapping import baton_of, event_of
from barnetsbog.responsibility.model import Actor, Baton, Event, Move, NewBall, State
from barnetsbog.responsibility.rules import Wish, may_move, moved, opened, parts
from tests.unit.responsibility.test_table import BO, BUP, IDA, KIM, LEDER, MOTHER, PPR, UNITS

NOON = parse("2026-11-25T12:00:00+01:00")[0]
CHILD = "3f8a6c1e-0000-4000-8000-000000000001"
IDENT = "3f8a6c1e-0000-4000-8000-000000000002"
PEOPLE = [Actor(KIM, PPR), Actor(BO, PPR), Actor(IDA, BUP), Actor(LEDER, PPR, leads=True)]
RECEIVERS = [KIM, BO, IDA, PPR, BUP, MOTHER, ""]
TRIES = some.lists(
    some.tuples(some.sampled_from(Move), some.sampled_from(PEOPLE), some.sampled_from(RECEIVERS), some.booleans()),
    max_size=12,
)
Json = dict[str, Any]


def replayed(versions: list[Json]) -> list[Event]:
    return [event_of(body, recorded_at=NOON + n, by="") for n, body in enumerate(versions)]


def played(first: Json, tries: list[tuple[Move, Actor, str, bool]], *, ends: bool = True) -> list[Json]:
    """Every version, the moves being tried one after the other as their doers wish; what may not be done is not."""
    versions = [first]
    for number, (move, actor, to, says_why) in enumerate(tries, 1):
        baton, at = baton_of(versions[-1]), NOON + number
        wish = Wish(move, to, "Fordi det er aftalt." if says_why else "", NOON + DAY if move is Move.DUE else None)
        mine = parts(baton, actor, {}, UNITS)
        if may_move(baton, wish, mine, history=replayed(versions), ends=ends).allowed:
            after = moved(baton, wish, actor)
            event = Event(move, at, actor.job, after, wish.reason, wish.due)
            versions.append(mapping.with_move(versions[-1], event))
    return versions


@given(some.sampled_from(PEOPLE), some.sampled_from(RECEIVERS), TRIES)
def test_a_ball(opener: Actor, to: str, tries: list[tuple[Move, Actor, str, bool]]) -> None:
    first = mapping.ball(
        IDENT, child=CHILD, wanted=NewBall("Ring til far", "Han tager den efter fire.", to, NOON + DAY), at=NOON,
        baton=opened(opener, to),
    )  # fmt: skip
    versions = played(first, tries)
    events = replayed(versions)
    accepted = False
    for body, event in zip(versions, events, strict=True):
        assert [one for one in check(body) if one.severity == "error"] == []
        baton = event.after
        assert len(baton.holder.split(",")) == 1
        accepted = accepted or bool(baton.holder)
        if accepted and not baton.over:
            assert baton.holder, "a gap"
        if baton.over:
            assert not baton.offered_to
        assert bool(baton.offered_to) == bool(baton.offered_by)
        assert baton.opened_by == opener.job
    assert events[-1].after == baton_of(versions[-1])
    assert [event.move for event in events] == [Move.OPEN, *(event.move for event in events[1:])]
    _is_what_the_moves_say(events)


def _is_what_the_moves_say(events: list[Event]) -> None:
    """Playing the moves of the history again leads to the present state: nothing else has changed it."""
    baton = events[0].after
    for event in events[1:]:
        assert event.move
        to = event.after.offered_to if event.move is Move.OFFER else ""
        baton = moved(baton, Wish(event.move, to, event.reason, event.due), Actor(event.by, UNITS[event.by]))
        assert baton == event.after


@given(some.sampled_from([*PEOPLE, None]), TRIES)
def test_a_coordinator_s_part(first: Actor | None, tries: list[tuple[Move, Actor, str, bool]]) -> None:
    team = mapping.team(IDENT, child=CHILD)
    team["participant"] = [{"member": {"reference": "RelatedPerson/mor"}, "role": [{"text": "mor"}]}]
    baton = Baton(holder=first.job) if first else Baton(offered_to=IDA, offered_by=KIM, opened_by=KIM)
    versions = played(mapping.with_move(team, Event(Move.OPEN, NOON, KIM, baton)), tries, ends=False)
    held = False
    for body in versions:
        assert [one for one in check(body) if one.severity == "error"] == []
        coordinators = [one for one in body["participant"] if "coordinator" in str(one.get("role"))]
        assert len(coordinators) <= 1
        held = held or bool(coordinators)
        assert bool(coordinators) or not held, "a child that had a coordinator has none"
        members = [reference_of(one["member"]) for one in body["participant"]]
        assert "RelatedPerson/mor" in members
        assert len(members) == len(set(members))
    assert baton_of(versions[-1]).state in (State.HELD, State.OFFERED, State.NEW, State.NOBODY)


def test_what_another_system_said_of_its_task_stays() -> None:
    task = {
        "resourceType": "Task", "id": IDENT, "status": "in-progress", "intent": "order", "description": "Statusmøde",
        "identifier": [{"system": "urn:dubu", "value": "77"}], "owner": {"reference": KIM}, "requester": {"reference": KIM},
        "extension": [{"url": "https://dubu.example/frist", "valueString": "uge 48"}], "note": [{"text": "Husk kaffe"}],
        "executionPeriod": {"start": "2026-11-01"}, "for": {"reference": f"Patient/{CHILD}"},
    }  # fmt: skip
    after = moved(baton_of(task), Wish(Move.FINISH), PEOPLE[0])
    done = mapping.with_move(task, Event(Move.FINISH, NOON, KIM, after))
    for name in ("identifier", "note", "description", "for", "requester"):
        assert done[name] == task[name]
    assert task["extension"][0] in done["extension"]
    assert done["status"] == "completed"
    assert done["executionPeriod"] == {"start": "2026-11-01", "end": "2026-11-25T12:00:00+01:00"}


def test_a_ball_that_another_system_sent_is_told_as_such() -> None:
    event = event_of(
        {"resourceType": "Task", "status": "in-progress", "owner": {"reference": KIM}}, recorded_at=5, by=BO
    )
    assert (event.move, event.by, event.after.state) == (None, BO, State.HELD)


def test_a_deadline_stands_as_it_was_set() -> None:
    due = parse("2026-12-03", end=True)[0]
    body = mapping.ball(IDENT, child=CHILD, wanted=NewBall("Ring", due=due), baton=opened(PEOPLE[0], KIM), at=NOON)
    assert mapping.due_of(body) == due


@pytest.mark.parametrize(("start", "stays"), [("2026-11-20", True), ("2026-12-24", False)])
def test_what_another_system_said_of_its_restriction_stays_as_far_as_it_can(start: str, stays: bool) -> None:
    ball = mapping.ball(
        IDENT, child=CHILD, wanted=NewBall("Ring", due=NOON + DAY), at=NOON, baton=opened(PEOPLE[0], KIM)
    )
    theirs = {**ball, "restriction": {"repetitions": 2, "period": {"start": start, "end": "2026-12-31"}}}
    after = mapping.with_move(theirs, Event(Move.DUE, NOON, KIM, baton_of(theirs), "Aftalt", NOON + 2 * DAY))
    assert mapping.due_of(after) == NOON + 2 * DAY and after["restriction"]["repetitions"] == 2
    assert ("start" in after["restriction"]["period"]) is stays
    assert [one for one in check(after) if one.severity == "error"] == []


def test_the_rules_name_every_state_and_move() -> None:
    assert {move for _, move in rules.TABLE} == set(Move) - {Move.OPEN}
    assert {state for state, _ in rules.TABLE} == set(State)
