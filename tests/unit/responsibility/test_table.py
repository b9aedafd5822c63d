"""The table of the ball: every move that can be made, by whom, and everything else refused with its reason."""

import subprocess
import sys
from itertools import product
from uuid import UUID

import pytest

from barnetsbog.directory.model import Away, Gone
from barnetsbog.responsibility import rules
from barnetsbog.responsibility.model import Actor, Baton, Event, Move, Part, State, Tab
from barnetsbog.responsibility.rules import TABLE, Wish, may_move, moved, moves_of, opened, parts, tab_of
from tests.conftest import ROOT

KIM, BO, IDA, LEDER = (f"PractitionerRole/{UUID(int=n)}" for n in (1, 2, 3, 4))
PPR, BUP, NYE = (f"Organization/{UUID(int=n)}" for n in (10, 11, 12))
UNITS = {KIM: PPR, BO: PPR, IDA: BUP, LEDER: PPR}
MOTHER = f"RelatedPerson/{UUID(int=20)}"
BATONS = {
    State.NOBODY: Baton(opened_by=KIM),
    State.NEW: Baton(offered_to=IDA, offered_by=KIM, opened_by=KIM),
    State.HELD: Baton(holder=IDA, opened_by=KIM),
    State.OFFERED: Baton(holder=KIM, offered_to=IDA, offered_by=KIM, opened_by=KIM),
    State.DONE: Baton(holder=KIM, opened_by=KIM, over=State.DONE),
    State.CANCELLED: Baton(opened_by=KIM, over=State.CANCELLED),
}
ME = Actor(KIM, PPR)


def mine(baton: Baton, actor: Actor = ME, gone: dict[str, Away] | None = None) -> frozenset[Part]:
    return parts(baton, actor, gone or {}, UNITS)


def wish(move: Move, **more: object) -> Wish:
    return Wish(move, to=BO if move is Move.OFFER else "", reason="Fordi", due=1)._replace(**more)


def absent(job: str, *, substitute: str = "", unit: str = PPR, why: Gone = Gone.ABSENT, successor: str = "") -> Away:
    ident = lambda text: UUID(text.partition("/")[2]) if text else None  # noqa: E731
    return Away(UUID(job.partition("/")[2]), why, ident(unit), 9, ident(substitute), ident(successor))


@pytest.mark.parametrize("state", State)
def test_a_baton_says_which_state_it_is_in(state: State) -> None:
    assert BATONS[state].state is state


@pytest.mark.parametrize(("state", "move"), list(product(State, Move)))
def test_a_move_is_made_as_the_table_says_and_by_nobody_else(state: State, move: Move) -> None:
    baton, step = BATONS[state], TABLE.get((state, move))
    for part in Part:
        decision = may_move(baton, wish(move), {part})
        assert decision.allowed is (step is not None and part in step.who), (part, decision.reason)
        assert decision.reason and decision.rules
    if step:
        after = moved(baton, wish(move), ME)
        assert after.state is step.to


@pytest.mark.parametrize(("state", "move"), [key for key, step in TABLE.items() if step.reason])
def test_where_a_reason_is_wanted_blanks_are_none(state: State, move: Move) -> None:
    decision = may_move(BATONS[state], wish(move, reason=" \n"), frozenset(Part))
    assert not decision.allowed
    assert decision.rules == (rules.NO_REASON,)
    assert decision.reason.startswith("Skriv, hvorfor")


def test_a_ball_once_accepted_has_a_holder_until_it_is_over() -> None:
    held = {State.HELD, State.OFFERED}
    for (at, move), step in TABLE.items():
        if at in held:
            assert step.to in held | {State.DONE, State.CANCELLED}, move


def test_what_one_may_do_is_what_would_be_allowed() -> None:
    for state, baton in BATONS.items():
        for part in Part:
            allowed = {move for move in Move if may_move(baton, wish(move), {part}).allowed}
            assert moves_of(baton, {part}) == allowed, state


def test_the_coordinator_s_part_never_ends() -> None:
    for state, move in product(State, rules.NEVER_ENDS):
        assert not may_move(BATONS[state], wish(move), frozenset(Part), ends=False).allowed
        assert move not in moves_of(BATONS[state], frozenset(Part), ends=False)


