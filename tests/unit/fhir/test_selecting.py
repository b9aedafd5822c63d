"""Parts of resources: what they hold, that they are marked, and that they still are resources."""

from typing import Any

import pytest

from barnetsbog.fhir import check
from barnetsbog.fhir.selecting import is_element, is_part, only, summary_of, text_of, without_text
from tests.builders import observation, patient

TEXT = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Alma</div>'}


def person(**more: Any) -> dict[str, Any]:
    contact = {"name": {"text": "Mor"}}
    return patient(text=TEXT, contact=[contact], maritalStatus={"text": "x"}, meta={"versionId": "2"}, **more)


def test_a_summary_leaves_out_what_is_no_summary_and_says_so() -> None:
    found = summary_of(person(_birthDate={"extension": [{"url": "http://x", "valueCode": "x"}]}))
    assert {"name", "birthDate", "_birthDate", "identifier", "id", "meta"} <= found.keys()
    assert found.keys().isdisjoint({"text", "contact", "maritalStatus"})
    assert found["meta"]["versionId"] == "2"
    assert is_part(found)
    assert not is_part(person())


def test_parts_of_a_part_are_in_the_summary_or_not() -> None:
    component = {"code": {"text": "x"}, "valueString": "y", "referenceRange": [{"text": "z"}]}
    found = summary_of(observation(component=[component], note=[{"text": "n"}]))
    assert found["component"] == [{"code": {"text": "x"}, "valueString": "y"}]
    assert "note" not in found


def test_only_some_elements_and_those_that_must_be_there() -> None:
    found = only(observation(note=[{"text": "n"}]), ("value", "_x"))
    assert set(found) == {"resourceType", "id", "meta", "status", "code", "valueString"}
    assert text_of(person()).keys() == {"resourceType", "id", "meta", "text"}
    assert "text" not in without_text(person())


@pytest.mark.parametrize("part", [summary_of, text_of, without_text, lambda one: only(one, ["name"])])
def test_a_part_is_still_a_resource(part: Any) -> None:
    for one in (person(), observation()):
        assert [issue for issue in check(part(one)) if issue.severity == "error"] == []


def test_what_a_part_refers_to_within_the_resource_comes_along() -> None:
    """Its reference led nowhere, and what was told was no valid resource."""
    house = {"resourceType": "Organization", "id": "house", "name": "Skolen"}
    teacher = {"resourceType": "PractitionerRole", "id": "teacher", "organization": {"reference": "#house"}}
    doctor = {"resourceType": "Practitioner", "id": "doctor", "name": [{"text": "Bo"}]}
    note = {"text": "n", "authorReference": {"reference": "#doctor"}}
    whole = observation(contained=[house, teacher, doctor], performer=[{"reference": "#teacher"}], note=[note])
    for part, names in (
        (only(whole, ["note"]), ["doctor"]), (only(whole, ["performer"]), ["house", "teacher"]), (only(whole, ["status"]), []),
        (summary_of(whole), ["house", "teacher"]), (without_text(whole), ["house", "teacher", "doctor"]),
    ):  # fmt: skip
        assert [one["id"] for one in part.get("contained", ())] == names
        assert [issue for issue in check(part) if issue.severity == "error"] == []


def test_a_part_says_what_turns_the_rest_into_its_opposite() -> None:
    modifier = [{"url": "http://x.example/not", "valueBoolean": True}]
    refuted = {
        "resourceType": "Condition",
        "subject": {},
        "code": {},
        "verificationStatus": {"text": "refuted"},
        "modifierExtension": modifier,
    }
    former = person(active=False, link=[{"type": "replaced-by"}], deceasedBoolean=True)
    assert {"verificationStatus", "modifierExtension"} <= only(refuted, ["code"]).keys() & summary_of(refuted).keys()
    assert {"active", "link", "deceasedBoolean"} <= only(former, ["name"]).keys() & summary_of(former).keys()


def test_names_of_elements() -> None:
    assert is_element("Observation", "value")
    assert not is_element("Observation", "valueString")
    assert not is_element("Observation", "colour")
