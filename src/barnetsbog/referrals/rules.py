"""How a referral moves, and what it does to the ball. Pure.

`TABLE` is the whole of it. The ball goes with it: while a referral is not accepted, the referrer has the ball and has
offered it to the receiver; whatever sends it back gives the ball back with its reason; accepting it accepts the ball.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.law.duties import HOLD_PARENT_NOTICE, SHARING_REDUCED
from barnetsbog.law.model import Answer, Blocked, Complete, Incomplete, NotRequired, Review
from barnetsbog.responsibility.model import Baton
from barnetsbog.responsibility.model import Move as BallMove

from .model import Answered, Lawful, Move, Referral, Side, State, Urgency

REFERRER, RECEIVER = frozenset((Side.REFERRER,)), frozenset((Side.RECEIVER,))
BOTH = REFERRER | RECEIVER


class Step(NamedTuple):
    """Where a move leads, who may make it, whether they must say why, and what becomes of the ball."""

    to: State
    who: frozenset[Side]
    reason: bool = False
    ball: BallMove | None = None


TABLE: Mapping[tuple[State, Move], Step] = {
    (State.DRAFT, Move.WRITE): Step(State.DRAFT, REFERRER),
    (State.DRAFT, Move.SEND): Step(State.SENT, REFERRER, ball=BallMove.OFFER),
    (State.DRAFT, Move.WITHDRAW): Step(State.WITHDRAWN, REFERRER),
    (State.SENT, Move.RECEIVE): Step(State.RECEIVED, RECEIVER),
    (State.SENT, Move.ASK): Step(State.INCOMPLETE, RECEIVER, ball=BallMove.RETURN),
    (State.SENT, Move.RETURN): Step(State.RETURNED, RECEIVER, reason=True, ball=BallMove.RETURN),
    (State.SENT, Move.REJECT): Step(State.REJECTED, RECEIVER, reason=True, ball=BallMove.RETURN),
    (State.SENT, Move.REDIRECT): Step(State.REDIRECTED, RECEIVER, reason=True, ball=BallMove.RETURN),
    (State.SENT, Move.ACCEPT): Step(State.ACCEPTED, RECEIVER, ball=BallMove.ACCEPT),
    (State.SENT, Move.WITHDRAW): Step(State.WITHDRAWN, REFERRER, reason=True, ball=BallMove.RECALL),
    (State.RECEIVED, Move.ASK): Step(State.INCOMPLETE, RECEIVER, ball=BallMove.RETURN),
    (State.RECEIVED, Move.RETURN): Step(State.RETURNED, RECEIVER, reason=True, ball=BallMove.RETURN),
    (State.RECEIVED, Move.REJECT): Step(State.REJECTED, RECEIVER, reason=True, ball=BallMove.RETURN),
    (State.RECEIVED, Move.REDIRECT): Step(State.REDIRECTED, RECEIVER, reason=True, ball=BallMove.RETURN),
    (State.RECEIVED, Move.ACCEPT): Step(State.ACCEPTED, RECEIVER, ball=BallMove.ACCEPT),
    (State.RECEIVED, Move.WITHDRAW): Step(State.WITHDRAWN, REFERRER, reason=True, ball=BallMove.RECALL),
    (State.INCOMPLETE, Move.SUPPLEMENT): Step(State.RECEIVED, REFERRER, ball=BallMove.OFFER),
    (State.INCOMPLETE, Move.WITHDRAW): Step(State.WITHDRAWN, REFERRER, reason=True, ball=BallMove.RECALL),
    (State.INCOMPLETE, Move.RETURN): Step(State.RETURNED, RECEIVER, reason=True, ball=BallMove.RETURN),
    (State.INCOMPLETE, Move.ACCEPT): Step(State.ACCEPTED, RECEIVER, ball=BallMove.ACCEPT),
    (State.ACCEPTED, Move.CLOSE): Step(State.CLOSED, RECEIVER, reason=True),
}

NOT_WITH_A_TRANSFER = frozenset((Move.ASK, Move.REJECT, Move.REDIRECT))
"""A family that has moved is not refused. What came to the wrong place goes back, with the reason."""

OVER = frozenset((State.RETURNED, State.REJECTED, State.REDIRECTED, State.WITHDRAWN, State.CLOSED))
WITH_RECEIVER = frozenset((State.SENT, State.RECEIVED))
BEFORE_DECISION = WITH_RECEIVER | {State.INCOMPLETE}
"""While the receiver decides: the time in which it may read what was sent, and the child's master data."""

