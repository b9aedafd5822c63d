"""batch and transaction: references within, order, and that a transaction is everything or nothing."""

import base64
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.db import OperationalError

from barnetsbog.exchange.fhir.bundles import MOST
from barnetsbog.kernel.decisions import Conflict, LogDown, NotFound
from barnetsbog.record.models import Delivery, Entry
from tests.builders import Json, patient
from tests.conftest import BOTH_DATABASES

from .conftest import World, entry, lines, past, tag, urn

pytestmark = BOTH_DATABASES
BY = "identifier=http://ppr.example/id|"


def contact(world: World, about: str = "", **more: Any) -> Json:
    return {
        "resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "subject": {"reference": about or world.ref("alma")}, **more,
    }  # fmt: skip


def test_names_in_the_bundle_become_ids_of_the_book(world: World) -> None:
    meeting, note = urn(), urn()
    sent = [
        entry("POST", "Observation", world.observation(encounter={"reference": meeting}), note),
        entry("POST", "Encounter", contact(world), meeting),
        entry("POST", "DiagnosticReport", {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "x"}, "subject": {"reference": world.ref("alma")}, "result": [{"reference": note}]}),
    ]  # fmt: skip
    found = world("ppr").transaction(*sent)
    assert (found.status, found.json["type"]) == (200, "transaction-response")
    assert [one["response"]["status"] for one in found.entries] == ["201 Created"] * 3
    made = [one["resource"] for one in found.entries]
    assert made[0]["encounter"]["reference"] == f"Encounter/{made[1]['id']}"
    assert made[2]["result"][0]["reference"] == f"Observation/{made[0]['id']}"
    assert world("ppr").get(found.entries[0]["response"]["location"].partition("/fhir/")[2]).status == 200
    (line,) = lines("fhir-create")
    assert (line.child_id, line.detail["wrote"]) == (
        world.child("alma"),
        ["DiagnosticReport", "Encounter", "Observation"],
    )
    assert Delivery.objects.filter(name__startswith="Bundle/").count() == 1


def test_what_was_met_or_changed_says_where_it_is(world: World) -> None:
    """Whoever wants no more than that it went well must know which it was."""
    sent = contact(world, identifier=[{"system": "http://ppr.example/id", "value": "e1"}])
    ref = f"Encounter/{world('ppr').post('Encounter', sent).ident}"
    for kind in ("batch", "transaction"):
        for asked, number in (
            (entry("POST", "Encounter", sent, ifNoneExist=f"{BY}e1"), 1 if kind == "batch" else 2),
            (entry("PUT", f"Encounter?{BY}e1", {**sent, "status": "cancelled"}), 2),
        ):
            (found,) = world("ppr").transaction(asked, kind=kind, Prefer="return=minimal").entries
            assert found["response"]["status"] == "200 OK"
            assert found["response"]["location"] == f"http://testserver/fhir/{past(ref, number)}"


def test_absolute_names_and_references_beside_them(world: World) -> None:
    """MedCom's and KL's bundles have absolute names; the references in them are often relative (corpus README)."""
    base = "https://ppr.example/fhir"
    sent = [
        entry("POST", "Encounter", {**contact(world), "id": "e1"}, f"{base}/Encounter/e1"),
        entry("POST", "Observation", {**world.observation(encounter={"reference": "Encounter/e1"}), "id": "o1"}, f"{base}/Observation/o1"),
        entry("POST", "Observation", {**world.observation(encounter={"reference": f"{base}/Encounter/e1"}), "id": "o2"}, f"{base}/Observation/o2"),
    ]  # fmt: skip
    made = [one["resource"] for one in world("ppr").transaction(*sent).entries]
    assert made[1]["encounter"] == made[2]["encounter"] == {"reference": f"Encounter/{made[0]['id']}"}


def test_a_relative_name_is_a_name_too(world: World) -> None:
    """FFB's bundles (corpus README)."""
    sent = [
        entry("POST", "Encounter", contact(world), "Encounter/4b7e3a3e-1111-4111-8111-111111111111"),
        entry("POST", "Observation", world.observation(encounter={"reference": "Encounter/4b7e3a3e-1111-4111-8111-111111111111"})),
    ]  # fmt: skip
    made = [one["resource"] for one in world("ppr").transaction(*sent).entries]
    assert made[1]["encounter"]["reference"] == f"Encounter/{made[0]['id']}"


