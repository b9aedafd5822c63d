"""What the family department reads of a suspicion. To anybody else there is no such page."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.roles import works
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import names
from barnetsbog.directory.queries import sectors
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import HONOUR_CONFLICT
from barnetsbog.record.scope import Scope

from . import mapping, rules
from .model import Assessment, Pages, Stand, Told

Resource = dict[str, Any]

_WRONG = "entered-in-error"


def pages(book: Book, child_id: UUID, facts: Facts | None = None) -> Pages:
    """`NotFound` for whoever does not assess the risk. `facts`: of the child, where somebody has read them already."""
    facts = facts or facts_of(child_id)
    if not may_assess(book.scope, facts):
        raise NotFound
    return Pages(tuple(_suspicions(book, child_id)), facts.child.parents_wait)


def _suspicions(book: Book, child_id: UUID) -> list[Told]:
    """What may be read, the newest first."""
    found = book.entries(child_id, Filter(what=(HONOUR_CONFLICT,), on_timeline=False))
    written = [(row, [orjson.loads(one.body) for one in book.versions(row)]) for row in found if row.status != _WRONG]
    known = names(book, child_id, (ident_of(mapping.writer_of(body)) for _, bodies in written for body in bodies))
    return [_told(row, bodies, known) for row, bodies in written if bodies]


def _told(row: EntryRow, bodies: Sequence[Resource], known: Mapping[UUID, Contact]) -> Told:
    def by(body: Resource) -> Contact | None:
        ident = ident_of(mapping.writer_of(body))
        return known.get(ident) if ident else None

    said: dict[tuple[Stand, str], Assessment] = {}
    for one, body in ((mapping.suspicion_of(body), body) for body in bodies):
        if one.found:
            at = row.recorded_at if one.at is None else one.at
            said.setdefault((one.stand, one.found), Assessment(one.stand, one.found, at, by(body)))
    return Told(row.id, row.version, mapping.suspicion_of(bodies[-1]), by(bodies[0]), tuple(reversed(said.values())))


def holds(book: Book, child_id: UUID) -> bool | None:
    """Whether nothing goes to parents and network now; None for whoever does not assess the risk."""
    if _sector(book.scope) != rules.DEPARTMENT:  # as nearly everybody who opens a page
        return None
    facts = facts_of(child_id)
    return facts.child.parents_wait if may_assess(book.scope, facts) else None


def may_assess(scope: Scope, facts: Facts) -> bool:
    """Whether somebody writes what the risk is: a role that works with children, in a unit that does."""
    return rules.may_assess(facts, str(scope.unit_id), _sector(scope), scope.at)


def _sector(scope: Scope) -> str:
    """Of somebody who works with children."""
    return sectors((scope.unit_id,)).get(scope.unit_id, "") if scope.unit_id and works(scope) else ""
