"""What users of other systems have reported, tried here (lessons-from-peers §3 A and E)."""

from typing import Any

import pytest

from barnetsbog.directory.models import Role, Unit
from barnetsbog.directory.places import FewPlaces, Places
from barnetsbog.intake import storing
from barnetsbog.kernel.decisions import Conflict
from barnetsbog.record.models import Entry
from tests.builders import observation, send
from tests.conftest import BOTH_DATABASES

from .conftest import World, entry

pytestmark = BOTH_DATABASES
ROLES = ("ppr", "gp", "bup", "ppr-master", "ppr-record")


def test_totals_and_pages_are_of_what_may_be_seen(world: World) -> None:
    """HAPI#1507, #2012, #3418: totals disclose hidden rows."""
    for number in range(4):
        send(observation(f"g{number}", performer=[{"reference": "PractitionerRole/gp-staff"}]))
    for who in ROLES:
        shown, path = 0, "Observation?_count=2&_total=accurate"
        totals = set()
        while path:
            page = world(who).get(path)
            assert page.status == 200, page.json
            shown += len(page.entries)
            totals.add(page.json["total"])
            path = next(
                (one["url"].partition("/fhir/")[2] for one in page.json["link"] if one["relation"] == "next"), ""
            )
        assert totals == {shown}, who
        assert world(who).get("Observation?_summary=count").json["total"] == shown


def test_a_confirmation_means_that_it_is_stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Visma Familia, 2020-23: 63 notifications of concern were lost, and their senders had got a receipt."""
    concern = {"coding": [{"system": "https://barnetsbog.example/fhir/CodeSystem/entry-kind", "code": "concern"}]}
    said = {
        "resourceType": "Communication",
        "status": "completed",
        "category": [concern],
        "subject": {"reference": world.ref("alma")},
        "recipient": [{"reference": world.ref("bup")}],
    }
    for failure in (Conflict, RuntimeError, MemoryError):

        def fails(*_: Any, error: type[BaseException] = failure) -> None:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(storing.store, "write", fails)
            before = world.stored()
            answers = [
                world("ppr").post("Communication", said),
                world("ppr").transaction(entry("POST", "Communication", said)),
            ]
            assert {one.status for one in answers} <= {409, 500}
            assert not [one for one in answers if "Location" in one.headers]
            assert world.stored() == before
    made = world("ppr").post("Communication", said)
    assert made.status == 201
    assert Entry.objects.get(id=made.ident).what == "concern"


def test_of_twelve_with_two_that_are_forbidden_ten_go_well_and_two_are_told(world: World) -> None:
    """primero R2-3930: assigning from a list reached records without access."""
    mine = [world("ppr").post("Observation", world.observation()).ident for _ in range(10)]
    foreign = [world.id("o2"), world.id("o3")]
    patch = {
        "resourceType": "Parameters",
        "parameter": [
            {
                "name": "operation",
                "part": [
                    {"name": "type", "valueCode": "replace"},
                    {"name": "path", "valueString": "Observation.status"},
                    {"name": "value", "valueCode": "amended"},
                ],
            }
        ],
    }
    ids = [*mine[:5], foreign[0], *mine[5:], foreign[1]]
    done = world("ppr").transaction(*(entry("PATCH", f"Observation/{ident}", patch) for ident in ids), kind="batch")
    assert [one["response"]["status"][:3] for one in done.entries] == ["200"] * 5 + ["404"] + ["200"] * 5 + ["404"]
    assert world("bup").get(world.ref("o2")).json["status"] == "final"


def test_the_same_upload_twice_is_one(world: World) -> None:
    """avni-client#1734, care_fe#464: a retry makes a double."""
    sent = world.observation(identifier=[{"system": "http://ppr.example/id", "value": "x"}])
    act = [entry("POST", "Observation", sent, ifNoneExist="identifier=http://ppr.example/id|x")]
    first, again = world("ppr").transaction(*act), world("ppr").transaction(*act)
    assert [one.entries[0]["response"]["status"] for one in (first, again)] == ["201 Created", "200 OK"]
    assert first.entries[0]["resource"]["id"] == again.entries[0]["resource"]["id"]


def test_access_to_one_child_does_not_open_another(world: World) -> None:
    """primero R2-3765: a record of a family ignored whose it was."""
    assert world("ppr").get(f"Patient?_id={world.id('alma')},{world.id('noah')}").json["entry"][0]["resource"][
        "id"
    ] == world.id("alma")
    assert len(world("ppr").get(f"Patient?_id={world.id('alma')},{world.id('noah')}").entries) == 1


def test_where_few_authors_work_is_the_same_as_where_all_do(world: World) -> None:
    whole, few = Places(), FewPlaces()
    ids = [("PractitionerRole", one.id) for one in Role.objects.all()] + [
        ("Organization", one.id) for one in Unit.objects.all()
    ]
    ids += [("Practitioner", one.professional_id) for one in Role.objects.exclude(professional_id=None)] + [
        ("Practitioner", world.child("alma")),
        ("Patient", world.child("alma")),
    ]
    assert len(ids) > 10
    for kind, ident in ids:
        assert ident and whole.of(kind, ident.bytes) == few.of(kind, ident.bytes), kind
    assert few.of("PractitionerRole", None) == whole.of("PractitionerRole", None)
