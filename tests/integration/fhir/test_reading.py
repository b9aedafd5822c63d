"""read, vread and history: the right bytes and headers, and nothing of what may not be known."""

import re
from typing import Any
from urllib.parse import unquote

import pytest

from barnetsbog.exchange.fhir import paging
from barnetsbog.fhir.selecting import is_part
from barnetsbog.record.models import Entry
from tests.builders import Json, observation, send
from tests.conftest import BOTH_DATABASES

from .conftest import World, lines, past, tag, version

pytestmark = BOTH_DATABASES


def test_a_read_gives_the_resource_with_its_version_and_the_time_of_its_registration(world: World) -> None:
    found = world("ppr").get(world.ref("o1"))
    assert found.status == 200
    assert found.json["id"] == world.id("o1")
    assert found.json["valueString"] == "Hun tegnede et hus."
    assert found.json["meta"]["versionId"] == version(world.ref("o1"), 1)
    assert found.json["meta"]["lastUpdated"].endswith("Z")
    assert found.headers["ETag"] == tag(world.ref("o1"), 1)
    assert found.headers["Last-Modified"].endswith("GMT")
    assert found.headers["Content-Type"] == "application/fhir+json; fhirVersion=4.0"
    assert found.headers["Cache-Control"] == "no-store"
    (line,) = lines("fhir-read")
    assert (line.allowed, line.child_id, line.detail["entry"]) == (True, world.child("alma"), world.id("o1"))


def test_what_the_source_said_of_version_and_time_gives_way_to_what_the_book_says(world: World) -> None:
    meta = {"versionId": "77", "lastUpdated": "2026-11-01T10:00:00.5Z", "tag": [{"code": "x"}]}
    contained = {"resourceType": "Organization", "id": "o", "meta": {"profile": ["http://x"]}, "name": "Enhed"}
    for name, more in (
        ("m1", {}),
        ("m2", {"contained": [contained], "note": [{"text": "n", "authorReference": {"reference": "#o"}}]}),
    ):
        said = observation(name, performer=[{"reference": "PractitionerRole/ppr-staff"}], meta=meta, **more)
        assert not send(said).refusals
        found = world("ppr").get(world.ref(name))
        assert found.json["meta"] == {
            "versionId": version(world.ref(name), 1),
            "lastUpdated": "2026-11-01T10:00:00.500000Z",
            "tag": [{"code": "x"}],
        }
        assert found.bytes.count(b'"versionId"') == 1
        assert found.headers["Last-Modified"] == "Sun, 01 Nov 2026 10:00:00 GMT"


def test_what_may_not_be_known_and_what_does_not_exist_are_the_same_bytes(world: World) -> None:
    hidden, none = world.ref("o2"), "Observation/018f3c5e-0000-7000-8000-000000000000"
    answers = [
        world("ppr").send(method, f"{ref}{rest}", content)
        for ref in (hidden, none, "Observation/alma", "Observation/1", f"Encounter/{world.id('o1')}")
        for method, rest, content in (
            ("GET", "", None),
            ("GET", "/_history", None),
            ("GET", f"/_history/{version(hidden, 1)}", None),
            ("DELETE", "", None),
        )
    ]
    assert {one.status for one in answers} == {404}
    assert len({one.bytes for one in answers}) == 1
    assert {str(sorted(one.headers.items())) for one in answers} == {str(sorted(answers[0].headers.items()))}
    refused = lines("fhir-read", "fhir-history", "fhir-restrict")
    assert {(line.allowed, line.reason) for line in refused} == {(False, "ikke fundet")}
    assert world.child("noah") in {line.child_id for line in refused}


def test_who_has_it_already_is_told_so(world: World) -> None:
    ref = world.ref("o1")
    first = world("ppr").get(ref)
    for headers in (
        {"If_None_Match": tag(ref, 1)},
        {"If_None_Match": f'W/"7", {tag(ref, 1)}'},
        {"If_None_Match": tag(ref, 1).removeprefix("W/")},
        {"If_None_Match": "*"},
        {"If_Modified_Since": first.headers["Last-Modified"]},
    ):
        again = world("ppr").get(ref, **headers)
        assert (again.status, again.bytes) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    for headers in (
        {"If_None_Match": 'W/"1"'},
        {"If_None_Match": 'W/"*"'},
        {"If_Modified_Since": "Sun, 01 Nov 2020 10:00:00 GMT"},
        {"If_Modified_Since": "i går"},
    ):
        assert world("ppr").get(ref, **headers).status == 200


