"""Who is who around a child."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.directory.model import SECTORS, RoleName
from barnetsbog.fhir.own import ident_of
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.scope import Scope

from . import mapping
from .model import Contact, Involved, Part

Named = tuple[UUID, UUID | None]
"""A child, and somebody who is named in its book."""


def contact(role: RoleName) -> Contact:
    return Contact(role.id, role.name, role.title, role.unit, role.sector, role.phone)


def professionals(scope: Scope, ids: Iterable[UUID | None], *, veiled: bool) -> dict[UUID, Contact]:
    """Roles and units by id. A unit that acts without a named person goes by its own name. `veiled`: in the book of a
    child of whom the reader must not learn where it is."""
    wanted = {ident for ident in ids if ident}
    roles = naming.roles(scope, wanted, veiled=veiled) if wanted else {}
    found = {ident: contact(role) for ident, role in roles.items()}
    rest = wanted - found.keys()
    for ident, unit in naming.units(scope, rest, veiled=veiled).items() if rest else ():
        found[ident] = Contact(ident, unit.name, "", "", unit.sector, unit.phone)
    return found


def names(book: Book, child_id: UUID, ids: Iterable[UUID | None]) -> dict[UUID, Contact]:
    """Everybody that a child's entries can name: professionals, units, relatives and the children themselves."""
    return _names(book, ids, veiled=book.veiled(child_id))


def names_over(book: Book, ids: Iterable[Named]) -> dict[Named, Contact]:
    """The same over many children: each id in the book of the child it is named in."""
    wanted = {one for one in ids if one[1]}
    veiled = book.veiled_among(child for child, _ in wanted)
    plain, hidden = (
        _names(book, {ident for child, ident in wanted if (child in veiled) is shut}, veiled=shut)
        for shut in (False, True)
    )
    known = {one: (hidden if one[0] in veiled else plain) for one in wanted}
    return {one: found[one[1]] for one, found in known.items() if one[1] in found}


def _names(book: Book, ids: Iterable[UUID | None], *, veiled: bool) -> dict[UUID, Contact]:
    wanted = {ident for ident in ids if ident}
    found = professionals(book.scope, wanted, veiled=veiled)
    family = book.titles(list(wanted - found.keys()))
    return found | {ident: Contact(ident, name) for ident, name in family.items()}


def relatives(book: Book, child_id: UUID) -> list[tuple[Contact, bool]]:
    """The child's people who live, each with whether they hold custody now."""
    people, at = own_people(book, child_id), book.scope.at
    holders = mapping.holders_of(tuple(one for _, one in people if one), at)
    return [
        (Contact(row.id, row.title, mapping.relation_of(one), phone=mapping.phone_of(one, at)), str(row.id) in holders)
        for row, one in people if one and not mapping.has_died(one)
    ]  # fmt: skip


def own_people(book: Book, child_id: UUID) -> list[tuple[EntryRow, dict[str, Any] | None]]:
    """The child's own people whose relation to it lasts, in the order they were written down; each with what it says,
    where the reader may read that."""
    rows = book.entries(child_id, Filter(what=("person",), on_timeline=False), newest_first=False)
    bodies = {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}
    read = [(row, bodies.get(row.id)) for row in rows]
    return [(row, one) for row, one in read if mapping.lasts(one or {}, row.end, book.scope.at)]


def involved(book: Book, child_id: UUID) -> list[Involved]:
    """The units that have a task with the child now, in the order of the lanes, with the people who have written for
    them."""
    rows, veiled = working(book, child_id), book.veiled(child_id)
    units = naming.units(book.scope, [row.unit_id for row in rows if row.unit_id], veiled=veiled)
    team = (ident_of(one.reference) for one in _team(book, child_id) if not one.has_left(book.scope.at))
    people = professionals(book.scope, team, veiled=veiled).values()
    found = [
        Involved(unit.name, unit.sector, unit.phone, row.title, tuple(p for p in people if p.unit == unit.name))
        for row in rows
        if row.unit_id and (unit := units.get(row.unit_id))
    ]
    return sorted(found, key=lambda one: (_rank(one.sector), one.unit))


def working(book: Book, child_id: UUID) -> list[EntryRow]:
    """The tasks that units have with the child now (care relations)."""
    at = book.scope.at
    rows = book.entries(child_id, Filter(what=("care",), on_timeline=False))
    return [row for row in rows if row.start <= at and (row.end is None or row.end > at)]


def known_here(book: Book, child_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these people and units of whom the reader may know that they work, or have worked, with the child: what
    names them elsewhere must not tell of them."""
    wanted = set(ids)
    if not wanted:
        return set()
    care = book.entries(child_id, Filter(what=("care",), on_timeline=False))
    units = {row.unit_id for row in care} | {book.scope.unit_id}
    jobs = naming.roles(book.scope, wanted, veiled=False)
    return {ident for ident in wanted if (jobs[ident].unit_id if ident in jobs else ident) in units}


def coordinator(book: Book, child_id: UUID) -> tuple[Contact | None, Contact | None]:
    """The child's coordinator (tovholder) and the coordinator's substitute. A coordinator who leaves is it until
    somebody else has accepted; a substitute who has left is none."""
    team = _team(book, child_id)
    there = [one for one in team if not one.has_left(book.scope.at)]
    first = next((ident_of(one.reference) for one in team if "coordinator" in one.roles), None)
    second = next((ident_of(one.reference) for one in there if "substitute" in one.roles), None)
    known = professionals(book.scope, (first, second), veiled=book.veiled(child_id))
    return (known.get(first) if first else None), (known.get(second) if second else None)


def team_row(book: Book, child_id: UUID) -> EntryRow | None:
    """The team that counts: one with a coordinator before one without, the newest first."""
    rows = book.entries(child_id, Filter(what=("team",), on_timeline=False))
    return next((row for row in rows if row.holder_id), rows[0] if rows else None)


def _team(book: Book, child_id: UUID) -> list[Part]:
    """Those in the team that counts who have a part in it, also when they have left."""
    row = team_row(book, child_id)
    body = book.bodies([row]).get(row.id) if row else None
    return [one for one in mapping.parts_of(orjson.loads(body)) if one.roles] if body else []


def _rank(sector: str) -> int:
    return SECTORS.index(sector) if sector in SECTORS else len(SECTORS)
