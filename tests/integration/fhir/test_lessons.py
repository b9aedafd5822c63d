"""What users of other systems have reported, tried here (lessons-from-peers §3 A and E)."""

from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.scopes import scope_for
from barnetsbog.directory.models import Role, Unit
from barnetsbog.directory.places import FewPlaces, Places
from barnetsbog.intake import storing
from barnetsbog.intake.exporting import export_child
from barnetsbog.joining import operations as joining
from barnetsbog.kernel.decisions import Conflict
from barnetsbog.record.models import Entry, Grant
from barnetsbog.record.scope import LoginLevel
from tests.builders import Json, bundle, care, observation, patient, role, send, unit
from tests.conftest import BOTH_DATABASES

from .conftest import World, entry, tag

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


def test_the_same_form_from_two_devices_is_one_and_no_answer_is_lost(world: World) -> None:
    """avni-server#902, avni-client#1734: two workers without a net, two records; the second sending conflicts."""

    def filled(answer: str) -> Json:
        item = [{"linkId": "1", "answer": [{"valueString": answer}]}]
        return {
            "resourceType": "QuestionnaireResponse", "status": "completed", "item": item, "subject": {"reference": world.ref("alma")},
            "questionnaire": "https://ppr.example/skema", "identifier": {"system": "https://ppr.example/id", "value": "alma-2026"},
        }  # fmt: skip

    criteria = "identifier=https://ppr.example/id|alma-2026"
    tablet = world("ppr").post("QuestionnaireResponse", filled("Gladere"), If_None_Exist=criteria)
    phone = world("ppr").post("QuestionnaireResponse", filled("Træt"), If_None_Exist=criteria)
    again = world("ppr").post("QuestionnaireResponse", filled("Gladere"), If_None_Exist=criteria)
    assert [one.status for one in (tablet, phone, again)] == [201, 200, 200]
    ref = f"QuestionnaireResponse/{tablet.ident}"
    assert {one.json["id"] for one in (phone, again)} == {tablet.ident}
    # The phone has been told what is there already, and adds its own to that version
    ours = {**filled("Gladere. Træt"), "id": tablet.ident}
    assert world("ppr").put(ref, ours, If_Match=phone.headers["ETag"]).status == 200
    # and the tablet, which still has the first version, is told before it writes over it
    late = world("ppr").put(ref, {**filled("Gladere!"), "id": tablet.ident}, If_Match=tablet.headers["ETag"])
    assert (late.status, late.headers["ETag"]) == (412, tag(ref, 2))
    assert world("ppr").put(ref, ours, If_Match=tag(ref, 2)).headers["ETag"] == tag(ref, 2)
    said = [one["resource"]["item"][0]["answer"][0]["valueString"] for one in world("ppr").get(f"{ref}/_history").entries]  # fmt: skip
    assert said == ["Gladere. Træt", "Gladere"]


def test_the_set_up_of_a_test_installation_changes_nothing_of_what_is_alive(world: World) -> None:
    """avni-server#871: the import of a configuration voided live data."""
    place, person = world.ref("ppr"), world.ref("ppr-staff")
    asked = ("Observation", "Patient", "EpisodeOfCare", place, person)
    before = {(who, path): world(who).get(path).bytes for who in ROLES for path in asked}
    grants = sorted(Grant.objects.values_list("child_id", "grantee_id", "rule", "valid_from", "valid_to", "shelves"))
    closed = [{**unit(one, one), "active": False, "name": "Testenhed"} for one in ("ppr", "gp", "bup")]
    people = [{**one, "active": False} for name in ("ppr", "gp", "bup") for one in role(f"{name}-staff", name)]
    report = send(bundle(*closed, *people, kind="batch"), source="testmiljø")
    assert not report.refusals
    # and over the interface, by somebody else's system that keeps master data
    for ref, sent in ((place, closed[0]), (person, people[1])):
        assert world("bup-record").put(ref, {**sent, "id": ref.rpartition("/")[2]}).status in (403, 422)
    assert {(who, path): world(who).get(path).bytes for who in ROLES for path in asked} == before
    after = sorted(Grant.objects.values_list("child_id", "grantee_id", "rule", "valid_from", "valid_to", "shelves"))
    assert after == grants
    assert Role.objects.get(id=person.rpartition("/")[2]).active


