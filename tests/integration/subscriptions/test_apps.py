"""An app is told for the one who let it in: what they may know at that moment, and for as long as they let it."""

from collections.abc import Callable
from uuid import UUID

import pytest

from barnetsbog.access.scopes import scope_for
from barnetsbog.clients.clock import wall
from barnetsbog.clients.models import Approval
from barnetsbog.clients.operations import logged_out, stop
from barnetsbog.exchange.fhir import notifying
from barnetsbog.record.scope import LoginLevel
from barnetsbog.subscriptions.models import Subscribed, Waiting
from tests.builders import care, honour_conflict, observation, patient, send
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import parent
from tests.integration.fhir.conftest import lines

from .conftest import Subscribing

pytestmark = BOTH_DATABASES

SCOPES = "patient/*.rs patient/Subscription.cruds"
PRIVATE = {"security": [{"code": "child-private"}]}


@pytest.fixture
def mother(world: Subscribing) -> Approval:
    """Alma's mother has let Kurven in."""
    send(parent("mor", resident=True))
    return world.lets_in("app-mor", world.id("mor"), SCOPES, own_child_id=world.child("alma"))


@pytest.fixture
def staff(world: Subscribing) -> Approval:
    """Somebody at PPR has let Kurven into Alma's book alone, though PPR has a task with Noah, too."""
    send(care("n2", about="noah"))
    return world.lets_in("app-ppr", world.id("ppr-staff"), SCOPES, child_id=world.child("alma"))


def test_an_app_is_told_what_its_user_may_know_and_the_rest_leaves_no_trace(
    world: Subscribing, mother: Approval
) -> None:
    ident = world.subscribed("app-mor")
    first = world.written()
    report = send(
        observation("p1", meta=PRIVATE, performer=[{"reference": "PractitionerRole/ppr-staff"}]),
        observation("n9", about="Patient/noah", performer=[{"reference": "PractitionerRole/bup-staff"}]),
    )
    assert report.stored == 2, report.refusals
    second = world.written()
    notifying.work()
    told = world.receiver.told()
    assert [(one["event-number"], one["focus"]) for one in told] == [("1", first), ("2", second)]
    assert not Waiting.objects.filter(number=None).exists()
    read = [one for one in lines("fhir-read") if one.detail.get("subscription") == ident]
    assert [one.child_id for one in read] == [world.child("alma")] * 2
    assert {(str(one.person_id), one.detail["client"]) for one in read} == {(world.id("mor"), "kurven")}
    (asked,) = lines("app")
    assert (asked.child_id, asked.detail["step"]) == (world.child("alma"), "subscribe")


def test_an_app_of_a_parent_is_told_nothing_before_the_risk_of_an_honour_conflict_is_assessed(
    world: Subscribing, mother: Approval
) -> None:
    """Barnets lov § 18; and nobody can see by a number afterwards that there was something."""
    world.subscribed("app-mor")
    send(patient(extension=[honour_conflict()]))
    world.written()
    notifying.work()
    assert world.receiver.told() == [] and not Waiting.objects.exists()
    send(patient(extension=[honour_conflict("2026-11-24")]))
    address = world.written()
    notifying.work()
    assert [(one["event-number"], one["focus"]) for one in world.receiver.told()] == [("1", address)]


def test_an_app_that_was_let_into_one_book_is_told_of_that_one(world: Subscribing, staff: Approval) -> None:
    world.subscribed("app-ppr")
    world.written(about="noah")
    address = world.written()
    notifying.work()
    assert [(one["event-number"], one["focus"]) for one in world.receiver.told()] == [("1", address)]


def test_a_right_that_its_user_loses_before_the_telling_counts(world: Subscribing, staff: Approval) -> None:
    world.subscribed("app-ppr")
    world.written()
    send(care(unit_id="ppr", end="2026-11-01"))
    notifying.work()
    assert world.receiver.got == []


