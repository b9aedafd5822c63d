"""What users of other systems have reported of notifications, tried here (lessons-from-peers §3 E)."""

from barnetsbog.exchange.fhir import notifying
from barnetsbog.fhir.own import BASE
from tests.builders import Json, care, role, send, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import parent, said
from tests.integration.fhir.conftest import program

from .conftest import Subscribing

pytestmark = BOTH_DATABASES


def test_what_happens_in_a_municipality_is_told_in_the_region(world: Subscribing) -> None:
    """medplum#7560: notices were missed across tenants."""
    tenants = [unit("region", "other"), unit("kommune", "other")]
    parts = [{**unit(one, one), "partOf": {"reference": f"Organization/{of}"}} for one, of in (("bup", "region"), ("ppr", "kommune"))]  # fmt: skip
    send(*tenants, *parts, parent("mor", resident=True), parent("far"))
    send(said("mor"), said("far"))
    world.subscribed("bup")
    world.subscribed("bup", topic="referral-received")
    world.subscribed("gp")
    written = world.written("ppr")
    report = send({
        "resourceType": "ServiceRequest", "id": "h1", "status": "active", "intent": "order", "authoredOn": "2026-11-20",
        "subject": {"reference": "Patient/alma"}, "requester": {"reference": "PractitionerRole/ppr-staff"},
        "performer": [{"reference": "Organization/bup"}], "code": {"text": "Henvisning til BUP"},
    })  # fmt: skip
    assert report.stored == 1, report.refusals
    notifying.work()
    referral = f"http://testserver/fhir/{world.ref('h1')}"
    by_topic = {(one["topic"].rpartition("/")[2], one.get("focus")) for one in world.receiver.told()}
    assert {("entry-written-for-my-child", written), ("referral-received", referral)} <= by_topic


def _concern(world: Subscribing) -> Json:
    kind = {"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": "concern"}]}
    return {
        "resourceType": "Communication", "status": "completed", "category": [kind], "subject": {"reference": world.ref("alma")},
        "recipient": [{"reference": world.ref("fam")}], "payload": [{"contentString": "Vi er bekymrede."}],
    }  # fmt: skip


def test_a_concern_that_the_receivers_system_lost_is_seen_by_both_and_found_the_same_day(world: Subscribing) -> None:
    """Visma Familia, 2020-23: 63 notifications of concern were lost; their senders had got a receipt."""
    send(unit("fam", "family_dept"), *role("fam-staff", "fam", "case_worker"), program("fam-system", "fam", "system"), care("c9", unit_id="fam"))  # fmt: skip
    world.registered("fam")
    ident = world.subscribed("fam")
    # The receiver takes the call and then fails to store what it was called about
    world.receiver.status = 500
    made = world("ppr").post("Communication", _concern(world))
    assert made.status == 201
    notifying.work()
    (call,) = world.receiver.told()
    assert call["focus"].endswith(f"Communication/{made.ident}")
    # The sender is told of no receipt: the concern is in the book, and not in the receiver's case file
    sent = world("ppr").get(f"Communication/{made.ident}").json
    assert "received" not in sent and sent["status"] == "completed"
    # The receiver's unit has it as a ball with the law's clock, whatever its system did
    balls = world("fam").get(f"Task?patient={world.ref('alma')}").entries
    assert [one["resource"]["focus"]["reference"] for one in balls] == [f"Communication/{made.ident}"] * len(balls)
    assert len(balls) == 2 and {one["resource"]["status"] for one in balls} == {"requested"}
    # and a reconciliation of the day lists it, by what was told and by what is there
    status = world("fam").get(f"Subscription/{ident}/$status").json
    assert "500" in str(status)
    missed = world.events(ident, "fam", eventsSinceNumber="1")
    assert made.ident in str(missed.json)
    day = world("fam").get(f"Communication?recipient={world.ref('fam')}&_lastUpdated=ge2026-11-01")
    assert [one["resource"]["id"] for one in day.entries] == [made.ident]
