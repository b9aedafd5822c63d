"""What the asker may not read is not there for a search: it is not found, counted, sorted by, brought along or passed
through, and where it stands changes no page.

HAPI#1507, #2012, #3418: totals and links told of hidden rows. #5380 and the like: chains and `_has` matched through them.
"""

from dataclasses import astuple
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.directory.queries import all_children
from barnetsbog.record.models import Entry, Grant
from barnetsbog.record.rights import CONTENT, EVERYBODY, PROTECTED
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import BLOCKS, mask
from tests.builders import Json, begin_with, bundle, care, observation, patient, role, send, task, unit
from tests.conftest import BOTH_DATABASES

from .conftest import along, called, here, names, scope, search

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

SCHOOL = "Prøvebakkeskolen"


def by(name: str, **more: Any) -> Json:
    return {"performer": [{"reference": f"PractitionerRole/{name}"}], **more}


@pytest.fixture(autouse=True)
def world(database: str) -> None:
    """PPR and the school have a task with Alma; child psychiatry has one with Noah too, whom PPR does not know."""
    school = {**unit("skole", "school"), "name": SCHOOL, "telecom": [{"system": "phone", "value": "00 00 00 30"}]}
    directory = [unit("ppr"), school, unit("bup", "bup"), *role("kim"), *role("maja", "skole"), *role("ida", "bup")]
    begin_with(bundle(
        *directory, patient(), care(), care("c2", unit_id="skole"), care("c3", unit_id="bup"),
        observation("o1"), observation("o2", **by("maja", valueString=f"Mødte på {SCHOOL}", effectiveDateTime="2026-11-19")),
        task("t1"), task("t2", holder="maja", requester={"reference": "PractitionerRole/maja"}),
    ))  # fmt: skip
    (child,) = all_children()
    may_read(child, kim="OFX", maja="OFX", ida="OFHX")


def may_read(child: UUID, **who: str) -> None:
    """The units of these people may read these classes of everything in a child's book."""
    for name, classes in who.items():
        unit_id = scope(name).unit_id
        Grant.objects.filter(child_id=child, grantee_id=unit_id).delete()
        Grant.objects.create(
            child_id=child, grantee_id=unit_id, basis_id=child, part=0, shelves=mask(BLOCKS, classes), level=CONTENT, lane="",
            rule="FAL3", purpose="", valid_from=0, valid_to=2**62,
        )  # fmt: skip


QUESTIONS = (
    "Observation", "Observation?_total=accurate&_count=1", "Observation?_summary=count", "Observation?_sort=-date,performer&_total=accurate",
    "Observation?code:text=sad", "Observation?code:not=x", "Observation?value-string:contains=huset", "Observation?performer:missing=false&_count=1",
    "Observation?subject.name=alma&_total=accurate", "Patient?_total=accurate", "Patient?_has:Observation:patient:status=final&_total=accurate",
    "Patient?_has:Observation:patient:value-string:contains=hemmelig", "Patient?name=noah", "Patient?birthdate=2018-01-01&_total=accurate",
    "Patient?identifier=0101189907", "Patient?_revinclude=Observation:subject&_revinclude=Task:patient", "Patient?_sort=birthdate,family&_count=1&_total=accurate",
    "Task?patient.name:exact=Alma&_include=Task:*", "Task?patient._has:Observation:patient:date=2026-11-20", "Observation?has-member.status=final",
    "Observation?_has:Observation:has-member:status=final", "Organization?_has:PractitionerRole:organization:_has:Observation:performer:status=final",
    "Practitioner?_has:PractitionerRole:practitioner:_has:Task:owner:status=draft", "PractitionerRole?_revinclude=Observation:performer",
    "Observation?_include=Observation:has-member&_include:iterate=Observation:*", "Goal", "Goal?_total=accurate", "Encounter?_summary=count",
)  # fmt: skip


def answers(who: Scope) -> list[tuple[Any, ...]]:
    found = [search(who, address) for address in QUESTIONS]
    return [(page.hits, page.included, page.total, page.next and astuple(page.next), page.cut) for page in found]


