"""Patient/$everything: all that somebody may read of a child, and whoever is named in it."""

import orjson
import pytest

from barnetsbog.exchange.fhir.serving import instant_of
from barnetsbog.record import instance
from tests.builders import observation, send, unit
from tests.conftest import BOTH_DATABASES

from .conftest import World, entry, lines, version
from .test_differential import HIDDEN

pytestmark = BOTH_DATABASES


def told(answer: object) -> set[str]:
    entries = answer.entries  # type: ignore[attr-defined]
    return {f"{one['resource']['resourceType']}/{one['resource']['id']}" for one in entries}


def test_all_that_may_be_read_and_whoever_is_named(world: World) -> None:
    alma = world.ref("alma")
    found = world("ppr").get(f"{alma}/$everything")
    assert found.status == 200 and found.json["type"] == "searchset"
    assert told(found) == {
        alma, *map(world.ref, ("o1", "c1", "ppr", "ppr-staff", "p-ppr-staff")),
    }  # fmt: skip
    modes = {one["resource"]["resourceType"]: one["search"]["mode"] for one in found.entries}
    assert (modes["Observation"], modes["Practitioner"]) == ("match", "include")
    for one in found.entries:
        kind, ident = one["resource"]["resourceType"], one["resource"]["id"]
        assert one["resource"] == world("ppr").get(f"{kind}/{ident}").json
    (line,) = lines("export")
    assert (line.child_id, line.detail["what"], line.detail["entries"]) == (world.child("alma"), "$everything", 6)


def test_line_by_line_and_as_asked_by_parameters(world: World) -> None:
    alma = world.ref("alma")
    plain = world("ppr").get(f"{alma}/$everything")
    for answer in (
        world.browser.get(
            f"/fhir/{alma}/$everything", headers={"Authorization": "Bearer ppr", "Accept": "application/fhir+ndjson"}
        ),
        world.browser.get(f"/fhir/{alma}/$everything?_outputFormat=ndjson", headers={"Authorization": "Bearer ppr"}),
    ):
        assert answer.headers["Content-Type"].startswith("application/fhir+ndjson")
        assert [orjson.loads(one) for one in answer.content.splitlines()] == [one["resource"] for one in plain.entries]
    wanted = {"resourceType": "Parameters", "parameter": [{"name": "_type", "valueString": "Observation,Patient"}]}
    posted = world("ppr").post(f"{alma}/$everything", wanted)
    assert told(posted) == {alma, world.ref("o1")}
    assert told(world("ppr").get(f"{alma}/$everything?_type=Organization")) == set()
    batch = world("ppr").transaction(entry("GET", f"{alma}/$everything?_outputFormat=ndjson"), kind="batch")
    assert batch.entries[0]["resource"]["type"] == "searchset"
    assert told(world("ppr").send("POST", f"{alma}/$everything")) == told(plain)


def test_page_by_page_nothing_is_lost_and_nothing_new_slips_in_between(world: World) -> None:
    alma, found = world.ref("alma"), list[str]()
    path = f"{alma}/$everything?_count=1&_type=Observation,EpisodeOfCare,Patient"
    pages = 0
    while path:
        answer = world("ppr").get(path)
        found += told(answer)
        pages += 1
        path = next((one["url"] for one in answer.json["link"] if one["relation"] == "next"), "").partition("/fhir/")[2]
        send(observation("o1", performer=[{"reference": "PractitionerRole/ppr-staff"}], valueString=f"Nr. {pages}"))
    assert sorted(found) == sorted([alma, *map(world.ref, ("o1", "c1"))]) and pages == 3
    answer = world("ppr").get(f"{alma}/$everything?_count=1")
    cursor = next(one["url"] for one in answer.json["link"] if one["relation"] == "next").partition("/fhir/")[2]
    assert world("gp").get(cursor).status == 400


def test_since_is_since_it_came_here(world: World) -> None:
    """A client that fetches what is new must also get what its source registered long ago and has sent now."""
    alma = world.ref("alma")
    registered = {"meta": {"lastUpdated": "2026-01-01T10:00:00Z"}}
    before = instance.now()
    performer = [{"reference": "PractitionerRole/ppr-staff"}]
    send(observation("late", performer=performer, **registered), unit("late-unit"))
    send(observation("o1", performer=performer, valueString="Rettet.", **registered))
    late, changed, since = world.ref("late"), world.ref("o1"), f"_since={instant_of(before)}"
    assert told(world("ppr").get(f"{alma}/$everything?{since}")) == {late, changed}
    of_all = world("ppr").get(f"Observation/_history?{since}").entries
    assert {one["resource"]["id"] for one in of_all} == {late.partition("/")[2], changed.partition("/")[2]}
    of_one = world("ppr").get(f"{changed}/_history?{since}").entries
    assert [one["resource"]["meta"]["versionId"] for one in of_one] == [version(changed, 2)]


