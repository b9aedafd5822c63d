"""The table of referrals: each move from each side, the ball that goes with it, and whether it may be sent."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from barnetsbog.fhir import check
from barnetsbog.kernel.time import parse
from barnetsbog.law.duties import HOLD_PARENT_NOTICE, SHARING_REDUCED
from barnetsbog.law.model import Blocked, Complete, Incomplete, NotRequired, Review
from barnetsbog.record.promotion import WITH_RECEIVER
from barnetsbog.referrals import mapping, rules
from barnetsbog.referrals.mapping import event_of, referral_of
from barnetsbog.referrals.model import Answered, Event, Move, Referral, Side, State, Urgency
from barnetsbog.referrals.rules import (
    TABLE,
    ball_after,
    complete,
    lawful,
    may_move,
    moved,
    moves_of,
    prevailing,
    sides,
    waits_for,
)
from barnetsbog.responsibility.model import Baton
from barnetsbog.responsibility.model import Move as BallMove

NOON = parse("2026-11-25T12:00:00+01:00")[0]
KIM, IDA = (
    "PractitionerRole/00000000-0000-4000-8000-000000000001",
    "PractitionerRole/00000000-0000-4000-8000-000000000002",
)
PPR, BUP, AMB = (f"Organization/00000000-0000-4000-8000-00000000001{n}" for n in range(3))
IDENT, CHILD = "3f8a6c1e-0000-4000-8000-000000000002", "3f8a6c1e-0000-4000-8000-000000000001"
SAYS = Answered("Fordi.", ("Fars samtykke",), "", "Egen læge")


def referral(state: State, **more: Any) -> Referral:
    filled: dict[str, Any] = {
        "to": BUP, "title": "Udredning for ADHD", "reason": "Uro", "tried": "Pauser", "suspicion": "adhd",
        "urgency": Urgency.PLANNED,
    }  # fmt: skip
    return Referral(IDENT, state, KIM, **(filled | more))


@pytest.mark.parametrize(("state", "move"), list(product(State, Move)))
def test_a_move_is_made_as_the_table_says_and_from_no_other_side(state: State, move: Move) -> None:
    """care_fe#5416: the receiver must be able to set its own, and only its own."""
    step = TABLE.get((state, move))
    for side in Side:
        decision = may_move(referral(state), move, {side}, SAYS)
        assert decision.allowed is (step is not None and side in step.who), decision.reason
        assert (move in moves_of(referral(state), {side})) is decision.allowed
    if step:
        assert moved(referral(state), move, SAYS, NOON).state is step.to


@pytest.mark.parametrize(("state", "move"), [key for key, step in TABLE.items() if step.reason])
def test_who_sends_it_back_must_say_why(state: State, move: Move) -> None:
    decision = may_move(referral(state), move, frozenset(Side), SAYS._replace(cause=" "))
    assert (decision.allowed, decision.rules) == (False, (rules.NO_REASON,))


@pytest.mark.parametrize(
    ("move", "answered", "rule"),
    [
        (Move.ASK, Answered(gaps=(" ", "")), rules.NO_GAPS), (Move.ASK, Answered(), rules.NO_GAPS),
        (Move.REDIRECT, Answered("Fordi."), rules.NO_PLACE),
    ],
)  # fmt: skip
def test_what_must_be_said_with_it(move: Move, answered: Answered, rule: str) -> None:
    assert may_move(referral(State.SENT), move, {Side.RECEIVER}, answered).rules == (rule,)


def test_everybody_in_the_referrer_s_unit_is_on_its_side() -> None:
    one = referral(State.SENT)
    assert sides(one, PPR, PPR) == {Side.REFERRER}
    assert sides(one, BUP, PPR) == {Side.RECEIVER}
    assert sides(one, AMB, PPR) == set()
    assert sides(referral(State.ACCEPTED, accepted_by=AMB), AMB, PPR) == {Side.RECEIVER}
    assert sides(one, "", "") == set()


@pytest.mark.parametrize(
    ("state", "side"),
    [
        (State.DRAFT, Side.REFERRER), (State.SENT, Side.RECEIVER), (State.RECEIVED, Side.RECEIVER),
        (State.INCOMPLETE, Side.REFERRER), (State.ACCEPTED, None), (State.REJECTED, None), (State.CLOSED, None),
    ],
)  # fmt: skip
def test_whose_move_it_is(state: State, side: Side | None) -> None:
    assert waits_for(state) is side


