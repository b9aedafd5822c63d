"""Writing, sending and answering referrals. Each move is a version of the referral and a version of its ball, and what
else follows (the care relation of the unit that says yes, the tasks for what is lacking), in one transaction."""

from dataclasses import replace
from uuid import UUID

from barnetsbog.access.gathering import DECIDED_WITHIN
from barnetsbog.access.roles import role_named
from barnetsbog.directory import queries as directory
from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import CHANGED, author_of, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Outcome, Refused, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import Sentence, say
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import mapping as balls
from barnetsbog.responsibility.model import Baton, NewBall
from barnetsbog.responsibility.model import Event as BallEvent
from barnetsbog.responsibility.model import Move as BallMove
from barnetsbog.routing.rules import override_needs_reason

from . import mapping, rules
from .model import Answered, Draft, Event, Move, Referral, Referring, Side, State, Urgency
from .queries import advice, door_of, elsewhere, enclosures, lawfulness, left_behind, sides, tellable

Resource = dict[str, object]
NOTHING = Answered()


# -- writing it --------------------------------------------------------------------------------------------------------


def begin(*, by: Scope, child_id: UUID, draft: Draft) -> UUID:
    """A new draft. Nobody but the referrer's unit sees it until it is sent."""
    ident = new_id()
    with writing(by, Referring.WRITE, child_id, referral=str(ident)) as book:
        _must_refer(by)
        empty = mapping.new(str(ident), child=patient_of(child_id), referrer=author_of(by), at=by.at)
        referral = _drafted(Referral(str(ident), State.DRAFT, author_of(by), ""), draft, book, child_id)
        write(by, _version(empty, replace(referral, written_at=by.at), Move.WRITE, by))
    return ident


def rewrite(*, by: Scope, child_id: UUID, ident: UUID, version: int, draft: Draft, ground: str = "") -> int:
    """The draft as it is now; or, where something was lacking, what its receiver is to have besides. That is read there
    as soon as it is kept, so the law is asked first (`ground`: as in `send`). Gives its version."""
    with writing(by, Referring.WRITE, child_id, referral=str(ident)) as book:
        row, referral = _opened(book, child_id, ident, version)
        if referral.state not in (State.DRAFT, State.INCOMPLETE):
            raise Refused("Henvisningen er sendt og kan ikke rettes. Træk den tilbage, hvis den er forkert.")
        if Side.REFERRER not in sides(referral, by):
            raise NotFound
        keep = draft if referral.state is State.DRAFT else draft._replace(to=referral.to)
        after = _drafted(referral, keep, book, child_id)
        if after == referral:
            return version
        if referral.state is State.INCOMPLETE:
            after = _given(book, child_id, after, TAKE_OFF)
            _must_be_lawful(book, child_id, after, ground)
        write(by, _version(body_of(row.child_id, row.id), after, Move.WRITE, by))
    return version + 1


def move_away(*, by: Scope, child_id: UUID, draft: Draft, ground: str = "") -> UUID:
    """The family has moved: what is necessary goes to the new municipality, once, with a summary, and with it a ball
    that the sender has until it is accepted. `ground`: on what ground, where the law is unclear."""
    ident = new_id()
    with writing(by, Referring.MOVE, child_id, referral=str(ident), move=Move.SEND.value, transfer=True) as book:
        _must_refer(by)
        there = {one.reference for one in tellable(book, child_id)}
        referral = Referral(
            str(ident), State.DRAFT, author_of(by), draft.to, draft.title.strip(), reason=draft.reason,
            package=tuple(one for one in draft.package if one in there), written_at=by.at, transfer=True,
        )  # fmt: skip
        if ident_of(referral.to) not in {one.id for one in elsewhere(by)}:
            raise Refused("Vælg en enhed i den kommune, som familien er flyttet til.")
        if not referral.reason.strip():
            raise Refused("Skriv et resumé, så den nye kommune ved, hvad der skal ske nu.")
        require(rules.complete(referral))
        _must_be_lawful(book, child_id, referral, ground)
        sent = rules.moved(referral, Move.SEND, Answered(ground), by.at)
        sent = replace(sent, gaps=left_behind(book, child_id))
        sent, more = _with_ball(by, child_id, sent, BallMove.OFFER, "")
        empty = mapping.new(
            sent.id, child=patient_of(child_id), referrer=author_of(by), at=by.at, kind=mapping.TRANSFER
        )  # fmt: skip
        write(by, _version(empty, sent, Move.SEND, by), *more)
    return ident


def _drafted(referral: Referral, draft: Draft, book: Book, child_id: UUID) -> Referral:
    """The referral as its writer wants it. Only what the writer may enclose is enclosed anew."""
    if not draft.title.strip():
        raise Refused("Skriv kort, hvad henvisningen drejer sig om.")
    if draft.to:
        _must_be_open(draft.to)
    wanted = replace(referral, package=draft.package)
    found = enclosures(book, child_id, wanted, choose=True)
    there = {one.reference for one in found if one.may or one.reference in referral.package}
    return replace(
        referral, to=draft.to, title=draft.title.strip(), suspicion=draft.suspicion, urgency=draft.urgency,
        reason=draft.reason, tried=draft.tried, package=tuple(one for one in draft.package if one in there),
        override=draft.override, replaces=draft.replaces or referral.replaces,
    )  # fmt: skip


