"""The schemas of resources in the OpenAPI description: they say what the base check says, as far as a schema can."""

from typing import Any

import jsonschema_rs
import pytest

from barnetsbog.exchange.fhir.schemas import schemas
from barnetsbog.fhir import check
from tests.builders import Json, care, observation, patient, role, task, unit

KINDS = "Observation", "Patient", "Task", "EpisodeOfCare", "Organization", "Practitioner", "PractitionerRole"
FOUND = schemas(KINDS)


def valid(resource: Json) -> bool:
    return validator(resource["resourceType"]).is_valid(resource)


def validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    whole = {"$ref": f"#/components/schemas/{kind}", "components": {"schemas": FOUND}}
    return jsonschema_rs.Draft202012Validator(whole)


def test_what_the_interface_takes_is_valid() -> None:
    for one in (observation(), patient(), task(), care(), unit(), *role()):
        assert valid(one) and not check(one), one["resourceType"]


ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}


def test_a_primitive_may_stand_beside_itself() -> None:
    """R4 §2.6.2.3: an id or an extension, and nothing else, is something said."""
    known = {name: value for name, value in observation().items() if name != "status"}
    for sent in ({**known, "_status": ABSENT}, {**patient(), "name": [{"given": ["Alma", None], "_given": [None, ABSENT]}]}):  # fmt: skip
        assert valid(sent) and not check(sent)


@pytest.mark.parametrize("change", [
    {"status": "vist nok"}, {"status": ["final"]}, {"code": None}, {"farve": "blå"}, {"id": "æ ø"}, {"extension": []}, {"language": ""},
    {"effectiveDateTime": "igår"}, {"issued": "2026-11-25"}, {"valueQuantity": {"value": "5"}}, {"component": [{"valueString": "x"}]},
    {"valueInteger": 2**31}, {"performer": {"reference": "PractitionerRole/kim"}}, {"subject": "Patient/alma"}, {"resourceType": "Elefant"},
])  # fmt: skip
def test_what_the_interface_refuses_is_not(change: Json) -> None:
    sent = {**observation(), **change}
    assert check(sent)
    assert not validator("Observation").is_valid(sent)


def test_what_must_be_there_is_missed() -> None:
    for kind, name, one in (("Observation", "code", observation()), ("Observation", "status", observation()), ("EpisodeOfCare", "patient", care())):  # fmt: skip
        left: dict[str, Any] = {key: value for key, value in one.items() if key != name}
        assert check(left) and not validator(kind).is_valid(left)


def test_every_part_stands_by_its_own_name() -> None:
    assert {"HumanName", "Observation.component", "codes.observation-status", "Resource", "dateTime"} <= FOUND.keys()
    assert FOUND["Observation"]["properties"]["component"]["items"] == {"$ref": "#/components/schemas/Observation.component"}  # type: ignore[index]  # fmt: skip
