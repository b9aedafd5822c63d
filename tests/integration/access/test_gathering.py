"""What rights follow from, as it is read out of a real book: relations, custody, foster homes, blocks, protection."""

from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from barnetsbog.access.facts import Care, Fostering, Glass, Referred
from barnetsbog.access.gathering import consenting, facts_of, lasting, protected_among
from barnetsbog.access.models import BreakGlass
from barnetsbog.access.rebuilding import differing
from barnetsbog.consent.matters import asked_about
from barnetsbog.fhir.own import BASE, referring
from barnetsbog.fhir.own import extension as extension_of_ours
from barnetsbog.kernel.time import DAY, FOREVER
from barnetsbog.law.model import Matter
from barnetsbog.packs.mapping import resource_of
from barnetsbog.packs.model import SSD, Pack
from barnetsbog.record.models import Grant
from barnetsbog.record.promotion import ENTRY_KIND
from tests.builders import bundle, care, patient, role, send, task, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import TO_BUP, World, at, extension, said, written
from tests.unit.law.family import PPV

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


@pytest.mark.parametrize(("status", "start", "end", "expected"), [
    ("active", "2026-01-01", None, (at("2026-01-01"), FOREVER)), ("onhold", "2026-01-01", None, (at("2026-01-01"), FOREVER)),
    ("waitlist", "2026-01-01", None, (at("2026-01-01"), FOREVER)), ("finished", "2026-01-01", "2026-01-31", (at("2026-01-01"), at("2026-02-01"))),
    ("active", "2026-01-01", "2026-01-01", (at("2026-01-01"), at("2026-01-02"))), ("active", "2026-01-01", "2026-01", (at("2026-01-01"), at("2026-02-01"))),
    ("finished", "2026-01-01", None, None), ("active", None, None, None), ("active", "", None, None), ("planned", "2026-01-01", None, None),
    ("cancelled", "2026-01-01", None, None), ("entered-in-error", "2026-01-01", None, None), (None, "2026-01-01", None, None),
    ("active", "2026-02-01", "2026-01-01", None), ("active", "2026-01-01T10:00:00+01:00", "2026-01-01T10:00:00+01:00", (at("2026-01-01T10:00:00+01:00"), at("2026-01-01T10:00:00+01:00") + 1)),
])  # fmt: skip
def test_the_time_in_which_a_task_is_one(status: str | None, start: str | None, end: str | None, expected: Any) -> None:
    assert lasting(status, start, end) == expected


def test_a_family(world: World) -> None:
    facts = facts_of(world.child)
    assert facts.child.born and facts.child.id == str(world.id("Patient", "alma"))
    assert {holder.person: holder.resident for holder in facts.custody.holders} == {
        str(world.id("RelatedPerson", "mor")): True, str(world.id("RelatedPerson", "far")): False,
    }  # fmt: skip
    assert sorted(one.sector for one in facts.cares) == ["gp", "ppr", "school"] and not facts.protected
    assert (facts.fostering, facts.consents, facts.blocked, facts.glass) == ((), (), (), ())


def test_another_source_that_knows_of_no_custody_takes_nobodys_rights(world: World) -> None:
    """A doctor's system sends the child as well; what it says that restricts counts all the same."""
    world.now += 1
    assert not send(patient("gp-7"), source="gp").refusals
    assert all(world.scope(one) for one in ("mor", "far", "alma")) and not differing(world.child)
    assert facts_of(world.child).child.id == str(world.id("Patient", "alma"))
    assert len(consenting([world.child], ())[world.child].facts.custody.holders) == 2
    send(patient("gp-7", deceasedDateTime="2026-11-01"), source="gp")
    assert not any(world.scope(one) for one in ("mor", "far", "alma"))


def test_a_child_nobody_has_told_of() -> None:
    for new in ((), None):
        facts = facts_of(uuid4(), new=new)
        assert facts.child.born is None and not facts.custody.known and not facts.cares and not facts.protected


REFERRED, TAKEN, ENCLOSED = (str(UUID(int=number)) for number in (1, 2, 3))


def _referral(state: str, *more: Any, sent: str = "2026-11-02T09:00:00+01:00", **rest: Any) -> bytes:
    told = [extension_of_ours("referral-state", "Code", state), extension_of_ours("sent-at", "DateTime", sent)]
    return orjson.dumps({
        "resourceType": "ServiceRequest", "id": "r", "extension": [one for one in (*told, *more) if one],
        "performer": [{"reference": f"Organization/{REFERRED}"}],
        "supportingInfo": [{"reference": f"Observation/{ENCLOSED}"}, {"display": "på papir"}], **rest,
    })  # fmt: skip


