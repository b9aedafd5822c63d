"""Reading who has been chosen to help: the giver reads their own choices, a unit those that it may see."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.roles import role_named
from barnetsbog.fhir.own import extensions_of, members, parts_of
from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.law.ages import ADULT_AGE, YOUNG_AGE, turned
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.scope import Scope

from .mapping import mandates_of
from .model import Helper, Kind, Wanted
from .rules import lasts

Json = dict[str, Any]


def helpers(book: Book, child_id: UUID) -> list[Helper]:
    """Those whom the reader has chosen; for a unit, all of whom it may know. Those who help now come first."""
    rows = book.entries(child_id, Filter(what=("person",), on_timeline=False))
    bodies = book.bodies(rows)
    reader = _Reader(book.scope, facts_of(child_id))
    found = [one for row in rows if row.id in bodies for one in reader.helpers(row, orjson.loads(bodies[row.id]))]
    return sorted(found, key=lambda one: (not one.now, -one.mandate.start, one.id))


def lay(book: Book, child_id: UUID) -> list[Helper]:
    """The child's bisidders now."""
    return [one for one in helpers(book, child_id) if one.now and one.mandate.kind is Kind.LAY]


def helper(book: Book, child_id: UUID, person_id: UUID) -> Helper:
    """`NotFound` when the reader has chosen nobody with that id, or may not know of them."""
    for one in helpers(book, child_id):
        if one.id == str(person_id):
            return one
    raise NotFound


def until(by: Scope, wanted: Wanted, child_id: UUID) -> int:
    """When it would end (not included)."""
    return lasts(wanted.kind, wanted.until, facts_of(child_id).child.born, own=by.own)


def may_read(child_id: UUID) -> bool:
    """Whether helpers read in this book at all: where the address is protected none does by machine (ADR 13)."""
    return not facts_of(child_id).protected


def kinds(by: Scope, child_id: UUID) -> tuple[Kind, ...]:
    """What somebody may choose helpers as: a child a bisidder, from 15 also by a mandate; a holder by a mandate. Nobody
    else anything."""
    if "choose" not in role_named(by.role).may:
        return ()
    if not by.own:
        return (Kind.MANDATE,)
    born = facts_of(child_id).child.born
    lay = () if turned(born, ADULT_AGE, by.at) else (Kind.LAY,)
    return (*lay, *((Kind.MANDATE,) if turned(born, YOUNG_AGE, by.at) else ()))


class _Reader(NamedTuple):
    """For whom, and what the child's book says."""

    scope: Scope
    facts: Facts

    def helpers(self, row: EntryRow, person: Json) -> Iterator[Helper]:
        said = {str(text) for one in extensions_of(person, "mandate") for text in parts_of(one, "reason")}
        phone = next((str(one.get("value", "")) for one in members(person.get("telecom"))), "")
        numbered = any(one.get("system") in PERSON_NUMBER_SYSTEMS for one in members(person.get("identifier")))
        for one in mandates_of(person):
            if self.scope.unit_id is not None or one.giver == str(self.scope.role_id):
                child, reason = self.facts.child, " ".join(sorted(said))
                until = lasts(one.kind, one.ends, child.born, own=one.giver == child.id)
                now, reads = one.start <= self.scope.at < until, not self.facts.protected
                yield Helper(str(row.id), row.title, one, until, now, phone, reason, numbered, reads)
