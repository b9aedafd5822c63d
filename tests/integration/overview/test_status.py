"""The short status: who writes it, what it said before, and two who write at once."""

from datetime import date

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.time import DAY, SECOND, local_day
from barnetsbog.overview import operations
from barnetsbog.overview.model import StatusPage
from barnetsbog.overview.queries import overview, status_page
from barnetsbog.responsibility import operations as balls
from tests.builders import observation, send
from tests.conftest import BOTH_DATABASES
from tests.integration.responsibility.conftest import Team

pytestmark = BOTH_DATABASES


def page(team: Team, name: str) -> StatusPage:
    with open_book(team.scope(name), "status", team.child) as book:
        return status_page(book, team.child)


def writes(team: Team, name: str, text: str, version: int | None = None) -> None:
    team.clock.at += SECOND
    if version is None:
        now = page(team, name).now
        version = now.version if now else 0
    operations.write_status(by=team.scope(name), child_id=team.child, text=text, version=version)


@pytest.fixture
def coordinated(team: Team) -> Team:
    """Kim is Alma's coordinator."""
    balls.appoint(by=team.scope("kim"), child_id=team.child, to=team.job("kim"))
    return team


def test_only_the_coordinator_writes_it(coordinated: Team) -> None:
    assert {name: page(coordinated, name).may_write for name in ("kim", "bo", "maja", "leder")} == {
        "kim": True, "bo": False, "maja": False, "leder": False,
    }  # fmt: skip
    for name in ("bo", "maja", "leder", "ulla"):
        with pytest.raises(NotFound):
            writes(coordinated, name, "Ikke min at skrive.", 0)
    writes(coordinated, "kim", "Alma venter på BUP.")
    seen = page(coordinated, "bo")
    assert seen.now and (seen.now.text, seen.now.by and seen.now.by.name) == ("Alma venter på BUP.", "Kim Demosen")


def test_whoever_stands_in_for_the_coordinator_writes_it_meanwhile(coordinated: Team) -> None:
    now = coordinated.clock.at
    balls.be_away(
        by=coordinated.scope("kim"), role_id=coordinated.ident("kim"), start=now, end=now + DAY,
        substitute=coordinated.ident("bo"),
    )  # fmt: skip
    writes(coordinated, "bo", "Kim er syg. Bo tager telefonen.")
    assert page(coordinated, "kim").said[0].by == page(coordinated, "bo").now.by  # type: ignore[union-attr]


def test_what_it_said_before_is_kept_the_newest_first(coordinated: Team) -> None:
    for text in ("Først.", "Så.", "Nu."):
        writes(coordinated, "kim", text)
    assert [one.text for one in page(coordinated, "bo").said] == ["Nu.", "Så.", "Først."]
    with open_book(coordinated.scope("kim"), "overview", coordinated.child) as book:
        found = overview(book, coordinated.child)
    assert found.may_write_status and found.status and found.status.text == "Nu."


def test_of_two_who_write_at_once_the_second_is_told(coordinated: Team) -> None:
    writes(coordinated, "kim", "Den første.")
    writes(coordinated, "kim", "Den anden.", 1)
    with pytest.raises(Conflict):
        writes(coordinated, "kim", "Skrevet på den første.", 1)
    with pytest.raises(Conflict):
        writes(coordinated, "kim", "Skrevet, da der ingen var.", 0)
    assert [one.text for one in page(coordinated, "kim").said] == ["Den anden.", "Den første."]


def test_the_same_words_are_no_new_version_before_they_may_be_out_of_date(coordinated: Team) -> None:
    writes(coordinated, "kim", "Alma venter på BUP.")
    coordinated.clock.at += 29 * DAY
    with pytest.raises(Refused, match="Det samme står der allerede"):
        writes(coordinated, "kim", " Alma venter på BUP.\n")
    coordinated.clock.at += 2 * DAY
    writes(coordinated, "kim", "Alma venter på BUP.")
    seen = page(coordinated, "kim")
    assert len(seen.said) == 2 and seen.now and not seen.now.aged


def test_it_is_no_longer_than_sixty_words(coordinated: Team) -> None:
    writes(coordinated, "kim", "ord " * 60)
    for text in ("ord " * 61, " "):
        with pytest.raises(Refused):
            writes(coordinated, "kim", text)
    assert len(page(coordinated, "kim").said) == 1


def test_it_ages_after_thirty_days_and_a_new_one_is_fresh(coordinated: Team) -> None:
    writes(coordinated, "kim", "Skrevet i november.")
    coordinated.clock.at += 31 * DAY
    now = page(coordinated, "kim").now
    assert now and now.aged
    writes(coordinated, "kim", "Skrevet i december.")
    now = page(coordinated, "kim").now
    assert now and not now.aged


def test_one_from_another_system_is_written_on_and_its_moment_is_not_kept(coordinated: Team) -> None:
    kind = {"coding": [{"system": "https://barnetsbog.example/fhir/CodeSystem/entry-kind", "code": "status"}]}
    theirs = observation("s1")
    send({
        "resourceType": "ClinicalImpression", "id": "s1", "status": "completed", "code": kind,
        "meta": {"lastUpdated": "2026-10-01T10:00:00Z"}, "subject": theirs["subject"], "date": "2026-10-01",
        "summary": "Fra det gamle system.", "assessor": theirs["performer"][0],
    })  # fmt: skip
    writes(coordinated, "kim", "Fra bogen.")
    found = page(coordinated, "kim")
    assert [one.text for one in found.said] == ["Fra bogen.", "Fra det gamle system."]
    assert found.now and found.now.recorded_at == coordinated.clock.at


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_what_came_to_nothing_is_not_the_last_that_happened(team: Team, status: str) -> None:
    met = {
        "resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"},
        "subject": {"reference": "Patient/alma"}, "period": {"start": "2026-11-20"}, "type": [{"text": "Samtale"}],
        "participant": [{"individual": {"reference": "PractitionerRole/kim"}}],
    }  # fmt: skip
    send(met, {**met, "id": "e2", "status": status, "period": {"start": "2026-11-24"}})
    with open_book(team.scope("kim"), "overview", team.child) as book:
        last = overview(book, team.child).last
    assert last and local_day(last.entry.start) == date(2026, 11, 20)


def test_a_status_that_was_written_by_mistake_is_none(team: Team) -> None:
    kind = {"coding": [{"system": "https://barnetsbog.example/fhir/CodeSystem/entry-kind", "code": "status"}]}
    wrong = {
        "resourceType": "ClinicalImpression", "id": "s1", "status": "entered-in-error", "code": kind,
        "subject": {"reference": "Patient/alma"}, "date": "2026-11-24", "summary": "Om et andet barn.",
        "assessor": {"reference": "PractitionerRole/kim"},
    }  # fmt: skip
    send(wrong)
    assert page(team, "kim").now is None
    send({**wrong, "status": "completed"})
    assert page(team, "kim").now