def test_references_in_a_ring_hold(world: World) -> None:
    one, other = urn(), urn()
    sent = [
        entry("POST", "Observation", world.observation(derivedFrom=[{"reference": other}]), one),
        entry("POST", "Observation", world.observation(derivedFrom=[{"reference": one}]), other),
    ]  # fmt: skip
    made = [found["resource"] for found in world("ppr").transaction(*sent).entries]
    assert made[0]["derivedFrom"][0]["reference"] == f"Observation/{made[1]['id']}"
    assert made[1]["derivedFrom"][0]["reference"] == f"Observation/{made[0]['id']}"


def test_a_child_its_task_and_its_story_in_one_act(world: World) -> None:
    child = urn()
    begun = {
        "resourceType": "EpisodeOfCare", "status": "active", "patient": {"reference": child}, "managingOrganization": {"reference": world.ref("bup")},
        "period": {"start": "2026-01-01"},
    }  # fmt: skip
    story = [entry("POST", "Observation", {**world.observation(), "subject": {"reference": child}}) for _ in range(3)]
    sent = [
        *story,
        entry("POST", "EpisodeOfCare", begun),
        entry("POST", "Patient", patient(number="0101159911"), child),
    ]
    found = world("bup-record").transaction(*sent)
    assert found.status == 200, found.json
    ident = found.entries[4]["response"]["location"].rpartition("/")[2]
    assert found.entries[0]["resource"]["subject"]["reference"] == f"Patient/{ident}"
    assert world("bup-record").get(f"Patient/{ident}").status == 200
    assert Entry.objects.get(id=ident).child_id == Entry.objects.get(id=found.entries[0]["resource"]["id"]).child_id
    before = world.stored()
    without = world("bup-record").transaction(*story, entry("POST", "Patient", patient(number="0202159922"), child))
    assert (without.status, without.rules, world.stored()) == (403, ["OWN-API-TASK"], before)


def test_a_known_child_is_met_and_the_rest_is_led_to_it(world: World) -> None:
    child = urn()
    begun = {
        "resourceType": "EpisodeOfCare", "status": "active", "patient": {"reference": child}, "managingOrganization": {"reference": world.ref("bup")},
        "period": {"start": "2026-01-01"},
    }  # fmt: skip
    note = entry("POST", "Observation", {**world.observation(), "subject": {"reference": child}})
    found = world("bup-record").transaction(
        entry("POST", "Patient", patient(), child), entry("POST", "EpisodeOfCare", begun), note
    )
    assert found.status == 200, found.json
    assert found.entries[2]["resource"]["subject"]["reference"] == world.ref("alma")


def test_deletions_first_then_what_is_new_then_changes_then_reads(world: World) -> None:
    old = world("ppr").post(
        "Observation", world.observation(identifier=[{"system": "http://ppr.example/id", "value": "a"}])
    )
    kept = world("ppr").post("Observation", world.observation(valueString="før"))
    found = world("ppr").transaction(
        entry("GET", f"Observation/{kept.ident}"), entry("PUT", f"Observation/{kept.ident}", {**kept.json, "valueString": "efter"}),
        entry("POST", "Observation", world.observation()), entry("DELETE", f"Observation/{old.ident}"), entry("GET", f"Observation?{BY}a"),
    )  # fmt: skip
    assert found.status == 200, found.json
    assert [one["response"]["status"] for one in found.entries] == [
        "200 OK",
        "200 OK",
        "201 Created",
        "204 No Content",
        "200 OK",
    ]
    assert found.entries[0]["resource"]["valueString"] == "efter"
    assert found.entries[4]["resource"].get("entry", []) == []