# -- the ball ----------------------------------------------------------------------------------------------------------


def test_the_ball_is_never_nobody_s() -> None:
    """Whatever the receiver answers, whoever had it: a referral that has been sent leaves no child without a holder."""
    for (state, move), step in TABLE.items():
        if step.ball is None:
            continue
        for before in (Baton(), Baton(holder=KIM), Baton(KIM, BUP, KIM, KIM), Baton(holder=IDA), Baton(IDA, KIM, IDA)):
            after = ball_after(before, step.ball, referral(state), IDA if Side.RECEIVER in step.who else KIM)
            assert after.holder, (state, move)
            assert bool(after.offered_to) is (step.ball is BallMove.OFFER)


def test_every_move_of_a_referral_that_was_sent_and_is_not_over_is_a_move_of_its_ball() -> None:
    """ADR 37: who follows the ball is told each answer, with its reason. Having received it decides nothing."""
    silent = {key for key, step in TABLE.items() if key[0] in rules.BEFORE_DECISION and step.ball is None}
    assert silent == {(State.SENT, Move.RECEIVE)}
    taken = {step.ball for (_, move), step in TABLE.items() if move is Move.ACCEPT}
    assert taken == {BallMove.ACCEPT}, "accepting the referral accepts the ball"


def test_its_ball_waits_with_it_in_the_states_that_a_row_tells() -> None:
    assert rules.WITH_RECEIVER == WITH_RECEIVER


def test_what_comes_back_comes_back_to_the_referrer() -> None:
    sent = ball_after(Baton(holder=KIM, opened_by=KIM), BallMove.OFFER, referral(State.DRAFT), KIM)
    assert sent == Baton(KIM, BUP, KIM, KIM)
    for move in (Move.ASK, Move.RETURN, Move.REJECT, Move.REDIRECT):
        step = TABLE[State.RECEIVED, move]
        assert step.ball and ball_after(sent, step.ball, referral(State.RECEIVED), IDA).holder == KIM
    taken = ball_after(sent, BallMove.ACCEPT, referral(State.ACCEPTED, accepted_by=BUP), IDA)
    assert (taken.holder, taken.offered_to) == (IDA, "")


def test_the_ball_is_offered_to_the_unit_that_somebody_said_yes_for() -> None:
    """Whoever said yes has no task with the child, and may know it no more."""
    own, team = (referral(State.ACCEPTED, accepted_by=unit) for unit in (BUP, AMB))
    assert [rules.ball_move(State.RECEIVED, Move.ACCEPT, one) for one in (own, team)] == [
        BallMove.ACCEPT,
        BallMove.OFFER,
    ]
    sent = Baton(KIM, BUP, KIM, KIM)
    assert ball_after(sent, BallMove.OFFER, team, IDA) == Baton(KIM, AMB, KIM, KIM)


# -- whether it may be sent --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "enough"),
    [
        ({}, True), ({"to": ""}, False), ({"title": " "}, False), ({"reason": ""}, False), ({"tried": " "}, False),
        ({"tried": "", "urgency": Urgency.ACUTE}, True), ({"tried": "", "urgency": Urgency.SOON}, False),
    ],
)  # fmt: skip
def test_what_a_referral_must_say(more: dict[str, Any], enough: bool) -> None:
    assert complete(referral(State.DRAFT, **more)).allowed is enough


@pytest.mark.parametrize(
    ("answer", "may", "reason"),
    [
        (Complete(("R",), "Det er sket.", None, 9, ()), True, False), (NotRequired(("R",), "Lov.", "BL133"), True, False),
        (Incomplete(("R",), "Der mangler svar.", ()), False, False), (Blocked(("R",), "Nej.", ()), False, False),
        (Review(("R",), "Uklart."), True, True), (None, True, True),
        (Complete(("R",), "Det er sket.", None, 9, (), duties=(SHARING_REDUCED,)), False, False),
    ],
)  # fmt: skip
def test_what_the_law_says(answer: Any, may: bool, reason: bool) -> None:
    found = lawful(answer, Urgency.PLANNED)
    assert (found.may, found.needs_reason) == (may, reason)
    acute = lawful(answer, Urgency.ACUTE)
    assert (acute.may, acute.needs_reason) == (True, False)
    assert ("så hurtigt som muligt" in acute.reason) is not isinstance(answer, Complete | NotRequired)


