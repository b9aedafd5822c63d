"""Whatever an operation is given is answered, and nothing is stored by those that only tell."""

from typing import Any
from urllib.parse import quote

import orjson
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.exchange.fhir.operations import registry
from tests.builders import Json

from .conftest import JSON, World
from .test_anything import HEADERS, JSON_VALUES, MANY, TOUCHED
from .test_anything import world as world

NAMES = st.sampled_from((
    "_since", "_type", "_count", "_outputFormat", "_cursor", "resource", "mode", "profile", "meta", "canonical",
    "questionnaire", "questionnaireRef", "subject", "questionnaire-response", "url", "valueSetVersion", "filter",
    "offset", "count", "activeOnly", "displayLanguage", "code", "system", "version", "display", "coding",
    "codeableConcept", "property", "codeA", "codeB", "codingA", "codingB", "targetsystem", "reverse", "_format", "x",
))  # fmt: skip
TEXTS = st.text(max_size=9) | st.sampled_from((
    "create", "update", "delete", "Patient", "Patient/1", "1", "-1", "99999999999", "true", "ndjson", "consent-ppr", "2026-01-01T00:00:00Z",
    "https://barnetsbog.example/fhir/CodeSystem/sector", "http://hl7.org/fhir/ValueSet/observation-status", "|", "x|1",
    "https://barnetsbog.example/fhir/Questionnaire/consent-ppr|1", "ppr",
))  # fmt: skip
VALUES = TEXTS.map(lambda one: ("valueString", one)) | st.tuples(
    st.sampled_from(("valueCoding", "valueReference", "valueMeta", "valueCodeableConcept", "valueInteger", "valueBoolean", "resource", "part")),
    JSON_VALUES
    | st.sampled_from((
        {"coding": [{"system": "x", "code": "y"}]}, {"system": "x", "code": "y"}, {"tag": [{"code": "x"}]}, {"reference": "Patient/1"},
        {"resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "https://barnetsbog.example/fhir/Questionnaire/consent-ppr|1"},
        {"resourceType": "Questionnaire", "status": "active"},
    )),
)  # fmt: skip
PARAMETERS = st.lists(st.tuples(NAMES, VALUES), max_size=4).map(
    lambda some: {
        "resourceType": "Parameters",
        "parameter": [{"name": name, kind: value} for name, (kind, value) in some],
    }
)
LINES = st.lists(JSON_VALUES | TOUCHED, max_size=3)


def places(world: World) -> list[str]:
    """Every operation at every level, of what is there, what is hidden and what doesn't exist."""
    found = []
    for one in registry.load().values():
        kinds = sorted(one.types) or ["Observation", "Task"]
        idents = ["1", world.id("o1"), world.id("o2"), world.id("alma"), "consent-ppr"]
        found += [f"${one.name}"] if one.system else []
        found += [f"{kind}/${one.name}" for kind in kinds if one.of_type]
        found += [f"{kind}/{ident}/${one.name}" for kind in kinds for ident in idents if one.of_one]
    return sorted(found)


def test_whatever_an_operation_is_given_is_answered(world: World) -> None:
    every, before = places(world), world.stored()

    @MANY
    @given(
        st.sampled_from(every),
        st.lists(st.tuples(NAMES, TEXTS), max_size=3),
        PARAMETERS | JSON_VALUES | TOUCHED,
        st.booleans(),
        HEADERS,
    )
    def tried(path: str, query: list[tuple[str, str]], content: Json, posts: bool, headers: dict[str, str]) -> None:
        url = f"{path}?{'&'.join(f'{quote(name)}={quote(value)}' for name, value in query)}"
        sender = world("ppr-record")
        found: Any = sender.send("POST", url, content, JSON, **headers) if posts else sender.get(url, **headers)
        assert found.status < 500, (url, content, found.json)

    tried()
    assert world.stored() == before


def test_whatever_lines_are_sent_are_answered_one_by_one(world: World) -> None:
    @MANY
    @given(LINES)
    def tried(some: list[Any]) -> None:
        body = b"\n".join(line_of(world, one) for one in some)
        found = world("ppr-record").send("POST", "$import", body, "application/fhir+ndjson")
        assert found.status < 500 and len(found.entries) == (len(some) if body else 0)
        assert not [one for one in found.entries if one["response"]["status"].startswith("5")]

    tried()


def line_of(world: World, one: Any) -> bytes:
    return orjson.dumps({**world.observation(), **one} if isinstance(one, dict) else one)
