"""The acceptance cases of law-and-access §7 that concern access, by their numbers, on both databases."""

from dataclasses import replace
from uuid import uuid4

import orjson
import pytest

from barnetsbog.access.breakglass import NoReason, break_glass, review, to_review
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.operations import rights_follow
from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.audit.models import Event
from barnetsbog.directory.queries import all_children
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY, SECOND
from barnetsbog.law.consents import evaluate
from barnetsbog.law.model import Capacity, Matter, Status
from barnetsbog.record.book import Book
from barnetsbog.record.models import Version
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import bundle, care, patient, send
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import ALL, World, at, extension, parent, said, written
from tests.unit.law.family import sharing

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

NUMBER = "0505179902"
ANSWERS = ("mor svarer", "far svarer")
"""The answers themselves may be read by the units they are between."""
REASON = "Pigen er indlagt akut i nat"


def test_06_a_parent_without_custody_signs_and_nothing_changes(world: World) -> None:
    his = said("far", capacity=Capacity.PARENT, answered_at=at("2026-11-02"))
    send(parent("far", end="2026-10-31"), written("o1", "Ord fra PPR"), his)
    assert not world.knows("ida")
    send(said("mor"))
    assert "Ord fra PPR" in world.sees("ida")
    send(said("far", capacity=Capacity.PARENT, answered_at=at("2026-11-02"), status=Status.REFUSED))
    assert "Ord fra PPR" in world.sees("ida")
    send(his)
    facts = facts_of(world.child)
    matter = Matter("ppr-to-bup", facts.consents[0].disclosers, facts.consents[0].recipient, sharing("IN/O"))
    answer = evaluate(matter, facts.child, facts.custody, facts.consents, world.now, law_in_use().book)
    assert [why for _, why in answer.rejected] == ["Forælderen har ikke forældremyndighed og kan ikke give samtykke."]


def test_07_custody_turns_sole_and_the_other_parent_knows_of_no_child(world: World) -> None:
    send(parent("far", end="2026-11-30"))
    world.now = at("2026-12-01") - 1
    scope = world.scope("far")
    assert scope and world.knows("far")
    world.now += 1 + SECOND
    assert world.scope("far") is None and world.knows("mor")
    with pytest.raises(NotFound), open_book(_moved(scope, world.now), "overview", world.child):
        pytest.fail("the session is still open, and the book is not")
    with pytest.raises(NotFound), open_book(_moved(scope, world.now), "overview", uuid4()):
        pass
    hidden, absent = Event.objects.filter(action="overview").order_by("id")
    assert (hidden.reason, hidden.allowed, hidden.detail) == (absent.reason, absent.allowed, absent.detail)


def _moved(scope: Scope, now: int) -> Scope:
    return replace(scope, at=now)


def test_08_a_withdrawal_stops_later_reads_and_leaves_the_copy_received(world: World) -> None:
    send(written("o1", "Ord fra PPR"), written("o2", "BUP's egne ord", "ida"), said("mor"), said("far"))
    assert world.sees("ida") == {"Ord fra PPR", *ANSWERS}
    send(care("c4", unit_id="bup"))
    assert world.sees("ida") >= {"Ord fra PPR", "BUP's egne ord"}
    send(said("mor", status=Status.WITHDRAWN, withdrawn_at=at("2026-11-24")))
    assert "Ord fra PPR" not in world.sees("ida") and "BUP's egne ord" in world.sees("ida")
    assert world.refuses("ida", world.id("Observation", "o1"))
    assert Version.objects.filter(entry_id=world.id("Observation", "o2")).count() == 1


def test_12_a_temporary_holder_takes_over_from_the_representative(world: World) -> None:
    send(parent("mor", active=False), parent("far", active=False), parent("rep", kind="representative"))
    assert world.knows("rep")
    send(parent("onkel", kind="temporary", start="2026-12-01"))
    assert world.knows("rep") and not world.knows("onkel")
    world.now = at("2026-12-01")
    assert world.knows("onkel") and not world.knows("rep")
    send(said("rep", capacity=Capacity.REPRESENTATIVE, answered_at=world.now + 1, valid_from=world.now))
    world.now += DAY
    assert not world.knows("ida")


def test_13_a_consent_that_names_one_department_opens_nothing_for_another(world: World) -> None:
    send(written("o1", "Ord fra PPR"), said("mor"), said("far"))
    assert world.sees("ida") == {"Ord fra PPR", *ANSWERS}
    assert not world.knows("mads") and world.refuses("mads", world.id("Observation", "o1"))


