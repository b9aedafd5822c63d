"""Where an author works: the lane of the timeline that an entry stands in.

Small enough to be held in memory while files are taken in; kept in step as directory resources arrive.
"""

from typing import NamedTuple
from uuid import UUID

from django.db import connection

from barnetsbog.kernel.ids import bytes_of
from barnetsbog.record.fields import for_database, uuid_of
from barnetsbog.record.sql import fetch

from . import queries
from .models import Role, Unit


class Place(NamedTuple):
    unit_id: bytes | None
    lane: str


_FAMILY = frozenset(("Patient", "RelatedPerson"))
FAMILY = Place(None, "family")
NOWHERE = Place(None, "other")


class Places:
    """Author ids to units and lanes."""

    def __init__(self) -> None:
        self._found: dict[str, Place] = {}
        self._sectors = {ident.bytes: sector for ident, sector in Unit.objects.values_list("id", "sector")}
        self._roles: dict[bytes, bytes] = {}
        self._people: dict[bytes, set[bytes]] = {}
        self._staff: dict[bytes, list[tuple[bytes, bytes | None]]] = {}
        for role, person, unit in Role.objects.filter(unit_id__isnull=False).values_list(
            "id", "professional_id", "unit_id"
        ):
            if unit:
                self._add(role.bytes, person.bytes if person else None, unit.bytes)

    def _add(self, role: bytes, person: bytes | None, unit: bytes) -> None:
        self._roles[role] = unit
        self._staff.setdefault(unit, []).append((role, person))
        if person:
            self._people.setdefault(person, set()).add(unit)

    def knows(self, unit: bytes) -> bool:
        """Whether a unit is in the directory: a job may come before the unit that it is in."""
        return unit in self._sectors

    def placed_by(self, kind: str, ident: bytes) -> dict[bytes, str]:
        """The authors whose place follows from a unit or a job, with what each is: those in it, and the unit itself."""
        unit = ident if kind == "Organization" else self._roles.get(ident)
        staff = self._staff.get(unit, []) if unit else []
        found = {ident: kind}
        for role, person in staff:
            if ident in (unit, role):
                found |= {role: "PractitionerRole"} | ({person: "Practitioner"} if person else {})
        return found

    def other_sectors(self, before: "Places") -> list[UUID]:
        """The units that belonged to another sector before."""
        known = before._sectors
        return [UUID(bytes=unit) for unit, sector in self._sectors.items() if known.get(unit, sector) != sector]

    def moved(self, before: "Places") -> set[bytes]:
        """Whose mail is for others now: the units that somebody has left, and those whose unit was not known before."""
        return {before._roles.get(role, role) for role, unit in self._roles.items() if before._roles.get(role) != unit}

    def at(self, reference: str) -> Place:
        """The place of an author given by a reference (`Type/id`)."""
        kind = reference.partition("/")[0]
        if kind in _FAMILY:
            return FAMILY
        if reference not in self._found:
            self._found[reference] = self.of(kind, bytes_of(reference))
        return self._found[reference]

    def of(self, kind: str, author_id: bytes | None) -> Place:
        """The place of an author given by type and id."""
        if kind in _FAMILY:
            return FAMILY
        if author_id is None:
            return NOWHERE
        unit = self._roles.get(author_id)
        if unit is None and kind == "Practitioner":
            units = self._people.get(author_id, set())
            unit = next(iter(units)) if len(units) == 1 else None
        if unit is None and author_id in self._sectors:
            unit = author_id
        return Place(unit, self._sectors.get(unit, "other")) if unit else NOWHERE


_WHERE = """SELECT r.unit_id, u.sector FROM role r LEFT JOIN unit u ON u.id = r.unit_id
  WHERE {} = %s AND r.unit_id IS NOT NULL"""


class FewPlaces(Places):
    """The same for few authors: each is looked up when it is asked about, however large the directory is. It does not
    know how the directory changes."""

    def __init__(self) -> None:
        self._found: dict[str, Place] = {}

    def knows(self, unit: bytes) -> bool:
        return True

    def of(self, kind: str, author_id: bytes | None) -> Place:
        if kind in _FAMILY:
            return FAMILY
        if author_id is None:
            return NOWHERE
        found = self._where("r.id", author_id)
        if not found and kind == "Practitioner":
            found = self._where("r.professional_id", author_id)
        if len(found) != 1:
            sectors = queries.sectors([UUID(bytes=author_id)])
            return Place(author_id, sectors[UUID(bytes=author_id)]) if sectors else NOWHERE
        return found.pop()

    def _where(self, column: str, ident: bytes) -> set[Place]:
        found = fetch(_WHERE.format(column), [for_database(UUID(bytes=ident), connection)])
        return {Place(uuid_of(unit).bytes, sector or "other") for unit, sector in found}