def _must_be_open(to: str) -> None:
    ident = ident_of(to)
    unit = directory.units([ident]).get(ident) if ident else None
    if unit is None:
        raise Refused("Vælg, hvem der skal have henvisningen.")
    away = directory.away([unit.id], 0).get(unit.id)
    if away:
        successor = directory.units([away.successor_id]).get(away.successor_id) if away.successor_id else None
        instead = f" {successor.name} har overtaget." if successor else " Vælg en anden."
        raise Refused(f"{unit.name} er lukket og tager ikke imod henvisninger.{instead}")


# -- moving it ---------------------------------------------------------------------------------------------------------


def send(*, by: Scope, child_id: UUID, ident: UUID, version: int, ground: str = "") -> None:
    """Sends a draft, or what was lacking. `ground`: on what ground it is lawful, where the law is unclear."""
    with writing(by, Referring.MOVE, child_id, referral=str(ident), move=Move.SEND.value) as book:
        row, referral = _opened(book, child_id, ident, version)
        move = Move.SUPPLEMENT if referral.state is State.INCOMPLETE else Move.SEND
        answered = Answered(ground)
        require(rules.may_move(referral, move, sides(referral, by), answered))
        _must_be_read(referral, by.at)
        require(rules.complete(referral))
        _must_be_open(referral.to)
        _must_be_routed(by, child_id, referral)
        referral = _given(book, child_id, referral, TAKE_OFF)
        _must_be_lawful(book, child_id, referral, ground)
        _move(by, child_id, row, referral, move, answered)


TAKE_OFF = say("Tag det fra, og send igen.", "Take it off, and send again.")
GIVE_BACK = say("Giv den tilbage, og skriv stedet som forslag.", "Give it back, and write the place as a proposal.")


def _must_be_read(referral: Referral, at: int) -> None:
    """What was sent so long ago opens nothing to its receiver any more, who would not see that it came again."""
    if referral.sent_at is not None and at >= referral.sent_at + DECIDED_WITHIN:
        raise Refused("Det er over et år siden, den blev sendt, og modtageren ser den ikke mere. Træk den tilbage, og "
                      "send en ny.")  # fmt: skip


def _given(book: Book, child_id: UUID, referral: Referral, instead: Sentence) -> Referral:
    """It with what its sender may give away now, for rights may have changed since it was written. What the sender
    sees no more is left out and leaves no trace; of what they see and may not give they are told, and what to do."""
    found = enclosures(book, child_id, referral, choose=False)
    kept = [one.title for one in found if not one.may]
    if kept:
        raise Refused(say(
            "Det må du ikke give videre: {0}. Intet er sendt. {1}",
            "You may not pass this on: {0}. Nothing was sent. {1}", ", ".join(kept), instead,
        ))  # fmt: skip
    there = {one.reference for one in found}
    return replace(referral, package=tuple(one for one in referral.package if one in there))


def _must_be_routed(by: Scope, child_id: UUID, referral: Referral) -> None:
    """Another door than the rules recommend is open, with a reason. It is never closed."""
    child, ident = directory.child(child_id), ident_of(referral.to)
    unit = directory.units([ident]).get(ident) if ident else None
    said = advice(by, child.born if child else None, referral.suspicion, referral.urgency)
    if said is None or unit is None or referral.override.strip():
        return
    decision = override_needs_reason(said, door_of(unit.sector, referral.urgency))
    if decision.outcome is Outcome.REVIEW:
        raise Refused(decision.reason, decision.rules)


def _must_be_lawful(book: Book, child_id: UUID, referral: Referral, ground: str) -> None:
    found = lawfulness(child_id, referral, book)
    if not found.may or (found.needs_reason and not ground.strip()):
        raise Refused(found.reason, found.rules)


def act(*, by: Scope, child_id: UUID, ident: UUID, version: int, move: Move, answered: Answered = NOTHING) -> State:
    """What the receiver, or the referrer who takes it back, does with a referral; and how it stands after it."""
    if move in (Move.SEND, Move.SUPPLEMENT, Move.WRITE):
        raise ValueError(f"{move} has an operation of its own")
    with writing(by, Referring.MOVE, child_id, referral=str(ident), move=move.value) as book:
        row, referral = _opened(book, child_id, ident, version)
        require(rules.may_move(referral, move, sides(referral, by), answered))
        if move is Move.ACCEPT and answered.unit:
            _must_be_of_the_receiver(answered.unit, referral)
        if move is Move.REDIRECT and answered.unit:
            return _redirected(book, child_id, row, referral, answered)
        return _move(by, child_id, row, referral, move, answered)


def _must_be_of_the_receiver(unit: str, referral: Referral) -> None:
    """The place that was asked may let another of its own organisation take the child on."""
    ident, to = ident_of(unit), ident_of(referral.to)
    beside = {one.id: one for one in directory.units_beside(to)} if to else {}
    if ident != to and (ident not in beside or to not in beside or beside[ident].parent != beside[to].parent):
        raise Refused("Vælg en enhed i jeres egen organisation. Skal barnet et andet sted hen, så send den videre.")
    _must_be_open(unit)


