"""FHIR search, parameter by parameter, on both databases."""

import pytest

from tests.builders import Json, begin_with, bundle, care, observation, patient, role, task, unit
from tests.conftest import BOTH_DATABASES

from .conftest import along, here, names, scope, search

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


def coded(code: str, system: str = "http://s", **more: object) -> dict[str, object]:
    return {"coding": [{"system": system, "code": code}], **more}


def measured(ident: str, **more: object) -> Json:
    found = observation(ident, valueQuantity={"value": 5.4, "unit": "kg", "system": "http://u", "code": "kg"}, **more)
    del found["valueString"]
    return found


@pytest.fixture(autouse=True)
def world(database: str) -> None:
    directory = [unit("ppr"), unit("skole", "school"), *role("kim"), *role("maja", "skole")]
    noah = patient("noah", number="0606179903", name=[{"given": ["Noah"], "family": "Åkjær"}], birthDate="2017-06-06")
    about_noah = {"about": "Patient/noah"}
    begin_with(bundle(
        *directory, patient(), noah, care(), care("c2", "noah"),
        observation("o1", code=coded("a", text="Søvn")), measured("o2", code=coded("b"), device={"reference": "Device/scale"}),
        {"resourceType": "Device", "id": "scale", "deviceName": [{"name": "Vægt", "type": "user-friendly-name"}]},
        observation("o3", **about_noah, code=coded("a", "http://t"), effectiveDateTime="2026-10"), task("t1"), task("t2", "noah"),
    ))  # fmt: skip


@pytest.mark.parametrize(("address", "found"), [
    ("Observation?code=a", {"o1", "o3"}),
    ("Observation?code=http://s|a", {"o1"}),
    ("Observation?code=http://s|", {"o1", "o2"}),
    ("Observation?code=|a", set()),
    ("Observation?code:not=a", {"o2"}),
    ("Observation?code:text=søvn", {"o1"}),
    ("Observation?code=a,b", {"o1", "o2", "o3"}),
    ("Observation?code=a&code=b", set()),
    ("Observation?status=final", {"o1", "o2", "o3"}),
    ("Observation?status=http://hl7.org/fhir/observation-status|final&code=b", {"o2"}),
    ("Observation?date=2026-11-18", {"o1", "o2"}),
    ("Observation?date=lt2026-11", {"o3"}),
    ("Observation?value-quantity=5.4|http://u|kg", {"o2"}),
    ("Observation?value-quantity=gt5||kg", {"o2"}),
    ("Observation?code-value-quantity=b$gt5", {"o2"}),
    ("Observation?code-value-quantity=a$gt5", set()),
    ("Observation?value-quantity:missing=true", {"o1", "o3"}),
    ("Observation?patient.name=noah", {"o3"}),
    ("Observation?subject:Patient.birthdate=2017-05-07", {"o1", "o2"}),
    ("Observation?patient.birthdate=2017-05-07&code=b", {"o2"}),
    ("Patient?name=alma", {"alma"}),
    ("Patient?name=aakjaer", {"noah"}),
    ("Patient?family:exact=Åkjær", {"noah"}),
    ("Patient?family:exact=åkjær", set()),
    ("Patient?name:contains=kj", {"noah"}),
    ("Patient?birthdate=2017-06-06", {"noah"}),
    ("Patient?birthdate=2017", {"alma", "noah"}),
    ("Patient?identifier=0505179902", {"alma"}),
    ("Patient?identifier=urn:oid:1.2.208.176.1.2|0505179902", {"alma"}),
    ("Patient?_has:Observation:patient:code=b", {"alma"}),
    ("Patient?_has:Observation:patient:code=http://t|a", {"noah"}),
    ("Patient?name=alma&birthdate=2017-05-07", {"alma"}),
    ("Task?owner.practitioner.name=kim", {"t1", "t2"}),
    ("Organization?name=enhed", {"ppr", "skole"}),
    ("PractitionerRole?organization.name=Enhed ppr", {"kim"}),
    ("Organization?_has:PractitionerRole:organization:practitioner.name=maja", {"skole"}),
    ("Practitioner?_has:PractitionerRole:practitioner:_has:Task:owner:patient.name=noah", {"p-kim"}),
    ("Observation?device.device-name=vægt", {"o2"}),
    ("Observation?device:Device.device-name:missing=false", {"o2"}),
    ("Observation?_lastUpdated=ge2026-11-25T12:00", {"o1", "o2", "o3"}),
    ("Observation?_lastUpdated=lt2026", set()),
])  # fmt: skip
def test_what_is_asked_for_is_found(address: str, found: set[str]) -> None:
    assert set(names(search(scope("kim"), address))) == found


def test_pages_go_on_where_the_last_one_ended() -> None:
    kim, seen, after = scope("kim"), [], None
    for _ in range(5):
        page = search(kim, "Observation?_sort=-date,code&_count=1", after=after)
        seen += names(page)
        if (after := page.next) is None:
            break
    assert seen == ["o1", "o2", "o3"]


def test_what_is_named_comes_along() -> None:
    found = search(scope("kim"), "Observation?code=b&_include=Observation:subject&_include=Observation:performer")
    assert names(found) == ["o2"] and along(found) == ["alma", "kim"]
    assert along(
        search(scope("kim"), "Patient?name=noah&_revinclude=Observation:subject&_revinclude=Task:patient")
    ) == ["o3", "t2"]
    further = "Observation?code=b&_include=Observation:performer&_include:iterate=PractitionerRole:*"
    assert along(search(scope("kim"), further)) == ["kim", "p-kim", "ppr"]


def test_one_childs_compartment() -> None:
    assert names(search(scope("kim"), "Observation?code=a", compartment=("Patient", here("noah")))) == ["o3"]
    assert set(names(search(scope("kim"), f"Observation?subject={here('alma')}"))) == {"o1", "o2"}
