"""What is read through a veil by another system leads nowhere out of the child's book."""

import orjson

from barnetsbog.record.outward import MASKED, outward
from tests.builders import CPR, Json


def told(resource: Json) -> Json:
    found: Json = orjson.loads(outward(orjson.dumps(resource)))
    return found


def test_units_professionals_and_their_keys_are_not_told() -> None:
    here = {"reference": "Patient/1"}
    assert told({
        "resourceType": "Observation", "id": "o", "meta": {"source": "https://skole", "tag": [{"code": "a"}]}, "subject": here,
        "performer": [{"reference": "PractitionerRole/2"}, here, {"reference": "https://skole/fhir/Practitioner/3"}],
        "encounter": {"identifier": {"system": "https://skole", "value": "4"}}, "identifier": [{"system": "https://skole", "value": "5"}],
        "contained": [{"resourceType": "Organization", "id": "x"}], "device": {"reference": "#x"},
    }) == {
        "resourceType": "Observation", "id": "o", "meta": {"tag": [{"code": "a"}]}, "subject": here,
        "performer": [MASKED, here, MASKED], "encounter": MASKED, "device": MASKED,
    }  # fmt: skip


def test_who_is_named_in_words_alone_is_not_told_and_what_a_code_is_called_is() -> None:
    place = {"display": "Børnehuset Lyngby"}
    code = {"coding": [{"display": "Søvn"}], "text": "Søvn"}
    assert told({
        "resourceType": "Encounter", "class": {"display": "Besøg"}, "type": [code], "serviceProvider": place, "participant": [{"individual": place}],
        "extension": [{"url": "http://x.example/who", "valueReference": place}, {"url": "http://x.example/what", "valueCoding": {"display": "Søvn"}}],
    }) == {
        "resourceType": "Encounter", "class": {"display": "Besøg"}, "type": [code], "serviceProvider": MASKED, "participant": [{"individual": MASKED}],
        "extension": [{"url": "http://x.example/who", "valueReference": MASKED}, {"url": "http://x.example/what", "valueCoding": {"display": "Søvn"}}],
    }  # fmt: skip


def test_who_the_child_is_is_told() -> None:
    number = {"system": CPR, "value": "0505179902"}
    resource = {
        "resourceType": "Patient",
        "identifier": [number, {"system": "https://skole/elev", "value": "7"}],
        "active": False,
    }
    assert told(resource) == {"resourceType": "Patient", "identifier": [number], "active": False}


def test_a_resource_with_one_key_of_its_own_is_no_reference() -> None:
    resource = {"resourceType": "Composition", "identifier": {"system": "https://skole", "value": "1"}, "title": "Brev"}
    assert told(resource) == {"resourceType": "Composition", "title": "Brev"}
