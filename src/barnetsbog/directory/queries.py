"""Finding children, and putting names to ids."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from barnetsbog.fhir import folded
from barnetsbog.kernel.alphabet import alphabetical
from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import FOREVER
from barnetsbog.record.fields import date_of, maybe_uuid, parameters, uuid_of
from barnetsbog.record.instance import now
from barnetsbog.record.sql import fetch, fetch_one

from .model import MUNICIPAL, SYSTEM_ROLES, Away, ChildName, Gone, RoleName, UnitName
from .models import Absence, Child, ChildIdentifier, Professional, Role, Unit
from .nameless import NAMELESS

AT_ONCE = 5_000
"""Children that one query is asked about."""


def child(child_id: UUID) -> ChildName | None:
    return children([child_id]).get(child_id)


def children(ids: Iterable[UUID]) -> dict[UUID, ChildName]:
    rows = _of_children("given, family, called, born, gender", ids)
    found = (
        ChildName(uuid_of(ident), given, family, called or family or NAMELESS, born and date_of(born), gender)
        for ident, given, family, called, born, gender in rows
    )
    return {child.id: child for child in found}


def births(ids: Iterable[UUID]) -> dict[UUID, date]:
    """When children were born, for those of whom it is known."""
    return {uuid_of(ident): date_of(born) for ident, born in _of_children("born", ids) if born}


def _of_children(columns: str, ids: Iterable[UUID]) -> list[tuple[Any, ...]]:
    """Each child's id and these columns. In plain SQL: every list asks it of all that it shows."""
    wanted = parameters(ids, connection)
    sql = f"SELECT id, {columns} FROM child WHERE id IN ({', '.join(['%s'] * len(wanted))})"
    return fetch(sql, wanted) if wanted else []


def child_by_number(value: str) -> UUID | None:
    """The child that a person number leads to, whatever register it is from."""
    found = ChildIdentifier.objects.filter(value=value, system__in=PERSON_NUMBER_SYSTEMS)
    return found.values_list("child_id", flat=True).first()


def children_by_name(search_name: str, born: date) -> list[UUID]:
    """Children with exactly this folded name and birth date."""
    return list(Child.objects.filter(search_name=search_name, born=born).values_list("id", flat=True))