def test_what_came_late_is_news_to_whoever_asks_since(world: World) -> None:
    """Its source registered it before the asker was last here; it came after."""
    by, ref = [{"reference": "PractitionerRole/ppr-staff"}], world.ref("o1")
    late = {"meta": {"lastUpdated": "2026-11-01T10:00:00Z"}, "valueString": "Rettet"}
    assert not send(observation(performer=by, **late)).refusals
    found = world("ppr").get(ref)
    assert (found.json["valueString"], found.headers["Last-Modified"]) == ("Rettet", "Sun, 01 Nov 2026 10:00:00 GMT")
    assert world("ppr").get(ref, If_Modified_Since="Mon, 02 Nov 2026 10:00:00 GMT").status == 200
    for since in (found.headers["Last-Modified"], "Sun, 01 Nov 2099 10:00:00 GMT"):
        assert world("ppr").get(ref, If_Modified_Since=since).status == 304


def test_head_says_what_get_would_and_no_more(world: World) -> None:
    whole, head = world("ppr").get(world.ref("o1")), world("ppr").send("HEAD", world.ref("o1"))
    assert (head.status, head.bytes) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize(
    ("query", "has", "lacks"),
    [
        ("_summary=true", "code", "note"), ("_summary=text", "code", "valueString"), ("_elements=value", "valueString", "effectiveDateTime"),
        ("_elements=Observation.value,effective", "effectiveDateTime", "performer"), ("_summary=data", "valueString", "text"),
    ],
)  # fmt: skip
def test_a_part_of_a_resource_says_that_it_is_one(world: World, query: str, has: str, lacks: str) -> None:
    found = world("ppr").get(f"{world.ref('o1')}?{query}").json
    assert has in found
    assert lacks not in found
    assert is_part(found)
    assert world("ppr").put(world.ref("o1"), found).status == 422


@pytest.mark.parametrize("query", ["_summary=yes", "_elements=colour", "_summary=true&_elements=code"])
def test_a_part_that_is_not_known_is_refused(world: World, query: str) -> None:
    assert world("ppr").get(f"{world.ref('o1')}?{query}").status == 400


def test_pretty_is_for_people(world: World) -> None:
    plain, pretty = (world("ppr").get(f"{world.ref('o1')}{query}") for query in ("", "?_pretty=true"))
    assert plain.json == pretty.json
    assert b"\n" in pretty.bytes
    assert b"\n" not in plain.bytes


# -- history -----------------------------------------------------------------------------------------------------------


def written_thrice(world: World) -> str:
    ref = f"Observation/{world('ppr').post('Observation', world.observation()).ident}"
    for text in ("to", "tre"):
        now = world("ppr").get(ref).json
        assert world("ppr").put(ref, {**now, "valueString": text}).status == 200
    return ref


def test_a_history_has_every_version_and_who_registered_it(world: World) -> None:
    ref = written_thrice(world)
    found = world("ppr").get(f"{ref}/_history")
    assert found.json["type"] == "history"
    assert found.json["total"] == 3
    assert [one["resource"]["meta"]["versionId"] for one in found.entries] == [version(ref, n) for n in (3, 2, 1)]
    assert [one["request"]["method"] for one in found.entries] == ["PUT", "PUT", "POST"]
    assert [one["response"]["etag"] for one in found.entries] == [tag(ref, n) for n in (3, 2, 1)]
    by = {one["extension"][0]["valueReference"]["reference"] for one in found.entries}
    assert by == {f"PractitionerRole/{world.id('ppr-system')}"}
    assert world("ppr").get(past(ref, 2)).json["valueString"] == "to"
    for name in (version(ref, 4), "2", "x"):  # a version's number is the book's, and no name of it
        assert world("ppr").get(f"{ref}/_history/{name}").status == 404


def pages(world: World, path: str) -> list[Json]:
    found: list[Json] = []
    for _ in range(50):
        page = world("ppr").get(path)
        assert page.status == 200, page.json
        found += page.entries
        more = [one["url"] for one in page.json["link"] if one["relation"] == "next"]
        if not more:
            return found
        path = more[0].partition("/fhir/")[2]
    raise AssertionError("no end")


def test_pages_of_a_history_are_the_whole_of_it_once(world: World) -> None:
    ref = written_thrice(world)
    whole = pages(world, "Observation/_history")
    assert pages(world, "Observation/_history?_count=2") == whole
    assert pages(world, f"{ref}/_history?_count=1") == pages(world, f"{ref}/_history")
    versions = [(one["resource"]["id"], one["resource"]["meta"]["versionId"]) for one in whole]
    assert len(versions) == len(set(versions)) == 4
    assert versions[0] == (ref.partition("/")[2], version(ref, 3))
    assert {world.id("o2"), world.id("o3")}.isdisjoint(ident for ident, _ in versions)
    assert {one["resource"]["resourceType"] for one in pages(world, "_history")} >= {
        "Observation",
        "Patient",
        "Organization",
    }