def hide_some() -> None:
    """What PPR may not read of Alma's book, next to and in between what it may, and a child that it does not know."""
    noah = patient("noah", number="0101189907", name=[{"given": ["Noah"], "family": "Aa"}], birthDate="2018-01-01")
    secret = {"meta": {"security": [{"system": "https://barnetsbog.example/fhir/CodeSystem/sensitivity", "code": "H"}]}}
    member = {"hasMember": [{"reference": "Observation/o1"}]}
    report = send(bundle(
        *role("ida", "bup"), patient(), observation("o1"), noah, care("c9", "noah", "bup"),
        observation("h1", **secret, **by("ida", valueString="hemmeligt om huset", effectiveDateTime="2026-11-20", **member)),
        observation("h2", **secret, **by("ida", effectiveDateTime="2026-11-17")), observation("h3", "Patient/noah", **by("ida")),
        {**task("h4", holder="ida", requester={"reference": "PractitionerRole/ida"}), "status": "draft", **secret}, task("h5", "noah", holder="ida"),
        {"resourceType": "Goal", "id": "h6", **secret, "lifecycleStatus": "active", "description": {"text": "x"}, "subject": {"reference": "Patient/noah"}},
    ))  # fmt: skip
    assert not report.refusals, report.refusals
    noahs = UUID(here("noah"))
    may_read(Entry.objects.get(id=noahs).child_id, ida="OFHX")


def test_what_is_hidden_changes_nothing_of_any_answer() -> None:
    before = answers(scope("kim"))
    hide_some()
    assert answers(scope("kim")) == before
    assert {"h1", "h2", "h3"} <= set(names(search(scope("ida"), "Observation")))  # it is there for whoever may read it


def test_totals_and_pages_are_of_what_may_be_read() -> None:
    """HAPI#1507: five readers, each with their own total and their own pages."""
    hide_some()
    for name, total in (("kim", 2), ("maja", 2), ("ida", 5)):
        page = search(scope(name), "Observation?_count=2&_total=accurate")
        assert (page.total, len(page.hits), page.next is None) == (total, 2, total <= 2), name


def test_no_chain_goes_through_what_is_hidden() -> None:
    hide_some()
    kim, ida = scope("kim"), scope("ida")
    for address in (
        "Patient?_has:Observation:patient:value-string:contains=hemmelig", "Observation?_has:Observation:has-member:date=2026-11-20",
        "Observation?_has:Observation:has-member:_id=" + here("h1"), "Task?patient._has:Observation:patient:date=2026-11-20",
    ):  # fmt: skip
        assert names(search(kim, address)) == [] and names(search(ida, address)), address


def test_nothing_hidden_comes_along() -> None:
    hide_some()
    address = "Observation?_id=" + here("o1") + "&_revinclude=Observation:has-member&_include=Observation:subject"
    assert along(search(scope("kim"), address)) == ["alma"]
    assert along(search(scope("ida"), address)) == ["alma", "h1"]


def test_a_heading_alone_is_nothing_to_find() -> None:
    """Who may see that something is there, and not what it says, finds nothing by searching."""
    assert names(search(scope("kim"), "Observation?date=2026-11-18")) == ["o1"]
    Grant.objects.update(level=2)
    assert names(search(scope("kim"), "Observation?date=2026-11-18")) == []
    assert search(scope("kim"), "Observation?_summary=count").total == 0


def test_a_glass_is_not_broken_by_a_search_and_packs_are_not_found_by_one() -> None:
    from dataclasses import replace

    assert search(replace(scope("kim"), pack=True), "Observation").total == 0
    Grant.objects.filter(grantee_id=scope("kim").unit_id).update(rule="OWN-BREAKGLASS-60")
    broken = replace(scope("kim"), break_glass=True)
    assert search(broken, "Observation").total == 0
    assert search(broken, f"Observation?subject=Patient/{here('alma')}").total == 0


def test_a_family_has_no_directory_to_search() -> None:
    from dataclasses import replace

    assert search(replace(scope("kim"), unit_id=None), "Organization").total == 0
    assert search(scope("kim"), "Organization").total == 3


# -- where a child is ------------------------------------------------------------------------------------------------


