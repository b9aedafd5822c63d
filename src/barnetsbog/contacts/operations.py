"""Writing down the people around a child: whom the child has chosen, what each professional does, and that one leaves.

Nothing here gives anybody a right. A network person is never a holder of custody or a carer; what a professional does
is told in the team, and who may open the book follows from the units' tasks alone.
"""

from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import CHANGED, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import mapping as batons
from barnetsbog.responsibility.model import Move
from barnetsbog.responsibility.operations import move
from barnetsbog.responsibility.queries import JOB, UNIT, actor_of
from barnetsbog.responsibility.rules import Wish

from . import mapping, rules
from .circle import leaving, may_write
from .model import Choice, Description, Handing, Involving, NetworkPerson
from .queries import team_row

LEFT = "Jeg er stoppet hos barnet."

# -- the child's own people --------------------------------------------------------------------------------------------


def add_person(*, by: Scope, child_id: UUID, wanted: NetworkPerson) -> UUID:
    """Somebody the child has pointed at."""
    ident = new_id()
    with writing(by, Involving.PERSON, child_id, person=str(ident)) as book:
        _must_work(book)
        require(rules.complete(wanted))
        write(by, mapping.network_person(str(ident), child=patient_of(child_id), wanted=wanted))
    return ident


def change_person(*, by: Scope, child_id: UUID, ident: UUID, version: int, wanted: NetworkPerson) -> None:
    """What is known of a network person, and what the child has chosen. `Conflict` when somebody has changed it."""
    with writing(by, Involving.PERSON, child_id, person=str(ident)) as book:
        body = _person(book, child_id, ident, version)
        require(rules.may_rename(mapping.is_network(body)))
        require(rules.complete(wanted))
        _write_next(by, body, mapping.with_person(body, wanted))


def choose(*, by: Scope, child_id: UUID, ident: UUID, version: int, choice: Choice) -> None:
    """The child's picture and place for anybody, parents too."""
    with writing(by, Involving.PERSON, child_id, person=str(ident)) as book:
        body = _person(book, child_id, ident, version)
        _write_next(by, body, mapping.with_choice(body, choice))


def end_person(*, by: Scope, child_id: UUID, ident: UUID, version: int) -> None:
    """A network person is none any more. The book still tells who it was."""
    with writing(by, Involving.PERSON, child_id, person=str(ident)) as book:
        body = _person(book, child_id, ident, version)
        require(rules.may_rename(mapping.is_network(body)))
        write(by, {**body, "active": False})


def _person(book: Book, child_id: UUID, ident: UUID, version: int) -> dict[str, Any]:
    _must_work(book)
    row = book.entry(child_id, ident)
    if row.what != "person" or not row.readable or book.reads_through_a_veil(row):
        raise NotFound
    return _now(row, version)


# -- the team ----------------------------------------------------------------------------------------------------------


def describe(*, by: Scope, child_id: UUID, job: UUID, version: int, said: Description) -> None:
    """What a professional does with the child. `version`: that of the team that was seen, 0 where there was none."""
    with writing(by, Involving.TEAM, child_id, job=str(job)) as book:
        _must_work(book)
        row = team_row(book, child_id)
        if row and not row.readable:
            raise NotFound
        if (row.version if row else 0) != version:
            raise Conflict(CHANGED)
        team = _now(row, version) if row else batons.team(str(new_id()), child=patient_of(child_id))
        _may_describe(book, team, job, said)
        _write_next(by, team, mapping.with_description(team, f"{JOB}/{job}", said))


def _may_describe(book: Book, team: dict[str, Any], job: UUID, said: Description) -> None:
    me, reference = actor_of(book.scope), f"{JOB}/{job}"
    stand_in = ident_of(said.stand_in)
    jobs = naming.roles(book.scope, (one for one in (job, stand_in) if one), veiled=False)
    if job not in jobs:
        raise NotFound
    units = {ident: f"{UNIT}/{one.unit_id}" for ident, one in jobs.items()}
    lead = next((one.reference for one in mapping.parts_of(team) if "coordinator" in one.roles), "")
    require(rules.may_describe(me.job, me.unit, reference, units[job], lead))
    instead = units.get(stand_in, "none") if stand_in else ""
    require(rules.may_stand_in(said.stand_in, reference, instead, units[job]))
    if max(len(said.task), len(said.hours)) > rules.LONGEST:
        raise Refused(f"Skriv højst {rules.LONGEST} tegn i hvert felt.")


# -- leaving -----------------------------------------------------------------------------------------------------------


def leave(*, by: Scope, child_id: UUID, to: str) -> tuple[Handing, ...]:
    """*Jeg er stoppet*: I leave the child's team, and every ball that is mine is offered to `to`. What is offered to
    somebody already stays so. I keep each ball until it is accepted, so there is never a gap. Answers what was handed
    on."""
    with writing(by, Involving.LEAVE, child_id) as book:
        _must_work(book)
        handed = tuple(one for one in leaving(book, child_id).handed if one.offered_to is None)
        if handed and not to:
            raise Refused("Vælg, hvem der skal have dine bolde.")
        for one in handed:
            wish = Wish(Move.OFFER, to, LEFT)
            move(by=by, child_id=child_id, ident=one.id, version=one.version, wish=wish)
        _leave_teams(by, child_id, to)
    return handed


def _leave_teams(by: Scope, child_id: UUID, successor: str) -> None:
    """One leaves also a team that one may not see the rest of: nothing of it is told."""
    me = f"{JOB}/{by.role_id}"
    teams = (orjson.loads(body) for _, body in store.bodies_of(child_id.bytes, ["team"]))
    left = (mapping.with_leaver(team, me, at=by.at, successor=successor) for team in teams)
    if changed := [one for one in left if one is not None]:
        write(by, *changed)


# -- what all need -----------------------------------------------------------------------------------------------------


def _must_work(book: Book) -> None:
    if not may_write(book):
        raise NotFound


def _now(row: EntryRow, version: int) -> dict[str, Any]:
    """What an entry says, to write its next version from."""
    if row.version != version:
        raise Conflict(CHANGED)
    return body_of(row.child_id, row.id)


def _write_next(by: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Who saves without having changed anything has nothing to save, and no conflict either."""
    if after != before:
        write(by, after)
