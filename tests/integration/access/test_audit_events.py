"""The log over FHIR: overseers read it all, a family what its own page tells, nobody else anything; and it is logged."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings

from barnetsbog.access.audit_events import Events, Wanted, read, search
from barnetsbog.access.breakglass import break_glass
from barnetsbog.access.overseeing import NoCase
from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for, through
from barnetsbog.audit.models import Event
from barnetsbog.audit.operations import note
from barnetsbog.directory.models import Role
from barnetsbog.fhir.checking import check
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY, SECOND, day_start, local_day
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import observation, patient, role, send
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import World, extension

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

HOUR = 3600 * SECOND


@pytest.fixture(autouse=True)
def _overseer(world: World) -> None:
    send(*role("ruth", "familie", "dpo"))


def asker(world: World, name: str) -> Scope:
    scope = world.scope(name) if name != "ruth" else _ruth()
    assert scope
    return through(scope, "app", world.child if scope.unit_id is None else None)


def _ruth() -> Scope:
    found = scope_for(Role.objects.get(code="dpo").id, level=LoginLevel.SUBSTANTIAL)
    assert found
    return found


def looked(world: World, name: str, action: str = "overview", **more: Any) -> None:
    """Somebody opens the child's book, a minute after whatever was done before."""
    world.now += 60 * SECOND
    scope = world.scope(name)
    assert scope
    with open_book(scope, action, world.child, **more):
        pass


def told(found: Events) -> list[tuple[str, str]]:
    return [(one["subtype"][-1]["code"], one["agent"][0]["who"]["display"]) for one in found.resources]


def reads(found: Events) -> list[str]:
    return [who for action, who in told(found) if action == "overview"]


# -- overseers ---------------------------------------------------------------------------------------------------------


def test_an_overseer_reads_it_all_and_one_childs_in_a_case(world: World) -> None:
    looked(world, "kim")
    ruth = asker(world, "ruth")
    everything = search(ruth, Wanted())
    assert reads(everything) == ["Kim Demosen, psykolog, Enhed ppr"]
    assert all(check(one) == [] for one in everything.resources)
    patient = world.id("Patient", "alma")
    with pytest.raises(NoCase):
        search(ruth, Wanted(patient=patient))
    found = search(ruth, Wanted(patient=patient, case="27/1"))
    assert reads(found) == reads(everything)
    assert found.resources[0]["entity"][0]["what"]["reference"] == f"Patient/{patient}"
    assert search(ruth, Wanted(patient=UUID(int=9), case="27/1")).resources == []


def test_reading_the_log_is_in_the_log(world: World) -> None:
    ruth = asker(world, "ruth")
    search(ruth, Wanted(case="27/1", patient=world.id("Patient", "alma"), action="R"))
    line = Event.objects.filter(action="log-read").latest("id")
    assert (line.child_id, line.person_id) == (world.child, ruth.role_id)
    assert line.detail["case"] == "27/1" and line.detail["over"] == "fhir" and line.detail["client"] == "app"
    read(ruth, Event.objects.exclude(child_id=None).latest("id").id)
    assert Event.objects.filter(action="log-read").latest("id").detail["what"] == "event"
    search(asker(world, "mor"), Wanted())
    assert Event.objects.filter(action="log-read").latest("id").detail["what"] == "own"


def test_an_overseer_asks_by_who_when_and_what(world: World) -> None:
    looked(world, "kim")
    early = world.now
    looked(world, "maja")
    looked(world, "kim", "fhir-read")
    ruth, kim = asker(world, "ruth"), world.scope("kim")
    assert kim
    assert len(search(ruth, Wanted(agent=kim.role_id)).resources) == 2
    assert len(reads(search(ruth, Wanted(since=early, until=early + 1)))) == 1
    letters = {one: {action for action, _ in told(search(ruth, Wanted(action=one)))} for one in "CRUDE"}
    assert letters["R"] >= {"overview", "fhir-read"} and letters["C"] == letters["U"] == letters["D"] == set()
    assert "import" in letters["E"] and not letters["E"] & letters["R"]


def test_pages_follow_each_other_without_a_gap(world: World) -> None:
    for name in ("kim", "maja", "kim", "maja", "kim"):
        looked(world, name)
    at = world.now
    world.now += 60 * SECOND
    for who in ("ruth", "mor"):
        scope, before, found = asker(world, who), None, list[str]()
        for _ in range(20):
            page = search(scope, Wanted(until=at + 1), count=2, before=before)
            found += [one["id"] for one in page.resources]
            before = page.next
            if before is None:
                break
        assert found == [one["id"] for one in search(scope, Wanted(until=at + 1)).resources]
        assert len(found) == len(set(found)) >= 5


def test_where_somebody_works_is_not_told_of_a_child_with_a_protected_address(world: World) -> None:
    send(patient(extension=[extension("protected-address", "Boolean", True)]))
    looked(world, "maja")
    (seen,) = [
        one for one in search(asker(world, "ruth"), Wanted()).resources if one["subtype"][-1]["code"] == "overview"
    ]
    who = seen["agent"][0]["who"]
    assert "Enhed skole" not in who["display"] and "Maja" in who["display"] and "reference" not in who


# -- families ----------------------------------------------------------------------------------------------------------


def test_a_mother_reads_who_opened_her_childs_book(world: World) -> None:
    looked(world, "kim")
    looked(world, "maja", entry=str(UUID(int=5)))
    found = search(asker(world, "mor"), Wanted(patient=world.id("Patient", "alma")))
    assert reads(found) == ["Maja Demosen, psykolog, Enhed skole", "Kim Demosen, psykolog, Enhed ppr"]
    for one in found.resources:
        assert check(one) == []
        assert read(asker(world, "mor"), UUID(one["id"])) == one
        assert {entity["role"]["code"] for entity in one["entity"]} == {"1"}, "no entry and no question"