@pytest.mark.parametrize(("state", "deciding"), [
    ("sent", True), ("received", True), ("incomplete", True), ("accepted", False), ("closed", False),
])  # fmt: skip
def test_a_referral_while_its_receiver_decides_and_when_the_child_is_taken_on(state: str, deciding: bool) -> None:
    """It opens no longer than a year when nobody decides; what was taken on stays."""
    sent = at("2026-11-02T09:00:00+01:00")
    end = sent + 366 * DAY if deciding else FOREVER
    by = referring("accepted-by", f"Organization/{TAKEN}")
    found = facts_of(uuid4(), new=[("referral", _referral(state, by))]).referred
    assert found == (Referred("r", (REFERRED, TAKEN), deciding, sent, end, (ENCLOSED,)),)


@pytest.mark.parametrize(
    "words",
    [_referral("draft"), _referral("returned"), _referral("sent", sent=""), _referral("sent", performer=[])],
)
def test_a_referral_that_tells_nobody(words: bytes) -> None:
    assert facts_of(uuid4(), new=[("referral", words)]).referred == ()


def test_a_package_to_a_new_municipality_is_known_as_one() -> None:
    kind = {"category": [{"coding": [{"system": ENTRY_KIND, "code": "transfer"}]}]}
    (found,) = facts_of(uuid4(), new=[("referral", _referral("sent", **kind))]).referred
    assert found.transfer and not found.concern


def _concern(**more: Any) -> list[tuple[str, bytes]]:
    told = {
        "resourceType": "Communication", "id": "c", "status": "completed", "sent": "2026-11-02T09:00:00+01:00",
        "recipient": [{"reference": f"Organization/{REFERRED}"}, {"reference": f"Practitioner/{TAKEN}"}],
    }  # fmt: skip
    return [("concern", orjson.dumps({name: one for name, one in {**told, **more}.items() if one}))]


def test_a_notification_of_concern_tells_the_units_for_the_time_of_an_examination() -> None:
    sent = at("2026-11-02T09:00:00+01:00")
    told = Referred("c", (REFERRED,), True, sent, sent + 124 * DAY, concern=True)
    assert facts_of(uuid4(), new=_concern()).referred == (told,)
    for without in ({"status": "preparation"}, {"sent": None}, {"recipient": None}):
        assert facts_of(uuid4(), new=_concern(**without)).referred == ()


def carer(name: str, code: str = "PRNFOST", **more: Any) -> dict[str, Any]:
    coding = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": code}
    return {
        "resourceType": "RelatedPerson", "id": name, "patient": {"reference": "Patient/alma"}, "name": [{"text": name}],
        "relationship": [{"coding": [coding], "text": "plejeforælder"}], **more,
    }  # fmt: skip


def test_foster_homes(world: World) -> None:
    send(
        carer("else"), carer("karl", period={"start": "2026-01-01", "end": "2026-06-30"}), carer("nej", active=False),
        carer("mormor", "GRMTH"), carer("uklar", period={"start": "2026-06-30", "end": "2026-01-01"}),
    )  # fmt: skip
    found = set(facts_of(world.child).fostering)
    name = {who: str(world.id("RelatedPerson", who)) for who in ("else", "karl")}
    assert found == {Fostering(name["else"], 0, FOREVER), Fostering(name["karl"], at("2026-01-01"), at("2026-07-01"))}


def block(ident: str, by: Any, **more: Any) -> dict[str, Any]:
    data = [{"meaning": "instance", "reference": {"reference": "Observation/o1"}}]
    return {
        "resourceType": "Consent", "id": ident, "status": "active", "patient": {"reference": "Patient/alma"},
        "scope": {"coding": [{"code": "patient-privacy"}]}, "category": [{"text": "Spærring"}], "performer": by,
        "policyRule": {"text": "x"}, "provision": {"type": "deny", "data": data}, **more,
    }  # fmt: skip


