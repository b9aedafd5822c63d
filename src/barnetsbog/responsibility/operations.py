"""Opening, handing on and ending balls, and being away.

Each is a version of the ball, written as everything else is (`intake.writing`). Nobody has to move a ball because
somebody is ill, leaves or closes: those who are away are known to the directory, and at each reading their balls are
for their substitute, their unit or the unit that took over (`rules.stands_in`, ADR 9).
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from barnetsbog.access.roles import role_named
from barnetsbog.access.waiting import must_reach
from barnetsbog.audit.operations import note
from barnetsbog.contacts.mapping import has_died
from barnetsbog.contacts.queries import team_row
from barnetsbog.directory import operations as directory
from barnetsbog.directory import queries as people
from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import CHANGED, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused, require
from barnetsbog.kernel.ids import DIRECTORY, new_id
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import label_of
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import DRAFT

from . import mapping, rules
from .model import Acting, Baton, Event, Move, NewBall, State
from .queries import (
    actor_of,
    answered_elsewhere,
    coordination,
    gone,
    is_the_unit_s_alone,
    is_vacant,
    receivers,
    receivers_of,
    standing,
    told,
)
from .rules import Wish

Resource = dict[str, Any]

# -- opening -----------------------------------------------------------------------------------------------------------


def open_ball(*, by: Scope, child_id: UUID, wanted: NewBall) -> UUID:
    """A new task, kept, offered, asked of the family, or nobody's yet."""
    ident = new_id()
    with writing(by, Acting.OPEN, child_id, ball=str(ident)) as book:
        write(by, new_ball(book, child_id, ident, wanted))
    return ident


def new_ball(book: Book, child_id: UUID, ident: UUID, wanted: NewBall) -> Resource:
    """The resource of a new ball, for whoever writes several things at once."""
    by = book.scope
    _must_handle(by)
    if not wanted.title.strip():
        raise Refused("Skriv, hvad der skal gøres.")
    if wanted.due is not None and wanted.due < by.at and not wanted.deadline:
        raise Refused("Fristen er gået. Vælg en dag, der kommer.")
    _must_be_there(book, child_id, wanted.to)
    baton = rules.opened(actor_of(by), wanted.to)
    return mapping.ball(str(ident), child=patient_of(child_id), wanted=wanted, baton=baton, at=by.at)


def guarded(ball: Resource) -> Resource:
    """A new ball for the own unit alone (class D): what it is about must leave no trace for anybody else."""
    return {**ball, "meta": {**ball["meta"], "security": [label_of(DRAFT)]}}


def appoint(*, by: Scope, child_id: UUID, to: str) -> UUID:
    """Where a child has no coordinator, or one who will not come back, somebody is asked to be; or takes it, `to` being
    their own job. Who has gone is it until somebody else has accepted."""
    with writing(by, Acting.OPEN, child_id) as book:
        _must_handle(by)
        _must_be_there(book, child_id, to)
        if not is_vacant(coordination(book, child_id)):
            raise Refused("Barnet har en tovholder. Bed tovholderen give opgaven videre.")
        row = team_row(book, child_id)
        ident = row.id if row else new_id()
        team = body_of(row.child_id, row.id) if row else mapping.team(str(ident), child=patient_of(child_id))
        baton = rules.opened(actor_of(by), to)
        baton = replace(baton, holder=baton.holder or mapping.baton_of(team).holder)
        write(by, mapping.with_move(team, Event(Move.OPEN, by.at, actor_of(by).job, baton)))
    return ident


# -- moving ------------------------------------------------------------------------------------------------------------


