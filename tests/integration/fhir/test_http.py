"""The interface over HTTP: who is let in, what is understood, and that every error is an outcome."""

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from barnetsbog.audit.models import Event
from barnetsbog.exchange.fhir import views
from barnetsbog.exchange.fhir.negotiation import LARGEST
from barnetsbog.subscriptions.topics import topics
from tests.conftest import BOTH_DATABASES

from .conftest import JSON, World, entry

pytestmark = BOTH_DATABASES


def test_nobody_is_let_in_without_a_token_but_to_the_metadata(world: World) -> None:
    world.browser.cookies["sessionid"] = "x"
    for method, path in (
        ("GET", ""), ("POST", ""), ("GET", "Patient"), ("GET", world.ref("o1")), ("POST", "Patient/_search"), ("OPTIONS", "Patient"),
        ("GET", "_history"), ("GET", "hvad/som/helst"), ("DELETE", world.ref("o1")), ("POST", "metadata/x"),
    ):  # fmt: skip
        refused = world("").send(method, path)
        assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, "Bearer"), path
        assert "Set-Cookie" not in refused.headers
    assert world("").get("metadata").status == 200
    assert not Event.objects.filter(action__startswith="fhir")


def test_a_log_in_to_the_pages_is_none_here(world: World) -> None:
    from barnetsbog.directory.models import Role

    session = world.browser.session
    session["role"] = str(Role.objects.get(code="psychologist", unit_id=world.id("ppr")).id)
    session.save()
    assert world("").get(world.ref("o1")).status == 401


def test_the_capability_statement_says_what_is_there(world: World) -> None:
    found = world("").get("metadata").json
    assert (found["fhirVersion"], found["kind"], found["rest"][0]["mode"]) == ("4.0.1", "instance", "server")
    by_type = {one["type"]: one for one in found["rest"][0]["resource"]}
    assert {one["code"] for one in by_type["Observation"]["interaction"]} >= {
        "read",
        "vread",
        "create",
        "update",
        "patch",
        "delete",
        "search-type",
    }
    assert {one["code"] for one in by_type["Task"]["interaction"]} == {
        "read",
        "vread",
        "history-instance",
        "history-type",
        "search-type",
    }
    assert "delete" not in {one["code"] for one in by_type["Patient"]["interaction"]}
    assert {"name": "code-value-quantity", "type": "composite"} in by_type["Observation"]["searchParam"]
    assert {one.get("versioning", "versioned") for one in by_type.values()} == {"versioned"}, "none demands If-Match"
    assert {one["valueCanonical"] for one in by_type["Subscription"]["extension"]} == topics().keys()
    changes = Path(__file__).parents[3] / "docs" / "fhir-changelog.md"
    issued = f"{date.fromisoformat(found['date']):%-d %B %Y}"
    assert f"## {found['version']}, {issued}\n" in changes.read_text()
    assert found["rest"][0]["security"]["cors"] is False
    told = {one["url"]: one["valueUri"] for one in found["rest"][0]["security"]["extension"][0]["extension"]}
    smart = world.browser.get("/fhir/.well-known/smart-configuration").json()
    named = {"authorize": "authorization", "token": "token", "revoke": "revocation", "introspect": "introspection"}
    assert told == {short: smart[f"{long}_endpoint"] for short, long in named.items()}
    for kind, one in by_type.items():
        writes = {"create", "update", "patch"} & {code["code"] for code in one["interaction"]}
        refused = world("ppr-record").post(kind, {"resourceType": kind})
        assert bool(writes) is ("OWN-API-TYPES" not in refused.rules and refused.status != 405), kind
    assert world("").get("metadata?_format=xml").status == 406
    assert world("").send("POST", "metadata").status == 405
    asked = world("").send("OPTIONS", "metadata")
    assert (asked.status, asked.headers["Allow"], asked.bytes) == (204, "GET, HEAD, OPTIONS", b"")
    assert world("").send("HEAD", "metadata").bytes == b""
    assert world("").get("metadata/").json == found