def test_blocks_are_the_childs_own(world: World) -> None:
    alma, father = {"reference": "Patient/alma"}, {"reference": "RelatedPerson/far"}
    send(
        written("o1", "x"), block("b1", [alma], dateTime="2026-11-20"), block("b2", [alma]), block("b3", [father]),
        block("b4", [alma, father]), block("b5", [alma], status="inactive"), block("b6", [alma], provision={"type": "permit"}),
        block("b7", [alma], provision={"type": "deny"}),
    )  # fmt: skip
    found = {(one.basis, one.entry, one.start, one.end) for one in facts_of(world.child).blocked}
    entry = str(world.id("Observation", "o1"))
    assert found == {
        (str(world.id("Consent", "b1")), entry, at("2026-11-20"), FOREVER), (str(world.id("Consent", "b2")), entry, 0, FOREVER),
    }  # fmt: skip


def test_protection_of_an_address_is_remembered(world: World) -> None:
    def told(**says: bool) -> bool:
        send(patient(extension=[extension(name.replace("_", "-"), "Boolean", value) for name, value in says.items()]))
        return facts_of(world.child).protected

    assert told(protected_address=True) and told(protected_address=False) and told(protection_reviewed=False)
    assert not told(protection_reviewed=True) and not told(protected_address=False)
    assert told(protected_address=True, protection_reviewed=True) and told(protected_address=False)


def test_a_consent_that_cannot_be_read_opens_nothing(world: World) -> None:
    send(said("mor"), {**said("far"), "modifierExtension": [{"url": "x", "valueBoolean": True}]})
    assert len(facts_of(world.child).consents) == 1 and not world.knows("ida")


def test_a_unit_that_changes_sector_takes_its_rights_along(world: World) -> None:
    """Also for children whose books nobody has touched."""
    assert "Alma Prøvegaard" in world.sees("kim")
    send(task("t1", description="Skolens ord", requester={"reference": "PractitionerRole/maja"}, holder=None))
    assert "Skolens ord" in world.sees("kim")
    send(unit("ppr", "other"))
    assert world.knows("kim") and "Skolens ord" not in world.sees("kim")
    assert {one.sector for one in facts_of(world.child).cares} == {"gp", "other", "school"}


def test_a_task_that_comes_before_its_unit_opens_what_the_unit_is() -> None:
    send(patient(), care("c9", unit_id="sen"))
    send(bundle(unit("sen", "ppr"), *role("sent", "sen", "psychologist")))
    assert Grant.objects.filter(rule="FSL-PPV").exists()


def test_what_sort_of_task_it_is(world: World) -> None:
    """A code of ours; another system's, and words, say nothing."""
    codes = [
        {"system": f"{BASE}/CodeSystem/care-task", "code": "special-school"},
        {"system": "urn:x", "code": "placement"},
    ]
    send({**care("c2", unit_id="skole"), "type": [{"text": "skole"}, {"coding": codes}]})
    assert {one.sector: one.task for one in facts_of(world.child).cares} == {
        "gp": "",
        "ppr": "",
        "school": "special-school",
    }


def _episode(ident: str, unit_id: str, **more: Any) -> tuple[str, bytes]:
    told = {
        "resourceType": "EpisodeOfCare", "id": ident, "status": "active", "period": {"start": "2026-01-01"},
        "managingOrganization": {"reference": f"Organization/{unit_id}"}, **more,
    }  # fmt: skip
    return "care", orjson.dumps({name: value for name, value in told.items() if value})


def _unit_of(world: World, name: str) -> str:
    scope = world.scope(name)
    assert scope and scope.unit_id
    return str(scope.unit_id)


def test_all_that_is_told_of_a_task(world: World) -> None:
    """Whose, of which sector, from when to when, of what sort, and whether somebody there has ended it."""
    ppr, year = _unit_of(world, "kim"), at("2026-01-01")
    ended = {"status": "finished", "period": {"start": "2026-01-01", "end": "2026-06-30"}}
    by = [referring("moved-by", f"PractitionerRole/{TAKEN}")]
    placed = [{"coding": [{"system": f"{BASE}/CodeSystem/care-task", "code": "placement"}]}]
    told = [
        _episode("begun", ppr), _episode("elsewhere", REFERRED), _episode("placed", ppr, type=placed),
        _episode("ended", ppr, **ended), _episode("ended-here", ppr, **ended, extension=by),
        _episode("begun-again", ppr, extension=by), _episode("no-unit", ppr, managingOrganization=None),
        _episode("no-time", ppr, period=None), _episode("planned", ppr, status="planned"), _episode("last", ppr),
    ]  # fmt: skip
    assert facts_of(uuid4(), new=told).cares == (
        Care("begun", ppr, "ppr", year), Care("elsewhere", REFERRED, "other", year),
        Care("placed", ppr, "ppr", year, FOREVER, "placement"), Care("ended", ppr, "ppr", year, at("2026-07-01")),
        Care("ended-here", ppr, "ppr", year, at("2026-07-01"), closed=True), Care("begun-again", ppr, "ppr", year),
        Care("last", ppr, "ppr", year),
    )  # fmt: skip