# -- who one is to it --------------------------------------------------------------------------------------------------


def test_the_holder_is_the_one_whose_job_it_is_with() -> None:
    assert Part.HOLDER in mine(Baton(holder=KIM))
    assert Part.HOLDER not in mine(Baton(holder=BO))
    assert Part.HOLDER in mine(Baton(holder=PPR))


def test_what_is_offered_to_a_unit_is_for_everybody_in_it() -> None:
    assert Part.OFFERED in mine(Baton(offered_to=PPR))
    assert Part.OFFERED not in mine(Baton(offered_to=BUP))


def test_the_leader_of_the_holder_s_unit_and_no_other() -> None:
    assert Part.LEADER in mine(Baton(holder=BO), Actor(LEDER, PPR, leads=True))
    assert Part.LEADER not in mine(Baton(holder=BO), Actor(LEDER, PPR, leads=False))
    assert Part.LEADER not in mine(Baton(holder=IDA), Actor(LEDER, PPR, leads=True))


def test_a_leader_may_call_back_what_the_unit_has_opened() -> None:
    """Where the one who opened it is gone, its pending offer must not stand for ever."""
    assert Part.OPENER in mine(Baton(offered_to=IDA, opened_by=BO, offered_by=BO), Actor(LEDER, PPR, leads=True))


def test_what_the_family_was_asked_to_do_is_followed_by_whoever_asked() -> None:
    """Else nobody could end it: a parent is at no work list."""
    asked = Baton(holder=MOTHER, opened_by=KIM)
    follow = {Move.FINISH, Move.CANCEL, Move.DUE, Move.OFFER, Move.TAKE_OVER}
    assert moves_of(asked, mine(asked)) == follow
    assert moves_of(asked, mine(asked, Actor(LEDER, PPR, leads=True))) == follow
    assert moves_of(asked, mine(asked, Actor(BO, PPR), {KIM: absent(KIM, substitute=BO)})) == follow
    for other in (Actor(BO, PPR), Actor(IDA, BUP, leads=True)):
        assert not moves_of(asked, mine(asked, other))
    assert Move.FINISH in moves_of(asked, mine(asked, Actor(MOTHER, "")))


@pytest.mark.parametrize(
    ("away", "stands_in"),
    [
        ({}, False),
        ({IDA: absent(IDA, unit=BUP)}, False),
        ({IDA: absent(IDA, unit=BUP, substitute=KIM)}, True),
        ({IDA: absent(IDA, unit=PPR)}, True),
        ({IDA: absent(IDA, unit=BUP, why=Gone.STOPPED)}, False),
        ({IDA: absent(IDA, unit=BUP, why=Gone.CLOSED, successor=PPR)}, True),
    ],
)
def test_who_stands_in_for_one_who_is_away(away: dict[str, Away], stands_in: bool) -> None:
    assert (Part.STAND_IN in mine(Baton(holder=IDA), gone=away)) is stands_in
    assert (Part.OFFERED in mine(Baton(offered_to=IDA), gone=away)) is stands_in


@pytest.mark.parametrize(("successor", "left"), [("", True), (PPR, False)])
def test_what_a_closed_unit_left_is_taken_over_by_who_finds_it(successor: str, left: bool) -> None:
    """Else it would stay there for ever. It is not theirs to end or hand on before they have taken it."""
    gone = {IDA: absent(IDA, unit=BUP, why=Gone.CLOSED, successor=successor)}
    ball = Baton(holder=IDA)
    assert (Part.FINDER in mine(ball, gone=gone)) is left
    if left:
        assert moves_of(ball, mine(ball, gone=gone)) == {Move.TAKE_OVER}
    assert Part.FINDER not in mine(ball, gone={IDA: absent(IDA, unit=BUP, why=Gone.STOPPED)})
    assert Part.FINDER not in mine(ball)


