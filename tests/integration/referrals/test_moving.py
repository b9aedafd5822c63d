"""The family moves: a package goes to the new municipality, and nothing else is opened."""

from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.rebuilding import differing
from barnetsbog.audit.models import Event
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.time import SECOND
from barnetsbog.record.models import Entry
from barnetsbog.referrals import operations, queries
from barnetsbog.referrals.model import Draft, Move, Side, State
from barnetsbog.referrals.queries import elsewhere
from tests.builders import bundle, care, observation, role, send, unit
from tests.conftest import BOTH_DATABASES

from .conftest import Referring, part_of
from .test_referrals import sees, with_ball

pytestmark = BOTH_DATABASES
ABOUT_HER = {"Alma Prøvegaard", "Jonas", "Sara"}


@pytest.fixture
def moved(referring: Referring) -> Referring:
    """Alma's PPR and family department are of the old municipality; Nina works in the new one."""
    towns = [{"resourceType": "Organization", "id": name, "name": f"{name} kommune"} for name in ("gammel", "ny")]
    places = [part_of("ppr", "ppr", "gammel"), part_of("fam", "family_dept", "gammel")]
    places += [part_of("nyfam", "family_dept", "ny"), unit("fri", "family_dept")]
    theirs = observation("obs2", code={"text": "Skrevet af familieafdelingen"},
                         performer=[{"reference": "PractitionerRole/rita"}])  # fmt: skip
    found = send(bundle(*towns, *places, *role("nina", "nyfam", "caseworker"), care("c3", unit_id="fam"), theirs))
    assert not found.refusals
    return referring


def moves_away(moved: Referring, name: str = "kim", ground: str = "Loven § 132.", **more: Any) -> UUID:
    moved.clock.at += SECOND
    draft = Draft(moved.unit("nyfam"), "Flyttet", "", reason="Hun trives med faste pauser.",
                  package=(f"Observation/{moved.entry.id}",))  # fmt: skip
    return operations.move_away(by=moved.scope(name), child_id=moved.child, draft=draft._replace(**more), ground=ground)


def test_the_new_municipality_reads_the_package_and_nothing_else(moved: Referring) -> None:
    assert sees(moved, "nina") == []
    moves_away(moved)
    package = {"Flyttet", "Sad ved vinduet", "Tag imod: Flyttet"}
    assert set(sees(moved, "nina")) == ABOUT_HER | package
    assert not differing(moved.child)


def test_the_sender_has_the_ball_until_it_is_received_and_then_the_receipt(moved: Referring) -> None:
    ident = moves_away(moved)
    assert Event.objects.get(action="referral-move").detail["referral"] == str(ident)
    assert with_ball(moved, "kim") == ["Tag imod: Flyttet"]
    before = set(sees(moved, "nina"))
    moved.does("nina", Move.ACCEPT, ident)
    assert (with_ball(moved, "kim"), with_ball(moved, "nina")) == ([], ["Tag imod: Flyttet"])
    page = moved.page("kim", ident)
    assert page.referral.state is State.ACCEPTED
    assert page.history[0].by and page.history[0].by.name == "Nina Demosen"
    # Receiving it opens nothing more: no task with the child has begun
    assert set(sees(moved, "nina")) == before
    assert Entry.objects.filter(what="care").count() == 3
    assert not differing(moved.child)


def test_what_is_deeper_in_one_s_own_municipality_is_no_other_one(moved: Referring) -> None:
    """A team of the family department is not where the family has moved to; a team of the other municipality may be."""
    closed = {**part_of("nylukket", "family_dept", "ny"), "active": False}
    assert not send(
        bundle(part_of("team", "family_dept", "fam"), part_of("nyteam", "family_dept", "nyfam"), closed)
    ).refusals
    there = {one.id for one in elsewhere(moved.scope("kim"))}
    assert there == {UUID(moved.unit(one).partition("/")[2]) for one in ("nyfam", "nyteam")}
    with pytest.raises(Refused, match="familien er flyttet til"):
        moves_away(moved, to=moved.unit("team"))


def test_what_came_to_the_wrong_place_goes_back_and_is_forgotten_there(moved: Referring) -> None:
    ident = moves_away(moved)
    with pytest.raises(Refused, match="Skriv, hvorfor"):
        moved.does("nina", Move.RETURN, ident)
    moved.does("nina", Move.RETURN, ident, cause="De bor i nabokommunen.")
    assert sees(moved, "nina") == []
    assert with_ball(moved, "kim") == ["Tag imod: Flyttet"]


