"""What is done through the interface stands in each child's log, and the log is read over FHIR by whoever oversees it."""

from typing import Any

from barnetsbog.access.overseeing import FHIR
from barnetsbog.audit.queries import for_the_family
from tests.conftest import BOTH_DATABASES

from .conftest import World, entry, lines

pytestmark = BOTH_DATABASES


def told(world: World, child: str = "alma") -> list[str]:
    return [
        row.action for row in for_the_family(world.child(child), since=0, limit=99) if row.action.startswith("fhir")
    ]


def test_every_child_of_whom_something_was_shown_has_a_line(world: World) -> None:
    world("ppr").get("Observation")
    assert told(world) == ["fhir-read"]
    world("ppr").get("Observation/_history")
    world("ppr").get(world.ref("o1"))
    world("ppr").post("Observation", world.observation())
    assert sorted(told(world)) == ["fhir-create", "fhir-history", "fhir-read", "fhir-read"]
    assert told(world, "noah") == []
    (found,) = lines("fhir-search")
    assert (found.detail["query"], found.detail["client"]) == ("Observation", "ppr")


def test_what_was_looked_for_stands_in_no_log(world: World) -> None:
    world("ppr").send(
        "POST", "Patient/_search", b"identifier=0505179902&name=Alma", "application/x-www-form-urlencoded"
    )
    (found,) = lines("fhir-search")
    assert found.detail["query"] == "Patient identifier name"
    assert "0505179902" not in str(found.detail) and "Alma" not in str(found.detail)


def test_whoever_oversees_the_log_reads_it(world: World) -> None:
    world("ppr").get(world.ref("o1"))
    found = world("log-reader").get("AuditEvent?_count=1")
    assert (found.status, found.json["type"]) == (200, "searchset")
    (event,) = found.entries
    assert event["resource"]["agent"][1]["who"]["display"] == "ppr"
    assert world("log-reader").get(f"AuditEvent/{event['resource']['id']}").json["action"] == "R"
    page: Any = next(one["url"] for one in found.json["link"] if one["relation"] == "next")
    assert world("log-reader").get(page.partition("/fhir/")[2]).entries
    assert world("log-reader").get(f"AuditEvent?patient={world.ref('alma')}").where == "http.case"
    of_one = world("log-reader").get(f"AuditEvent?patient={world.ref('alma')}&case=2026-1&date=ge2020&action=R")
    assert {one["resource"]["entity"][0]["what"]["reference"] for one in of_one.entries} == {world.ref("alma")}
    assert world("log-reader").get("AuditEvent?date=lt2020").entries == []
    for query in (
        "farve=x", "action=X", "action=CR", "action=C,R", "action=urn:x|R", "date=igaar", "date=ne2020", "date=2026-01-01,2026-02-01",
        "patient=Patient/a,Patient/b", "_summary=count",
    ):  # fmt: skip
        assert world("log-reader").get(f"AuditEvent?{query}").status == 400, query
    coded = world("log-reader").get("AuditEvent?action=http://hl7.org/fhir/audit-event-action|R").entries
    assert coded and {one["resource"]["action"] for one in coded} == {"R"}
    assert world("log-reader").get(world.ref("o1")).status == 404
    assert {line.detail["over"] for line in lines("log-read")} == {FHIR}


def test_what_is_new_changed_and_taken_out_of_use_are_told_apart(world: World) -> None:
    made = world("ppr").post("Observation", world.observation())
    ref = f"Observation/{made.ident}"
    world("ppr").put(ref, {**made.json, "valueString": "Glad"})
    world("ppr").patch(ref, [{"op": "remove", "path": "/valueString"}])
    world("ppr").delete(ref)
    world("ppr").transaction(
        entry("POST", "Observation", world.observation()), entry("POST", "Observation", world.observation())
    )
    for letter, count in (("C", 2), ("U", 2), ("D", 1)):
        assert len(world("log-reader").get(f"AuditEvent?action={letter}").entries) == count, letter


def test_nobody_else_does_and_nobody_writes_in_it(world: World) -> None:
    assert world("ppr").get("AuditEvent").status == 403
    assert world("log-reader").get("AuditEvent/1").status == 404
    for method, path in (
        ("POST", "AuditEvent"),
        ("PUT", "AuditEvent/1"),
        ("DELETE", "AuditEvent/1"),
        ("PATCH", "AuditEvent/1"),
    ):
        assert world("log-reader").send(method, path, {} if method != "DELETE" else None).status == 405
    assert world("log-reader").get("AuditEvent/1/_history").status == 404
