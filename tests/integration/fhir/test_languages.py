"""The interface says what is wrong, and what went well, in Danish or in English, and nothing else about the answer differs."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from barnetsbog.exchange.fhir.callers import TooMany
from barnetsbog.kernel.decisions import Conflict, LogDown
from tests.builders import Json
from tests.conftest import BOTH_DATABASES
from tests.unit.exchange.test_sentences import DANISH

from .conftest import FORM, Answer, World, entry, past, urn

pytestmark = BOTH_DATABASES
NOWHERE = "018f3c5e-0000-7000-8000-000000000000"
DOCUMENTED = re.compile(r'"(?:documentation|description)":"([^"]+)"')
ENGLISH = {"Accept-Language": "en-GB, en;q=0.9"}

Request = tuple[str, str, Any, str, dict[str, str]]
"""Method, address, content, content type and headers."""


def asked(method: str, path: str, content: Any = None, kind: str = "application/fhir+json", **headers: str) -> Request:
    return method, path, content, kind, headers


def wrong(world: World) -> Iterator[Request]:
    """Requests that are refused, of every sort, and some that go well with a remark."""
    one, made = world.ref("o1"), world.observation()
    patch = "application/json-patch+json"
    for path in (
        "Blood", "Account", "Observation/$nothing", f"{one}/nothing/here", "Observation?nothing=1", "Observation?date=tomorrow", "Observation?_count=x",
        "Observation?_summary=x", "Observation?_summary=true&_elements=code", "Observation?_elements=nothing", "Observation?_cursor=x", "Observation?_format=xml", f"{one}/_history?_since=yesterday",
        "Observation?subject.nothing=1", "Observation?_include=x", "AuditEvent?nothing=1", "Subscription?nothing=1", "ValueSet?nothing=1", "ValueSet/$expand", "ValueSet/$expand?url=http://nowhere", "ValueSet/$expand?url=x&nothing=1",
        "CodeSystem/$lookup", "CodeSystem/$lookup?code=a", "CodeSystem/$lookup?code=a&system=http://nowhere", "Questionnaire/$populate", "Questionnaire/$populate?subject=x",
        "QuestionnaireResponse/$extract", "$export", "Patient/$everything", f"Patient/{world.id('alma')}/$everything?_type=Blood", "_export/nothing", "Observation/$validate", "Observation/$validate?mode=x", "Observation/$validate?mode=update", "a" * 20_000,
        "Observation?" + "&".join(["code=a"] * 61), "Observation?" + "a=1&" * 201,
    ):  # fmt: skip
        yield asked("GET", path)
    for content in (b"", b"{", b'{"a": 1, "a": 2}', b"[" * 400 + b"]" * 400, b"[]", {"resourceType": "Patient"}, {**made, "nothing": 1}, {**made, "status": "x"}, {**made, "subject": {}},
                    {**made, "id": "a b"}, {**made, "code": None}, {**made, "subject": {"reference": f"Patient/{NOWHERE}"}}, {**made, "performer": [{"reference": world.ref("gp-staff")}]},
                    {**made, "extension": [{"url": "https://barnetsbog.example/fhir/StructureDefinition/ball", "valueString": "x"}]}, {**made, "meta": {"tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}]}}):  # fmt: skip
        yield asked("POST", "Observation", content)
    for kind in ("Consent", "Task", "Goal", "Organization", "Blood"):
        yield asked("POST", kind, {"resourceType": kind})
    yield asked("POST", "Observation", made, "text/plain")
    yield asked("POST", "Observation", made, Content_Encoding="gzip")
    yield asked("POST", "Observation", made, If_None_Exist="nothing=1")
    yield asked("POST", "Observation", made, If_None_Exist="_sort=date")
    yield asked("POST", "Observation/_search", b"code=a", "text/plain")
    yield asked("POST", "Observation/_search", b"code=\xff", FORM)
    yield asked("PUT", one, {**made, "id": "other"})
    yield asked("PUT", one, {**world("ppr").get(one).json}, If_Match='W/"9"')
    yield asked("PUT", one, {**made, "id": world.id("o1")}, If_Match="x")
    yield asked("PUT", world.ref("o3"), {**made, "id": world.id("o3")})
    yield asked("GET", one, {"a": 1})
    yield asked("BREW", one)
    yield asked("PUT", "Observation/_search", made)
    yield asked("DELETE", world.ref("alma"))
    for content in ({}, [{"op": "x"}], [{"op": "add"}], [{"op": "remove", "path": "x"}], [{"op": "remove", "path": "/x"}], [{"op": "remove", "path": ""}],
                    [{"op": "test", "path": "/status", "value": "x"}], [{"op": "replace", "path": "/id", "value": "x"}], [{"op": "move", "from": "/code", "path": "/code/x"}]):  # fmt: skip
        yield asked("PATCH", one, content, patch)
    for parts in ([], [{"name": "type", "valueCode": "x"}], [{"name": "type", "valueCode": "delete"}, {"name": "path", "valueString": "(("}], [{"name": "type", "valueCode": "delete"}, {"name": "path", "valueString": "Observation"}]):  # fmt: skip
        yield asked("PATCH", one, {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]})
    for entries, kind in (
        ([], "document"), ([entry("GET", "/x")], "batch"), ([entry("GET", "Blood"), entry("GET", f"Observation/{NOWHERE}"), entry("POST", "", {"resourceType": "Bundle"})], "batch"),
        ([entry("POST", "Observation", made, "urn:a"), entry("POST", "Observation", made, "urn:a")], "transaction"), ([entry("GET", f"Observation/{NOWHERE}")], "transaction"),
        ([entry("PUT", one, {**made, "id": world.id("o1")}), entry("DELETE", one)], "transaction"), ([entry("PUT", "Observation", made)], "transaction"),
        ([entry("POST", "Observation", {**made, "subject": {"reference": "Patient?identifier=x|y"}}, urn())], "transaction"), ([entry("POST", "Observation", made)] * 2_001, "batch"),
    ):  # fmt: skip
        yield asked("POST", "", {"resourceType": "Bundle", "type": kind, "entry": entries})
    yield asked("POST", "Subscription", {"resourceType": "Subscription"})
    yield asked("POST", "Subscription", {"resourceType": "Subscription", "status": "requested", "reason": "x", "criteria": "http://nowhere", "channel": {"type": "rest-hook"}})  # fmt: skip
    yield asked("POST", "$import", b'{"resourceType":"Blood"}\n{', "application/fhir+ndjson")
    yield asked("POST", "Observation/$validate", made)
    yield asked(
        "POST", "Observation/$validate?mode=create", {**made, "performer": [{"reference": world.ref("gp-staff")}]}
    )
    yield asked("POST", "Observation/$validate", {**made, "meta": {"profile": ["http://nowhere"]}})
    yield asked("GET", "Observation?nothing=1&code=a:b", Prefer="handling=lenient")
    yield asked("POST", "ConceptMap/$translate", {"resourceType": "Parameters", "parameter": [{"name": "code"}]})
    yield asked("POST", f"{one}/$meta-add", {"resourceType": "Parameters"})


def outcomes(answer: Answer) -> list[Json]:
    """All that an answer says, wherever it stands."""
    if answer.json.get("resourceType") == "OperationOutcome":
        return [answer.json]
    held = [
        one
        for part in answer.entries
        for one in (part.get("resource", {}), part.get("response", {}).get("outcome", {}))
    ]
    return [one for one in held if one.get("resourceType") == "OperationOutcome"]


def without_words(found: Any) -> Any:
    """The same without what is said: words, and the language they are in."""
    if isinstance(found, dict):
        return {key: without_words(one) for key, one in found.items() if key not in ("diagnostics", "text", "language")}
    return [without_words(one) for one in found] if isinstance(found, list) else found


def test_all_that_is_said_is_said_in_the_language_that_is_asked_for(world: World) -> None:
    said, missed = 0, []
    for method, path, content, kind, headers in wrong(world):
        who = world("ppr-record") if path == "$import" else world("ppr")
        plain, danish, english = (
            who.send(method, path, content, kind, **headers, **more)
            for more in ({}, {"Accept-Language": "da"}, ENGLISH)
        )
        assert plain.bytes == danish.bytes and plain.status == english.status, path
        assert without_words(plain.json) == without_words(english.json), path
        assert {one["language"] for one in outcomes(danish)} == {"da"} and {one["language"] for one in outcomes(english)} == {"en"}, path  # fmt: skip
        for answer, language in ((plain, "da"), (english, "en")):
            assert "Accept-Language" in answer.headers["Vary"].split(", ")
            assert answer.headers.get("Content-Language") == (language if outcomes(answer) == [answer.json] else None)
        for issue in (issue for one in outcomes(english) for issue in one["issue"]):
            said += 1
            missed += [(method, path[:60], issue["diagnostics"])] if DANISH.search(issue["diagnostics"]) else []
    assert not missed and said > 100


def test_what_is_not_there_and_what_is_not_yours_are_alike_in_each_language(world: World) -> None:
    made = world.observation()

    def told(ident: str, headers: dict[str, str]) -> list[tuple[int, bytes, str]]:
        """As it is answered, with the id that was asked about left out."""
        at, leading = f"Observation/{ident}", {**made, "hasMember": [{"reference": f"Observation/{ident}"}]}
        patch = [{"op": "replace", "path": "/status", "value": "final"}]
        ppr = world("ppr")
        found = [
            ppr.get(at, **headers), ppr.get(f"{at}/_history", **headers), ppr.get(past(at, 1), **headers), ppr.get(f"{at}/$meta", **headers),
            ppr.put(at, {**made, "id": ident}, **headers), ppr.patch(at, patch, **headers), ppr.delete(at, **headers), ppr.post("Observation", leading, **headers),
            ppr.transaction(entry("GET", at), entry("DELETE", at), kind="batch", **headers), ppr.get(f"Patient/{ident}/$everything", **headers),
        ]  # fmt: skip
        return [
            (one.status, one.bytes.replace(ident.encode(), b"ID"), str(sorted(one.headers.items()))) for one in found
        ]

    for headers in ({}, ENGLISH):
        assert told(world.id("o2"), headers) == told(NOWHERE, headers)
    assert told(NOWHERE, ENGLISH) != told(NOWHERE, {})


def test_what_goes_well_is_said_too(world: World) -> None:
    saved = world("ppr").post("Observation", world.observation(), Prefer="return=OperationOutcome", **ENGLISH)
    assert (saved.status, saved.said, saved.headers["Content-Language"]) == (201, "Stored.", "en")
    assert "ETag" in saved.headers and "Location" in saved.headers
    read = world("ppr").get(world.ref("o1"), **ENGLISH)
    assert read.status == 200 and "Content-Language" not in read.headers  # the book's words are as they were written
    assert read.bytes == world("ppr").get(world.ref("o1")).bytes


def test_what_describes_the_interface(world: World) -> None:
    danish, english = world("").get("metadata"), world("").get("metadata", **ENGLISH)
    assert (danish.json["language"], english.json["language"]) == ("da", "en")
    assert danish.headers["Content-Language"] == "da" and "Vary" in danish.headers
    described = world.browser.get("/fhir/openapi.json").content
    said = [one for body in (english.bytes, described) for one in DOCUMENTED.findall(body.decode())]
    assert len(said) > 20 and not [one for one in said if DANISH.search(one)]


@pytest.mark.parametrize(("error", "danish", "english"), [
    (TooMany(7), "Der er spurgt for ofte. Prøv igen om 7 sekunder.", "Too many requests. Try again in 7 seconds."),
    (LogDown("Nøglen til loggen mangler."), "Loggen kan ikke skrives lige nu.", "The log cannot be written now"),
    (Conflict(), "Andre blev ved med at ændre", "Others kept changing the same"),
    (RuntimeError("hemmeligt"), "Noget gik galt hos os", "Something went wrong on our side"),
    (OperationalError("database or disk is full"), "Noget gik galt hos os", "Something went wrong on our side"),
])  # fmt: skip
def test_what_is_wrong_with_more_than_the_request(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, danish: str, english: str
) -> None:
    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr("barnetsbog.exchange.fhir.callers.caller", fails)
    assert world("ppr").get("Observation").said.startswith(danish)
    answer = world("ppr").get("Observation", **ENGLISH)
    assert answer.said.startswith(english)
    assert isinstance(error, LogDown | OperationalError) is (answer.status == 503)
    assert answer.headers.get("Retry-After") == ("7" if isinstance(error, TooMany) else None)


def test_a_token_that_is_missing(world: World) -> None:
    assert "adgangstoken" in world("").get("Observation").said
    answer = world("").get("Observation", **ENGLISH)
    assert (answer.status, answer.said) == (401, "A bearer token is required: see docs/ at this address.")