def test_nobody_stands_in_for_themselves() -> None:
    assert Part.STAND_IN not in mine(Baton(holder=KIM), gone={KIM: absent(KIM)})
    assert Part.HOLDER in mine(Baton(holder=KIM), gone={KIM: absent(KIM)})


# -- handing on --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "rule"), [("", rules.OTHER), (KIM, rules.ITSELF), (IDA, rules.ITSELF)], ids=["nobody", "holder", "asked"]
)
def test_it_is_not_offered_to_nobody_nor_where_it_is(to: str, rule: str) -> None:
    decision = may_move(BATONS[State.OFFERED], wish(Move.OFFER, to=to), {Part.HOLDER})
    assert (decision.allowed, decision.rules) == (False, (rule,))


def event(move: Move, by: str, after: Baton) -> Event:
    return Event(move, 1, by, after)


@pytest.mark.parametrize(
    "history",
    [
        [event(Move.ACCEPT, BO, Baton(holder=BO)), event(Move.ACCEPT, KIM, Baton(holder=KIM))],
        [event(Move.RETURN, BO, Baton(holder=KIM))],
    ],
    ids=["had it", "gave it back"],
)
def test_back_to_where_it_was_only_with_a_reason(history: list[Event]) -> None:
    baton = Baton(holder=KIM)
    refused = may_move(baton, wish(Move.OFFER, to=BO, reason=""), {Part.HOLDER}, history=history)
    assert refused.rules == (rules.ROUND,)
    assert may_move(baton, wish(Move.OFFER, to=BO), {Part.HOLDER}, history=history).allowed
    assert may_move(baton, wish(Move.OFFER, to=IDA, reason=""), {Part.HOLDER}, history=history).allowed


def test_a_unit_has_given_it_back_when_somebody_of_it_has() -> None:
    asked = event(Move.OFFER, KIM, Baton(holder=KIM, offered_to=BUP, offered_by=KIM))
    history = [asked, event(Move.RETURN, IDA, Baton(holder=KIM))]
    again = wish(Move.OFFER, to=BUP, reason="")
    assert may_move(Baton(holder=KIM), again, {Part.HOLDER}, history=history).rules == (rules.ROUND,)
    assert may_move(Baton(holder=KIM), again, {Part.HOLDER}, history=history[1:]).allowed, (
        "who gave it back is a person"
    )


@pytest.mark.parametrize(
    ("to", "state", "holder"),
    [
        (KIM, State.HELD, KIM),
        (BO, State.NEW, ""),
        (PPR, State.NEW, ""),
        ("", State.NOBODY, ""),
        (MOTHER, State.HELD, MOTHER),
    ],
)
def test_a_new_ball(to: str, state: State, holder: str) -> None:
    baton = opened(ME, to)
    assert (baton.state, baton.holder, baton.opened_by) == (state, holder, KIM)


def test_a_returned_ball_is_where_it_was() -> None:
    assert moved(BATONS[State.OFFERED], wish(Move.RETURN), Actor(IDA, BUP)) == Baton(holder=KIM, opened_by=KIM)


def test_a_new_ball_given_back_is_nobody_s_and_shows_it() -> None:
    assert moved(BATONS[State.NEW], wish(Move.RETURN), Actor(IDA, BUP)).state is State.NOBODY


# -- the work list -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holder", "offered", "tab"),
    [
        ("me", None, Tab.MINE), ("unit", None, Tab.MINE), ("bo", None, Tab.WAITING), (None, None, Tab.NOBODY),
        ("bo", "me", Tab.MINE), (None, "me", Tab.MINE), ("me", "bo", Tab.MINE), (None, "bo", Tab.NOBODY),
        ("ill", None, Tab.MINE), ("bo", "ill", Tab.MINE),
    ],
)  # fmt: skip
def test_which_tab(holder: str | None, offered: str | None, tab: Tab) -> None:
    assert tab_of(holder, offered, {"me", "unit"}, {"ill"}) is tab


def test_the_diagram_in_the_documentation_is_made_from_the_table() -> None:
    found = subprocess.run([sys.executable, "tools/diagrams.py", "--check"], cwd=ROOT, check=False)
    assert found.returncode == 0, "run tools/diagrams.py"