def test_patches_in_a_bundle(world: World) -> None:
    made = world("ppr").post("Observation", world.observation())
    other = world("ppr").post("Observation", world.observation())
    operations = [{"op": "replace", "path": "/valueString", "value": "x"}]
    binary = {
        "resourceType": "Binary",
        "contentType": "application/json-patch+json",
        "data": base64.b64encode(orjson.dumps(operations)).decode(),
    }
    parts = [{"name": "type", "valueCode": "delete"}, {"name": "path", "valueString": "Observation.value"}]
    by_path = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}
    found = world("ppr").transaction(
        entry("PATCH", f"Observation/{made.ident}", binary, ifMatch=tag(f"Observation/{made.ident}", 1)),
        entry("PATCH", f"Observation/{other.ident}", by_path),
    )
    assert found.entries[0]["resource"]["valueString"] == "x"
    assert "valueString" not in found.entries[1]["resource"]


def test_references_by_criteria(world: World) -> None:
    made = world("ppr").post(
        "Encounter", contact(world, identifier=[{"system": "http://ppr.example/id", "value": "e"}])
    )
    found = world("ppr").transaction(
        entry("POST", "Observation", world.observation(encounter={"reference": f"Encounter?{BY}e"}))
    )
    assert found.entries[0]["resource"]["encounter"]["reference"] == f"Encounter/{made.ident}"
    before = world.stored()
    for criteria in (f"Encounter?{BY}nej", "Patient?birthdate=2017-05-08"):
        refused = world("ppr").transaction(
            entry("POST", "Observation", world.observation(encounter={"reference": criteria}))
        )
        assert (refused.status, refused.where, world.stored()) == (412, "Bundle.entry[0].resource", before)


