"""A unit ends its task with a child, and begins it again: what stands in the way, what is read afterwards, and by whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.audit.models import Event
from barnetsbog.cases import operations, queries
from barnetsbog.cases.model import Closed, Page
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.time import DAY, SECOND
from barnetsbog.record.models import Entry
from barnetsbog.responsibility import operations as balls
from barnetsbog.responsibility.model import Move
from tests.builders import care, send
from tests.conftest import BOTH_DATABASES
from tests.integration.responsibility.conftest import Team

pytestmark = BOTH_DATABASES


def closes(team: Team, name: str, reason: str = "Alt er på plads.", note: str = "") -> None:
    team.clock.at += SECOND
    operations.close(by=team.scope(name), child_id=team.child, reason=reason, note=note)
    team.clock.at += SECOND


def reopens(team: Team, name: str, reason: str = "Uroen er tilbage.") -> None:
    team.clock.at += SECOND
    ident = Entry.objects.get(what="care", status="finished").id
    operations.reopen(by=team.scope(name), ident=ident, reason=reason)
    team.clock.at += SECOND


def page(team: Team, name: str) -> Page:
    with open_book(team.scope(name), "case", team.child) as book:
        return queries.page(book, team.child)


def closed(team: Team, name: str) -> list[Closed]:
    with open_book(team.scope(name), "cases-closed") as book:
        return queries.closed(book)


def knows_alma(team: Team, name: str) -> bool:
    try:
        with open_book(team.scope(name), "overview", team.child):
            return True
    except NotFound:
        return False


def test_the_end_of_a_task_is_the_end_of_reading_and_the_page_says_so_first(team: Team) -> None:
    assert page(team, "kim").readable_until is None
    closes(team, "kim", note="Alma klarer sig nu.")
    assert {name: knows_alma(team, name) for name in ("kim", "bo", "maja")} == {"kim": False, "bo": False, "maja": True}
    assert Entry.objects.get(title="Afslutning").what == "document"
    assert not differing(team.child)


def test_bup_reads_on_for_the_days_after_discharge(team: Team) -> None:
    until = page(team, "ida").readable_until
    assert until and until > team.clock.at + DAY
    closes(team, "ida")
    assert knows_alma(team, "ida")
    team.clock.at = until + SECOND
    assert not knows_alma(team, "ida")


def test_with_an_open_ball_it_is_not_closed_until_it_is_handed_on_or_given_up(team: Team) -> None:
    kept, given = team.opens("kim", team.job("kim")), team.opens("bo", team.job("bo"))
    assert {row.id for row in page(team, "kim").open.tasks} == {kept, given}
    team.does("bo", Move.OFFER, given, team.job("maja"))
    team.does("kim", Move.CANCEL, kept, why="Far ringede selv.")
    with pytest.raises(Refused, match="bolden"):
        closes(team, "kim")
    team.does("maja", Move.ACCEPT, given)
    closes(team, "kim")
    assert not knows_alma(team, "kim")


def test_a_ball_of_nobody_s_that_the_unit_opened_is_the_unit_s(team: Team) -> None:
    team.opens("kim")
    with pytest.raises(Refused, match="bolden"):
        closes(team, "bo")
    closes(team, "maja")


def test_what_others_have_asked_the_unit_to_take_is_answered_first(team: Team) -> None:
    """Nobody would see that they are asked, once the unit knows the child no more."""
    ball = team.opens("kim", team.unit("skole"))
    assert [row.id for row in page(team, "maja").open.asked] == [ball] and not page(team, "kim").open.asked
    with pytest.raises(Refused, match="spurgt"):
        closes(team, "maja")
    team.does("maja", Move.RETURN, ball, why="Det er PPR's.")
    closes(team, "maja")
    assert not knows_alma(team, "maja")


def test_the_coordinator_s_part_is_handed_on_while_others_work_with_the_child(team: Team) -> None:
    balls.appoint(by=team.scope("kim"), child_id=team.child, to=team.job("kim"))
    with pytest.raises(Refused, match="Tovholderen"):
        closes(team, "kim")
    for name in ("maja", "ida", "gerda", "rita"):
        closes(team, name)
    assert page(team, "kim").open.last
    closes(team, "kim")
    assert not knows_alma(team, "kim")


def test_a_reason_is_needed_and_what_was_refused_has_changed_nothing(team: Team) -> None:
    with pytest.raises(Refused, match="Skriv"):
        closes(team, "kim", " ", note="Ikke gemt.")
    assert not Entry.objects.filter(title="Afslutning").exists()
    assert knows_alma(team, "kim")


def test_who_has_no_task_with_the_child_ends_none(team: Team) -> None:
    with pytest.raises(NotFound):
        closes(team, "ulla")
    closes(team, "kim")
    with pytest.raises(NotFound):
        closes(team, "kim")


def test_two_ended_tasks_are_read_in_as_many_queries_as_one(team: Team) -> None:
    closes(team, "kim")
    with CaptureQueriesContext(connection) as one:
        assert len(closed(team, "kim")) == 1
    assert not send(care("c9")).refusals
    closes(team, "kim", "Også den.")
    with CaptureQueriesContext(connection) as two:
        assert closed(team, "kim")[0].reason == "Også den."
    assert len(closed(team, "kim")) == 2 and len(one) == len(two)


def test_whoever_closed_it_and_the_leader_begin_it_again_and_nobody_else(team: Team) -> None:
    closes(team, "kim", "Skolen tager over.")
    assert {name: [one.mine for one in closed(team, name)] for name in ("kim", "leder", "bo", "maja")} == {
        "kim": [True], "leder": [True], "bo": [False], "maja": [],
    }  # fmt: skip
    assert closed(team, "bo")[0].reason == "Skolen tager over."
    for name in ("bo", "maja", "ulla"):
        with pytest.raises(NotFound):
            reopens(team, name)
    with pytest.raises(Refused, match="Skriv"):
        reopens(team, "kim", " ")
    reopens(team, "leder")
    assert knows_alma(team, "kim") and knows_alma(team, "bo")
    assert closed(team, "kim") == []
    assert not differing(team.child)


def test_both_stand_in_the_log_of_the_child(team: Team) -> None:
    closes(team, "kim")
    reopens(team, "kim")
    assert Event.objects.filter(action="case-close", child_id=team.child, allowed=True).count() == 1
    assert Event.objects.filter(action="case-reopen", child_id=team.child, allowed=True).count() == 1
