"""What others have written goes in through the interface and comes out as it was."""

import copy
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from barnetsbog.access.writing_rules import CAPABILITIES, MASTER_DATA, PLAIN
from barnetsbog.exchange.fhir import callers
from barnetsbog.exchange.fhir.defined import KINDS as DEFINITIONS
from barnetsbog.fhir import check, references
from barnetsbog.fhir.own import EXTENSION
from tests.builders import Json
from tests.integration.fhir.conftest import World, entry
from tests.samples import ALL

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]
ELSEWHERE = "https://corpus.example/fhir"
_WRITTEN = PLAIN | MASTER_DATA
REFUSED_OF_A_KIND = 3
"""A kind that nobody may write is refused by its name: a few of each are enough."""


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(callers, "caller", made.caller)
    return made


def examples(corpus: Path) -> Iterator[tuple[str, Json]]:
    """Every example, and every resource of one that is a Bundle, that base R4 finds nothing wrong with."""
    for path in sorted(corpus.rglob("example/*.json")):
        found = orjson.loads(path.read_bytes())
        inside = (
            [one.get("resource") for one in found.get("entry", ())]
            if found.get("resourceType") == "Bundle"
            else [found]
        )
        for one in inside:
            if isinstance(one, dict) and not [issue for issue in check(one) if issue.severity == "error"]:
                yield f"{path.name}: {one['resourceType']}/{one.get('id')}", one


def away(resource: Json, child: str) -> Json:
    """As a system would send it that knows this child: whom it is about is here, everything else is elsewhere."""
    sent = copy.deepcopy(resource)
    about = [sent[name] for name in ("subject", "patient") if isinstance(sent.get(name), dict)]
    for holder in references(sent):
        address = holder["reference"]
        if any(holder is one for one in about) or address.startswith("#"):
            continue
        if re.match(r"[A-Z]\w+/", address):
            holder["reference"] = f"{ELSEWHERE}/{address}"
        elif address.startswith("urn:uuid:") or "?" in address:
            holder["reference"] = "urn:oid:1.2.3"
    for one in about:
        one.clear()
        one["reference"] = child
    return sent


def content(resource: Json, author: str) -> Json:
    """What a resource says, without what is the book's to say."""
    found = copy.deepcopy(resource)
    found.pop("id", None)
    meta = {name: one for name, one in found.pop("meta", {}).items() if name not in ("versionId", "lastUpdated")}
    mark = {"url": f"{EXTENSION}author", "valueReference": {"reference": author}}
    if left := [one for one in found.pop("extension", []) if one != mark]:
        found["extension"] = left
    signed = {"reference": author}
    return {
        name: one for name, one in ({**found, "meta": meta} if meta else found).items() if one not in (signed, [signed])
    }


def test_every_resource_of_the_corpus_comes_out_as_it_went_in(world: World, corpus: Path) -> None:
    author, child = world.ref("ppr"), world.ref("alma")
    seen, met = Counter[str](), Counter[str]()
    for name, resource in examples(corpus):
        kind = resource["resourceType"]
        if kind not in _WRITTEN or kind in ("Patient", "EpisodeOfCare"):
            if met[kind] >= REFUSED_OF_A_KIND and not ALL:
                continue
            met[kind] += 1
            refused = world("ppr-record").post(kind, resource) if kind not in ("Patient", "EpisodeOfCare") else None
            read_only = 405 if kind in DEFINITIONS else 404
            assert refused is None or refused.status == (422 if kind in CAPABILITIES else read_only), name
            seen["refused"] += refused is not None
            continue
        sent = away(resource, child)
        if not any(one["reference"] == child for one in references(sent)) and kind in PLAIN:
            sent["extension"] = [
                *sent.get("extension", ()),
                {"url": "http://corpus.example/about", "valueReference": {"reference": child}},
            ]
        made = world("ppr-record").post(kind, sent)
        assert made.status == 201, (name, made.json)
        read = world("ppr-record").get(f"{kind}/{made.ident}")
        assert read.bytes == made.bytes, name
        assert content(read.json, author) == content(sent, author), name
        seen[kind] += 1
    assert sum(seen[kind] for kind in _WRITTEN) > 400, seen
    assert len(seen) > 15, seen


def test_the_bundles_of_the_corpus_go_in_as_transactions(world: World, corpus: Path) -> None:
    """Those of which everything can be written. The child is brought with its first task, under a number of its own."""
    stored = 0
    for number, path in enumerate(sorted(corpus.rglob("example/Bundle-*.json"))):
        bundle = orjson.loads(path.read_bytes())
        entries = [
            one for one in bundle.get("entry", ()) if one.get("resource", {}).get("resourceType") != "EpisodeOfCare"
        ]
        resources = [one["resource"] for one in entries]
        patients = [one for one in resources if one["resourceType"] == "Patient"]
        sound = not any(issue.severity == "error" for one in resources for issue in check(one))
        things = [one for one in resources if one["resourceType"] == "Device" and "patient" not in one]  # nobody's
        if things or not sound or len(patients) != 1 or not {one["resourceType"] for one in resources} <= _WRITTEN:
            continue
        patients[0]["identifier"] = [{"system": "urn:oid:1.2.208.176.1.2", "value": f"0404{number % 90 + 10:02}9955"}]
        name = next(one["fullUrl"] for one in entries if one["resource"] is patients[0])
        begun = {
            "resourceType": "EpisodeOfCare",
            "status": "active",
            "patient": {"reference": name},
            "managingOrganization": {"reference": world.ref("bup")},
            "period": {"start": "2026-01-01"},
        }
        sent = [
            entry("POST", one["resource"]["resourceType"], _led(one["resource"], entries), one["fullUrl"])
            for one in entries
        ]
        done = world("bup-record").transaction(*sent, entry("POST", "EpisodeOfCare", begun))
        assert done.status == 200, (path.name, done.json)
        for before, after in zip(sent, done.entries, strict=False):
            read = world("bup-record").get(
                after["response"]["location"].partition("/fhir/")[2].partition("/_history")[0]
            )
            author = world.ref("bup")
            assert _plain(content(read.json, author)) == _plain(content(before["resource"], author)), path.name
        stored += 1
    assert stored >= 10


def _led(resource: Json, entries: list[Any]) -> Json:
    """What leads out of the bundle leads elsewhere."""
    sent = copy.deepcopy(resource)
    names = {one["fullUrl"] for one in entries} | {
        f"{one['resource']['resourceType']}/{one['resource'].get('id')}" for one in entries
    }
    for holder in references(sent):
        if holder["reference"] not in names and re.match(r"[A-Z]\w+/", holder["reference"]):
            holder["reference"] = f"{ELSEWHERE}/{holder['reference']}"
    return sent


def _plain(resource: Json) -> Json:
    """Ids are others here; what kind of thing a reference leads to is the same."""
    for holder in references(resource):
        if not holder["reference"].startswith((ELSEWHERE, "#")):
            holder["reference"] = "here"
    return resource