NOT_NOW, NOT_YOURS, NO_REASON, NO_GAPS, NO_PLACE = (
    "REFERRAL-STATE", "REFERRAL-SIDE", "REFERRAL-REASON", "REFERRAL-GAPS", "REFERRAL-RECEIVER",
)  # fmt: skip


def sides(referral: Referral, unit: str, referrer_s_unit: str) -> frozenset[Side]:
    """Which side somebody of a unit is on. Everybody in the referrer's unit is on the referrer's."""
    found = {Side.REFERRER} if unit and unit == referrer_s_unit else set()
    return frozenset(found | ({Side.RECEIVER} if unit and unit in (referral.to, referral.accepted_by) else set()))


def may_move(referral: Referral, move: Move, mine: Collection[Side], answered: Answered) -> Decision:
    step = TABLE.get((referral.state, move))
    if step is None or (referral.transfer and move in NOT_WITH_A_TRANSFER):
        return refuse("Det kan ikke gøres nu. Henvisningen er kommet videre imens.", NOT_NOW)
    if step.who.isdisjoint(mine):
        return refuse("Det er det andet sted, der kan gøre det.", NOT_YOURS)
    if step.reason and not answered.cause.strip():
        return refuse(_SAY_WHY[move], NO_REASON)
    if move is Move.ASK and not any(gap.strip() for gap in answered.gaps):
        return refuse("Skriv, hvad der mangler. Hver linje bliver til en opgave.", NO_GAPS)
    if move is Move.REDIRECT and not answered.unit and not answered.elsewhere.strip():
        return refuse("Vælg eller skriv, hvor barnet skal hen i stedet.", NO_PLACE)
    return allow("Det kan gøres.", "REFERRAL-MOVED")


def moved(referral: Referral, move: Move, answered: Answered, at: int) -> Referral:
    """The referral after a move that may be made."""
    found = replace(
        referral, state=TABLE[referral.state, move].to, cause=answered.cause.strip(), alternative="",
        gaps=referral.gaps if referral.transfer else (),
    )  # fmt: skip
    if move is Move.SEND:
        return replace(found, sent_at=at)
    if move is Move.ASK:
        return replace(found, gaps=tuple(gap.strip() for gap in answered.gaps if gap.strip()))
    if move in (Move.RETURN, Move.REJECT, Move.REDIRECT):
        return replace(found, alternative=answered.unit or answered.elsewhere.strip())
    if move is Move.ACCEPT:
        return replace(found, accepted_by=answered.unit or referral.to)
    return found


def moves_of(referral: Referral, mine: Collection[Side]) -> frozenset[Move]:
    """What somebody may do now, what must be said being said."""
    return frozenset(
        move
        for (at, move), step in TABLE.items()
        if at is referral.state and not step.who.isdisjoint(mine)
        and not (referral.transfer and move in NOT_WITH_A_TRANSFER)
    )  # fmt: skip


def waits_for(state: State) -> Side | None:
    """Whose move it is."""
    if state in OVER or state is State.ACCEPTED:
        return None
    return Side.RECEIVER if state in WITH_RECEIVER else Side.REFERRER


def complete(referral: Referral) -> Decision:
    """Whether the draft says enough to be sent: to whom, what it is about and why, and what has been tried. When it is
    acute nobody waits for papers."""
    if not referral.to:
        return refuse("Vælg, hvem der skal have henvisningen.", NO_PLACE)
    if not referral.title.strip() or not referral.reason.strip():
        return refuse("Skriv, hvad det drejer sig om, og hvorfor du henviser.", NO_REASON)
    if not referral.transfer and referral.urgency is not Urgency.ACUTE and not referral.tried.strip():
        return refuse("Skriv, hvad der er prøvet, og hvordan det gik. Skriv også, hvis intet er prøvet.", NO_REASON)
    return allow("Der er skrevet nok til at sende.", "REFERRAL-COMPLETE")


