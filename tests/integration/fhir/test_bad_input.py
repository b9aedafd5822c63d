"""Everything that must not harm: each gets the right status and an outcome, soon, and leaves nothing half-written.

What is no JSON, has the wrong type or a wrong length is tried in `test_http`, stale versions in `test_writing`, rings and
what leads nowhere in transactions in `test_bundles`; what no proxy and server should read in two ways is sent over a real
connection in `tests/journeys/test_developers.py`.
"""

import gzip
import time
from typing import Any

import pytest

from tests.builders import Json
from tests.conftest import BOTH_DATABASES

from .conftest import Answer, World, entry, urn

pytestmark = BOTH_DATABASES
SOON = 3.0
"""Seconds of the processor. All that is tried here is refused within a few hundredths."""

NOWHERE = "018f3c5e-0000-7000-8000-000000000000"
BOMB = "(a+)+$" + "a" * 3_000 + "!"
EXPRESSIONS = (
    f"Observation.note.where(text.matches('{BOMB}'))", "Observation" + ".extension" * 5_000, "(" * 5_000 + "Observation" + ")" * 5_000,
    "Observation.note" + "[0]" * 5_000, f"Observation.note.where(text='{BOMB}')", "Observation.descendants().repeat($this)",
)  # fmt: skip


def refused(world: World, answer: Answer, before: tuple[int, int], *statuses: int) -> None:
    assert answer.status in statuses, answer.json
    assert answer.json["issue"][0]["severity"] in ("error", "fatal")
    assert world.stored() == before


@pytest.mark.parametrize("query", [
    "Organization?" + ".".join(["partof"] * 10) + ".name=x", "Observation?" + "has-member." * 10 + "code=x",
    "Observation?" + "_has:Observation:has-member:" * 10 + "code=x", "Provenance?target.target.target.target._id=x",
    "Observation?_include=*&_include:iterate=*&" + "&".join(["_has:Provenance:target:_id=1"] * 61),
])  # fmt: skip
def test_a_chain_of_ten_steps(world: World, query: str) -> None:
    before, start = world.stored(), time.process_time()
    refused(world, world("ppr").get(query), before, 400)
    refused(world, world("ppr").post("Observation", world.observation(), If_None_Exist=query.partition("?")[2]), before, 400, 412)  # fmt: skip
    assert time.process_time() - start < SOON


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_that_would_go_on_for_ever(world: World, expression: str) -> None:
    made = world("ppr").post("Observation", world.observation(note=[{"text": "a" * 40}]))
    parts = [
        {"name": "type", "valueCode": "delete"},
        {"name": "path", "valueString": expression},
    ]
    patch: Json = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}
    before, start = world.stored(), time.process_time()
    found = world("ppr").patch(f"Observation/{made.ident}", patch, "application/fhir+json")
    assert found.status in (200, 400, 422), found.json
    assert found.status == 200 or world.stored() == before
    assert time.process_time() - start < SOON


@pytest.mark.parametrize("value", [BOMB, "%28a%2B%29%2B" * 300, "a|" * 2_000, "\\" * 3_000, "$" * 3_000, "," * 400])
@pytest.mark.parametrize("name", ["value-string:contains", "code:text", "date", "value-quantity", "subject:identifier", "code-value-string"])  # fmt: skip
def test_a_value_that_would_go_on_for_ever(world: World, name: str, value: str) -> None:
    before, start = world.stored(), time.process_time()
    found = world("ppr").get(f"Observation?{name}={value}")
    assert found.status in (200, 400) and world.stored() == before
    assert not found.entries
    assert time.process_time() - start < SOON


