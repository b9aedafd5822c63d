"""The veil: names of places go, everything else is left as it is."""

import base64
from collections.abc import Callable

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.fhir.own import EXTENSION
from barnetsbog.record.outward import outward
from barnetsbog.record.unsigned import silent, unsigned
from barnetsbog.record.veil import Veil
from tests.builders import Json

VEIL = Veil([
    ("Prøvebakkeskolen", "en skole"), ("PPR Eksempelby", "en skolepsykolog"), ("Eksempelby", "et sted"),
    ("00 00 00 30", "skjult nummer"), ("", "aldrig"),
])  # fmt: skip


@pytest.mark.parametrize(("said", "read"), [
    ("Hun er glad for tegning.", "Hun er glad for tegning."),
    ("Prøvebakkeskolen ringede", "En skole ringede"),
    ("Møde på PRØVEBAKKESKOLEN og i PPR Eksempelby", "Møde på en skole og i en skolepsykolog"),
    ("Prøvebakkeskolens leder, 00 00 00 30", "En skoles leder, skjult nummer"),
    ("Bor i Eksempelby (Eksempelby)", "Bor i et sted (et sted)"),
    ("", ""),
])  # fmt: skip
def test_general_words_stand_for_names(said: str, read: str) -> None:
    assert VEIL.text(said) == read


def _seen(resource: Json) -> Json:
    found: Json = orjson.loads(VEIL.body(orjson.dumps(resource)))
    return found


def test_what_a_resource_says_of_places_is_left_out() -> None:
    place = {"url": f"{EXTENSION}place", "valueString": "Hemmelig Allé 7"}
    other = {"url": f"{EXTENSION}entry-title", "valueString": "Møde på Prøvebakkeskolen"}
    resource = {
        "resourceType": "Appointment", "id": "Eksempelby", "extension": [place, other], "telecom": [{"value": "1"}],
        "participant": [{"actor": {"reference": "Organization/Eksempelby", "display": "Skolen"}, "status": "accepted"}],
        "code": {"coding": [{"code": "Eksempelby", "display": "Eksempelby"}]}, "priority": 3, "location": [{"x": "y"}],
    }  # fmt: skip
    assert _seen(resource) == {
        "resourceType": "Appointment", "id": "Eksempelby",
        "extension": [{"url": f"{EXTENSION}entry-title", "valueString": "Møde på en skole"}],
        "participant": [{"actor": {"reference": "Organization/Eksempelby"}, "status": "accepted"}],
        "code": {"coding": [{"code": "Eksempelby", "display": "Et sted"}]}, "priority": 3,
    }  # fmt: skip


def test_a_place_is_left_out_wherever_a_value_may_be_of_any_type() -> None:
    known = {"url": "http://x.example/known", "valueCode": "a"}
    where = {
        "url": "http://hl7.org/fhir/StructureDefinition/geolocation",
        "extension": [{"url": "latitude", "valueDecimal": 55.1}],
    }
    places: list[Json] = [
        {"valueAddress": {"line": ["Hemmelig Allé 7"]}}, {"valueContactPoint": {"system": "phone", "value": "00000031"}},
        {"valueContactDetail": {"telecom": [{"value": "00000031"}]}},
    ]  # fmt: skip
    extensions = [known, where, *({"url": "http://x.example/place", **one} for one in places)]
    inputs = [{"type": {"text": "hvor"}, **one} for one in (*places, {"valueString": "ved døren"})]
    assert _seen({"resourceType": "Task", "extension": extensions, "input": inputs}) == {
        "resourceType": "Task", "extension": [known], "input": inputs[-1:],
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "told", "kept"), [
    ("text/plain", base64.b64encode(b"I Eksempelby").decode(), base64.b64encode(b"I et sted").decode()),
    ("text/plain", "%%%", None), ("text/plain", base64.b64encode(b"\xff").decode(), None),
    ("application/pdf", base64.b64encode(b"I Eksempelby").decode(), None),
])  # fmt: skip
def test_an_attached_text_is_read_through_and_a_scan_is_left_out(kind: str, told: str, kept: str | None) -> None:
    resource = {"content": [{"attachment": {"contentType": kind, "data": told, "title": "brev"}}]}
    assert _seen(resource)["content"][0]["attachment"].get("data") == kept
    assert _seen(resource)["content"][0]["attachment"]["title"] == "brev"


words = st.text(st.sampled_from("abcæøåABC 123.,"), max_size=12)


@given(
    st.lists(words, max_size=6), st.lists(st.sampled_from(["Havneskolen", "havneskolen", "HAVNESKOLEN"]), max_size=3)
)
def test_no_name_is_left_wherever_it_stands(around: list[str], names: list[str]) -> None:
    text = " ".join([*around, *names])
    veiled = Veil([("Havneskolen", "en skole")]).text(text)
    assert "havneskolen" not in veiled.casefold()
    assert names or veiled == text


@pytest.mark.parametrize("read", [VEIL.body, outward, unsigned, silent])
def test_what_is_read_with_less_keeps_its_decimals(read: Callable[[bytes], bytes]) -> None:
    told = b'{"resourceType":"Observation","valueQuantity":{"value":5.40}}'
    assert read(told) == told