def test_nothing_was_registered_after_it_came(world: World) -> None:
    """A source whose clock is ahead: what it sends is on the next page all the same."""
    ahead = {"meta": {"lastUpdated": "2031-01-01T10:00:00Z"}}
    send(
        *(
            observation(f"ahead{at}", performer=[{"reference": "PractitionerRole/ppr-staff"}], **ahead)
            for at in range(3)
        )
    )
    stated, after = world("ppr").get(world.ref("ahead0")).json["meta"]["lastUpdated"], instant_of(instance.now())
    assert stated <= after
    path, found = "Observation?_count=1", []
    while path:
        page = world("ppr").get(path)
        found += [one["resource"]["id"] for one in page.entries]
        path = next((one["url"] for one in page.json["link"] if one["relation"] == "next"), "").partition("/fhir/")[2]
    assert {world.id(f"ahead{at}") for at in range(3)} <= {*found}


def test_since(world: World) -> None:
    alma = world.ref("alma")
    before = world("ppr").get(f"{alma}/$everything")
    latest = max(one["resource"]["meta"]["lastUpdated"] for one in before.entries)
    made = world("ppr").post("Observation", world.observation())
    after = told(world("ppr").get(f"{alma}/$everything?_since={latest}"))
    assert f"Observation/{made.ident}" in after and alma in after
    assert told(world("ppr").get(f"{alma}/$everything?_since=2099-01-01T00:00:00Z")) == set()


def test_a_child_that_may_not_be_known_is_one_that_does_not_exist(world: World) -> None:
    hidden = world("ppr").get(f"{world.ref('noah')}/$everything")
    absent = world("ppr").get("Patient/01890000-0000-7000-8000-000000000000/$everything")
    assert (hidden.status, hidden.bytes) == (absent.status, absent.bytes) and hidden.status == 404
    assert world("ppr").get(f"Patient/{world.id('o1')}/$everything").bytes == absent.bytes
    assert world("ppr").get(f"{world.ref('o1')}/$everything").status == 404
    world.allowed["ppr"] = {"Observation": frozenset("rs")}
    assert world("ppr").get(f"{world.ref('alma')}/$everything").status == 403
    world.allowed["ppr"] = {"Observation": frozenset("rs"), "Patient": frozenset("r")}
    assert told(world("ppr").get(f"{world.ref('alma')}/$everything")) == {world.ref("o1"), world.ref("alma")}


def test_nothing_is_told_by_way_of_a_type_that_the_token_does_not_reach(world: World) -> None:
    alma, ppr = world.ref("alma"), world("ppr")
    world.allowed["ppr"] = {one: frozenset("r") for one in ("Patient", "Observation", "Organization")}
    assert world.ref("ppr") not in told(ppr.get(f"{alma}/$everything"))
    world.allowed["ppr"]["PractitionerRole"] = frozenset("r")
    assert world.ref("ppr") in told(ppr.get(f"{alma}/$everything"))
    world.allowed["ppr"] = {"Patient": frozenset("r")}
    nothing = ppr.get(f"{alma}/$everything?_type=Observation")
    assert (nothing.status, nothing.entries) == (200, [])


@pytest.mark.parametrize("query", ("_since=igaar", "_count=x", "_type=Farve", "_type=Slot", "farve=blaa", "_cursor=x"))
def test_what_is_not_understood_is_said(world: World, query: str) -> None:
    answer = world("ppr").get(f"{world.ref('alma')}/$everything?{query}")
    assert (answer.status, answer.where) == (400, f"http.{query.partition('=')[0]}")


@pytest.mark.parametrize("name", HIDDEN)
def test_adding_what_is_hidden_changes_no_byte(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    moment = instance.now()
    for module in ("access.scopes", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: moment)
    paths = [
        f"{world.ref('alma')}/$everything",
        f"{world.ref('alma')}/$everything?_count=1",
        f"{world.ref('noah')}/$everything",
    ]
    before = [world("ppr").get(path).bytes for path in paths]
    assert send(*HIDDEN[name]()).stored
    assert [world("ppr").get(path).bytes for path in paths] == before