def test_a_ring_ends_for_all_who_follow_it(world: World) -> None:
    names = [urn() for _ in range(5)]
    ring = [
        entry("POST", "Observation", world.observation(hasMember=[{"reference": names[(at + 1) % 5]}]), name)
        for at, name in enumerate(names)
    ]
    made = [one["resource"]["id"] for one in world("ppr").transaction(*ring).entries]
    start = time.process_time()
    along = world("ppr").get(f"Observation?_id={made[0]}&_include:iterate=Observation:has-member&_include=Observation:has-member")  # fmt: skip
    assert {one["resource"]["id"] for one in along.entries} == set(made)
    back = world("ppr").get(f"Observation?_id={made[0]}&_revinclude:iterate=Observation:has-member")
    assert {one["resource"]["id"] for one in back.entries} == set(made)
    everything = world("ppr").get(f"Patient/{world.id('alma')}/$everything")
    assert set(made) <= {one["resource"]["id"] for one in everything.entries}
    assert world("ppr").get(f"Observation?_id={made[0]}&has-member.has-member.has-member._id={made[3]}").json["total"] == 1  # fmt: skip
    assert time.process_time() - start < SOON


@pytest.mark.parametrize("address", [f"Encounter/{NOWHERE}", "Encounter/1", f"urn:uuid:{NOWHERE}", "#nowhere"])
def test_what_leads_nowhere(world: World, address: str) -> None:
    sent, before = world.observation(encounter={"reference": address}), world.stored()
    refused(world, world("ppr").post("Observation", sent), before, 400, 422)
    for kind in ("transaction", "batch"):
        found = world("ppr").transaction(entry("POST", "Observation", sent), kind=kind)
        told = found.status if kind == "transaction" else int(found.entries[0]["response"]["status"][:3])
        assert (told in (400, 422), world.stored()) == (True, before)
    changed = {**world("ppr").get(world.ref("o1")).json, "encounter": {"reference": address}}
    refused(world, world("ppr").put(world.ref("o1"), changed), before, 400, 422)


@pytest.mark.parametrize("kind", ["transaction", "batch"])
def test_ten_thousand_entries(world: World, kind: str) -> None:
    before, start = world.stored(), time.process_time()
    many = [entry("POST", "Observation", world.observation())] * 10_000
    refused(world, world("ppr").transaction(*many, kind=kind), before, 413)
    assert time.process_time() - start < SOON


def test_a_bomb_is_not_unpacked(world: World) -> None:
    bomb = gzip.compress(b" " * (256 << 20), compresslevel=1)
    before, start = world.stored(), time.process_time()
    for method, path in (("POST", "Observation"), ("POST", ""), ("PUT", world.ref("o1")), ("POST", "$import")):
        for coding in ("gzip", "x-gzip", "deflate", "GZIP, gzip"):
            refused(world, world("ppr-record").send(method, path, bomb, Content_Encoding=coding), before, 415)
        refused(world, world("ppr-record").send(method, path, bomb), before, 400, 415)
    assert time.process_time() - start < SOON


@pytest.mark.parametrize("sent", [
    {"If_Match": 'W/"1"'}, {"If_Match": "1"}, {"If_Match": '"1", W/"2"'}, {"If_Match": 'W/"999999999999999999999"'}, {"If_Match": "*x"},
])  # fmt: skip
def test_who_began_from_something_else_is_told(world: World, sent: dict[str, str]) -> None:
    made = world("ppr").post("Observation", world.observation())
    ref = f"Observation/{made.ident}"
    assert world("ppr").put(ref, {**made.json, "valueString": "2"}).status == 200
    before = world.stored()
    acts: list[Any] = [
        world("ppr").put(ref, {**made.json, "valueString": "3"}, **sent),
        world("ppr").patch(ref, [{"op": "remove", "path": "/valueString"}], **sent), world("ppr").delete(ref, **sent),
    ]  # fmt: skip
    for found in acts:
        refused(world, found, before, 400, 412)
    said = sent["If_Match"]
    in_one = world("ppr").transaction(entry("POST", "Observation", world.observation()), entry("DELETE", ref, ifMatch=said))  # fmt: skip
    refused(world, in_one, before, 400, 412)
