"""Much at once: asked for, got ready, fetched by the rights of that moment, and given up."""

import os
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from barnetsbog.commands.sending import rounds
from barnetsbog.exchange.fhir import exports
from barnetsbog.exchange.fhir.serving import instant_of
from barnetsbog.kernel.time import SECOND
from barnetsbog.record import instance
from tests.builders import care, observation, send
from tests.conftest import BOTH_DATABASES

from .conftest import World, lines
from .test_differential import HIDDEN

pytestmark = BOTH_DATABASES
ASYNC = "respond-async"


@pytest.fixture
def folder(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(exports, "settings", SimpleNamespace(DATA=tmp_path))
    yield tmp_path / exports.FOLDER


def asked(world: World, path: str = "$export", who: str = "ppr-record") -> str:
    begun = world(who).get(path, Prefer=ASYNC)
    assert begun.status == 202, begun.json
    return str(begun.headers["Content-Location"]).partition("/fhir/")[2]


def ready(world: World, place: str, who: str = "ppr-record") -> Any:
    for _ in range(100):
        found = raw(world, place, who)
        if found.status_code != 202:
            return found
        assert found.headers["X-Progress"] and found.headers["Retry-After"]
    raise AssertionError(place)


def raw(world: World, path: str, who: str = "ppr-record", method: str = "GET", **headers: str) -> Any:
    return world.browser.generic(method, f"/fhir/{path}", headers={"Authorization": f"Bearer {who}", **headers})


def manifest(world: World, place: str, who: str = "ppr-record") -> dict[str, Any]:
    found = ready(world, place, who)
    assert (found.status_code, found.headers["Content-Type"]) == (200, "application/json"), found.content
    return dict(orjson.loads(found.content))


def fetched(world: World, told: dict[str, Any], who: str = "ppr-record") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in told["output"]:
        answer = raw(world, one["url"].partition("/fhir/")[2], who, Accept="application/fhir+ndjson")
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/fhir+ndjson")
        resources = [orjson.loads(line) for line in answer.content.splitlines()]
        assert {resource["resourceType"] for resource in resources} <= {one["type"]}
        found.setdefault(one["type"], []).extend(resource["id"] for resource in resources)
    return found


@pytest.mark.usefixtures("folder")
class TestFetching:
    def test_all_that_may_be_read_is_fetched_once(self, world: World) -> None:
        told = manifest(world, asked(world))
        assert (told["requiresAccessToken"], told["error"]) == (True, [])
        found = fetched(world, told)
        for kind, idents in found.items():
            searched = world("ppr-record").get(f"{kind}?_count=1000").entries
            assert idents == [one["resource"]["id"] for one in searched], kind
        assert found["Patient"] == [world.id("alma")] and "Organization" in found
        own = fetched(world, manifest(world, asked(world, "Patient/$export")))
        assert own == {kind: idents for kind, idents in found.items() if kind in own} and "Organization" not in own
        assert world.child("alma") in {line.child_id for line in lines("export")}
        assert {line.detail["what"] for line in lines("export") if line.child_id is None} == {"$export"}

    def test_many_files(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exports, "MOST", 2)
        monkeypatch.setattr(exports, "PAGES", 1)
        monkeypatch.setattr(exports, "STEP", 0.000001)
        send(*(observation(f"m{n}", performer=[{"reference": "PractitionerRole/ppr-staff"}]) for n in range(6)))
        told = manifest(world, asked(world, "$export?_type=Observation,Patient"))
        assert len(told["output"]) == 5
        found = fetched(world, told)["Observation"]
        assert (
            len(found)
            == len(set(found))
            == sum(one["count"] for one in told["output"] if one["type"] == "Observation")
            == 7
        )
        send(observation("late", performer=[{"reference": "PractitionerRole/ppr-staff"}]))
        assert fetched(world, told)["Observation"] == found

    def test_since_and_parameters_by_post(self, world: World) -> None:
        wanted = {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "_type", "valueString": "Observation"},
                {"name": "_since", "valueInstant": "2099-01-01T00:00:00Z"},
            ],
        }
        begun = world("ppr-record").post("$export", wanted, Prefer=ASYNC)
        assert begun.status == 202
        assert manifest(world, begun.headers["Content-Location"].partition("/fhir/")[2])["output"] == []

    def test_since_is_since_it_came_here(self, world: World) -> None:
        since = instant_of(instance.now())
        mine = {"performer": [{"reference": "PractitionerRole/ppr-staff"}]}
        send(observation("late", **mine, meta={"lastUpdated": "2026-01-01T10:00:00Z"}))
        told = manifest(world, asked(world, f"$export?_type=Observation&_since={since}"))
        assert fetched(world, told) == {"Observation": [world.id("late")]}

    def test_rights_that_are_lost_count_at_once(self, world: World) -> None:
        told = manifest(world, asked(world, "$export?_type=Observation"))
        assert fetched(world, told) == {"Observation": [world.id("o1")]}
        send(care("c1", unit_id="ppr", end="2026-01-02"))
        assert fetched(world, told) == {"Observation": []}
        again = manifest(world, asked(world, "$export?_type=Observation"))
        for narrower in ({"Patient": frozenset("rs")}, {"Observation": frozenset("r")}):
            world.allowed["ppr-record"] = narrower
            assert world("ppr-record").get("$export?_type=Observation", Prefer=ASYNC).status == 403
            for one in (told, again):
                for file in one["output"]:
                    assert raw(world, file["url"].partition("/fhir/")[2]).status_code == 403

    def test_it_is_nobody_elses_and_ends(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        place = asked(world, "$export?_type=Observation")
        absent = raw(world, f"{exports.PLACE}/{'x' * 32}")
        other = raw(world, place, "gp-record")
        assert (other.status_code, other.content) == (absent.status_code, absent.content) == (404, absent.content)
        for path in (
            f"{place}/0",
            f"{exports.PLACE}/..%2Fx",
            f"{place}/x",
            f"{place}/99999999999",
        ):
            assert raw(world, path).status_code == 404, path
        manifest(world, place)
        assert raw(world, f"{place}/0").status_code == 200
        for other_name in ("00", "0000000000", "000000000", "-0", "+0"):
            assert raw(world, f"{place}/{other_name}").status_code == 404, other_name
        assert raw(world, place, method="DELETE").status_code == 202
        assert raw(world, place).status_code == raw(world, f"{place}/0").status_code == 404
        place, later = asked(world), instance.now() + exports.LASTS
        monkeypatch.setattr("barnetsbog.access.scopes.now", lambda: later)
        assert raw(world, place).status_code == 404

    def test_what_nobody_fetches_is_taken_away_when_the_time_it_was_told_is_over(
        self, world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By the worker, for nobody may ask any more. What was being written when its server was killed goes too."""
        place = asked(world, "$export?_type=Observation")
        told = parsedate_to_datetime(ready(world, place).headers["Expires"]).timestamp()
        half = folder / "x.abcd1234"
        half.write_bytes(b"{")
        assert exports.forget_old() == 0 and len([*folder.iterdir()]) == 2
        assert raw(world, place).status_code == 200
        monkeypatch.setattr(exports, "now", lambda: int((told + 1) * SECOND))
        os.utime(half, (0, 0))
        assert exports.forget_old in rounds()
        exports.forget_old()
        assert [*folder.iterdir()] == []

    def test_only_for_the_entitled_who_asks_well(self, world: World) -> None:
        assert world("ppr").get("$export", Prefer=ASYNC).status == 403
        ppr = world("ppr-record")
        assert ppr.get("$export").where == "http.prefer"
        assert ppr.get("$export?_outputFormat=csv", Prefer=ASYNC).where == "http._outputFormat"
        assert ppr.get("$export?_type=Farve", Prefer=ASYNC).where == "http._type"
        assert ppr.get("$export?_since=x", Prefer=ASYNC).where == "http._since"
        assert ppr.get("$export?_typeFilter=x", Prefer=ASYNC).where == "http._typeFilter"
        assert ppr.get("Observation/$export", Prefer=ASYNC).status == 404
        for _ in range(exports.AT_ONCE):
            asked(world)
        assert ppr.get("$export", Prefer=ASYNC).status == 429


@pytest.mark.parametrize("name", HIDDEN)
def test_adding_what_is_hidden_changes_no_byte(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    moment = instance.now()
    for module in ("access.scopes", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: moment)
    monkeypatch.setattr(
        "barnetsbog.exchange.fhir.exports.secrets",
        SimpleNamespace(token_urlsafe=lambda _: "x" * 32, token_hex=lambda _: "x"),
    )

    def everything() -> list[bytes]:
        place = asked(world, "$export?_type=Observation,Patient,EpisodeOfCare")
        told = ready(world, place).content
        files = [raw(world, f"{place}/{number}").content for number in range(len(orjson.loads(told)["output"]))]
        raw(world, place, method="DELETE")
        return [told, *files]

    before = everything()
    assert send(*HIDDEN[name]()).stored
    assert everything() == before and not list(folder.iterdir())
