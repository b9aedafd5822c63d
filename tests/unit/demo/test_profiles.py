"""Our own profiles, extensions and code systems: they parse, they are bilingual, and the builder keeps to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from barnetsbog.consent.acts import ACTS
from barnetsbog.consent.terms import LEVELS as CONSENT_LEVELS
from barnetsbog.consent.terms import STATUS as CONSENT_STATUS
from barnetsbog.demo import grammar
from barnetsbog.demo.build import child_bundles, directory_bundle, next_days_bundle
from barnetsbog.demo.dates import WRITTEN_TODAY
from barnetsbog.demo.mapping import terms
from barnetsbog.demo.mapping.terms import BASE
from barnetsbog.demo.model import Cast, Story
from barnetsbog.directory.model import SYSTEM_ROLES
from barnetsbog.fhir import check
from barnetsbog.fhir.packages import Library
from barnetsbog.fhir.packages.storing import own_definitions
from barnetsbog.fhir.profiling import Profiles
from barnetsbog.law.model import Class, Kind
from barnetsbog.letters import mapping as letters_mapping
from barnetsbog.record import promotion
from barnetsbog.referrals.model import State

Json = dict[str, Any]
FOLDER = Path(terms.__file__).parents[2] / "fhir" / "profiles"
FILES = sorted(FOLDER.glob("*.json"))
DEFINED = {found["url"]: found for found in (json.loads(path.read_text(encoding="utf-8")) for path in FILES)}
PROFILES = {url: found for url, found in DEFINED.items() if found.get("kind") == "resource"}


@pytest.fixture
def built(story: Story, cast: Cast) -> list[Json]:
    bundles = [directory_bundle(cast), *child_bundles(story, cast), next_days_bundle(story, cast, WRITTEN_TODAY, 30)]
    return [entry["resource"] for bundle in bundles if bundle for entry in bundle["entry"]]


OWN = Profiles(Library([own_definitions()]))


def test_what_is_built_keeps_to_our_own_profiles(built: list[Json]) -> None:
    assert [issue for resource in built for issue in OWN.check(resource)] == []


def walk(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


def codes(system: str) -> set[str]:
    return {concept["code"] for concept in DEFINED[system]["concept"]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_definition_is_named_as_its_file(path: Path) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    assert path.stem == f"{found['resourceType']}-{found['id']}"
    assert found["url"] == f"{BASE}/{found['resourceType']}/{found['id']}"


@pytest.mark.parametrize("found", DEFINED.values(), ids=lambda found: found["id"])
def test_a_definition_is_valid_fhir(found: Json) -> None:
    assert [issue for issue in check(found) if issue.severity == "error"] == []


@pytest.mark.parametrize(
    "found", [f for f in DEFINED.values() if f["resourceType"] == "CodeSystem"], ids=lambda f: f["id"]
)
def test_every_code_has_danish_and_english(found: Json) -> None:
    assert found["count"] == len(found["concept"])
    for concept in found["concept"]:
        assert [d["language"] for d in concept["designation"]] == ["da", "en"]
        assert concept["designation"][1]["value"] == concept["display"]


def test_the_five_that_denmark_lacks() -> None:
    types = {found["type"] for found in PROFILES.values()}
    assert types == {"Appointment", "Task", "CarePlan", "Consent", "ServiceRequest"}
    assert all(found["fhirVersion"] == "4.0.1" and found["derivation"] == "constraint" for found in PROFILES.values())


def test_every_extension_is_defined_and_used_where_it_may(built: list[Json]) -> None:
    for resource in built:
        for extension in resource.get("extension", []):
            definition = DEFINED[extension["url"]]
            assert resource["resourceType"] in [context["expression"] for context in definition["context"]]
            assert list(misused(extension, definition["differential"]["element"])) == []


def misused(extension: Json, elements: list[Json]) -> Iterator[str]:
    """A simple extension has the value it is defined with; a complex one has its parts, as often as they may stand."""
    types = {e["id"]: e["type"][0]["code"] for e in elements if e["id"].endswith(".value[x]") and "type" in e}
    if simple := types.get("Extension.value[x]"):
        extension = {"extension": [{**extension, "url": ""}]}
        types = {"Extension.extension:.value[x]": simple}
    for part in extension["extension"]:
        name = types.get(f"Extension.extension:{part['url']}.value[x]", "unknown")
        if f"value{name[0].upper()}{name[1:]}" not in part:
            yield f"{part} is no {name}"
    for found in elements:
        if "sliceName" in found:
            times = sum(part["url"] == found["sliceName"] for part in extension["extension"])
            if times < found["min"] or (found["max"] != "*" and times > int(found["max"])):
                yield f"{found['sliceName']} occurs {times} times"


def test_extensions_stand_only_at_the_top_of_a_resource(built: list[Json]) -> None:
    for resource in built:
        inner = [part for part in walk({k: v for k, v in resource.items() if k != "extension"}) if "extension" in part]
        assert inner == []


def test_every_code_of_ours_is_defined(built: list[Json]) -> None:
    used = {
        (c["system"], c["code"]) for r in built for c in walk(r) if str(c.get("system", "")).startswith(f"{BASE}/Code")
    }
    assert used
    assert {(system, code) for system, code in used if code not in codes(system)} == set()


@pytest.mark.parametrize(
    ("system", "written"),
    [
        ("sector", set(grammar.SECTORS)),
        ("role", {*grammar.ROLES, *SYSTEM_ROLES}),
        ("referral-state", {state.value for state in State}),
        ("sharing-level", set(CONSENT_LEVELS.values())),
        ("act", set(ACTS)),
        ("block", set(grammar.BLOCKS)),
        ("sensitivity-class", {found.value for found in Class}),
        ("consent-kind", {found.value for found in Kind}),
        ("consent-capacity", set(grammar.CAPACITIES)),
        ("consent-end", {status.value for status, code in CONSENT_STATUS.items() if code == "inactive"}),
        ("purpose", set(grammar.PURPOSES)),
        ("custody-kind", set(grammar.HOLDERS)),
        ("custody-evidence", set(grammar.EVIDENCE)),
        ("consent-form", set(terms.FORMS.values())),
    ],
)
def test_the_format_and_the_code_systems_know_the_same_words(system: str, written: set[str]) -> None:
    assert codes(f"{BASE}/CodeSystem/{system}") == written


def test_every_state_of_a_referral_in_the_format_is_one() -> None:
    assert {code for code, _ in terms.REFERRAL_STATES.values()} <= {state.value for state in State}


def test_every_word_of_the_format_has_a_code() -> None:
    assert set(terms.REFERRAL_STATES) == set(grammar.STATES["referral"])
    assert set(terms.APPOINTMENTS) == set(grammar.STATES["appointment"])
    assert set(terms.INTERVENTIONS) == set(grammar.STATES["intervention"])
    assert (set(terms.ANSWERS), set(terms.LEVELS)) == (set(grammar.ANSWERS), set(grammar.LEVELS))
    assert (set(terms.FORMS), set(terms.RELATIONS)) == (set(grammar.FORMS), set(grammar.RELATIONS))


def test_the_builder_keeps_to_the_profiles(built: list[Json]) -> None:
    claimed = [(r, PROFILES[url]) for r in built for url in r.get("meta", {}).get("profile", [])]
    assert {profile["id"] for _, profile in claimed} == {"appointment", "ball", "overall-plan", "consent"}
    for resource, profile in claimed:
        assert resource["resourceType"] == profile["type"]
        for element in profile["differential"]["element"]:
            assert list(broken(resource, element)) == []


def broken(resource: Json, element: Json) -> Iterator[str]:
    """The element's cardinality, counted in each parent that is there."""
    *way, last = element["path"].split(".")[1:] or [""]
    parents = [resource]
    for step in way:
        parents = [part for parent in parents for part in many(parent.get(step))]
    for parent in parents if last else []:
        found = many(parent.get(last))
        if slice_name := element.get("sliceName"):
            found = [e for e in found if e["url"].endswith(f"/{slice_name}")]
        most = element.get("max", "*")
        if len(found) < element.get("min", 0) or (most != "*" and len(found) > int(most)):
            yield f"{resource['id']}: {element['id']} occurs {len(found)} times"


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def test_every_label_and_every_kind_that_is_written_is_defined() -> None:
    assert set(promotion._LABELS) <= codes(promotion.SENSITIVITY)
    letters = {letters_mapping.DRAFT, letters_mapping.COPY, letters_mapping.CHILDS_COPY}
    kinds = {promotion.DIALOGUE, promotion.NOTICE, promotion.CHILDS_VIEW, promotion.OVERALL_PLAN, *letters}
    assert kinds <= codes(promotion.ENTRY_KIND)
