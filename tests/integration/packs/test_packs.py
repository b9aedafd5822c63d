"""Packs in a real book, on both databases: pushed, read on a page of their own, and gone after the meeting."""

from uuid import UUID, uuid4

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.access.scopes import scope_for
from barnetsbog.audit.models import Event
from barnetsbog.directory.queries import roles, units
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.time import DAY
from barnetsbog.packs import operations, queries, rules
from barnetsbog.packs.model import FOLLOW_UP, SSD, SSP
from barnetsbog.packs.operations import Wanted
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import bundle, role, send, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import World, at, world, written

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]
__all__ = ["world"]

MEETING_OVER = at("2026-11-28")


def scope(world: World, name: str, *, pack: bool = False) -> Scope:
    found = next(one for one in roles().values() if one.name.startswith(name.title()))
    made = scope_for(found.id, level=LoginLevel.SUBSTANTIAL, pack=pack)
    assert made
    return made


@pytest.fixture
def school(world: World) -> World:
    """The school's leader, two of its observations, one that a pupil told in confidence, and the police."""
    people = [
        *role("leder", "skole", "school_leader"),
        *role("souschef", "skole", "manager"),
        *role("politi", "politiet", "other"),
    ]
    told = [written("s1", "Sover i timen", by="maja"), written("s2", "Er alene i frikvarteret", by="maja")]
    send(bundle(unit("politiet", "police"), *people, *told, written("s3", "Betroet", by="maja", label="child-private"),
                written("p1", "Ord fra PPR")))  # fmt: skip
    return world


def wanted(
    world: World, act: str = SSD, to: str = "familie", entries: tuple[str, ...] = ("s1",), **more: object
) -> Wanted:
    places = {one.name.removeprefix("Enhed "): one.id for one in units().values()}
    usual = {"until": MEETING_OVER, "title": "Bekymrende fravær", "reason": ""}
    told = [world.id("Observation", one) for one in entries]
    return Wanted(act, to=[places[to]], entries=told, **{**usual, **more})  # type: ignore[arg-type]


def make(world: World, by: str = "leder", **more: object) -> UUID:
    return operations.make(by=scope(world, by), child_id=world.child, wanted=wanted(world, **more))  # type: ignore[arg-type]


def reads(world: World, name: str) -> set[str]:
    """The titles that somebody finds in the packs that were sent to their unit."""
    with open_book(scope(world, name, pack=True), "pack") as book:
        found = queries.received(book)
    told: set[str] = set()
    for row, _child in found:
        with open_book(scope(world, name, pack=True), "pack", row.child_id) as book:
            told |= {one.title for one in queries.opened(book, row.child_id, row.id).told}
    return told


def test_what_is_in_a_pack_is_read_until_the_meeting_is_over_and_nothing_else_ever(school: World) -> None:
    ident = make(school)
    assert reads(school, "rikke") == {"Sover i timen"} and reads(school, "ida") == set()
    assert not school.knows("rikke") and school.sees("rikke") == set()
    packs = Book(scope(school, "rikke", pack=True))
    assert {row.title for row in packs.entries(school.child, Filter(on_timeline=False))} == {
        "Sover i timen",
        "Bekymrende fravær",
    }
    assert packs.children() == [] and packs.open_tasks() == [] and not differing(school.child)
    school.now = MEETING_OVER - 1
    assert reads(school, "rikke") == {"Sover i timen"}
    school.now = MEETING_OVER
    assert reads(school, "rikke") == set()
    with pytest.raises(NotFound), open_book(scope(school, "rikke", pack=True), "pack", school.child) as book:
        queries.opened(book, school.child, ident)


def test_it_opens_nothing_on_the_ordinary_pages_of_one_who_knows_the_child(school: World) -> None:
    make(school, act=SSP, to="politiet", reason="forebyggelse")
    before = school.sees("astrid"), school.sees("kim")
    make(school)
    assert (school.sees("astrid"), school.sees("kim")) == before and "Bekymrende fravær" not in school.sees("rikke")
    ordinary = Book(scope(school, "kim"))
    in_packs = Book(scope(school, "kim", pack=True))
    assert ordinary.packs() == [] and ordinary.sees(school.child) and not in_packs.sees(school.child)


