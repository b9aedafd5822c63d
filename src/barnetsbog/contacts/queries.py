"""Who is who around a child."""

from collections.abc import Iterable
from uuid import UUID

import orjson

from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import SECTORS, RoleName
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import TEAM_ROLE, reference_of, text_of

from .model import Contact, Involved


def contact(role: RoleName) -> Contact:
    return Contact(role.id, role.name, role.title, role.unit, role.sector, role.phone)


def professionals(ids: Iterable[UUID | None]) -> dict[UUID, Contact]:
    """Roles and units by id. A unit that acts without a named person goes by its own name."""
    wanted = {ident for ident in ids if ident}
    found = {ident: contact(role) for ident, role in directory.roles(wanted).items()} if wanted else {}
    rest = wanted - found.keys()
    for ident, unit in directory.units(rest).items() if rest else ():
        found[ident] = Contact(ident, unit.name, "", "", unit.sector, unit.phone)
    return found


def names(book: Book, ids: Iterable[UUID | None]) -> dict[UUID, Contact]:
    """Everybody that entries can name: professionals, units, relatives and the children themselves."""
    wanted = {ident for ident in ids if ident}
    found = professionals(wanted)
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
    rows = working(book, child_id)
    units = directory.units(row.unit_id for row in rows if row.unit_id)
    people = _team(book, child_id)
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


def coordinator(book: Book, child_id: UUID) -> tuple[Contact | None, Contact | None]:
    """The child's coordinator (tovholder) and the coordinator's substitute."""
    by_role = dict(_team_roles(book, child_id))
    known = professionals(by_role.values())
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


def _team(book: Book, child_id: UUID) -> list[Contact]:
    known = professionals(ident for _, ident in _team_roles(book, child_id))
    return list(known.values())


def _ident(reference: str) -> UUID | None:
    kind, _, ident = reference.rpartition("/")
    try:
        return UUID(ident) if kind else None
    except ValueError:
        return None
