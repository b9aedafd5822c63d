"""Who is who around a child."""

from collections.abc import Iterable
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.directory.model import SECTORS, RoleName
from barnetsbog.fhir.own import reference_of
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import TEAM_ROLE, text_of
from barnetsbog.record.scope import Scope

from .model import Contact, Involved

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
    """The child's people, each with whether they hold custody."""
    rows = book.entries(child_id, Filter(what=("person",), on_timeline=False), newest_first=False)
    bodies = book.bodies(rows)
    found = []
    for row in (one for one in rows if one.id in bodies):
        person = orjson.loads(bodies[row.id])
        kinds = person.get("relationship", ())
        custody = any(c.get("code") == "PARAUTH" for kind in kinds for c in kind.get("coding", ()))
        relation = next((k["text"] for k in kinds if k.get("text")), text_of(kinds[:1]))
        phone = next((t.get("value", "") for t in person.get("telecom", ()) if t.get("system") == "phone"), "")
        found.append((Contact(row.id, row.title, relation, phone=phone), custody))
    return found


def involved(book: Book, child_id: UUID) -> list[Involved]:
    """The units that have a task with the child now, in the order of the lanes, with the people who have written for
    them."""
    rows, veiled = working(book, child_id), book.veiled(child_id)
    units = naming.units(book.scope, [row.unit_id for row in rows if row.unit_id], veiled=veiled)
    people = professionals(book.scope, (ident for _, ident in _team_roles(book, child_id)), veiled=veiled).values()
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
    """The child's coordinator (tovholder) and the coordinator's substitute."""
    by_role = dict(_team_roles(book, child_id))
    known = professionals(book.scope, by_role.values(), veiled=book.veiled(child_id))
    first, second = by_role.get("coordinator"), by_role.get("substitute")
    return (known.get(first) if first else None), (known.get(second) if second else None)


def _rank(sector: str) -> int:
    return SECTORS.index(sector) if sector in SECTORS else len(SECTORS)


def _team_rows(book: Book, child_id: UUID) -> list[dict[str, object]]:
    rows: list[EntryRow] = book.entries(child_id, Filter(what=("team",), on_timeline=False), limit=5)
    return [orjson.loads(body) for body in book.bodies(rows).values()]


def _team_roles(book: Book, child_id: UUID) -> Iterable[tuple[str, UUID]]:
    for team in _team_rows(book, child_id):
        participants = team.get("participant", ())
        for participant in participants if isinstance(participants, list) else ():
            codes = [
                c.get("code")
                for r in participant.get("role", ())
                for c in r.get("coding", ())
                if c.get("system") == TEAM_ROLE
            ]
            ident = _ident(reference_of(participant.get("member")))
            if ident:
                yield from ((code, ident) for code in codes)


def _ident(reference: str) -> UUID | None:
    kind, _, ident = reference.rpartition("/")
    try:
        return UUID(ident) if kind else None
    except ValueError:
        return None