def test_a_family_that_has_moved_is_not_refused(moved: Referring) -> None:
    ident = moves_away(moved)
    assert moved.page("nina", ident).moves == {Move.RECEIVE, Move.ACCEPT, Move.RETURN}
    for move in (Move.REJECT, Move.ASK, Move.REDIRECT):
        with pytest.raises(Refused):
            moved.does("nina", move, ident, cause="Nej.", gaps=("Alt",), elsewhere="Et andet sted")


def test_only_what_one_s_own_unit_wrote_goes_with_it_and_never_the_confidential_talk(moved: Referring) -> None:
    others = [
        f"Observation/{one.id}" for one in Entry.objects.filter(title__in=("Hemmeligt", "Skrevet af familieafdelingen"))
    ]
    assert len(others) == 2
    ident = moves_away(moved, package=(f"Observation/{moved.entry.id}", *others))
    assert moved.page("kim", ident).referral.package == (f"Observation/{moved.entry.id}",)
    assert not {"Hemmeligt", "Skrevet af familieafdelingen"} & set(sees(moved, "nina"))


def test_the_law_lets_the_family_department_send_and_others_say_why(moved: Referring) -> None:
    with pytest.raises(Refused, match="Skriv, hvorfor det er lovligt"):
        moves_away(moved, ground=" ")
    theirs = Entry.objects.get(title="Skrevet af familieafdelingen")
    ident = moves_away(moved, "rita", ground="", package=(f"Observation/{theirs.id}",))
    assert moved.page("rita", ident).summary.waits_for is Side.RECEIVER


@pytest.mark.parametrize(
    ("place", "summary"), [("fam", "Et resumé."), ("fri", "Et resumé."), ("vis", "Et resumé."), ("nyfam", " ")]
)
def test_it_goes_to_another_municipality_with_a_summary(moved: Referring, place: str, summary: str) -> None:
    with pytest.raises(Refused):
        moves_away(moved, to=moved.unit(place), reason=summary)
    assert not Entry.objects.filter(what="referral").exists()


def test_who_is_of_no_municipality_or_knows_no_alma_sends_none(moved: Referring) -> None:
    with pytest.raises(Refused):
        moves_away(moved, "astrid")
    for name in ("nina", "anders"):
        with pytest.raises(NotFound):
            moves_away(moved, name)


def test_the_consents_that_must_be_asked_for_again_go_with_it(moved: Referring) -> None:
    moved.both_say_yes()
    ident = moves_away(moved)
    assert len(moved.page("nina", ident).referral.gaps) == 1
    moved.does("nina", Move.ACCEPT, ident)
    assert len(moved.page("nina", ident).referral.gaps) == 1
    assert not [title for title in sees(moved, "nina") if "samtykke" in title.lower()]


def test_a_task_in_the_new_municipality_opens_nothing_of_the_old_one(moved: Referring) -> None:
    ident = moves_away(moved)
    moved.does("nina", Move.ACCEPT, ident)
    package = set(sees(moved, "nina"))
    new = observation("obs3", code={"text": "Skrevet i den nye kommune"},
                      performer=[{"reference": "PractitionerRole/nina"}])  # fmt: skip
    assert not send(bundle(new, care("c4", unit_id="nyfam", start="2026-11-01"))).refusals
    # What the old municipality wrote is still only what was sent, though both are family departments
    assert set(sees(moved, "nina")) - package == {"Skrevet i den nye kommune"}
    assert "Skrevet af familieafdelingen" in sees(moved, "rita")
    assert "Skrevet i den nye kommune" not in sees(moved, "rita")
    assert not differing(moved.child)


def test_a_department_of_one_s_own_municipality_is_not_elsewhere(moved: Referring) -> None:
    """A municipality is the whole that a unit is part of, however many steps up (ADR 16)."""
    department = {"resourceType": "Organization", "id": "bu", "name": "Børn og Unge",
                  "partOf": {"reference": "Organization/gammel"}}  # fmt: skip
    assert not send(bundle(department, part_of("klub", "school", "bu"))).refusals
    assert [one.name for one in queries.elsewhere(moved.scope("kim"))] == ["Enhed nyfam"]
    with pytest.raises(Refused, match="den kommune, som familien er flyttet til"):
        moves_away(moved, to=moved.unit("klub"))