@pytest.mark.parametrize("by_path", [True, False])
@pytest.mark.parametrize("there", [True, False])
def test_a_patch_refers_to_what_comes_with_it(world: World, by_path: bool, there: bool) -> None:
    ppr, name = world("ppr"), urn()
    identifier = [{"system": "http://ppr.example/id", "value": "e"}]
    before = ppr.post("Encounter", contact(world, identifier=identifier)).ident if there else ""
    note = f"Observation/{ppr.post('Observation', world.observation()).ident}"
    parts = [
        {"name": "type", "valueCode": "add"}, {"name": "path", "valueString": "Observation"}, {"name": "name", "valueString": "encounter"},
        {"name": "value", "valueReference": {"reference": name}},
    ]  # fmt: skip
    operations = orjson.dumps([{"op": "add", "path": "/encounter", "value": {"reference": name}}])
    patch = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}
    if not by_path:
        patch = {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": base64.b64encode(operations).decode()}  # fmt: skip
    found = ppr.transaction(
        entry("PATCH", note, patch), entry("POST", "Encounter", contact(world, identifier=identifier), name, ifNoneExist=f"{BY}e"),
    )  # fmt: skip
    assert found.status == 200, found.json
    made = found.entries[1]["resource"]["id"]
    assert found.entries[0]["resource"]["encounter"] == {"reference": f"Encounter/{made}"}
    assert before in ("", made)


def good(world: World) -> Json:
    return entry("POST", "Observation", world.observation(), urn())


SPOILED: list[tuple[Any, int, str]] = [
    (lambda w: entry("POST", "Observation", {**w.observation(), "status": "x"}), 400, "Bundle.entry[1].resource.status"),
    (lambda w: entry("POST", "Observation", w.observation(encounter={"reference": "urn:uuid:4b7e3a3e-1111-4111-8111-111111111111"})), 422, "Bundle.entry[1].resource.encounter.reference"),
    (lambda w: entry("POST", "Observation", w.observation("noah")), 422, "Bundle.entry[1].resource.subject.reference"),
    (lambda w: entry("POST", "Task", {"resourceType": "Task", "status": "draft", "intent": "order"}), 422, "Bundle.entry[1].resource"),
    (lambda w: entry("PUT", w.ref("o2"), {**w.observation(), "id": w.id("o2")}), 404, "Bundle.entry[1].resource"),
    (lambda w: entry("PUT", w.ref("o1"), {**w.observation(), "id": "andet"}), 400, "Bundle.entry[1]"),
    (lambda w: entry("DELETE", w.ref("o2")), 404, "Bundle.entry[1].resource"),
    (lambda w: entry("GET", w.ref("o2")), 404, "Bundle.entry[1]"),
    (lambda w: entry("POST", "Observation", w.observation(), ifNoneExist="farve=x"), 400, ""),
    (lambda w: entry("POST", "Hund", {"resourceType": "Patient"}), 404, "Bundle.entry[1]"),
    (lambda w: entry("POST", "Observation"), 400, "Bundle.entry[1]"),
    (lambda w: entry("PUT", "Observation", w.observation()), 405, "Bundle.entry[1]"),
    (lambda w: entry("POST", "https://andre.example/Observation", w.observation()), 400, "Bundle.entry[1].request.url"),
    (lambda w: entry("POST", "", w.observation()), 400, ""),
    (lambda w: entry("PATCH", w.ref("o1"), {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": "%"}), 400, ""),
]  # fmt: skip


@pytest.mark.parametrize(("spoiled", "status", "where"), SPOILED)
def test_what_is_wrong_with_one_takes_all_of_a_transaction_down(
    world: World, spoiled: Any, status: int, where: str
) -> None:
    made, before = spoiled(world), world.stored()
    found = world("ppr").transaction(good(world), made, good(world))
    assert (found.status, world.stored()) == (status, before), found.json
    assert not where or found.where == where
    batch = world("ppr").transaction(good(world), made, good(world), kind="batch")
    if batch.status == 200:
        told = [one["response"]["status"][:3] for one in batch.entries]
        assert told[0] == told[2] == "201"
        assert int(told[1]) >= 400
        assert batch.entries[1]["response"]["outcome"]["resourceType"] == "OperationOutcome"
        assert world.stored() == (before[0] + 2, before[1] + 2)


ERRORS = [
    (NotFound(), 404), (Conflict(), 409), (LogDown("Loggen er nede."), 503), (RuntimeError("hemmeligt"), 500),
    (OperationalError("optaget"), 503),
]  # fmt: skip


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_whatever_goes_wrong_with_one_of_a_batch_the_others_are_answered(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    monkeypatch.setattr("barnetsbog.exchange.fhir.reading.read", failing(error))
    sent, before = [good(world), entry("GET", world.ref("o1")), good(world)], world.stored()
    batch = world("ppr").transaction(*sent, kind="batch")
    assert [one["response"]["status"][:3] for one in batch.entries] == ["201", str(status), "201"]
    assert batch.entries[1]["response"]["outcome"]["issue"][0]["diagnostics"] and "hemmeligt" not in str(batch.json)
    assert world.stored() == (before[0] + 2, before[1] + 2)


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_whatever_goes_wrong_with_one_of_a_transaction_nothing_is_stored(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    monkeypatch.setattr("barnetsbog.exchange.fhir.reading.read", failing(error))
    before = world.stored()
    found = world("ppr").transaction(good(world), entry("GET", world.ref("o1")))
    busy = isinstance(error, OperationalError)  # the whole is tried again, and is nobody's in particular
    assert (found.status, found.where) == ((409, "") if busy else (status, "Bundle.entry[1]"))
    assert world.stored() == before


def test_a_line_that_is_not_in_the_log_takes_no_other_answer_with_it(world: World) -> None:
    sent = [entry("GET", f"AuditEvent/{uuid4()}"), entry("GET", "AuditEvent")]
    found = world("log-reader").transaction(*sent, kind="batch")
    assert [one["response"]["status"][:3] for one in found.entries] == ["404", "200"]


def failing(error: Exception) -> Any:
    def fails(*_: object) -> None:
        raise error

    return fails


def test_nothing_stands_twice(world: World) -> None:
    made = world("ppr").post("Observation", world.observation())
    ref, before, name = f"Observation/{made.ident}", world.stored(), urn()
    twice = [entry("PUT", ref, {**made.json, "valueString": "1"}), entry("DELETE", ref)]
    named = [
        entry("POST", "Observation", world.observation(), name),
        entry("POST", "Observation", world.observation(), name),
    ]
    for sent in (twice, named):
        found = world("ppr").transaction(*sent)
        assert (found.status, world.stored()) == (400, before)


def test_the_same_criteria_choose_for_one_part_only(world: World) -> None:
    """Neither would see what the other creates, and from then on the criteria would fit two."""
    identifier = [{"system": "http://ppr.example/id", "value": "å1"}]
    plain, coded = f"{BY}å1&status=final", "status=final&identifier=http%3A%2F%2Fppr.example%2Fid%7C%C3%A51"
    made = world.observation(identifier=identifier, status="final")
    create = entry("POST", "Observation", made, ifNoneExist=plain)
    update = entry("PUT", f"Observation?{coded}", made)
    before = world.stored()
    for other in (create, update, entry("POST", "Observation", made, ifNoneExist=coded)):
        found = world("ppr").transaction(good(world), create, other)
        assert (found.status, found.where) == (400, "Bundle.entry[2].request"), found.json
        assert (found.json["issue"][0]["code"], world.stored()) == ("duplicate", before)
    others = [entry("POST", "Encounter", contact(world, identifier=identifier), ifNoneExist=f"{BY}å1")]
    others += [entry("POST", "Observation", world.observation(), ifNoneExist=f"{BY}å2")]
    found = world("ppr").transaction(create, *others)
    assert [one["response"]["status"][:3] for one in found.entries] == ["201"] * 3, found.json
    assert world("ppr").transaction(create, update).status == 400


def test_criteria_that_two_parts_come_to_fit_are_refused_however_they_are_written(world: World) -> None:
    identifier = [{"system": "http://ppr.example/id", "value": "a1"}]
    made, before = world.observation(identifier=identifier), world.stored()
    create = entry("POST", "Observation", made, ifNoneExist=f"{BY}a1")
    narrower, wider = f"{BY}a1&status=final", "identifier=http://ppr.example/id|"
    for other in (
        entry("POST", "Observation", made, ifNoneExist=narrower), entry("POST", "Observation", made, ifNoneExist=wider),
        entry("PUT", f"Observation?{narrower}", made), entry("POST", "Observation", made),
    ):  # fmt: skip
        for sent in ((create, other), (other, create)):
            found = world("ppr").transaction(good(world), *sent)
            assert (found.status, found.json["issue"][0]["code"], world.stored()) == (400, "duplicate", before), other
            assert found.where in ("Bundle.entry[1]", "Bundle.entry[2]")
    assert world("ppr").transaction(create, good(world), good(world)).status == 200


def test_what_is_deleted_in_the_same_act_is_not_met_and_not_referred_to(world: World) -> None:
    """Deletions come first (R4 §3.1.0.11.2)."""
    identifier = [{"system": "http://ppr.example/id", "value": "a1"}]
    sent, before = world.observation(identifier=identifier), None
    old = world("ppr").post("Observation", sent).ident
    delete, before = entry("DELETE", f"Observation/{old}"), world.stored()
    for address in (f"Observation/{old}", f"Observation?{BY}a1"):
        note = entry("POST", "Observation", world.observation(derivedFrom=[{"reference": address}]))
        found = world("ppr").transaction(delete, note)
        assert (found.status, world.stored()) == (422 if "/" in address[:12] else 412, before), found.json
    found = world("ppr").transaction(
        delete, entry("POST", "Observation", sent, ifNoneExist=f"{BY}a1"), entry("POST", "Observation", world.observation(derivedFrom=[{"reference": f"Observation?{BY}a1"}])),
    )  # fmt: skip
    assert [one["response"]["status"][:3] for one in found.entries] == ["204", "201", "201"], found.json
    new = found.entries[1]["resource"]["id"]
    assert new != old and found.entries[2]["resource"]["derivedFrom"] == [{"reference": f"Observation/{new}"}]


def test_references_by_criteria_lead_to_what_the_transaction_itself_brings(world: World) -> None:
    """They are resolved when everything else has been done (R4 §3.1.0.11.2)."""
    made = world("ppr").post("Encounter", contact(world)).json
    numbered = {**made, "identifier": [{"system": "http://ppr.example/id", "value": "e1"}]}
    note = world.observation(encounter={"reference": f"Encounter?{BY}e1"})
    before = world.stored()
    assert world("ppr").transaction(entry("POST", "Observation", note)).status == 412
    new = entry("POST", "Encounter", contact(world, identifier=numbered["identifier"]))
    assert world("ppr").transaction(new, new, entry("POST", "Observation", note)).status == 412
    assert world.stored() == before
    found = world("ppr").transaction(
        entry("POST", "Observation", note), entry("PUT", f"Encounter/{made['id']}", numbered)
    )
    assert found.entries[0]["resource"]["encounter"] == {"reference": f"Encounter/{made['id']}"}, found.json
    again = world("ppr").transaction(
        entry("POST", "Encounter", contact(world, identifier=numbered["identifier"]), ifNoneExist=f"{BY}e1"), entry("POST", "Observation", note),
    )  # fmt: skip
    assert again.entries[1]["resource"]["encounter"] == {"reference": f"Encounter/{made['id']}"}
    lost = {**numbered, "identifier": [{"system": "http://ppr.example/id", "value": "e2"}]}
    assert world("ppr").transaction(entry("PUT", f"Encounter/{made['id']}", lost), entry("POST", "Observation", note)).status == 412  # fmt: skip


@pytest.mark.parametrize("known", [True, False], ids=["in the book already", "new"])
def test_a_child_is_referred_to_by_the_number_that_it_comes_with(world: World, known: bool) -> None:
    number = "0505179902" if known else "0101159911"
    about = {"reference": f"Patient?identifier=urn:oid:1.2.208.176.1.2|{number}"}
    begun = {
        "resourceType": "EpisodeOfCare", "status": "active", "patient": about, "managingOrganization": {"reference": world.ref("bup")},
        "period": {"start": "2026-01-01"},
    }  # fmt: skip
    found = world("bup-record").transaction(
        entry("POST", "Observation", {**world.observation(), "subject": about}), entry("POST", "EpisodeOfCare", begun),
        entry("POST", "Patient", patient(number=number)),
    )  # fmt: skip
    assert found.status == 200, found.json
    ident = found.entries[2]["response"]["location"].rpartition("/")[2]
    assert found.entries[0]["resource"]["subject"] == {"reference": f"Patient/{ident}"}


def test_a_child_that_is_given_its_number_is_referred_to_by_it(world: World) -> None:
    child, task = urn(), {"resourceType": "EpisodeOfCare", "status": "active", "managingOrganization": {"reference": world.ref("bup")}, "period": {"start": "2026-01-01"}}  # fmt: skip
    found = world("bup-record").transaction(
        entry("POST", "Patient", patient(number=None), child), entry("POST", "EpisodeOfCare", {**task, "patient": {"reference": child}}),
    )  # fmt: skip
    ident = found.entries[0]["response"]["location"].rpartition("/")[2]
    about = {"reference": "Patient?identifier=urn:oid:1.2.208.176.1.2|0202159922"}
    found = world("bup-record").transaction(
        entry("POST", "Observation", {**world.observation(), "subject": about}), entry("PUT", f"Patient/{ident}", patient(ident, number="0202159922")),
    )  # fmt: skip
    assert found.status == 200, found.json
    assert found.entries[0]["resource"]["subject"] == {"reference": f"Patient/{ident}"}


@pytest.mark.parametrize("number", ["0303159933", "0505179902"], ids=["new", "in the book already"])
def test_a_new_child_comes_once(world: World, number: str) -> None:
    before, written = world.stored(), patient(number=f"{number[:6]}-{number[6:]}")
    sent = [entry("POST", "Patient", one, urn()) for one in (patient(number=number), written)]
    found = world("ppr-record").transaction(*sent)
    assert (found.status, found.where) == (400, "Bundle.entry[1].resource.identifier"), found.json
    assert (found.json["issue"][0]["code"], world.stored()) == ("duplicate", before)


def test_a_bundle_has_room_for_so_many_and_no_more(world: World) -> None:
    before = world.stored()
    found = world("ppr").transaction(*[good(world)] * (MOST + 1))
    assert (found.status, world.stored()) == (413, before)
    assert str(MOST) in found.said


def test_everything_at_once_is_stored_at_once(world: World) -> None:
    before = world.stored()
    found = world("ppr").transaction(*(good(world) for _ in range(150)), Prefer="return=minimal")
    assert found.status == 200
    assert world.stored() == (before[0] + 150, before[1] + 150)
    assert {tuple(one) for one in found.entries} == {("response",)}


def test_a_batch_of_reads(world: World) -> None:
    found = world("ppr").transaction(
        entry("GET", world.ref("o1")), entry("GET", world.ref("o2")), entry("GET", "Observation"), entry("HEAD", world.ref("o1")),
        entry("GET", world.ref("o1"), ifNoneMatch=tag(world.ref("o1"), 1)), entry("GET", "Patient/$alt"),
        *(entry("GET", world.ref("o1"), ifModifiedSince=f"{year}-01-01T00:00:00Z") for year in (2020, 2099)), kind="batch",
    )  # fmt: skip
    codes = ["200", "404", "200", "200", "304", "404", "200", "304"]
    assert [one["response"]["status"][:3] for one in found.entries] == codes


def test_an_empty_bundle_is_answered(world: World) -> None:
    for kind in ("batch", "transaction"):
        found = world("ppr").post("", {"resourceType": "Bundle", "type": kind})
        assert (found.status, found.json["type"]) == (200, f"{kind}-response")


def test_references_go_by_what_lies_beside_an_absolute_address_also_without_ids_and_of_a_version(world: World) -> None:
    base = "http://ppr.example/fhir/Observation"
    led = [{"reference": one} for one in ("Observation/5", f"{base}/5/_history/2", f"{base}/5")]
    found = world("ppr").transaction(
        entry("POST", "Observation", world.observation(), f"{base}/5"), entry("POST", "Observation", world.observation(hasMember=led), f"{base}/6"),
    )  # fmt: skip
    assert found.status == 200, found.json
    first, second = (one["resource"] for one in found.entries)
    assert second["hasMember"] == [{"reference": f"Observation/{first['id']}"}] * 3


def test_what_is_wrong_with_conditions_names_the_entry(world: World) -> None:
    for _ in range(2):
        assert world("ppr").post("Observation", world.observation(identifier=[{"value": "a1"}])).status == 201
    ident = world("ppr").get("Observation?identifier=a1").entries[0]["resource"]["id"]
    change = world.observation(id=ident)
    for wrong in (
        entry("PUT", f"Observation/{ident}", change, ifMatch='W/"7"'), entry("POST", "Observation", world.observation(), ifNoneExist="identifier=a1"),
        entry("POST", "Observation", world.observation(), ifNoneExist="farve=r"), entry("PUT", f"Observation/{ident}", change, ifNoneMatch="*"),
        entry("PUT", "Observation?identifier=a2", world.observation(), ifMatch='W/"1"'), entry("POST", "Goal", {"resourceType": "Goal"}),
    ):  # fmt: skip
        found = world("ppr").transaction(entry("GET", "Observation?_count=0"), wrong)
        assert found.status >= 400 and found.where.startswith("Bundle.entry[1]"), (wrong, found.json)


@pytest.mark.parametrize("kind", ["Subscription", "AuditEvent", "Questionnaire"])
def test_what_is_not_of_the_book_is_not_said_to_be_unknown(world: World, kind: str) -> None:
    found = world("ppr").transaction(entry("POST", kind, {"resourceType": kind}))
    assert (found.status, found.where) == (422, "Bundle.entry[0]")
    assert kind in found.said


@pytest.mark.parametrize("writes", [True, False])
def test_an_operation_that_changes_is_undone_with_the_rest(world: World, writes: bool) -> None:
    ref, before = world.ref("o1"), world.stored()
    told = {"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": {"tag": [{"code": "x"}]}}]}
    more = [entry("POST", "Observation", world.observation())] if writes else []
    found = world("ppr").transaction(entry("POST", f"{ref}/$meta-add", told), *more, entry("GET", "Observation/x"))
    assert (found.status, found.where) == (404, f"Bundle.entry[{1 + writes}]")
    assert (world.stored(), world("ppr").get(ref).headers["ETag"]) == (before, tag(ref, 1))
    assert world("ppr").transaction(entry("POST", f"{ref}/$meta-add", told), *more).status == 200
