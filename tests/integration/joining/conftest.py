"""Alma, who has two books: PPR has one by her CPR number, her doctor another by a substitute number from before. Ib and
Vera know the registers of the municipality that PPR is part of, Ulla those of another one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import pytest

from barnetsbog.access.scopes import scope_for
from barnetsbog.directory.queries import roles
from barnetsbog.fhir.own import BASE, complex_extension
from barnetsbog.intake.exporting import export_child
from barnetsbog.joining import operations
from barnetsbog.joining.coordinators import APART, JOINED
from barnetsbog.record.models import Entry, Grant
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.record.store import ENTRY_COLUMNS
from tests.builders import CPR, Json, begin_with, bundle, care, observation, patient, role, task, unit
from tests.integration.audit.conftest import folder as folder

SUBSTITUTE = "urn:oid:1.2.208.176.1.6.1.3.179"
MOTHER, FATHER = "0101809902", "0202789903"
WHY = "Barnet har fået sit CPR-nummer; erstatningsnummeret var fra fødegangen."


def custody(since: str = "2017-05-07") -> Json:
    return complex_extension("custody", {"kind": ("Code", "parent"), "period": ("Period", {"start": since})})


def relative(ident: str, about: str, name: str, number: str = "", **more: Any) -> Json:
    numbers = {"identifier": [{"system": CPR, "value": number}]} if number else {}
    return {
        "resourceType": "RelatedPerson", "id": ident, "patient": {"reference": f"Patient/{about}"},
        "name": [{"text": name}], "extension": [custody()], **numbers, **more,
    }  # fmt: skip


def team(ident: str, about: str, who: str) -> Json:
    coordinator = {"coding": [{"system": f"{BASE}/CodeSystem/team-role", "code": "coordinator"}]}
    return {
        "resourceType": "CareTeam", "id": ident, "status": "active", "name": "Teamet om barnet",
        "subject": {"reference": f"Patient/{about}"},
        "participant": [{"role": [coordinator], "member": {"reference": f"PractitionerRole/{who}"}}],
    }  # fmt: skip


def part_of(ident: str, whole: str, sector: str) -> Json:
    return {**unit(ident, sector), "partOf": {"reference": f"Organization/{whole}"}}


def story() -> Json:
    units = [unit("kommune", "other"), part_of("ppr", "kommune", "ppr"), part_of("raadhus", "kommune", "other")]
    units += [unit("gp", "gp"), unit("by", "other"), part_of("by-ppr", "by", "ppr")]
    staff = [("kim", "ppr", "psychologist"), ("lone", "gp", "gp"), ("ib", "raadhus", "administrator")]
    staff += [("vera", "raadhus", "administrator"), ("ulla", "by-ppr", "administrator")]
    born = {"system": SUBSTITUTE, "value": "070517TAA1"}
    return bundle(
        *units, *(one for who in staff for one in role(*who)),
        patient(), relative("mor", "alma", "Sara Prøvegaard", MOTHER), care("c1"), observation(),
        task("t1"), team("team", "alma", "kim"),
        patient("ny", number=None, identifier=[born]), relative("mor-ny", "ny", "Sara Prøvegaard", MOTHER),
        care("c2", about="ny", unit_id="gp"), team("team-ny", "ny", "lone"),
        observation("o-ny", about="Patient/ny", performer=[{"reference": "PractitionerRole/lone"}]),
        task("t-ny", about="ny", holder="lone", focus={"reference": "Observation/o-ny"}),
        observation("svar", about="Patient/ny", performer=[{"reference": "RelatedPerson/mor-ny"}]),
    )  # fmt: skip


class Books:
    """The two books, who may join them, and how everything stands."""

    def __init__(self, begin: Callable[[Json], object] = begin_with) -> None:
        begin(story())
        self.kept, self.other = self.child("alma"), self.child("ny")

    def child(self, name: str) -> UUID:
        return Entry.objects.get(source_ref=f"Patient/{name}").child_id

    def id(self, name: str) -> UUID:
        return Entry.objects.get(source_ref__endswith=f"/{name}").id

    def scope(self, name: str) -> Scope:
        job = next(one.id for one in roles().values() if one.name.startswith(name.title()))
        found = scope_for(job, level=LoginLevel.SUBSTANTIAL)
        assert found
        return found

    def join(self, kept: UUID | None = None, other: UUID | None = None, **more: Any) -> UUID:
        ident = operations.propose(
            kept or self.kept, other or self.other, by=self.scope("ib"), **{"why": WHY, "certain": True, **more}
        )
        operations.decide(ident, by=self.scope("vera"), approved=True)
        return ident

    def part(self, ident: UUID) -> None:
        operations.part(ident, by=self.scope("ib"), why="Det var to børn alligevel.")

    def told(self) -> list[UUID]:
        """The balls by which a coordinator is told. What else there is stands as if nothing had happened."""
        return list(Entry.objects.filter(title__in=[JOINED.title, APART.title]).values_list("id", flat=True))

    def entries(self, *, besides: frozenset[str] = frozenset()) -> dict[UUID, Json]:
        """The rows of both books, but for what each is numbered by."""
        return {
            row["id"]: {name: value for name, value in row.items() if name not in besides}
            for row in Entry.objects.exclude(child_id=UUID(int=0)).exclude(id__in=self.told()).values(*ENTRY_COLUMNS)
        }

    def grants(self) -> set[tuple[Any, ...]]:
        return set(Grant.objects.exclude(basis_id__in=self.told()).values_list())

    def exported(self, child_id: UUID) -> bytes:
        found, told = export_child(child_id, account="test", reason="prøve"), set(map(str, self.told()))
        entries = [one for one in found["entry"] if one["resource"]["id"] not in told]
        return orjson.dumps({**{name: value for name, value in found.items() if name != "timestamp"}, "entry": entries})


@pytest.fixture
def books(database: str) -> Books:
    return Books()