def _move(by: Scope, child_id: UUID, row: EntryRow, referral: Referral, move: Move, answered: Answered) -> State:
    after = rules.moved(referral, move, answered, by.at)
    after, more = _with_ball(by, child_id, after, rules.ball_move(referral.state, move, after), answered.cause)
    if move is Move.ASK:
        more += [_gap(by, child_id, after, gap) for gap in after.gaps]
    if move is Move.ACCEPT and not referral.transfer:  # a package opens itself; a task with the child begins by itself
        more.append(_care(by, child_id, after))
    write(by, _version(body_of(row.child_id, row.id), after, move, by), *more)
    return after.state


def _redirected(book: Book, child_id: UUID, row: EntryRow, referral: Referral, answered: Answered) -> State:
    """It goes on to another place, as a referral of the same referrer, if the law lets what was sent go there; the ball
    is offered there. Where it does not, only the referrer can ask for what is lacking."""
    by = book.scope
    _must_be_open(answered.unit)
    onward = replace(
        referral, id=str(new_id()), to=answered.unit, replaces=f"ServiceRequest/{referral.id}", state=State.DRAFT,
        accepted_by="", cause="", gaps=(), alternative="",
    )  # fmt: skip
    onward = _given(book, child_id, onward, GIVE_BACK)
    found = lawfulness(child_id, onward, book)
    if not found.may or found.needs_reason:
        raise Refused(f"Der mangler lov til at sende den dertil. {GIVE_BACK} {found.reason}", found.rules)
    after = rules.moved(referral, Move.REDIRECT, answered, by.at)
    sent = replace(onward, state=State.SENT, sent_at=by.at)
    sent, more = _with_ball(by, child_id, sent, BallMove.OFFER, answered.cause)
    empty = mapping.new(onward.id, child=patient_of(child_id), referrer=referral.referrer, at=by.at)
    write(
        by,
        _version(body_of(row.child_id, row.id), after, Move.REDIRECT, by),
        _version(empty, sent, Move.SEND, by),
        *more,
    )
    return after.state


# -- what follows ------------------------------------------------------------------------------------------------------


def _with_ball(
    by: Scope, child_id: UUID, referral: Referral, move: BallMove | None, why: str
) -> tuple[Referral, list[Resource]]:
    """The ball's next version, about this referral: one that goes on to another place takes the ball along. A referral
    that has none (from another system, or not sent before) gets one: whatever comes back comes back to somebody."""
    if move is None:
        return referral, []
    ident = ident_of(referral.ball)
    about = f"ServiceRequest/{referral.id}"
    body = balls.about(body_of(child_id, ident), about) if ident else _new_ball(by, child_id, referral, about)
    after = rules.ball_after(balls.baton_of(body), move, referral, author_of(by))
    event = BallEvent(move, by.at, author_of(by), after, why)
    return replace(referral, ball=f"Task/{body['id']}"), [balls.with_move(body, event)]


def _new_ball(by: Scope, child_id: UUID, referral: Referral, about: str) -> Resource:
    title = f"Tag imod: {referral.title}" if referral.transfer else referral.title
    wanted = NewBall(title, important=referral.urgency is not Urgency.PLANNED, about=about)
    baton = Baton(holder=referral.referrer, opened_by=referral.referrer)
    return balls.ball(str(new_id()), child=patient_of(child_id), wanted=wanted, baton=baton, at=by.at)


def _gap(by: Scope, child_id: UUID, referral: Referral, gap: str) -> Resource:
    """Something that is lacking, as a task of the referrer's, who may hand it on to whoever can supply it."""
    baton = Baton(holder=referral.referrer, opened_by=author_of(by))
    wanted = NewBall(gap, waits_for=(f"ServiceRequest/{referral.id}",))
    return balls.ball(str(new_id()), child=patient_of(child_id), wanted=wanted, baton=baton, at=by.at)


def _care(by: Scope, child_id: UUID, referral: Referral) -> Resource:
    """The unit that says yes has a task with the child from now on."""
    return mapping.care(
        str(new_id()), child=patient_of(child_id), unit=referral.accepted_by, at=by.at, title=referral.title
    )


def _version(body: Resource, referral: Referral, move: Move, by: Scope) -> Resource:
    return mapping.with_move(body, Event(move, by.at, author_of(by), referral))


# -- finding it --------------------------------------------------------------------------------------------------------


def _opened(book: Book, child_id: UUID, ident: UUID, version: int) -> tuple[EntryRow, Referral]:
    _must_refer(book.scope)
    row = book.entry(child_id, ident)
    if row.what != "referral" or not row.readable:
        raise NotFound
    if row.version != version:
        raise Conflict(CHANGED)
    return row, mapping.referral_of(body_of(row.child_id, row.id))


def _must_refer(by: Scope) -> None:
    if by.unit_id is None or "refer" not in role_named(by.role).may:
        raise NotFound
