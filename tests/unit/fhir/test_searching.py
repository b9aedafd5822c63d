"""What a resource can be found by."""

from typing import Any

import pytest

from barnetsbog.fhir import extract, folded, narrowed, parameter_code, references, resource_types, search_parameters
from barnetsbog.fhir.definitions import compartment
from barnetsbog.kernel.time import day_start, parse
from tests.builders import observation, patient, task


def rows(resource: dict[str, Any]) -> dict[str, set[Any]]:
    """By the names of the parameters."""
    names = {
        parameter_code(f"{resource['resourceType']}.{name}"): name
        for name in search_parameters(resource["resourceType"])
    }
    found: dict[str, set[Any]] = {}
    for values in extract(resource):
        for param, *rest in values:
            found.setdefault(names[param], set()).add(tuple(rest) if len(rest) > 1 else rest[0])
    for name, (wider, target) in narrowed(resource["resourceType"]).items():
        if mine := {address for address in found.get(wider, ()) if address.startswith(f"{target}/")}:
            found[name] = mine
    return found


def test_a_patient_is_found_by_number_name_and_birth_date() -> None:
    found = rows(
        patient(
            telecom=[{"system": "phone", "value": "00 00 00 11"}], address=[{"city": "Ålborg", "line": ["Demovej 1"]}]
        )
    )
    assert found["identifier"] == {("urn:oid:1.2.208.176.1.2", "0505179902")}
    assert found["family"] == {"proevegaard\x1fpr|veg}rd"}  # as it is found, and as it is sorted
    assert found["name"] == {"alma", "proevegaard\x1fpr|veg}rd"}
    assert found["address-city"] == {"aalborg\x1f}lborg"}
    assert found["phone"] == {("phone", "00 00 00 11")}
    day = parse("2017-05-07")[0]
    assert found["birthdate"] == {(day, parse("2017-05-08")[0] - 1)}


def test_an_observation_is_found_by_code_value_subject_and_time() -> None:
    coded = {"coding": [{"system": "s", "code": "a"}, {"code": "b"}], "text": "x"}
    found = rows(
        observation(
            code=coded, valueString=None, valueQuantity={"value": 3.5, "unit": "kg", "system": "u", "code": "kg"}
        )
    )
    assert found["code"] == {("s", "a"), ("", "b")}
    assert found["value-quantity"] == {("u", "kg", 3.5, 3.5)}
    assert found["subject"] == found["patient"] == {"Patient/alma"}


def test_patient_is_only_a_subject_that_is_a_patient() -> None:
    found = rows(observation(about="Group/g"))
    assert "patient" not in found and found["subject"] == {"Group/g"}


def test_a_narrowed_parameter_has_no_rows_of_its_own() -> None:
    assert narrowed("Observation")["patient"] == ("subject", "Patient")
    assert "patient" not in narrowed("EpisodeOfCare")  # there it is the only one
    assert parameter_code("Observation.patient") not in {row[0] for row in extract(observation()).references}


@pytest.mark.parametrize(
    ("period", "low", "high"),
    [
        ({"start": "2026-01-01", "end": "2026-01-31"}, "2026-01-01", "2026-02-01"),
        ({"start": "2026-01"}, "2026-01-01", None),
    ],
)
def test_a_period_is_from_its_first_to_its_last_moment(period: dict[str, str], low: str, high: str | None) -> None:
    resource = {
        "resourceType": "EpisodeOfCare",
        "status": "active",
        "patient": {"reference": "Patient/1"},
        "period": period,
    }
    ((first, last),) = rows(resource)["date"]
    assert first == parse(low)[0]
    assert last == parse(high)[0] - 1 if high else last > day_start(parse_day("2200-01-01"))


def parse_day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


def test_a_tasks_owner_and_status() -> None:
    found = rows(task())
    assert found["owner"] == {"PractitionerRole/kim"}
    assert found["status"] == {("", "in-progress")}


@pytest.mark.parametrize(
    ("text", "plain"), [("Ærø", "aeroe"), ("ÅSE  Øst", "aase oest"), ("André", "andre"), ("aase", "aase")]
)
def test_danish_names_are_found_however_they_are_written(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_parameter_numbers_never_collide() -> None:
    names = [f"{kind}.{name}" for kind in resource_types() for name in search_parameters(kind)]
    assert len({parameter_code(name) for name in names}) == len(names) > 2000


def test_references_are_found_wherever_they_stand() -> None:
    resource = patient(
        managingOrganization={"reference": "Organization/1"},
        extension=[{"url": "x", "valueReference": {"reference": "Practitioner/2"}}],
        contained=[{"resourceType": "Observation", "subject": {"reference": "#p"}}],
    )
    assert {one["reference"] for one in references(resource)} == {"Organization/1", "Practitioner/2", "#p"}


def test_of_what_happens_several_times_a_hole_says_nothing() -> None:
    told = {k: v for k, v in observation().items() if k != "effectiveDateTime"}
    found = rows({**told, "effectiveTiming": {"event": ["2026-03-01", None], "_event": [None, {"id": "x"}]}})
    assert found["date"] == {(parse("2026-03-01")[0], parse("2026-03-02")[0] - 1)}


def test_a_compartment_is_the_standards_own_and_not_its_example() -> None:
    assert compartment("Device", "Observation") == ("subject", "device")
    assert compartment("Device", "Communication") == ("sender", "recipient")
    assert compartment("Patient", "Observation") == ("subject", "performer")