YES, NO = Complete(("R",), "Det er sket.", None, 9, ()), Blocked(("R",), "Nej.", ())
LESS = Complete(("R",), "Det er sket.", None, 9, (), duties=(SHARING_REDUCED,))
LACKS, UNCLEAR, STATUTE = Incomplete(("R",), "", ()), Review(("R",), "Uklart."), NotRequired(("R",), "Lov.", "BL132")


@pytest.mark.parametrize(
    ("answers", "counts"),
    [
        ((NO, UNCLEAR), NO), ((UNCLEAR, NO), NO), ((YES, NO), NO), ((LACKS, UNCLEAR), LACKS), ((LACKS, YES), YES),
        ((UNCLEAR, YES), YES), ((LESS, YES), YES), ((NO, STATUTE), STATUTE), ((UNCLEAR, UNCLEAR), UNCLEAR), ((), None),
    ],
)  # fmt: skip
def test_of_several_acts_that_fit_the_most_lenient_does_not_decide(answers: tuple[Any, ...], counts: Any) -> None:
    """A young person's no to PPR's referral is no matter of giving a reason, because another act is unclear."""
    assert prevailing(answers) == counts


def test_an_acute_referral_tells_no_parent_before_the_risk_is_assessed() -> None:
    held = Incomplete(("BL18",), "Der mangler svar.", (), duties=(HOLD_PARENT_NOTICE,))
    assert "Giv ikke forældrene besked endnu" in lawful(held, Urgency.ACUTE).reason


# -- FHIR --------------------------------------------------------------------------------------------------------------

WORDS = some.text(alphabet=some.characters(exclude_categories=("Cc", "Cs")), max_size=30)
TRIES = some.lists(some.tuples(some.sampled_from(Move), some.sampled_from(Side), WORDS), max_size=10)


@given(WORDS, TRIES)
def test_its_versions_are_its_history(reason: str, tries: list[tuple[Move, Side, str]]) -> None:
    first = referral(State.DRAFT, reason=reason, package=(f"DocumentReference/{IDENT}",))
    empty = mapping.new(IDENT, child=CHILD, referrer=KIM, at=NOON)
    versions = [mapping.with_move(empty, Event(Move.WRITE, NOON, KIM, first))]
    for number, (move, side, words) in enumerate(tries, 1):
        before, at = referral_of(versions[-1]), NOON + number
        answered = Answered(words, (words,), "", words)
        if may_move(before, move, {side}, answered).allowed:
            after = moved(before, move, answered, at)
            versions.append(mapping.with_move(versions[-1], Event(move, at, IDA, after)))
            assert referral_of(versions[-1]) == after
    for body in versions:
        assert [one for one in check(body) if one.severity == "error"] == []
        assert body["status"] == mapping.STATUS[referral_of(body).state]
    history = [event_of(body, recorded_at=NOON, by="") for body in versions]
    assert history[-1].after == referral_of(versions[-1])
    assert [one.move for one in history[1:]] == [event_of(body, recorded_at=0, by="").move for body in versions[1:]]


def test_another_system_s_referral_is_understood_and_kept() -> None:
    theirs = {
        "resourceType": "ServiceRequest", "id": IDENT, "status": "active", "intent": "order", "priority": "asap",
        "identifier": [{"system": "urn:journal", "value": "1"}], "code": {"text": "BUP"}, "requester": {"reference": KIM},
        "subject": {"reference": f"Patient/{CHILD}"}, "performer": [{"reference": BUP}], "note": [{"text": "Se bilag"}],
    }  # fmt: skip
    found = referral_of(theirs)
    assert (found.state, found.urgency, found.tried, found.to) == (State.SENT, Urgency.SOON, "Se bilag", BUP)
    back = mapping.with_move(theirs, Event(Move.RETURN, NOON, IDA, moved(found, Move.RETURN, SAYS, NOON)))
    assert (back["identifier"], back["note"], back["status"]) == (theirs["identifier"], theirs["note"], "revoked")
