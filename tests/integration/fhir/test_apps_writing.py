"""An app writes as whoever let it in: with their rights and no more, in their name, and its own beside it."""

from typing import Any

import pytest

from barnetsbog.access.writing_rules import CLIENT
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.record.models import Version
from barnetsbog.record.promotion import SENSITIVITY
from tests.builders import Json
from tests.conftest import BOTH_DATABASES

from .conftest import World, entry, lines, tag

pytestmark = BOTH_DATABASES
KIM, IDA = "ppr-staff", "bup-staff"
"""Two who have let the app `kurven` in: a psychologist of PPR's, who has a task with Alma, and one of BUP's."""


def authors(resource: Json) -> list[str]:
    named = [one["valueReference"]["reference"] for one in resource.get("extension", ()) if one["url"] == f"{EXTENSION}author"]  # fmt: skip
    return [*(one["reference"] for one in resource.get("performer", ())), *named]


def test_what_an_app_writes_names_the_person_and_the_app(world: World) -> None:
    made = world(KIM).post("Observation", world.observation())
    assert made.status == 201, made.json
    assert authors(made.json) == [world.ref(KIM)]
    assert made.json["meta"]["source"] == f"{CLIENT}kurven"
    ref = f"Observation/{made.ident}"
    assert world("ppr").get(ref).json == made.json
    (version,) = world(KIM).get(f"{ref}/_history").entries
    assert version["extension"][0]["valueReference"]["reference"] == world.ref(KIM)
    (line,) = lines("fhir-create")
    assert (line.detail["client"], line.child_id, line.role) == ("kurven", world.child("alma"), "psychologist")
    agents = world("log-reader").get("AuditEvent?_count=9").entries
    told = [one["resource"]["agent"] for one in agents if one["resource"]["action"] == "C"]
    assert told and told[0][1]["who"]["display"] == "kurven"
    found = world(KIM).get(f"Observation?_source={CLIENT}kurven").entries
    assert [one["resource"]["id"] for one in found] == [made.ident]


def test_somebody_else_of_the_unit_changes_it_and_its_author_stays(world: World) -> None:
    made = world("ppr").post("Observation", world.observation())
    ref = f"Observation/{made.ident}"
    changed = world(KIM).patch(ref, [{"op": "add", "path": "/valueString", "value": "Nu glad"}])
    assert changed.status == 200 and authors(changed.json) == authors(made.json) != [world.ref(KIM)]
    assert changed.json["meta"]["source"] == f"{CLIENT}kurven"
    # The same content again makes no version, with the app's name in it or without
    for sent in (changed.json, {name: value for name, value in changed.json.items() if name != "meta"}):
        assert world("ppr").put(ref, sent).headers["ETag"] == tag(ref, 2)
    # A system writes as itself, whatever it sends back
    third = world("ppr").put(ref, {**changed.json, "valueString": "Igen"})
    assert third.status == 200 and "source" not in third.json["meta"]


def test_nobody_writes_in_another_s_name_through_an_app(world: World) -> None:
    send = world.observation(performer=[{"reference": world.ref("ppr")}], meta={"source": f"{CLIENT}andet"})
    made = world(KIM).post("Observation", send)
    assert authors(made.json) == [world.ref("ppr"), world.ref(KIM)]
    assert made.json["meta"]["source"] == f"{CLIENT}kurven"
    other = world(KIM).post("Observation", world.observation(performer=[{"reference": world.ref("gp")}]))
    assert (other.status, other.rules) == (422, ["OWN-API-OWN-UNIT"])


def labelled(world: World, code: str) -> Json:
    label = {"system": SENSITIVITY, "code": code}
    return world.observation(meta={"security": [label]})


REFUSED: list[tuple[Any, int]] = [
    (lambda w: w(IDA).post("Observation", w.observation()), 422),
    (lambda w: w(KIM).post("Observation", w.observation("noah")), 422),
    (lambda w: w(KIM).post("Task", {"resourceType": "Task"}), 422),
    (lambda w: w(KIM).post("Patient", {"resourceType": "Patient"}), 403),
    (lambda w: w(KIM).post("EpisodeOfCare", {"resourceType": "EpisodeOfCare"}), 403),
    (lambda w: w(KIM).put(w.ref("o3"), {**w("gp").get(w.ref("o3")).json, "status": "amended"}), 404),
    (lambda w: w(KIM).put(w.ref("o2"), {**w("bup").get(w.ref("o2")).json, "status": "amended"}), 404),
    (lambda w: w(KIM).post("Observation", labelled(w, "child-private")), 403),
    (lambda w: w(KIM).post("Observation", labelled(w, "draft")), 403),
]  # fmt: skip


@pytest.mark.parametrize(("act", "status"), REFUSED)
def test_an_app_writes_no_more_than_its_user_may(world: World, act: Any, status: int) -> None:
    before = world.stored()
    refused = act(world)
    assert (refused.status, world.stored()) == (status, before), refused.json
    assert not Version.objects.filter(body__contains=b"client/kurven").exists()


def test_an_app_of_one_child_writes_in_no_other_book(world: World) -> None:
    world.book = world.child("noah")
    before = world.stored()
    hidden = world(KIM).post("Observation", world.observation())
    assert (hidden.status, world.stored()) == (422, before)
    in_one = world(KIM).transaction(entry("POST", "Observation", world.observation()))
    assert (in_one.status, world.stored()) == (422, before)
    assert world(KIM).put(world.ref("o1"), {**world("ppr").get(world.ref("o1")).json, "status": "amended"}).status == 404  # fmt: skip
    world.book = world.child("alma")
    assert world(KIM).post("Observation", world.observation()).status == 201


def test_a_token_that_only_reads_writes_nothing(world: World) -> None:
    world.allowed[KIM] = {"*": frozenset("rs")}
    refused = world(KIM).post("Observation", world.observation())
    assert refused.status == 403 and "insufficient_scope" in refused.headers["WWW-Authenticate"]