@pytest.mark.parametrize("ends", ["stopped", "logged out", "expired"])
def test_it_ends_with_what_its_user_said_yes_to(world: Subscribing, staff: Approval, ends: str) -> None:
    ident = world.subscribed("app-ppr")
    world.subscribed()
    address = world.written()
    by = scope_for(staff.person_id, level=LoginLevel.SUBSTANTIAL)
    assert by
    end: dict[str, Callable[[], object]] = {
        "stopped": lambda: stop(staff.id, by=by),
        "logged out": lambda: logged_out([UUID(staff.session)]),
        "expired": lambda: Approval.objects.filter(id=staff.id).update(ends_at=wall()),
    }
    end[ends]()
    notifying.work()
    assert [one["focus"] for one in world.receiver.told()] == [address]  # PPR's system, and not the app
    assert not Subscribed.objects.filter(id=ident).exists()
    assert not Waiting.objects.filter(subscription_id=ident).exists()


def test_a_subscription_is_one_users_and_says_when_it_ends(
    world: Subscribing, mother: Approval, staff: Approval
) -> None:
    ident = world.subscribed("app-mor")
    found = world("app-mor").get(f"Subscription/{ident}").json
    assert found["end"] and Subscribed.objects.get(id=ident).end == mother.ends_at
    for answer in (
        world("app-ppr").get(f"Subscription/{ident}"), world("app-ppr").delete(f"Subscription/{ident}"),
        world("app-ppr").get(f"Subscription/{ident}/$events"),
    ):  # fmt: skip
        assert (answer.status, answer.json) == (404, world("app-ppr").get(f"Observation/{world.id('o2')}").json)
    assert world("app-ppr").get("Subscription").json["total"] == 0
    assert world("app-mor").get("Subscription").json["total"] == 1
    assert world("app-mor").delete(f"Subscription/{ident}").status == 204


def test_an_app_that_is_let_in_anew_may_end_what_it_asked_for_before(world: Subscribing, staff: Approval) -> None:
    ident = world.subscribed("app-ppr")
    world.written()
    world.lets_in("app-now", world.id("ppr-staff"), SCOPES, child_id=world.child("alma"))
    now, at = world("app-now"), f"Subscription/{ident}"
    assert now.get("Subscription").json["total"] == 1
    assert now.get(at).json == world("app-ppr").get(at).json
    for refused in (now.put(at, {**world.wish(), "id": ident}), now.get(f"{at}/$status"), now.get(f"{at}/$events")):
        assert (refused.status, refused.said[:16]) == (403, "Det er lavet, da")
    notifying.work()
    assert len(world.receiver.told()) == 1  # as before
    assert now.delete(at).status == 204
    world.written()
    notifying.work()
    assert len(world.receiver.told()) == 1
    assert not Subscribed.objects.exists() and not Waiting.objects.exists()


@pytest.mark.parametrize("other", ["person", "book", "every book", "level", "app"])
def test_an_app_sees_nothing_of_what_was_asked_for_otherwise(
    world: Subscribing, mother: Approval, staff: Approval, other: str
) -> None:
    ident, alma = world.subscribed("app-ppr"), world.child("alma")
    who = world.id("gp-staff" if other == "person" else "ppr-staff")
    book = {"book": {"child_id": world.child("noah")}, "every book": {}}.get(other, {"child_id": alma})
    approval = world.lets_in("app-now", who, SCOPES.replace("patient", "user") if not book else SCOPES, **book)
    if other == "level":
        Approval.objects.filter(id=approval.id).update(level="high")
    if other == "app":
        Approval.objects.filter(id=staff.id).update(client_id="tasken")
    now = world("app-now")
    assert now.get("Subscription").json["total"] == 0
    for answer in (now.get(f"Subscription/{ident}"), now.delete(f"Subscription/{ident}"), now.get(f"Subscription/{ident}/$status")):  # fmt: skip
        assert (answer.status, answer.bytes) == (404, now.get(f"Observation/{world.id('o2')}").bytes)
    assert Subscribed.objects.filter(id=ident).exists()


def test_what_an_app_can_not_have(world: Subscribing, mother: Approval) -> None:
    """A topic of units for somebody of the family; whole resources; to be told without having asked for it by name."""
    unit = world("app-mor").post("Subscription", world.wish(topic="referral-received"))
    assert (unit.status, unit.said) == (422, "Emnet er for dem, der arbejder i en enhed.")
    assert world("app-mor").post("Subscription", world.wish("full-resource")).status == 422
    world.lets_in("app-all", world.id("ppr-staff"), "user/*.crus")
    assert world("app-all").post("Subscription", world.wish()).status == 403
    assert not Subscribed.objects.exists()