def test_twins_are_two_and_a_child_with_a_new_number_is_one(world: World) -> None:
    """care_fe#464, medplum#6449: doubles, and the wish to put them together."""
    twins = [patient(ident, number=number, name=[{"given": [given], "family": "Tvilling"}]) for ident, number, given in (("a", "0101159911", "Bo"), ("b", "0101159923", "Bi"))]  # fmt: skip
    bo, bi = (world("ppr-record").post("Patient", one).ident for one in twins)
    assert bo != bi
    for one in (bo, bi):
        task = {
            "resourceType": "EpisodeOfCare", "status": "active", "patient": {"reference": f"Patient/{one}"},
            "managingOrganization": {"reference": world.ref("ppr")}, "period": {"start": "2026-01-01"},
        }  # fmt: skip
        assert world("ppr-record").post("EpisodeOfCare", task).status == 201
    written = world("ppr-record").post("Observation", {**world.observation(), "subject": {"reference": f"Patient/{bi}"}})  # fmt: skip
    # Same birth date, same family, same address: what is written about one is not about the other
    assert [one["resource"]["id"] for one in world("ppr").get(f"Observation?patient={bi}").entries] == [written.ident]
    assert world("ppr").get(f"Observation?patient={bo}").entries == []
    # A new number leads to the child that is here already, and so does the old one
    new = {"system": "urn:oid:1.2.208.176.1.2", "value": "0101159935"}
    assert world("ppr-record").patch(f"Patient/{bo}", [{"op": "add", "path": "/identifier/-", "value": new}]).status == 200  # fmt: skip
    for number in ("0101159911", "0101159935"):
        assert world("bup-record").post("Patient", patient(number=number)).ident == bo
    # The number of the other twin leads to nobody else, and nothing is moved by it
    wrong = [{"op": "add", "path": "/identifier/-", "value": {**new, "value": "0101159923"}}]
    before = world.stored()
    assert (world("ppr-record").patch(f"Patient/{bo}", wrong).status, world.stored()) == (422, before)
    assert world("bup-record").post("Patient", patient(number="0101159923")).ident == bi


def test_two_books_of_one_child_are_merged_and_the_merge_is_undone(world: World) -> None:
    """care_fe#464, medplum#6449: duplicates, and the wish to merge. The old id answers as R4 says (Patient.link), and
    nobody who has nothing to do with the child can tell."""
    substitute = {"system": "urn:oid:1.2.208.176.1.6.1.3.179", "value": "070517TAA1"}
    send(bundle(
        *role("ib", "ppr", "administrator"), *role("vera", "ppr", "administrator"),
        patient("dobbelt", number=None, identifier=[substitute]), care("c9", about="dobbelt", unit_id="gp"),
        observation("o9", about="Patient/dobbelt", performer=[{"reference": "PractitionerRole/gp-staff"}]),
    ))  # fmt: skip
    kept, old, o9 = world.ref("alma"), world.ref("dobbelt"), world.ref("o9")
    asked = ["Patient", "Observation", old, f"{old}/_history", f"Observation?patient={old}", f"{old}/$everything",
             f"Patient?_id={world.id('dobbelt')}", o9, kept]  # fmt: skip
    unseen, seen = ([world(who).get(one).bytes for one in asked] for who in ("bup", "gp"))
    books = _exported(world, "alma", "dobbelt")
    by = [scope_for(UUID(world.id(name)), level=LoginLevel.SUBSTANTIAL) for name in ("ib", "vera")]
    assert by[0] and by[1]
    ident = joining.propose(world.child("alma"), world.child("dobbelt"), by=by[0], why="Barnet har fået CPR-nummer.")
    joining.decide(ident, by=by[1], approved=True)

    assert world("gp").get(old).json["active"] is False
    assert world("gp").get(old).json["link"] == [{"other": {"reference": kept}, "type": "replaced-by"}]
    assert world("gp").get(kept).json["link"] == [{"other": {"reference": old}, "type": "replaces"}]
    assert {**substitute, "use": "old"} in world("ppr").get(kept).json["identifier"]
    for one in (old, kept):
        found = world("gp").get(f"Observation?patient={one}").entries
        assert {entry["resource"]["subject"]["reference"] for entry in found} == {kept}
        assert o9 in {f"Observation/{entry['resource']['id']}" for entry in found}
    assert [world("bup").get(one).bytes for one in asked] == unseen

    joining.part(ident, by=by[0], why="Det var to børn alligevel.")
    assert _exported(world, "alma", "dobbelt") == books
    again = [world("gp").get(one) for one in asked]
    assert not [one for one in again if "link" in one.json and one.json["resourceType"] == "Patient"]
    assert [one.bytes for one in again][2:5] == seen[2:5]
    assert [world("bup").get(one).bytes for one in asked] == unseen


def _exported(world: World, *names: str) -> list[Json]:
    return [export_child(world.child(name), account="test")["entry"] for name in names]


def test_a_log_that_is_opened_for_the_first_time_says_what_is_in_it(world: World) -> None:
    """primero R2-3587: the log of changes was blank until somebody pressed "apply"."""
    made = world("ppr").post("Observation", world.observation())
    cold = world("log-reader").get("AuditEvent")
    assert "C" in {one["resource"]["action"] for one in cold.entries}
    of_alma = world("log-reader").get(f"AuditEvent?patient={world.ref('alma')}&case=2026-1")
    assert made.status == 201 and "C" in {one["resource"]["action"] for one in of_alma.entries}