_WEIGHT = (NotRequired, Blocked, Complete, Incomplete, Review)


def prevailing(answers: Collection[Answer]) -> Answer | None:
    """Which of several acts decides that all fit what is sent. A statute that needs no yes goes before a no, and a no
    before a yes to something else; where one act is clear, one that is not opens nothing."""
    return min(answers, key=lambda one: (_WEIGHT.index(type(one)), SHARING_REDUCED in one.duties), default=None)


def lawful(answer: Answer | None, urgency: Urgency) -> Lawful:
    """Whether it can be sent. `answer`: what the law says of the disclosure; None where no act of the catalogue fits,
    and then a human being has to say on what ground."""
    if urgency is Urgency.ACUTE:
        return Lawful(answer, True, False, _acute(answer), answer.rules if answer else ())
    if answer is None:
        return Lawful(None, True, True, "Ingen regel siger, hvad der skal til her. Skriv, hvorfor det er lovligt.")
    if SHARING_REDUCED in answer.duties:
        why = "Der er ikke sagt ja til alt det, der er lagt ved. Tag det fra, eller spørg om mere."
        return Lawful(answer, False, False, why, answer.rules)
    if isinstance(answer, Complete | NotRequired):
        return Lawful(answer, True, False, answer.reason, answer.rules)
    if isinstance(answer, Incomplete | Blocked):
        return Lawful(answer, False, False, answer.reason, answer.rules)
    why = f"{answer.reason} Skriv, hvorfor det er lovligt her."
    return Lawful(answer, True, True, why, answer.rules)


def _acute(answer: Answer | None) -> str:
    """Nobody waits. What is sent without consent is told as soon as possible (SL § 43), unless nothing may go to the
    parents yet."""
    why = "Det haster. Du skal ikke vente på samtykke."
    if isinstance(answer, Complete | NotRequired):
        return why
    if answer and HOLD_PARENT_NOTICE in answer.duties:
        return f"{why} Giv ikke forældrene besked endnu. Risikoen skal vurderes først."
    return f"{why} Fortæl den unge eller forældrene så hurtigt som muligt, hvad du har sendt og hvorfor."


def ball_move(before: State, move: Move, after: Referral) -> BallMove | None:
    """What becomes of the ball. Who says yes for another unit has no task with the child, so the ball is offered to
    that unit, and the referrer keeps it until somebody there takes it."""
    ball = TABLE[before, move].ball
    elsewhere = ball is BallMove.ACCEPT and after.accepted_by != after.to
    return BallMove.OFFER if elsewhere else ball


def ball_after(baton: Baton, move: BallMove, referral: Referral, actor: str) -> Baton:
    """The ball after a move of its referral: with the referrer and offered to the receiver while it is sent, with the
    referrer alone when it has come back, with the one who accepted it when it is accepted."""
    if move is BallMove.ACCEPT:
        return replace(baton, holder=actor, offered_to="", offered_by="", over=None)
    if move is BallMove.OFFER:
        holder, to = baton.holder or referral.referrer, referral.accepted_by or referral.to
        return replace(baton, holder=holder, offered_to=to, offered_by=holder, over=None)
    holder = baton.holder if baton.offered_to and baton.holder else referral.referrer
    return replace(baton, holder=holder, offered_to="", offered_by="", over=None)


_SAY_WHY = {
    Move.RETURN: "Skriv, hvorfor henvisningen kommer tilbage, så den kan blive rigtig næste gang.",
    Move.REJECT: "Skriv, hvorfor henvisningen afvises, og hvad afsenderen kan gøre i stedet.",
    Move.REDIRECT: "Skriv, hvorfor den skal et andet sted hen.",
    Move.WITHDRAW: "Skriv, hvorfor henvisningen trækkes tilbage.",
    Move.CLOSE: "Skriv kort, hvad I fandt, og hvem der nu skal gøre noget.",
}