def test_making_and_reading_are_in_the_log(school: World) -> None:
    make(school)
    reads(school, "rikke")
    made = Event.objects.get(action="pack-make")
    assert made.allowed and made.child_id == school.child and len(made.detail["to"]) == len(made.detail["told"]) == 1
    assert Event.objects.filter(action="pack", child_id=school.child, allowed=True).exists()


@pytest.mark.parametrize(("to", "why"), [("bup", rules.NOT_ALLOWED_THERE), ("laege", rules.NOT_ALLOWED_THERE)])
def test_a_doctor_and_psychiatry_never_take_part(school: World, to: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        make(school, to=to)


def test_15_a_second_pack_needs_a_special_reason(school: World) -> None:
    make(school)
    with pytest.raises(Refused, match="særlig grund"):
        make(school)
    with pytest.raises(Refused, match="særlig grund"):
        make(school, act=FOLLOW_UP, reason="  ")
    make(school, act=FOLLOW_UP, reason="Fraværet er steget", entries=("s2",))
    assert reads(school, "rikke") == {"Sover i timen", "Er alene i frikvarteret"}
    with pytest.raises(Refused, match="to SSD-møder"):
        make(school, act=FOLLOW_UP, reason="Endnu en")


def test_16_the_police_never_for_an_investigation_and_only_when_a_leader_says_so(school: World) -> None:
    with pytest.raises(Refused, match="efterforskning"):
        make(school, act=SSP, to="politiet", reason="Efterforskning af tyveri")
    ident = make(school, act=SSP, to="politiet", reason="Forebyggelse")
    assert reads(school, "politi") == set()
    for name in ("leder", "maja", "rikke", "eva"):  # who made it, a teacher, and leaders of others
        with pytest.raises(NotFound):
            operations.approve(by=scope(school, name), child_id=school.child, ident=ident)
    operations.approve(by=scope(school, "souschef"), child_id=school.child, ident=ident)
    assert reads(school, "politi") == {"Sover i timen"} and not differing(school.child)
    with pytest.raises(NotFound):
        operations.approve(by=scope(school, "souschef"), child_id=school.child, ident=ident)


def test_nobody_approves_their_own_in_another_of_their_roles(school: World) -> None:
    """Whoever made it leads the school too, and has a role for each."""
    ident = make(school, act=SSP, to="politiet", reason="Forebyggelse")
    (_, second) = role("leder", "skole", "manager")
    send(second | {"id": "leder-igen"})
    (other,) = {one.id for one in roles().values() if one.name.startswith("Leder")} - {scope(school, "leder").role_id}
    both = (scope_for(other, level=LoginLevel.SUBSTANTIAL), scope(school, "leder"))
    assert both[0] and both[0].unit_id == both[1].unit_id
    for by in both:
        assert by
        with pytest.raises(NotFound):
            operations.approve(by=by, child_id=school.child, ident=ident)


def test_only_what_the_unit_wrote_itself_and_nothing_said_in_confidence(school: World) -> None:
    for entry in ("p1", "s3"):
        with pytest.raises(Refused, match="selv har skrevet"):
            make(school, entries=("s1", entry))
    with pytest.raises(Refused, match="selv har skrevet"):
        make(school, entries=())
    with pytest.raises(Refused, match="mindst ét sted"):
        make(school, to="skole")


@pytest.mark.parametrize("until", [at("2026-11-25"), at("2026-11-25T12:00:00+01:00") + 31 * DAY])
def test_a_meeting_is_not_over_and_not_far_away(school: World, until: int) -> None:
    with pytest.raises(Refused, match="30 dage"):
        make(school, until=until)


@pytest.mark.parametrize("name", ["maja", "ida", "rikke", "kim"])
def test_who_may_not_make_one(school: World, name: str) -> None:
    """A teacher, and those who have no task with the child or are not in the act."""
    with pytest.raises(NotFound):
        make(school, by=name)


def test_a_pack_that_was_not_sent_here_does_not_exist(school: World) -> None:
    ident = make(school)
    for name, which in (("ida", ident), ("rikke", uuid4()), ("rikke", school.id("Observation", "s1"))):
        with pytest.raises(NotFound), open_book(scope(school, name, pack=True), "pack", school.child) as book:
            queries.opened(book, school.child, which)
