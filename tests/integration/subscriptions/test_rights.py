"""The rights that count are those of the moment of telling: a consent that is withdrawn in between counts."""

from barnetsbog.exchange.fhir import notifying
from barnetsbog.law.model import Status
from barnetsbog.record.instance import now
from barnetsbog.subscriptions.models import Waiting
from tests.builders import send
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import parent, said

from .conftest import Subscribing

pytestmark = BOTH_DATABASES


def _both(**more: object) -> None:
    report = send(said("mor", **more), said("far", **more))
    assert not report.refusals


def test_what_a_withdrawn_consent_opened_is_not_told(world: Subscribing) -> None:
    send(parent("mor", resident=True), parent("far"))
    _both()
    world.subscribed("bup")
    opened = world.written()
    notifying.work()
    assert [one["focus"] for one in world.receiver.told()] == [opened]
    world.written()
    _both(status=Status.WITHDRAWN, withdrawn_at=now() - 1)
    notifying.work()
    assert [one["focus"] for one in world.receiver.told()] == [opened]
    assert not Waiting.objects.filter(heard=False).exists()


def test_what_a_consent_opens_in_time_is_told(world: Subscribing) -> None:
    send(parent("mor", resident=True), parent("far"))
    world.subscribed("bup")
    address = world.written()
    _both()
    notifying.work()
    assert [one["focus"] for one in world.receiver.told()] == [address]


def test_a_unit_is_told_when_a_consent_to_share_from_it_is_given_and_withdrawn(world: Subscribing) -> None:
    send(parent("mor", resident=True), parent("far"))
    world.subscribed(topic="consent-changed")
    world.subscribed("gp", topic="consent-changed")
    _both()
    notifying.work()
    _both(status=Status.WITHDRAWN, withdrawn_at=now() - 1)
    notifying.work()
    assert [one["event-number"] for one in world.receiver.told()] == ["1", "2", "3", "4"]
    assert {one["focus"].split("/")[-2] for one in world.receiver.told()} == {"Consent"}


def test_a_referral_is_told_to_the_unit_that_it_is_to(world: Subscribing) -> None:
    world.subscribed("gp", topic="referral-received")
    world.subscribed("ppr", topic="referral-received")
    report = send({
        "resourceType": "ServiceRequest", "id": "h1", "status": "active", "intent": "order", "authoredOn": "2026-11-20",
        "subject": {"reference": "Patient/alma"}, "requester": {"reference": "PractitionerRole/gp-staff"},
        "performer": [{"reference": "Organization/ppr"}], "code": {"text": "Henvisning til PPR"},
    })  # fmt: skip
    assert report.stored == 1, report.refusals
    notifying.work()
    assert [one["focus"] for one in world.receiver.told()] == [f"http://testserver/fhir/{world.ref('h1')}"]