PLACES: list[tuple[str, str, int]] = [
    ("GET", "Hund", 404), ("GET", "Hund/1", 404), ("GET", "Slot", 404), ("POST", "ValueSet", 405), ("POST", "Hund", 404), ("GET", "patient", 404),
    ("GET", "Patient/1/2/3/4", 404), ("GET", "Patient/1/_history/1/2", 404), ("GET", "Patient/$alt", 404), ("GET", "$alt", 404),
    ("GET", "Patient/1/$alt", 404), ("GET", "%2e%2e/log-ind/", 404), ("GET", "Patient//1", 404), ("GET", "Patient//", 404),
    ("GET", "", 405), ("PUT", "Patient", 405), ("DELETE", "Patient", 405), ("PATCH", "Patient", 405), ("POST", "Patient/1", 405),
    ("GET", "Patient/_search", 405), ("DELETE", "Patient/1/_history", 405), ("DELETE", "Patient/1/_history/1", 405), ("TRACE", "Patient", 405),
    ("BREW", "Patient", 405), ("POST", "_history", 405), ("GET", "_search", 404),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status"), PLACES)
def test_what_is_not_there_is_said(world: World, method: str, path: str, status: int) -> None:
    content = {} if method in ("PUT", "PATCH", "POST") else None
    found = world("ppr").send(method, path, content)
    assert (found.status, found.json["issue"][0]["severity"]) == (status, "error")
    if status == 405:
        assert found.headers["Allow"]


def test_options_says_what_can_be_done(world: World) -> None:
    for path, allowed in (
        (world.ref("o1"), "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ("Patient", "GET, HEAD, OPTIONS, POST"),
        ("", "OPTIONS, POST"),
    ):
        found = world("ppr").send("OPTIONS", path)
        assert (found.status, found.headers["Allow"]) == (204, allowed)


BAD: list[tuple[dict[str, Any], int]] = [
    ({"content": b"{"}, 400), ({"content": b"[]"}, 400), ({"content": b'"x"'}, 400), ({"content": b"\xff\xfe{\x00}\x00"}, 400),
    ({"content": b'{"resourceType":"Observation","resourceType":"Patient"}'}, 400), ({"content": b"[" * 100_000}, 400),
    ({"content": b'{"resourceType":"Observation","a":' + b'{"a":' * 300 + b"1" + b"}" * 300 + b"}"}, 400),
    ({"content": b"{}", "kind": "application/fhir+xml"}, 415), ({"content": b"{}", "kind": "text/plain"}, 415), ({"content": b"{}", "kind": ""}, 415),
    ({"content": b"{}", "kind": "multipart/form-data; boundary=x"}, 415), ({"content": gzip.compress(b"{}"), "Content_Encoding": "gzip"}, 415),
    ({"content": b"{}", "Content_Encoding": "br"}, 415), ({"content": b"{}", "Accept": "application/fhir+xml"}, 406),
    ({"content": b"{}", "Accept": "application/fhir+json;q=0"}, 406), ({"content": b"{}", "Transfer_Encoding": "chunked"}, 400),
    ({"content": b"{}", "Content_Length": "-1"}, 400), ({"content": b"{}", "Content_Length": "+2"}, 400),
    ({"content": b"{}", "Content_Length": str(LARGEST + 1)}, 413), ({"content": b"{}", "Content_Length": "9" * 40}, 413),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "status"), BAD)
def test_what_is_not_understood_is_refused_and_stores_nothing(world: World, sent: dict[str, Any], status: int) -> None:
    before = world.stored()
    found = world("ppr").post("Observation", **sent)
    assert (found.status, world.stored()) == (status, before)


def test_a_body_without_a_length_is_not_waited_for(world: World) -> None:
    found = world("ppr").send("POST", "Observation", b"", Content_Length="", Transfer_Encoding="chunked")
    assert found.status == 411


@pytest.mark.parametrize(
    "accept",
    ["application/fhir+json", "application/json;q=0.9, text/html", "*/*", "application/fhir+json; fhirVersion=4.0", ""],
)
def test_json_is_what_there_is(world: World, accept: str) -> None:
    assert world("ppr").get(world.ref("o1"), Accept=accept).status == 200
    assert world("ppr").get(f"{world.ref('o1')}?_format=json", Accept="application/fhir+xml").status == 200
    assert world("ppr").get(f"{world.ref('o1')}?_format=application/fhir%2Bjson").status == 200
    assert world("ppr").get(f"{world.ref('o1')}?_format=xml", Accept=accept).status == 406
    other = "application/fhir%2Bjson;fhirVersion=5.0"
    assert world("ppr").get(f"{world.ref('o1')}?_format={other}", Accept=accept).status == 406


def test_what_goes_wrong_inside_is_a_number_and_nothing_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("Almas adresse er Vej 1")

    monkeypatch.setattr(views.routing, "answered", fails)
    found = world("ppr").get(world.ref("o1"))
    assert found.status == 500
    assert "Vej 1" not in found.bytes.decode()


def test_a_log_that_cannot_be_written_lets_nobody_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from barnetsbog.audit import operations
    from barnetsbog.kernel.decisions import LogDown

    def down(*_: Any) -> None:
        raise LogDown("Loggen er nede.")

    before = world.stored()
    monkeypatch.setattr(operations, "write", down)
    assert world("ppr").get(world.ref("o1")).status == 503
    assert world("ppr").post("Observation", world.observation()).status == 503
    assert world.stored() == before


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"resourceType": "Patient"}, 400), ([], 400), ({"resourceType": "Bundle", "type": "message"}, 422), ({"resourceType": "Bundle", "type": "batch", "entry": [{}]}, 400),
        ({"resourceType": "Bundle", "type": "batch", "entry": [entry("GET", "Patient/1")] * 10_000}, 413), ({"resourceType": "Bundle", "type": "x"}, 422),
        ({"resourceType": "Bundle", "type": "transaction", "entry": {}}, 400),
    ],
)  # fmt: skip
def test_a_bundle_that_is_none_is_refused(world: World, content: Any, status: int) -> None:
    before = world.stored()
    found = world("ppr").post("", content)
    assert (found.status, world.stored()) == (status, before)


def test_json_of_other_names_is_json(world: World) -> None:
    for kind in (JSON, "application/json", "application/fhir+json; charset=utf-8", "text/json"):
        assert world("ppr").send("POST", "Observation", world.observation(), kind).status == 201


def test_whoever_leaves_out_the_last_stroke_finds_the_page_for_developers(world: World) -> None:
    found = world.browser.get("/fhir/docs")
    assert (found.status_code, found["Location"]) == (302, "/fhir/docs/")


def test_other_versions_of_fhir_are_not_spoken(world: World) -> None:
    ppr, r5 = world("ppr"), "application/fhir+json; fhirVersion=5.0"
    assert ppr.get("Observation", Accept=r5).status == 406
    assert ppr.send("POST", "Observation", world.observation(), r5).where == "http.content-type"
    for kind in (r5.replace("5", "4"), 'application/fhir+json;fhirVersion="4.0"'):
        assert ppr.get("Observation", Accept=f"{r5}, {kind}").status == 200
        assert ppr.send("POST", "Observation", world.observation(), kind).status == 201