def children_by_numbers(numbers: Iterable[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """The children that keys (system, value) lead to. In plain SQL: the intake asks once for every unit of work."""
    wanted = set(numbers)
    values = [value for _, value in wanted]
    sql = f"SELECT system, value, child_id FROM child_identifier WHERE value IN ({', '.join(['%s'] * len(values))})"
    rows = fetch(sql, values)
    return {(system, value): uuid_of(ident) for system, value, ident in rows if (system, value) in wanted}


def units(ids: Iterable[UUID] | None = None) -> dict[UUID, UnitName]:
    """Units by id, with the name of what they are part of; all of them without `ids`. In plain SQL: most pages ask."""
    wanted = None if ids is None else parameters(ids, connection)
    if wanted == []:
        return {}
    only = "" if wanted is None else f" WHERE unit.id IN ({', '.join(['%s'] * len(wanted))})"
    found = [UnitName(uuid_of(ident), *rest) for ident, *rest in fetch(_UNITS + only, wanted or ())]
    return {one.id: one for one in found}


_UNITS = """SELECT unit.id, unit.name, unit.sector, unit.phone, COALESCE(whole.name, '')
  FROM unit LEFT JOIN unit AS whole ON whole.id = unit.parent_id"""


def units_called(name: str) -> list[UUID]:
    """The organisations and units with exactly this name."""
    return list(Unit.objects.filter(name=name).values_list("id", flat=True))


def municipalities() -> list[UnitName]:
    """The organisations that have one of the services only a municipality has, however deep inside them, by name."""
    everywhere = _everywhere()
    return _by_name(everywhere.names[everywhere.whole[one.id]] for one in everywhere.open if one.sector in MUNICIPAL)


class _Everywhere(NamedTuple):
    """All units by id; those that are open and part of something; and the whole that each of these is part of."""

    names: dict[UUID, UnitName]
    open: list[UnitName]
    whole: dict[UUID, UUID]


def _everywhere() -> _Everywhere:
    rows = list(Unit.objects.values_list("id", "name", "sector", "phone", "parent_id", "active"))
    above = {ident: parent for ident, *_, parent, _ in rows}
    names = {ident: UnitName(ident, name, sector, phone, "") for ident, name, sector, phone, *_ in rows}
    there = [names[ident] for ident, *_, parent, active in rows if active and parent]
    return _Everywhere(names, there, {one.id: _topmost(one.id, above) for one in there})


def _by_name(found: Iterable[UnitName]) -> list[UnitName]:
    return sorted(set(found), key=lambda one: (alphabetical(one.name), one.id))


class Acting(NamedTuple):
    """A role as somebody acts in it."""

    role: RoleName
    elsewhere: frozenset[UUID]
    """See `elsewhere`."""


def acting(role_id: UUID) -> Acting | None:
    """Who acts in a role, and what is elsewhere to them. Every request asks, so it is kept for as long as nothing in
    the directory has changed."""
    return _acting(edition(), role_id)


@lru_cache(maxsize=4_000)
def _acting(_edition: UUID, role_id: UUID) -> Acting | None:
    found = role(role_id)
    return Acting(found, elsewhere(found.unit_id) if found.unit_id else frozenset()) if found else None


def edition() -> UUID:
    """The mark of what the directory says now: `models.Edition`."""
    row = fetch_one("SELECT mark FROM directory_edition")
    return uuid_of(row[0]) if row else new_id()  # nothing has been written since the directory is watched


def elsewhere(unit_id: UUID) -> frozenset[UUID]:
    """The units of other municipalities than this unit's own, the municipalities among them; none when it belongs to no
    municipality. It goes both ways: who is elsewhere to me, to them am I."""
    return _elsewhere(edition(), unit_id)


@lru_cache(maxsize=1_000)
def _elsewhere(_edition: UUID, unit_id: UUID) -> frozenset[UUID]:
    rows = fetch("SELECT id, parent_id, sector FROM unit")
    above = {uuid_of(ident): maybe_uuid(parent) for ident, parent, _ in rows}
    services = [uuid_of(ident) for ident, parent, sector in rows if parent is not None and sector in MUNICIPAL]
    towns = {_topmost(one, above) for one in services}
    mine = _topmost(unit_id, above)
    others = towns - {mine} if mine in towns else set()
    return frozenset(one for one in above if _topmost(one, above) in others) if others else frozenset()


def units_beside(unit_id: UUID) -> list[UnitName]:
    """Every unit that is open and part of the same organisation, this one too, by name."""
    rows = list(Unit.objects.values_list("id", "parent_id", "active"))
    above = {ident: parent for ident, parent, _ in rows}
    mine = _topmost(unit_id, above)
    found = units(ident for ident, parent, active in rows if active and parent and _topmost(ident, above) == mine)
    return sorted(found.values(), key=lambda one: (one.name, one.id))


def units_above(unit_id: UUID) -> list[UUID]:
    """A unit and the wholes that it is part of, itself first."""
    found = [unit_id]
    while above := Unit.objects.filter(id=found[-1]).values_list("parent_id", flat=True).first():
        if above in found:
            break
        found.append(above)
    return found


def _topmost(unit: UUID, above: Mapping[UUID, UUID | None]) -> UUID:
    """The whole that a unit is part of; itself when it is part of none. Units that are part of each other in a ring
    have no whole, so any of them will do: the same for all."""
    passed = [unit]
    while (higher := above.get(passed[-1])) is not None:
        if higher in passed:
            return min(passed[passed.index(higher) :])
        passed.append(higher)
    return passed[-1]


def places(sectors: Iterable[str], *, municipality: UUID | None) -> list[UnitName]:
    """The open units of these sectors: of the municipal ones those in `municipality` only, and none without one. By
    name."""
    wanted, everywhere = set(sectors), _everywhere()
    return _by_name(
        one
        for one in everywhere.open
        if one.sector in wanted and (one.sector not in MUNICIPAL or everywhere.whole[one.id] == municipality)
    )


def sectors(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The sector of each unit that is known. In plain SQL: asked whenever rights are derived."""
    wanted = parameters(ids, connection)
    if not wanted:
        return {}
    rows = fetch(f"SELECT id, sector FROM unit WHERE id IN ({', '.join(['%s'] * len(wanted))})", wanted)
    return {uuid_of(ident): sector for ident, sector in rows}


def role(role_id: UUID) -> RoleName | None:
    return roles([role_id]).get(role_id)


_ROLES = f"""SELECT role.id, role.professional_id, COALESCE(professional.name, ''), role.title, role.code,
COALESCE(NULLIF(role.phone, ''), unit.phone, ''), role.active AND COALESCE(professional.active, TRUE),
role.unit_id, COALESCE(unit.name, ''), COALESCE(unit.sector, 'other'), COALESCE(NULLIF(whole.name, ''), unit.name, ''),
COALESCE(role.start, 0), COALESCE(role."end", {FOREVER})
FROM role LEFT JOIN professional ON professional.id = role.professional_id
LEFT JOIN unit ON unit.id = role.unit_id LEFT JOIN unit AS whole ON whole.id = unit.parent_id"""


def roles(ids: Iterable[UUID] | None = None) -> dict[UUID, RoleName]:
    """Roles by id, with the names of person, unit and organisation; all of them without `ids`. In plain SQL: every page
    asks who its reader is."""
    wanted = None if ids is None else parameters(ids, connection)
    if wanted == []:
        return {}
    only = "" if wanted is None else f" WHERE role.id IN ({', '.join(['%s'] * len(wanted))})"
    rows = fetch(_ROLES + only, wanted or ())
    found = (
        RoleName(uuid_of(ident), maybe_uuid(person), name, title, code, phone, bool(active), maybe_uuid(unit), *rest)
        for ident, person, name, title, code, phone, active, unit, *rest in rows
    )
    return {one.id: one for one in found}


def away(ids: Iterable[UUID], at: int) -> dict[UUID, Away]:
    """Those of these jobs and units that are not at work at a moment. In plain SQL: every work list asks."""
    wanted = parameters(set(ids), connection)
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    sql = f"""SELECT r.id, r.unit_id, {_WORKS}, u.active, u.successor_id, a."end", a.substitute_id FROM role r
      LEFT JOIN professional p ON p.id = r.professional_id LEFT JOIN unit u ON u.id = r.unit_id
      LEFT JOIN absence a ON a.role_id = r.id AND a.start <= %s AND a."end" > %s
      WHERE r.id IN ({marks}) AND (NOT ({_WORKS}) OR NOT u.active OR a.id IS NOT NULL)
      UNION ALL SELECT id, id, %s, active, successor_id, NULL, NULL FROM unit WHERE id IN ({marks}) AND NOT active"""
    asked = [at, at, at, at, *wanted, at, at, True, *wanted]
    return {one.id: one for one in (_away(*row) for row in fetch(sql, asked))}


_WORKS = f"""r.active AND COALESCE(p.active, TRUE) AND COALESCE(r.start, 0) <= %s
  AND COALESCE(r."end", {FOREVER}) > %s"""
"""Whether a job (`r`) is somebody's (`p`) at a moment, which is asked for twice."""


def _away(ident: Any, unit: Any, active: Any, open_: Any, successor: Any, until: int | None, instead: Any) -> Away:
    why = Gone.CLOSED if unit is not None and not open_ else Gone.ABSENT if active else Gone.STOPPED
    return Away(uuid_of(ident), why, maybe_uuid(unit), until, maybe_uuid(instead), maybe_uuid(successor))


def workplaces(ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, UUID | None]]:
    """The unit of each of these jobs and units, and the one above it. In plain SQL: a leader's work list asks."""
    wanted = parameters(set(ids), connection)
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    sql = f"""SELECT r.id, u.id, u.parent_id FROM role r JOIN unit u ON u.id = r.unit_id WHERE r.id IN ({marks})
      UNION ALL SELECT id, id, parent_id FROM unit WHERE id IN ({marks})"""
    rows = fetch(sql, [*wanted, *wanted])
    return {uuid_of(ident): (uuid_of(unit), maybe_uuid(above)) for ident, unit, above in rows}


def works_in(ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """The units of each of these jobs, people and units, for those that are known: a unit is its own."""
    wanted = parameters(set(ids), connection)
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    sql = f"""SELECT id, unit_id FROM role WHERE id IN ({marks}) AND unit_id IS NOT NULL
      UNION ALL SELECT professional_id, unit_id FROM role WHERE professional_id IN ({marks}) AND unit_id IS NOT NULL
      UNION ALL SELECT id, id FROM unit WHERE id IN ({marks})"""
    found: dict[UUID, set[UUID]] = {}
    for ident, unit in fetch(sql, [*wanted, *wanted, *wanted]):
        found.setdefault(uuid_of(ident), set()).add(uuid_of(unit))
    return found


def roles_in(*unit_ids: UUID) -> list[RoleName]:
    """Everybody who works in these units now, by name."""
    jobs, at = Role.objects.filter(unit_id__in=unit_ids, active=True).exclude(code__in=SYSTEM_ROLES), now()
    found = roles(jobs.values_list("id", flat=True))
    return sorted((one for one in found.values() if one.works(at)), key=lambda role: role.name)


def absences(role_ids: Iterable[UUID], at: int) -> list[Absence]:
    """Absences now and to come."""
    return list(Absence.objects.filter(role_id__in=list(role_ids), end__gt=at).order_by("start"))


def roles_of(professional_id: UUID | None) -> list[UUID]:
    """Every role somebody has."""
    return list(Role.objects.filter(professional_id=professional_id or UUID(int=0)).values_list("id", flat=True))


def roles_called(name: str) -> list[UUID]:
    """The roles of everybody whose name has this in it."""
    wanted = folded(name)
    people = [ident for ident, known in Professional.objects.values_list("id", "name") if wanted in folded(known)]
    return list(Role.objects.filter(professional_id__in=people).values_list("id", flat=True))


def all_children() -> list[UUID]:
    """Every child there is a book about: for the operator's exports and checks, never for a page."""
    return list(Child.objects.values_list("id", flat=True).order_by("id"))


def born_alike(ids: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """These children, each with every other one who has the same birth date, and whose name begins with the same letter
    or who is called the same last: those that may be one child, before anybody has looked closer."""
    found = set()
    for first in range(0, len(ids), AT_ONCE):
        some = parameters(ids[first : first + AT_ONCE], connection)
        sql = f"""SELECT a.id, b.id FROM child a JOIN child b ON b.born = a.born AND b.id <> a.id
          AND (SUBSTR(b.search_name, 1, 1) = SUBSTR(a.search_name, 1, 1) OR LOWER(b.family) = LOWER(a.family))
          WHERE a.id IN ({", ".join(["%s"] * len(some))})"""
        pairs = [(uuid_of(one), uuid_of(other)) for one, other in fetch(sql, some)]
        found |= {(min(pair), max(pair)) for pair in pairs}
    return found