def test_18_an_employee_without_a_task_who_knows_the_id(world: World) -> None:
    send(written("o1", "Ord fra PPR"))
    scope = world.scope("mads")
    assert scope
    for child, entry in ((world.child, world.id("Observation", "o1")), (uuid4(), uuid4())):
        with pytest.raises(NotFound), open_book(scope, "entry", child) as book:
            book.entry(child, entry)
    hidden, absent = Event.objects.filter(action="entry").order_by("id")
    assert not hidden.allowed and (hidden.reason, hidden.detail) == (absent.reason, absent.detail)


def test_19_the_old_doctor_after_a_change_of_list(world: World) -> None:
    send(
        written("o1", "Lægens ord", "astrid"),
        care("c3", unit_id="laege", end="2026-11-30"),
        care("c5", unit_id="laege2", start="2026-12-01"),
    )
    assert "Lægens ord" in world.sees("astrid") and not world.knows("bent")
    world.now = at("2026-12-01")
    assert not world.knows("astrid") and "Lægens ord" in world.sees("bent")


def test_20_a_holder_and_the_health_record_of_a_seventeen_year_old(world: World) -> None:
    send(
        patient(birthDate="2009-05-07"),
        written("o1", "Lægens ord", "astrid"),
        written("o2", "Rådgiverens ord", "rikke"),
    )
    assert "Rådgiverens ord" in world.sees("mor") and "Lægens ord" not in world.sees("mor")
    assert {"Lægens ord", "Rådgiverens ord"} <= world.sees("alma")
    assert world.refuses("mor", world.id("Observation", "o1"))


def blocks(entry: str, by: str = "Patient/alma") -> dict[str, object]:
    return {
        "resourceType": "Consent", "id": "blok", "status": "active", "patient": {"reference": "Patient/alma"},
        "scope": {"coding": [{"code": "patient-privacy"}]}, "category": [{"text": "Spærring"}], "dateTime": "2026-11-20",
        "performer": [{"reference": by}], "policyRule": {"text": "spærring"},
        "provision": {"type": "deny", "data": [{"meaning": "instance", "reference": {"reference": f"Observation/{entry}"}}]},
    }  # fmt: skip


def test_21_what_a_young_person_has_closed_opens_by_broken_glass_and_she_sees_that_it_was(world: World) -> None:
    send(
        patient(birthDate="2010-05-07"),
        care("c4", unit_id="bup"),
        written("o1", "Det lukkede", "ida"),
        written("o2", "Det åbne", "ida"),
    )
    assert {"Det lukkede", "Det åbne"} <= world.sees("ida")
    send(blocks("o1"))
    assert "Det åbne" in world.sees("ida") and "Det lukkede" not in world.sees("ida") | world.sees("rikke")
    assert "Det lukkede" in world.sees("alma")
    ida, boss = world.scope("ida"), world.scope("eva")
    assert ida and boss and not to_review(boss)
    broken = break_glass(by=ida, number=NUMBER, reason=REASON)
    assert "Det lukkede" in world.sees("ida", broken=True) and "Det lukkede" not in world.sees("ida")
    assert [one.id for one in to_review(boss)] == [broken.id] and to_review(ida) == []
    event = Event.objects.get(action="break-glass")
    assert (event.child_id, event.reason, event.allowed) == (world.child, REASON, True)
    assert review(by=boss, ident=broken.id, justified=True, remark="").justified and to_review(boss) == []


def test_21_nobody_else_can_close_anything_for_others(world: World) -> None:
    send(care("c4", unit_id="bup"), written("o1", "Bekymring", "ida"), blocks("o1", "RelatedPerson/far"))
    assert "Bekymring" in world.sees("ida")
    send(blocks("o1"))  # the child herself, who is nine
    assert "Bekymring" in world.sees("ida")


def test_22_no_reason_no_glass_and_no_more_of_it_after_an_hour(world: World) -> None:
    send(care("c4", unit_id="familie"), written("o1", "Social sag", "rikke"))
    ida, kim = world.scope("ida"), world.scope("kim")
    assert ida and kim
    for reason in ("", "akut", "   kort   "):
        with pytest.raises(NoReason):
            break_glass(by=ida, number=NUMBER, reason=reason)
    for scope, number in ((kim, NUMBER), (ida, "0101010101")):
        with pytest.raises(NotFound):
            break_glass(by=scope, number=number, reason=REASON)
    assert not world.knows("ida") and Event.objects.filter(action="break-glass", allowed=False).count() == 2
    until = break_glass(by=ida, number=NUMBER, reason=REASON).until
    assert until == world.now + 3600 * SECOND
    for moment, seen in ((until - 1, True), (until, False)):
        world.now = moment
        assert ("Social sag" in world.sees("ida", broken=True)) is seen


