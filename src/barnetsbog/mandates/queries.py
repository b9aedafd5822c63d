"""Reading who has been chosen to help: the giver reads their own choices, a unit those that it may see."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson

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
    reader = _Reader(book.scope, facts_of(child_id).child.born)
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


def until(wanted: Wanted, child_id: UUID) -> int:
    """When it would end (not included)."""
    return lasts(wanted.kind, wanted.until, facts_of(child_id).child.born)


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
    """For whom, and the child's day of birth."""

    scope: Scope
    born: date | None

    def helpers(self, row: EntryRow, person: Json) -> Iterator[Helper]:
        said = {str(text) for one in extensions_of(person, "mandate") for text in parts_of(one, "reason")}
        phone = next((str(one.get("value", "")) for one in members(person.get("telecom"))), "")
        numbered = any(one.get("system") in PERSON_NUMBER_SYSTEMS for one in members(person.get("identifier")))
        for one in mandates_of(person):
            if self.scope.unit_id is not None or one.giver == str(self.scope.role_id):
                until = lasts(one.kind, one.ends, self.born)
                now = one.start <= self.scope.at < until
                yield Helper(str(row.id), row.title, one, until, now, phone, " ".join(sorted(said)), numbered)