def move(*, by: Scope, child_id: UUID, ident: UUID, version: int, wish: Wish) -> State:
    """One move with one ball, or with the coordinator's part; and how it stands after it.

    Somebody of the family says that what they were asked to do is done, and moves nothing else.
    `Conflict` when somebody else has moved it since `version`: of two who accept at once the first has it.
    """
    with writing(by, Acting.MOVE, child_id, move=wish.move.value, ball=str(ident)) as book:
        if not (wish.move is Move.FINISH and "answer" in role_named(by.role).may):
            _must_handle(by)
        row = book.entry(child_id, ident)
        if row.what not in ("task", "team"):
            raise NotFound
        if row.version != version:
            raise Conflict(CHANGED)
        body = body_of(row.child_id, row.id)
        baton, history = mapping.baton_of(body), told(book, row)[0]
        if answered_elsewhere(book, row, body, baton):
            raise Refused("Bolden følger henvisningen. Svar på henvisningen, eller træk den tilbage.")
        require(rules.may_move(baton, wish, standing(baton, by), history=history, ends=row.what == "task"))
        if wish.move is Move.OFFER:
            _must_be_there(book, child_id, wish.to)
            _must_read_it(book, row, wish.to)
        if wish.move is Move.DUE and wish.due is not None and wish.due < by.at:
            raise Refused("Fristen er gået. Vælg en dag, der kommer.")
        if wish.move is Move.DUE and wish.due == mapping.due_of(body):
            raise Refused("Det er fristen allerede. Vælg en anden dag.")
        after = rules.moved(baton, wish, actor_of(by))
        write(by, _next(body, after, wish, by))
    return after.state


def followed(book: Book, child_id: UUID, ident: UUID, *, due: int | None, reason: str) -> Resource:
    """The next version of a ball whose day follows from something else: moved with it, whoever has the ball, or given
    up when it is over (`due` None). For whoever writes several things at once."""
    row = book.entry(child_id, ident)
    body = body_of(row.child_id, row.id)
    baton = mapping.baton_of(body)
    if due is not None:
        return _next(body, baton, Wish(Move.DUE, reason=reason, due=due), book.scope)
    over = replace(baton, offered_to="", offered_by="", over=State.CANCELLED)
    return _next(body, over, Wish(Move.CANCEL, reason=reason), book.scope)


def done(book: Book, child_id: UUID, ident: UUID) -> list[Resource]:
    """The next version of a ball that ends with what it was about, whoever has it; none when it is over already."""
    body = body_of(child_id, book.entry(child_id, ident).id)
    baton = mapping.baton_of(body)
    if baton.over:
        return []
    return [_next(body, replace(baton, offered_to="", offered_by="", over=State.DONE), Wish(Move.FINISH), book.scope)]


def done_with(book: Book, child_id: UUID, about: Container[str]) -> Iterator[Resource]:
    """The open balls of the writer's unit about something, as they are when it is done. `about`: references."""
    for row in book.entries(child_id, Filter(what=("task",), open=True)):
        body = body_of(child_id, row.id)
        if mapping.about_of(body) in about and row.unit_id == book.scope.unit_id:
            me = actor_of(book.scope).job
            over = replace(mapping.baton_of(body), holder=me, offered_to="", offered_by="", over=State.DONE)
            yield mapping.with_move(body, Event(Move.FINISH, book.scope.at, me, over))


def _next(body: Resource, after: Baton, wish: Wish, by: Scope) -> Resource:
    event = Event(wish.move, by.at, actor_of(by).job, after, wish.reason, wish.due)
    return mapping.with_move(body, event)


class Handed(NamedTuple):
    """What became of one of several: empty when it was offered, else why not."""

    child_id: UUID
    ident: UUID
    why_not: str


def offer_many(*, by: Scope, chosen: Iterable[tuple[UUID, UUID, int]], to: str, reason: str = "") -> list[Handed]:
    """Several balls (child, ball, version) to one receiver: each for itself, so that one that can't be offered does not
    keep the others."""
    found = []
    for child_id, ident, version in chosen:
        try:
            move(by=by, child_id=child_id, ident=ident, version=version, wish=Wish(Move.OFFER, to, reason))
            found.append(Handed(child_id, ident, ""))
        except (Refused, Conflict) as why:
            found.append(Handed(child_id, ident, str(why)))
        except NotFound:
            found.append(Handed(child_id, ident, "Den findes ikke, eller du har ikke adgang til den."))
    return found