def test_emergencies_in_their_order_and_only_of_this_child(world: World) -> None:
    def broken(number: int, child: UUID, address: str = "") -> BreakGlass:
        return BreakGlass.objects.create(
            id=UUID(int=number), child_id=child, role_id=UUID(int=7), unit_id=UUID(int=8), at=number, until=number + 60,
            reason="Akut", address_reason=address, remark="",
        )  # fmt: skip

    for number, address in ((2, "Skal hentes"), (1, "")):
        broken(number, world.child, address)
    broken(3, uuid4())
    role = str(UUID(int=7))
    assert facts_of(world.child).glass == (
        Glass(str(UUID(int=1)), role, 1, 61, with_address=False), Glass(str(UUID(int=2)), role, 2, 62, with_address=True),
    )  # fmt: skip
    assert facts_of(world.child, new=()).glass == ()


def test_packs_with_the_sectors_of_their_units(world: World) -> None:
    """One that can't be read is none, and the next one counts all the same."""
    told = Pack(
        "p", SSD, at("2026-11-20"), at("2026-12-04"), ((_unit_of(world, "maja"), "school"), (REFERRED, "")), (ENCLOSED,)
    )
    resource = resource_of(told, child="alma", author="PractitionerRole/x", title="Møde", entries=[f"Task/{ENCLOSED}"])
    lists = [("pack", orjson.dumps(one)) for one in ({**resource, "status": "retired"}, resource)]
    assert facts_of(uuid4(), new=lists).packs == (told,)


def test_what_the_law_asks_about_consents_over_many_children(world: World) -> None:
    """The same as in one child's book, but for consents to other acts. Who has no book is not there."""
    send(said("mor"), said("far"), said("far", PPV), said("mor", Matter("medication")))
    facts = facts_of(world.child)
    assert len(facts.consents) == 4
    found = consenting([world.child, uuid4()], {TO_BUP.act, PPV.act})
    asked = {one.id for one in facts.consents if one.act in (TO_BUP.act, PPV.act)}
    assert len(asked) == 3 and set(found) == {world.child}
    family = found[world.child]
    assert (family.facts.child, family.facts.custody) == (facts.child, facts.custody)
    assert family.facts.consents == tuple(one for one in facts.consents if one.id in asked)
    assert family.matters == asked_about(family.facts.consents)
    assert consenting([world.child], {"unheard-of"})[world.child].facts.consents == ()


def test_those_of_many_children_whose_address_is_protected(world: World) -> None:
    assert protected_among([world.child], world.now) == set()
    send(patient(extension=[extension("protected-address", "Boolean", True)]))
    assert protected_among([world.child, uuid4()], world.now) == {world.child}


def letter(to: str) -> dict[str, Any]:
    return {
        "resourceType": "Communication", "id": "b1", "status": "completed", "sent": "2026-11-20", "topic": {"text": "Brev"},
        "subject": {"reference": "Patient/alma"}, "sender": {"reference": "PractitionerRole/ida"}, "recipient": [{"reference": to}],
    }  # fmt: skip


def test_what_is_sent_to_somebody_who_comes_in_the_same_delivery(world: World) -> None:
    """The whole unit may read it, as it may of one who was known before."""
    send(bundle(letter("PractitionerRole/ny"), *role("ny", "skole", "teacher")))
    assert "Brev" in world.sees("maja")


def test_what_is_sent_to_somebody_who_arrives_later_reaches_their_unit(world: World) -> None:
    send(letter("PractitionerRole/ny"))
    assert "Brev" not in world.sees("maja")
    send(bundle(*role("ny", "skole", "teacher")))
    assert "Brev" in world.sees("maja") and "Brev" not in world.sees("kim")
    assert not differing(world.child)


def test_and_follows_who_moves_to_another_unit(world: World) -> None:
    send(letter("PractitionerRole/maja"))
    assert "Brev" in world.sees("maja") and "Brev" not in world.sees("kim")
    send(bundle(*role("maja", "ppr", "psychologist")))
    assert "Brev" in world.sees("kim") and not differing(world.child)