@pytest.fixture
def veiled() -> UUID:
    """Alma's address is protected, and PPR has no right that opens what reveals it."""
    (child,) = all_children()
    Grant.objects.create(
        child_id=child, grantee_id=EVERYBODY, basis_id=child, part=0, shelves=0, level=0, lane="", rule=PROTECTED, purpose="",
        valid_from=0, valid_to=2**62,
    )  # fmt: skip
    may_read(child, kim="OF")
    return child


PLACES = (
    "Observation?performer=PractitionerRole/{maja}", "Observation?performer.organization.name=prøvebakke", "Observation?performer.practitioner.name=maja",
    "Observation?value-string:contains=prøvebakke", "Organization?name=prøvebakke&_has:PractitionerRole:organization:_has:Observation:performer:status=final",
    "Practitioner?name=maja&_has:PractitionerRole:practitioner:_has:Task:owner:status=in-progress", "Task?owner=PractitionerRole/{maja}",
    "Task?owner.organization.name=prøvebakke", "PractitionerRole?_id={maja}&_has:Observation:performer:_id={o2}", "Observation?_id={o2}&performer:missing=false",
    "Observation?_id={o2}&performer:missing=true", "EpisodeOfCare?organization.name=prøvebakke", "EpisodeOfCare?organization={skole}",
    "Patient?_has:EpisodeOfCare:patient:organization.name=prøvebakke", "Patient?_has:Observation:patient:performer={maja}",
)  # fmt: skip


@pytest.mark.usefixtures("veiled")
@pytest.mark.parametrize("address", PLACES)
def test_nobody_finds_out_by_searching_where_a_child_is(address: str) -> None:
    asked = address.format(maja=here("maja"), o2=here("o2"), skole=here("skole"))
    kim = scope("kim")
    assert names(search(kim, asked)) == []
    if "missing=true" not in asked:
        Grant.objects.filter(rule=PROTECTED).delete()
        assert names(search(kim, asked)), "it finds something where nothing is protected"


@pytest.mark.usefixtures("veiled")
def test_what_says_nothing_of_a_place_is_still_found() -> None:
    kim = scope("kim")
    for address, found in (
        ("Observation?date=2026-11-19", ["o2"]), ("Observation?code:text=sad&_sort=date", ["o1", "o2"]), ("Patient?name=alma", ["alma"]),
        ("Patient?identifier=urn:oid:1.2.208.176.1.2|0505179902", ["alma"]), ("Observation?performer=PractitionerRole/" + here("kim"), ["o1"]),
    ):  # fmt: skip
        assert names(search(kim, address)) == found, address


@pytest.mark.usefixtures("veiled")
def test_no_answer_leads_to_the_place() -> None:
    kim = scope("kim")
    secrets = [SCHOOL.encode(), *(here(name).encode() for name in ("maja", "skole", "p-maja"))]
    for address in (
        "Observation",
        "Task",
        "Patient?_revinclude=Observation:subject",
        "EpisodeOfCare",
        "Observation?_include=Observation:performer&_include:iterate=PractitionerRole:*",
    ):
        page = search(kim, address)
        told = b"".join(hit.body for hit in (*page.hits, *page.included) if hit.row.child_id.int)
        assert told and not [one for one in secrets if one in told], address
        assert "maja" not in along(page) and "skole" not in along(page)


@pytest.mark.usefixtures("veiled")
def test_an_order_tells_no_place() -> None:
    """Sorted by who wrote it, what others wrote stands with what says nothing of it."""
    kim = scope("kim")
    for direction in ("", "-"):
        page = search(kim, f"Observation?_sort={direction}performer&_count=1")
        assert names(page) == ["o1"] and page.next and page.next.values[0]
        rest = search(kim, f"Observation?_sort={direction}performer&_count=1", after=page.next)
        assert names(rest) == ["o2"]


def test_directory_and_books_keep_their_own() -> None:
    """Nobody's id tells whose book it is in: an entry is found by its id only where it may be read."""
    hide_some()
    for entry in Entry.objects.filter(source_ref__contains="/h"):
        assert search(scope("kim"), f"{entry.kind}?_id={entry.id}").total == 0, called(entry.id)