def test_nobody_else_reads_the_log(world: World) -> None:
    looked(world, "kim")
    line = Event.objects.get(action="overview").id
    for name in ("kim", "maja", "eva"):
        for ask in (lambda scope: search(scope, Wanted()), lambda scope: read(scope, line)):
            with pytest.raises(NotFound):
                ask(asker(world, name))


def test_a_family_reads_of_its_own_child_alone(world: World) -> None:
    mother = asker(world, "mor")
    send(patient("noah", number="1402149903"))
    with pytest.raises(NotFound):
        search(mother, Wanted(patient=world.id("Patient", "noah")))
    of_noah = Event.objects.filter(action="import").latest("id").id
    with pytest.raises(NotFound):
        read(mother, of_noah)


def test_nothing_of_a_long_log_is_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page asks for a shorter period where there is more than it reads; a program goes on."""
    monkeypatch.setattr("barnetsbog.access.own_log.MOST", 2)
    for name in ("maja", "kim", "kim"):
        looked(world, name)
    found = search(asker(world, "mor"), Wanted())
    assert len(reads(found)) == 3 and found.next is None
    oldest = next(one for one in reversed(found.resources) if one["subtype"][-1]["code"] == "overview")
    assert read(asker(world, "mor"), UUID(oldest["id"])) == oldest


@pytest.fixture
def refused(world: World) -> Iterator[UUID]:
    scope = world.scope("mads")
    assert scope
    with pytest.raises(NotFound), open_book(scope, "overview", world.child):
        pass
    yield Event.objects.filter(allowed=False).latest("id").id


def test_a_refusal_is_told_to_overseers_and_to_no_family(world: World, refused: UUID) -> None:
    assert read(asker(world, "ruth"), refused)["outcome"] == "4"
    assert not any(one["id"] == str(refused) for one in search(asker(world, "mor"), Wanted()).resources)
    with pytest.raises(NotFound):
        read(asker(world, "mor"), refused)


def test_what_the_other_parent_reads_is_not_told(world: World) -> None:
    looked(world, "far")
    assert reads(search(asker(world, "mor"), Wanted())) == []
    assert reads(search(asker(world, "far"), Wanted())) == ["holder"]


def test_an_emergency_is_told_when_it_may_be_and_all_that_was_done_in_it(world: World, settings: LazySettings) -> None:
    settings.BREAK_GLASS_NOTICE = "after-review"
    ida = world.scope("ida")
    assert ida
    break_glass(by=ida, number="0505179902", reason="Barnet er i fare nu")
    world.now += 60 * SECOND
    broken = world.scope("ida", broken=True)
    assert broken
    with open_book(broken, "overview", world.child):
        pass
    assert told(search(asker(world, "mor"), Wanted(action="R"))) == []
    assert "break-glass" not in {action for action, _ in told(search(asker(world, "mor"), Wanted()))}
    assert "break-glass" in {action for action, _ in told(search(asker(world, "ruth"), Wanted()))}


def test_staff_at_risk_go_by_title_and_can_not_be_looked_up(world: World, settings: LazySettings) -> None:
    kim = world.scope("kim")
    assert kim
    settings.LOG_WITHOUT_NAMES = frozenset([str(kim.role_id)])
    looked(world, "kim")
    mother = asker(world, "mor")
    assert reads(search(mother, Wanted())) == ["psykolog, Enhed ppr"]
    (seen,) = [one for one in search(mother, Wanted()).resources if one["subtype"][-1]["code"] == "overview"]
    assert "reference" not in seen["agent"][0]["who"]
    assert search(mother, Wanted(agent=kim.role_id)).resources == []


def test_a_system_that_reads_is_told_by_its_name(world: World) -> None:
    """The family sees that it was a system, as it sees who a person was."""
    scope = world.scope("kim")
    assert scope
    world.now += 60 * SECOND
    with open_book(replace(scope, client="ppr-system"), "fhir-read", world.child):
        pass
    (seen,) = search(asker(world, "mor"), Wanted(action="R")).resources
    assert seen["type"]["code"] == "rest"
    (overseen,) = [
        one
        for one in search(asker(world, "ruth"), Wanted(action="R")).resources
        if "entity" in one and one["type"]["code"] == "rest"
    ]
    assert overseen["agent"][1]["who"]["display"] == "ppr-system"


def test_of_an_import_the_day_is_told_and_neither_the_hour_nor_how_many(world: World) -> None:
    """Asking for shorter and shorter times must not find the hour, nor may an id have it in it."""
    for number in range(3):
        world.now += HOUR
        send(observation(f"o{number}", effectiveDateTime="2026-11-24"))
    mother, midnight = asker(world, "mor"), day_start(local_day(world.now))
    imports = [one for one in search(mother, Wanted()).resources if one["subtype"][-1]["code"] == "import"]
    assert len(imports) == 1 and imports[0]["recorded"] == "2026-11-25T00:00:00+01:00"
    assert imports[0]["id"] not in {str(one) for one in Event.objects.values_list("id", flat=True)}
    assert read(mother, UUID(imports[0]["id"])) == imports[0]
    for hour in range(1, 24):
        later = search(mother, Wanted(since=midnight + hour * HOUR, until=midnight + DAY)).resources
        assert "import" not in {one["subtype"][-1]["code"] for one in later}


def test_changes_of_rights_are_for_the_page(world: World) -> None:
    note("rights", at=world.now, by=None, child_id=world.child, basis="facts", given=[], ended=[])
    assert "rights" not in {action for action, _ in told(search(asker(world, "mor"), Wanted()))}
