"""$import: from whoever keeps master data, line by line, by the rules of any other write."""

from typing import Any

import orjson
import pytest

from barnetsbog.exchange.fhir.operations.take_in import in_order
from tests.builders import Json, care, observation, patient, task, unit
from tests.conftest import BOTH_DATABASES

from .conftest import World

pytestmark = BOTH_DATABASES
NDJSON = "application/fhir+ndjson"


def sent(world: World, *resources: Json | bytes, who: str = "ppr-record") -> Any:
    lines = [one if isinstance(one, bytes) else orjson.dumps(one) for one in resources]
    return world(who).send("POST", "$import", b"\n".join(lines), NDJSON)


def statuses(answer: Any) -> list[str]:
    assert answer.status == 200, answer.json
    return [one["response"]["status"] for one in answer.entries]


def test_lines_lead_to_each_other_in_whichever_order_they_come(world: World) -> None:
    about = {"reference": "Patient/new"}
    parent = {"resourceType": "RelatedPerson", "id": "mother", "patient": about, "name": [{"text": "Ida Demosen"}]}
    begun = care("begun", about="new")
    begun["managingOrganization"] = {"reference": world.ref("ppr")}
    seen = {**observation("seen", about="Patient/new")}
    del seen["performer"]
    found = sent(world, seen, parent, begun, patient("new", number="0303159933"))
    assert statuses(found) == ["201 Created"] * 4, found.json
    ident = found.entries[3]["response"]["location"].partition("/fhir/")[2].partition("/_history")[0]
    searched = world("ppr-record").get(f"{ident}/RelatedPerson").entries
    assert [one["resource"]["patient"]["reference"] for one in searched] == [ident]


def test_lines_of_one_type_lead_to_each_other_too(world: World) -> None:
    child, parent = (
        {**unit("child", "school"), "partOf": {"reference": "Organization/parent"}},
        unit("parent", "school"),
    )
    assert statuses(sent(world, child, parent)) == ["201 Created"] * 2
    note = observation("note", about=world.ref("alma"), encounter={"reference": "Encounter/met"})
    del note["performer"]
    met = {
        "resourceType": "Encounter",
        "id": "met",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": note["subject"],
    }
    assert statuses(sent(world, note, met)) == ["201 Created"] * 2
    named = {**unit("again", "school"), "identifier": [{"system": "http://ppr.example/id", "value": "s1"}]}
    first, again = (sent(world, named).entries[0]["response"] for _ in range(2))
    assert (first["status"], again["status"]) == ("201 Created", "200 OK")
    assert again["location"] == first["location"], "what is there already is told by its id"
    before = world.stored()
    ring = [
        {**unit(one, "school"), "partOf": {"reference": f"Organization/{other}"}} for one, other in ("ab", "bc", "ca")
    ]
    found = sent(world, *ring, unit("d", "school"))
    assert statuses(found) == ["422", "422", "422", "201 Created"]
    assert world.stored() == (before[0] + 1, before[1] + 1)


def test_a_long_chain_is_put_in_order_at_once(database: str) -> None:
    def line(number: int) -> Json:
        above = [{"reference": f"Organization/{other}"} for other in range(number + 1, min(number + 4, 10_000))]
        return {**unit(str(number), "school"), "partOf": above}

    assert in_order([line(number) for number in range(10_000)]) == list(reversed(range(10_000)))


def test_what_is_refused_says_why_and_the_rest_is_stored(world: World) -> None:
    before = world.stored()
    school = {**unit("school", "school"), "identifier": [{"system": "urn:x", "value": "a,b$c|d"}]}
    broken = {"resourceType": "Organization", "active": "ja"}
    stranger = observation("s", about=world.ref("noah"))
    found = sent(world, school, broken, b"{", b"[1]", task(about="alma"), stranger, {"resourceType": "Slot"})
    assert statuses(found) == ["201 Created", "400", "400", "400", "422", "422", "400"]
    outcomes = [one["response"]["outcome"]["issue"][0] for one in found.entries[1:]]
    assert outcomes[0]["expression"] == ["Organization.active"] and all(one["diagnostics"] for one in outcomes)
    assert world.stored() == (before[0] + 1, before[1] + 1)
    again = sent(world, school)
    assert statuses(again) == ["200 OK"]
    assert world.stored() == (before[0] + 1, before[1] + 1)


def test_an_error_in_one_line_is_the_answer_to_that_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(resource: Json) -> str:
        if resource["id"] == "b":
            raise RuntimeError("hemmeligt")
        return ""

    monkeypatch.setattr("barnetsbog.exchange.fhir.operations.take_in._criteria", fails)
    before = world.stored()
    found = sent(world, unit("a"), unit("b"), unit("c"))
    assert statuses(found) == ["201 Created", "500", "201 Created"] and "hemmeligt" not in str(found.json)
    assert world.stored() == (before[0] + 2, before[1] + 2)


def test_only_for_whoever_keeps_master_data_and_only_what_is_sent_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sent(world, unit("x"), who="ppr").status == 403
    by_address = {"resourceType": "Parameters", "parameter": [{"name": "input", "valueUrl": "http://169.254.169.254/"}]}
    assert world("ppr-record").post("$import", by_address).status == 415
    assert world("ppr-record").send("POST", "$import").status == 415
    for kind in ("application/ndjson", "application/x-ndjson; charset=utf-8"):
        assert world("ppr-record").send("POST", "$import", b"{}", kind).status == 200
    other = world("ppr-record").send("POST", "$import", b"{}", "text/csv")
    assert other.status == 415 and NDJSON in other.said
    assert world("ppr-record").get("$import").status == 405
    assert world("ppr-record").send("POST", "Observation", b"{}", NDJSON).status == 415
    monkeypatch.setattr("barnetsbog.exchange.fhir.operations.take_in.MOST", 1)
    assert sent(world, unit("x"), unit("y")).status == 413


def test_a_line_of_a_name_that_was_taken_is_refused_and_a_version_of_another_leads_to_it(world: World) -> None:
    """Two of one name became two, and nobody could say which of them others meant."""
    other = {**unit("b", "school"), "partOf": {"reference": "Organization/a/_history/1"}}
    found = sent(world, other, unit("a", "school"), {**unit("a", "school"), "name": "En anden"})
    assert statuses(found) == ["201 Created", "201 Created", "400"]
    first, parent = (
        one["response"]["location"].partition("/fhir/")[2].partition("/_history")[0] for one in found.entries[:2]
    )
    assert world("ppr-record").get(first).json["partOf"] == {"reference": parent}
