"""Whatever is sent is answered: never an error of ours, always an outcome, and what is refused is not stored."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barnetsbog.exchange.fhir import callers
from tests.builders import Json

from .conftest import FORM, JSON, World, entry

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3), max_leaves=6,
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "id",
        "meta",
        "status",
        "code",
        "subject",
        "performer",
        "extension",
        "contained",
        "resourceType",
        "value",
        "valueString",
        "category",
        "identifier",
        "text",
        "encounter",
    ]
)
REFERENCES = st.sampled_from(
    [
        "Patient/1",
        "urn:uuid:x",
        "#x",
        "?x",
        "Patient?",
        "Patient?identifier=1",
        "/",
        "Patient//",
        "https://x.example/fhir/Patient/1",
        "PractitionerRole/",
        "Group/1",
        "Patient/../Patient",
        "",
    ]
)
TOUCHED = st.dictionaries(
    NAMES,
    JSON_VALUES | REFERENCES.map(lambda one: {"reference": one}) | REFERENCES.map(lambda one: [{"reference": one}]),
    max_size=3,
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
PARTS = st.sampled_from(
    [
        "Observation",
        "Patient",
        "Task",
        "_search",
        "_history",
        "1",
        "$x",
        "",
        "..",
        "%2F",
        "Observation?",
        "?_count=x",
        "metadata",
        "AuditEvent",
        "018f3c5e-0000-7000-8000-000000000000",
    ]
)
HEADERS = st.dictionaries(
    st.sampled_from(["If_Match", "If_None_Exist", "If_None_Match", "If_Modified_Since", "Prefer", "Accept"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    max_size=2,
)
MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(callers, "caller", made.caller)
    return made


def test_any_resource_is_stored_or_refused(world: World) -> None:
    @MANY
    @given(TOUCHED, HEADERS)
    def tried(touched: Json, headers: dict[str, str]) -> None:
        before = world.stored()
        found = world("ppr").post("Observation", {**world.observation(), **touched}, **headers)
        assert found.status < 500, found.json
        assert (found.status == 201) or world.stored() == before

    tried()


def test_any_bundle_is_carried_out_or_refused(world: World) -> None:
    @MANY
    @given(
        st.lists(
            st.tuples(
                METHODS | st.text(max_size=4),
                st.lists(PARTS, max_size=3).map("/".join),
                TOUCHED | JSON_VALUES,
                st.sampled_from(["", "urn:uuid:1", "x"]),
            ),
            max_size=3,
        ),
        st.sampled_from(["batch", "transaction"]),
    )
    def tried(parts: list[tuple[str, str, Any, str]], kind: str) -> None:
        entries = [
            entry(method, url, {**world.observation(), **one} if isinstance(one, dict) else one, name)
            for method, url, one, name in parts
        ]
        before = world.stored()
        found = world("ppr").transaction(*entries, kind=kind)
        assert found.status < 500, found.json
        assert found.status == 200 or world.stored() == before
        assert not [one for one in found.entries if one["response"]["status"].startswith("5")]

    tried()


def test_any_address_is_answered(world: World) -> None:
    @MANY
    @given(
        METHODS,
        st.lists(PARTS, max_size=4).map("/".join),
        JSON_VALUES,
        st.sampled_from([JSON, FORM, "application/json-patch+json", "x"]),
        HEADERS,
    )
    def tried(method: str, path: str, content: Any, kind: str, headers: dict[str, str]) -> None:
        found = world("ppr").send(
            method, path, content if method not in ("GET", "HEAD", "DELETE") else None, kind, **headers
        )
        assert found.status < 500, (method, path, found.json)

    tried()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("Observation?_id=" + "a" * 36, 200), ("Observation?_id:not=" + "a" * 36, 200), ("Observation?patient=" + "a" * 36, 200),
        ("Observation?subject=Patient/" + "a" * 36, 200), ("Observation/" + "a" * 36, 404), ("Observation?_lastUpdated:not=2026", 400),
        ("Observation?_id:text=x", 400),
    ],
)  # fmt: skip
def test_what_is_no_id_leads_nowhere(world: World, path: str, status: int) -> None:
    assert world("ppr").get(path).status == status


def test_an_id_and_a_time_are_there_for_every_entry(world: World) -> None:
    mine, other = world.id("o1"), world("ppr").post("Observation", world.observation()).ident

    def found(query: str) -> set[str]:
        return {one["resource"]["id"] for one in world("ppr").get(f"Observation?{query}").entries}

    assert found("_id:not=x") == found("_id:missing=false") == found("_lastUpdated:missing=false") == {mine, other}
    assert found(f"_id:not={mine}") == {other} and found(f"_id:not={mine},{other}") == set()
    assert found("_id:missing=true") == found("_lastUpdated:missing=true") == set()


@pytest.mark.parametrize("since", ["Fri, 01 Jan 99999999999999999999 00:00:00 GMT", "i går", ""])
def test_a_time_that_cannot_be_is_no_condition(world: World, since: str) -> None:
    assert world("ppr").get(world.ref("o1"), If_Modified_Since=since).status == 200
