"""What a family is told of changed rights: only what follows from something they may know of."""

from uuid import UUID

import pytest

from barnetsbog.access.own_log import THINGS, own_log
from barnetsbog.access.reading import open_book
from barnetsbog.audit.operations import note, rights_changed
from barnetsbog.contacts import operations as people
from barnetsbog.contacts.model import NetworkPerson
from barnetsbog.directory.queries import units
from barnetsbog.record.models import Entry
from tests.builders import care, patient, send
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import World, said

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


def told(world: World, name: str) -> set[str]:
    """The units of whose rights somebody's log tells, in this test."""
    scope = world.scope(name)
    assert scope
    with open_book(scope, "log-read", world.child) as book:
        rows = [row for row in own_log(book, world.child, since=0).rows if row.action == "rights"]
    named = {UUID(one["to"]) for row in rows for kind in ("given", "ended") for one in row.detail[kind]}
    assert all(any(row.detail.values()) for row in rows)
    return {unit.name.removeprefix("Enhed ") for unit in units(named).values()}


def hidden(**more: str) -> dict[str, object]:
    return {**care("skjult", unit_id="bup", **more), "meta": {"security": [{"code": "child-private"}]}}


def test_a_task_that_one_may_know_of_is_told_and_another_is_not(world: World) -> None:
    send(care("c9", unit_id="bup-midt"), hidden())
    assert told(world, "mor") == told(world, "far") == {"bup-midt"}
    send(hidden(end="2026-11-01"))
    assert told(world, "mor") == {"bup-midt"}


def test_an_answer_tells_those_who_were_asked(world: World) -> None:
    send(said("mor"), said("far"))
    assert told(world, "mor") == told(world, "far") == {"bup"}


@pytest.mark.parametrize(("born", "matters"), [("2017-05-07", set()), ("2015-05-07", {"bup"})])
def test_a_child_who_is_a_party_is_told_of_every_matter(world: World, born: str, matters: set[str]) -> None:
    send(patient(birthDate=born), said("mor"), said("far"), hidden())
    assert told(world, "alma") == matters


def test_a_line_that_does_not_say_what_it_follows_from_is_nobodys(world: World) -> None:
    bup = str(next(one.id for one in units().values() if one.name == "Enhed bup"))
    rights_changed(world.child, at=world.now, by=None, basis="facts", given=[{"to": bup}, bup], ended=[], reason="")
    assert told(world, "mor") == set()


def test_whom_the_child_has_pointed_at_is_told_to_the_child_and_not_to_a_parent(world: World) -> None:
    kim = world.scope("kim")
    assert kim
    aunt = NetworkPerson("Tante Gerda", "moster")
    people.add_person(by=kim, child_id=world.child, wanted=aunt)
    for reader, told in (("mor", False), ("far", False), ("alma", True)):
        scope = world.scope(reader)
        assert scope
        with open_book(scope, "log-read", world.child) as book:
            rows = own_log(book, world.child, since=0).rows
        assert any(row.action == "contact-person" for row in rows) is told, reader


@pytest.mark.parametrize(("born", "childs"), [("2017-05-07", 0), ("2015-05-07", 3)])
def test_that_somebody_was_asked_is_told_to_those_who_were_and_to_a_child_who_is_a_party(
    world: World, born: str, childs: int
) -> None:
    send(patient(birthDate=born), said("mor"))
    kim, hers = world.scope("kim"), str(world.id("Consent", "mor-ppr-to-bup"))
    for action, detail in (
        ("consent-ask", {"questions": [hers]}), ("consent-register", {"consent": hers}), ("consent-ask", {}),
    ):  # fmt: skip
        note(action, at=world.now, by=kim, child_id=world.child, about="ppr-to-bup", **detail)
    for reader, count in (("mor", 2), ("far", 0), ("alma", childs)):
        scope = world.scope(reader)
        assert scope
        with open_book(scope, "log-read", world.child) as book:
            rows = own_log(book, world.child, since=0).rows
        assert sum(row.action.startswith("consent-") for row in rows) == count, reader


@pytest.mark.parametrize("name", sorted(THINGS))
def test_what_is_done_with_a_thing_that_is_not_theirs_to_see_is_told_to_nobody_else(world: World, name: str) -> None:
    """That somebody writes on a draft, or on what another parent has asked for, tells that there is one."""
    send(hidden(), care("c9", unit_id="bup-midt"))
    kim, mother = world.scope("kim"), world.scope("mor")
    for by, ident in ((kim, "skjult"), (kim, "c9"), (mother, "skjult")):
        there = Entry.objects.get(source_ref=f"EpisodeOfCare/{ident}")
        note("form-write", at=world.now, by=by, child_id=world.child, **{name: str(there.id)})
    for reader, count in (("mor", 2), ("far", 1)):
        scope = world.scope(reader)
        assert scope
        with open_book(scope, "log-read", world.child) as book:
            rows = own_log(book, world.child, since=0).rows
        assert sum(row.action == "form-write" for row in rows) == count