def _must_handle(by: Scope) -> None:
    if by.unit_id is None or "ball" not in role_named(by.role).may:
        raise NotFound


def _must_be_there(book: Book, child_id: UUID, to: str) -> None:
    """A ball goes to somebody who has a task with the child and is at work, or has somebody who is."""
    if not to or to == actor_of(book.scope).job:
        return
    if rules.is_family(to):
        _must_be_family(book, child_id, to)
        return
    found = {one.reference for one in receivers(book, child_id)}
    if to in found:
        return
    away = gone([to], book.scope.at).get(to)
    if away and to.startswith("Organization/"):
        raise Refused("Enheden er lukket. Vælg en anden, for eksempel den enhed, der har overtaget.")
    raise Refused("Vælg en, der har en opgave med barnet nu. Skal et nyt sted med, så send en henvisning.")


def _must_read_it(book: Book, row: EntryRow, to: str) -> None:
    """Who is asked must be able to read what they are asked to do."""
    if is_the_unit_s_alone(row) and to not in {one.reference for one in receivers_of(book, row)}:
        raise Refused("Kun jeres enhed kan læse opgaven. Vælg en kollega.")


def _must_be_family(book: Book, child_id: UUID, to: str) -> None:
    ident = ident_of(to)
    row = book.entry(child_id, ident) if ident else None
    body = body_of(row.child_id, row.id) if row and row.what in ("person", "child") else {"active": False}
    if body.get("active") is False or has_died(body):
        raise Refused("Vælg en fra familien.")
    must_reach(child_id, (to,), book.scope.at)


# -- being away --------------------------------------------------------------------------------------------------------


def be_away(*, by: Scope, role_id: UUID, start: int, end: int, substitute: UUID | None) -> None:
    """Somebody is away from `start` until `end` (not included); what they have is meanwhile for the substitute and the
    colleagues. One says so oneself, or one's leader does."""
    if not start < end or end <= by.at:
        raise Refused("Sidste dag skal ligge efter første dag, og fraværet må ikke være forbi.")
    with transaction.atomic():
        _must_lead(by, role_id)
        if substitute is not None and (substitute == role_id or substitute not in _colleagues(role_id)):
            raise Refused("Vikaren skal være en kollega i samme enhed.")
        directory.absent(role_id, start=start, end=end, substitute=substitute, by=by.role_id, at=by.at)
        note(Acting.ABSENCE, at=by.at, by=by, allowed=True, job=str(role_id), begins=start, ends=end)


def be_back(*, by: Scope, role_id: UUID, absence: UUID) -> None:
    """An absence ends now, or is taken back before it begins."""
    with transaction.atomic():
        _must_lead(by, role_id)
        directory.back(role_id, absence, at=by.at)
        note(Acting.ABSENCE, at=by.at, by=by, allowed=True, job=str(role_id), ends=by.at)


def has_stopped(*, by: Scope, role_id: UUID) -> None:
    """Somebody has left their job: they can't log in to it any more, and what they had is for the unit to take over."""
    with transaction.atomic():
        if role_id == by.role_id:
            raise Refused("Det er din leder, der skriver, at du er stoppet.")
        _must_lead(by, role_id)
        body = body_of(DIRECTORY, role_id)
        write(by, {**body, "active": False})
        note(Acting.ABSENCE, at=by.at, by=by, allowed=True, job=str(role_id), stopped=True)


def _colleagues(role_id: UUID) -> set[UUID]:
    job = people.role(role_id)
    return {role.id for role in people.roles_in(job.unit_id)} if job and job.unit_id else set()


def _must_lead(by: Scope, role_id: UUID) -> None:
    """One's own job, or that of somebody in the unit that one leads."""
    job = people.role(role_id)
    own = role_id == by.role_id
    if job is None or not (own or (actor_of(by).leads and job.unit_id == by.unit_id)):
        raise NotFound