def test_a_page_counts_for_whoever_was_given_it_and_for_that_question(world: World) -> None:
    ref = written_thrice(world)
    page = world("ppr").get(f"{ref}/_history?_count=1")
    token = page.json["link"][1]["url"].partition("_cursor=")[2]
    assert world("ppr").get(f"{ref}/_history?_count=1&_cursor={token}").status == 200
    assert world("gp").get(f"{ref}/_history?_count=1&_cursor={token}").status == 400
    assert world("ppr").get(f"{ref}/_history?_count=2&_cursor={token}").status == 400
    assert world("ppr").get(f"Observation/_history?_count=1&_cursor={token}").status == 400
    assert world("ppr").get(f"{ref}/_history?_count=1&_cursor={token[:-2]}xx").status == 400
    assert world("ppr").get(f"{ref}/_history?_count=1&_cursor=x").status == 400


def test_a_history_since_a_moment(world: World) -> None:
    ref = written_thrice(world)
    second = world("ppr").get(past(ref, 2)).json["meta"]["lastUpdated"]
    assert len(world("ppr").get(f"{ref}/_history?_since={second}").entries) == 2
    assert world("ppr").get(f"{ref}/_history?_since=2099-01-01T00:00:00Z").entries == []
    assert world("ppr").get(f"{ref}/_history?_since=i+gaar").status == 400


def test_a_history_answers_what_it_is_asked_or_says_that_it_does_not(world: World) -> None:
    ref = written_thrice(world)
    counted = world("ppr").get(f"{ref}/_history?_summary=count")
    assert (counted.json["total"], counted.entries) == (3, [])
    assert world("ppr").get("Observation/_history?_summary=count").where == "http._summary"
    for path in (f"{ref}/_history", "Observation/_history", "_history"):
        assert world("ppr").get(f"{path}?_at=2020").where == "http._at"
        assert world("ppr").get(f"{path}?_at=2020", Prefer="handling=lenient").status == 200


def test_whoever_may_read_what_they_know_of_may_not_look_for_more_in_a_history(world: World) -> None:
    """SMART: `r` is of what has been named; a history of a type, or of everything, is `s`."""
    for acts, status in (("r", 403), ("s", 403), ("rs", 200)):
        world.allowed["ppr"] = {"Observation": frozenset(acts)}
        assert world("ppr").get("Observation/_history").status == status
        assert bool(world("ppr").get("_history").entries) is (status == 200)
        assert (world("ppr").get(f"{world.ref('o1')}/_history").status == 200) is ("r" in acts)


def test_a_history_of_nothing_that_the_token_reaches_is_empty(world: World) -> None:
    world.allowed["ppr"] = {"Questionnaire": frozenset("r")}
    found = world("ppr").get("_history")
    assert (found.status, found.entries) == (200, [])


def test_a_version_that_stood_on_a_closed_shelf_has_never_been(world: World) -> None:
    """Somebody's draft, sent later, is read as it was sent: the draft was nobody else's."""
    label = {"system": "https://barnetsbog.example/fhir/CodeSystem/sensitivity"}
    said = observation("d1", performer=[{"reference": "PractitionerRole/ppr-staff"}])
    for code, text in (("draft", "kladde"), ("ordinary", "sendt"), ("ordinary", "rettet")):
        send({**said, "valueString": text, "meta": {"security": [{**label, "code": code}]}})
    for who in ("ppr", "gp"):  # a system sees no drafts, its own unit's neither
        found = world(who).get(f"{world.ref('d1')}/_history")
        if found.status == 200:
            assert [one["resource"]["valueString"] for one in found.entries] == ["rettet", "sendt"]
            assert world(who).get(past(world.ref("d1"), 1)).status == 404
        everything = world(who).get("Observation/_history")
        assert "kladde" not in everything.bytes.decode()
    assert world("ppr").get(f"{world.ref('d1')}/_history").json["total"] == 2


def test_what_a_version_is_called_does_not_tell_how_many_there_are(world: World) -> None:
    """Neither in what is answered nor in the token of a page: there may be drafts before it."""
    ref = written_thrice(world)
    found = world("ppr").get(f"{ref}/_history?_count=1")
    assert re.fullmatch("[0-9a-f]{20}", found.json["entry"][0]["resource"]["meta"]["versionId"])
    token = unquote(found.json["link"][1]["url"].partition("_cursor=")[2])
    place = paging.read(token)["at"]
    assert {*place} == {"at", "id", "version"} and place["version"] == version(ref, 3)


def test_the_directory_is_known_to_those_who_work(world: World) -> None:
    found: Any = world("ppr").get(world.ref("bup"))
    assert (found.status, found.json["name"]) == (200, "Enhed bup")
    assert Entry.objects.get(id=found.json["id"]).kind == "Organization"
    (line,) = lines("fhir-read")
    assert line.child_id is None