def test_23_what_is_the_young_persons_own_is_never_a_holders(world: World) -> None:
    """SL § 92 a: also with a mandate for the rest of the record."""
    send(patient(birthDate="2010-05-07"), written("o1", "Kun min", "astrid", "youth-only"))
    mandate = Matter("holder-digital-record-access", frozenset({"laege"}), "skole", sharing("TI/H", "TI/P"))
    send(said("alma", mandate), said("mor", mandate, capacity=Capacity.HOLDER), said("far", mandate))
    assert "Kun min" in world.sees("alma")
    assert not any("Kun min" in world.sees(name) for name in ("mor", "far", "kim", "maja", "rikke"))


def test_24_a_protection_that_lapses_in_the_register_stays_until_somebody_has_looked(world: World) -> None:
    send(patient(extension=[extension("protected-address", "Boolean", True)]), written("o1", "Ord fra PPR"))
    assert world.knows("far") and world.sees("far") == set() and "Ord fra PPR" in world.sees("mor")
    send(patient(extension=[extension("protected-address", "Boolean", False)]))
    send(patient())
    assert world.sees("far") == set()
    send(patient(extension=[extension("protection-reviewed", "Boolean", True)]))
    assert "Ord fra PPR" in world.sees("far")


def test_25_a_number_that_fails_modulus_11_is_taken_in_with_a_warning(world: World) -> None:
    report = send(patient("noah", number="0101160000"))
    assert report.stored == 1 and not report.refusals and len(report.warnings) == 1


# -- what neighbouring systems' users complained of, as far as it is here ---------------------------------------------


def test_a_right_to_one_sibling_is_none_to_the_other(world: World) -> None:
    """primero R2-3765."""
    alma, kim = world.child, world.scope("kim")
    sibling = {**parent("mor2", resident=True), "patient": {"reference": "Patient/noah"}}
    send(bundle(patient("noah", number="1402149903"), sibling, care("n1", "noah", "familie")))
    (noah,) = set(all_children()) - {alma}
    assert kim and Book(kim).sees(alma) and not Book(kim).sees(noah)
    mother = world.id("RelatedPerson", "mor")
    assert scope_for_person(mother, alma, level=LoginLevel.SUBSTANTIAL)
    assert scope_for_person(mother, noah, level=LoginLevel.SUBSTANTIAL) is None


def test_when_a_task_is_done_the_written_rule_says_what_may_be_read(world: World) -> None:
    """care#2788: staff are out when the episode closes, and nothing more of it is theirs."""
    send(written("o1", "Egne ord"), care("c1", end="2026-11-24"))
    assert not world.knows("kim") and world.refuses("kim", world.id("Observation", "o1"))


def test_changing_a_consent_alone_changes_access_at_once(world: World) -> None:
    """medplum#1008."""
    send(written("o1", "Ord fra PPR"), said("mor"))
    assert not world.knows("ida")
    send(said("far"))
    assert world.sees("ida") == {"Ord fra PPR", *ANSWERS}
    send(said("far", status=Status.REFUSED))
    assert not world.knows("ida")


def test_every_part_of_an_entry_is_as_well_kept_as_the_entry(world: World) -> None:
    """primero R2-3923: versions, words, where it came from."""
    send(written("o1", "Ord fra PPR"))
    kim, mads = world.scope("kim"), world.scope("mads")
    assert kim and mads
    row = Book(kim).entry(world.child, world.id("Observation", "o1"))
    (version,) = Book(kim).versions(row)
    assert Book(kim).received(row, version) and orjson.loads(Book(kim).bodies([row])[row.id])["valueString"]
    stranger = Book(mads)
    assert stranger.versions(row) == [] and stranger.bodies([row]) == {} and stranger.received(row, version) is None
    assert (
        stranger.whole(world.child) == [] and stranger.titles([row.id]) == {} and stranger.count(world.child, ALL) == 0
    )
    assert stranger.payloads({version.delivery_id} - {None}) == {}  # type: ignore[arg-type]


# -- reads never wait for a job --------------------------------------------------------------------------------------


def test_a_birthday_counts_without_anybody_having_done_anything(world: World) -> None:
    send(written("o1", "Lægens ord", "astrid"))
    world.now = at("2032-05-07") - 1
    assert "Lægens ord" in world.sees("mor") and "Lægens ord" not in world.sees("alma")
    world.now += 1
    assert "Lægens ord" not in world.sees("mor") and "Lægens ord" in world.sees("alma")
    world.now = at("2035-05-07")
    assert world.scope("mor") is None and world.scope("far") is None


def test_a_consent_ends_without_anybody_having_done_anything(world: World) -> None:
    send(written("o1", "Ord fra PPR"), said("mor"), said("far"))
    for moment, known in ((at("2027-06-01") - 1, True), (at("2027-06-01"), False)):
        world.now = moment
        assert world.knows("ida") is known
    assert not rights_follow(world.child)
