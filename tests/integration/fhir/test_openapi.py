"""The OpenAPI description: made of what the CapabilityStatement says, and kept by what really answers (schemathesis)."""

import gzip
import os
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from barnetsbog.audit.models import Event
from barnetsbog.exchange.fhir import callers
from tests.builders import Json

from .conftest import World

BY_CODE = {
    "read": ("/{id}", "get"), "vread": ("/{id}/_history/{version}", "get"), "history-instance": ("/{id}/_history", "get"),
    "history-type": ("/_history", "get"), "search-type": ("", "get"), "create": ("", "post"), "update": ("/{id}", "put"),
    "patch": ("/{id}", "patch"), "delete": ("/{id}", "delete"),
}  # fmt: skip
KINDS = "Observation", "Patient", "Task", "AuditEvent"
"""One of plain writing, one of master data, one that belongs to a capability, and the log."""

EXAMPLES = int(os.environ.get("BOG_EXAMPLES", "2"))
"""Of each operation; a normal run tries the same ones each time."""

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@schemathesis.serializer("application/fhir+ndjson")
def as_a_line(_: Any, value: Any) -> bytes:
    return str(value).encode(errors="replace")


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(callers, "caller", made.caller)
    return made


def described(world: World) -> Json:
    return dict(world.browser.get("/fhir/openapi.json").json())


def test_it_is_open_and_says_nothing_of_anybody(world: World) -> None:
    found = world.browser.get("/fhir/openapi.json")
    assert (found.status_code, found["Content-Type"]) == (200, "application/json")
    assert world.browser.post("/fhir/openapi.json").status_code == 405
    assert found.json()["servers"] == [{"url": "http://testserver/fhir"}]
    assert len(found.content) < 900_000 and len(gzip.compress(found.content)) < 60_000
    assert not Event.objects.filter(action__startswith="fhir")


def test_it_says_what_the_capability_statement_says(world: World) -> None:
    paths = described(world)["paths"]
    for one in world("").get("metadata").json["rest"][0]["resource"]:
        kind, codes = one["type"], {code["code"] for code in one["interaction"]}
        there = {code for code, (path, method) in BY_CODE.items() if method in paths.get(f"/{kind}{path}", {})}
        assert there == codes, kind
        names = {parameter.get("name") for parameter in paths[f"/{kind}"]["get"]["parameters"]}
        assert {parameter["name"] for parameter in one["searchParam"]} <= names, kind


COMMON = {
    "_count": "1", "_sort": "-_lastUpdated", "_include": "*", "_revinclude": "Provenance:target", "_total": "accurate",
    "_summary": "true", "_elements": "meta", "case": "2026-1",
}  # fmt: skip
"""What every search, or that of the log, may have besides its search parameters, and a value."""


def test_what_a_search_is_said_to_have_it_has_and_a_version_is_called_as_it_is_said(world: World) -> None:
    found = described(world)
    named = {key: one for key, one in found["components"]["parameters"].items() if one["in"] == "query"}
    for kind, who in (
        ("Observation", "ppr"),
        ("ValueSet", "ppr"),
        ("Subscription", "ppr"),
        ("AuditEvent", "log-reader"),
    ):
        keys = [one.get("$ref", "").rpartition("/")[2] for one in found["paths"][f"/{kind}"]["get"]["parameters"]]
        names = {named[key]["name"] for key in keys if key in named}
        for name, value in COMMON.items():
            case = "&case=2026-1" if (who, name) == ("log-reader", "_count") else ""
            status = world(who).get(f"{kind}?{name}={value}{case}").status
            assert (status == 200) is (name in names), (kind, name, status)
    pattern = found["components"]["parameters"]["version"]["schema"]["pattern"]
    assert re.search(pattern, world("ppr").get(world.ref("o1")).json["meta"]["versionId"])
    assert re.search(pattern.strip("^$"), found["components"]["parameters"]["if-match"]["example"])


def test_no_name_leads_nowhere_and_no_operation_is_named_twice(world: World) -> None:
    found = described(world)
    operations = [one for methods in found["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert operations
    for reference in _references(found):
        place: Any = found
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_whatever_it_allows_is_answered_as_it_says(world: World) -> None:
    """Never an error of ours, and always of the content that is described."""
    schema = schemathesis.openapi.from_wsgi("/fhir/openapi.json", WSGIHandler())
    schema.validate()
    operations = [found.ok() for found in schema.get_all_operations()]
    tried = [one for one in operations if not one.tags or one.tags[0] in KINDS]
    assert len(tried) > 30
    ids = {"Observation": world.id("o1"), "Patient": world.id("alma"), "Task": str(UUID(int=1))}
    statuses = {status for one in tried for status in _answered(one, ids)}
    assert {200, 400, 404} <= statuses


def _answered(operation: Any, ids: Mapping[str, str]) -> set[int]:
    """The statuses of a few requests, about what is there where there is something."""
    found = set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=EXAMPLES == 2,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def tried(case: schemathesis.Case) -> None:
        if "id" in case.path_parameters:
            case.path_parameters["id"] = ids.get(case.path.split("/")[1], case.path_parameters["id"])
        answer = case.call_and_validate(headers={"Authorization": "Bearer ppr-record"}, checks=CHECKS)
        found.add(answer.status_code)

    tried()
    return found


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for one in value.values() for found in _references(one)]
    return [found for one in value for found in _references(one)] if isinstance(value, list) else []
