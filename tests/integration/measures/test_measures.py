"""The numbers of a unit, worked out by hand, on both databases; and what is in none of them."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnetsbog.access.reading import open_book
from barnetsbog.audit.models import Event
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.measures import queries
from barnetsbog.measures.model import Measured
from tests.builders import care, patient, task
from tests.conftest import BOTH_DATABASES

from .conftest import Unit, recorded

pytestmark = BOTH_DATABASES

SEPTEMBER, OCTOBER, NOVEMBER, LAST_YEAR = 202609, 202610, 202611, 2025
TEN, SIX = range(10), range(6)


def test_load_and_overdue_at_the_end_of_each_month(ppr: Unit) -> None:
    # Given ten tasks that Kim and Bo have since September, five of them due in October
    for number in TEN:
        due = "2026-10-15" if number < 5 else None
        ppr.has_a_task(number, "kim" if number % 2 else "bo", due=due, since="2026-09-01T10:00:00+02:00")
    # And one that was over within September, and six of the school's
    ended = {"status": "completed", "executionPeriod": {"start": "2026-09-02", "end": "2026-09-20"}}
    ppr.sends(recorded(task("over", "barn0", "kim", None) | ended, "2026-09-20T10:00:00+02:00"))
    for number in SIX:
        ppr.has_a_task(number, "maja", due="2026-10-15", since="2026-10-02T10:00:00+02:00")
    # Then the unit has its own ten, and twelve cases since June
    assert ppr.values("load", NOVEMBER) == (10, 12)
    assert ppr.values("load", OCTOBER) == (10, 12)
    assert ppr.values("load", 202606) == (0, 12)
    assert ppr.values("load", 202605) == (0, 0)
    assert ppr.values("overdue", SEPTEMBER) == (0, 10, 0)
    assert ppr.values("overdue", OCTOBER) == (5, 10, 50)
    # And the school's leader sees the school's
    assert ppr.values("load", NOVEMBER, "rektor") == (6, 12)
    assert ppr.values("overdue", NOVEMBER, "rektor") == (6, 6, 100)


def test_days_on_which_nobody_had_the_ball(ppr: Unit) -> None:
    # Given six tasks that nobody took from 30 October at noon to 3 November
    for number in SIX:
        ppr.has_a_task_that_nobody_takes(number, "2026-10-30T12:00:00+01:00", "2026-11-03T09:00:00+01:00")
    # Then they are two days each in October and in November, and Kim's since
    assert ppr.values("ball-less", OCTOBER) == (12, 6)
    assert ppr.values("ball-less", NOVEMBER) == (12, 6)
    assert ppr.values("load", OCTOBER) == (0, 12)
    assert ppr.values("load", NOVEMBER) == (6, 12)
    # And no days of the school's when its task with the children begins later
    for number in SIX:
        ppr.sends(care(f"skole{number}", f"barn{number}", "skole", start="2026-11-01"))
    assert ppr.values("ball-less", OCTOBER, "rektor") == (0, 0)
    assert ppr.values("ball-less", NOVEMBER, "rektor") == (12, 6)


def test_referrals_that_were_complete_when_they_were_sent(ppr: Unit) -> None:
    # Given twelve referrals sent in October, begun in September: of six BUP asked for more
    begun, sent, asked, taken = (f"2026-{day}T10:00:00+02:00" for day in ("09-28", "10-05", "10-09", "10-20"))
    for number in range(12):
        back = [("incomplete", asked)] if number < 6 else []
        ppr.sends_a_referral(number, ("draft", begun), ("sent", sent), *back, ("accepted", taken))
    # And ten in the year before, five and five, all of them complete
    for number in range(12, 22):
        day = f"2025-{'03' if number < 17 else '08'}-05T10:00:00+01:00"
        ppr.sends_a_referral(number, ("draft", day), ("sent", day), ("accepted", day))
    # Then half were complete, by the month in which they were sent, and of the year that is over all
    assert ppr.values("first-send", OCTOBER) == (6, 12, 50)
    assert ppr.values("first-send", SEPTEMBER) == (0, 0, "nothing")
    assert ppr.values("first-send", LAST_YEAR) == (10, 10, 100)
    # And the school has sent none
    assert ppr.values("first-send", LAST_YEAR, "rektor") == (0, 0, "nothing")


def test_first_visits_that_were_lost_while_a_consent_was_lacking(ppr: Unit) -> None:
    # Given eleven first visits agreed for 20 October
    start, booked, cancelled = "2026-10-20T10:00:00+02:00", "2026-10-01T10:00:00+02:00", "2026-10-19T10:00:00+02:00"
    for number in range(11):
        gone = number < 5 or number == 10
        then = ("cancelled", cancelled) if gone else ("fulfilled", start)
        ppr.has_a_first_visit(number, start, ("booked", booked), then)
    # Of the six that were cancelled one mother had said yes before, and one the day after
    ppr.has_its_mother_s_yes(10, "2026-10-10T10:00:00+02:00")
    ppr.has_its_mother_s_yes(0, "2026-10-20T10:00:00+02:00")
    # Then five were lost without consent
    assert ppr.values("lost-visits", OCTOBER) == (5, 11, pytest.approx(100 * 5 / 11))
    assert ppr.values("lost-visits", NOVEMBER) == (0, 0, "nothing")


def test_a_visit_after_a_meeting_that_came_to_nothing_is_the_first(ppr: Unit) -> None:
    for number in TEN:
        ppr.has_a_first_visit(number, "2026-10-20T10:00:00+02:00", ("fulfilled", "2026-10-20T10:00:00+02:00"))
    for number in SIX:
        ppr.was_to_meet(number, "2026-09-08", "cancelled")
    assert ppr.values("lost-visits", OCTOBER) == (0, 10, 0)
    for number in range(5):
        ppr.was_to_meet(number, "2026-09-08", "finished")
    assert ppr.values("lost-visits", OCTOBER) == (0, 5, 0)


def test_contacts_for_each_year_with_a_child(ppr: Unit) -> None:
    # Given that Kim has a task about ten of the twelve children since September, and nobody else a task or a meeting
    for number in TEN:
        ppr.has_a_task(number, due=None, since="2026-09-01T10:00:00+02:00")
    # Then by the end of September each child has met PPR, ten of them Kim: twelve contacts in twelve times four months
    months = 122 - 1 / 24 / 12  # 1 June to 1 October
    assert ppr.values("contacts", SEPTEMBER) == (
        12, pytest.approx(12 * months / 365.25, abs=0.01), pytest.approx(365.25 / months, abs=0.01),
    )  # fmt: skip
    # And since October the school too, of which nobody is named
    contacts, years, rate = ppr.values("contacts", OCTOBER)
    assert contacts == 24
    assert rate == pytest.approx(24 / float(str(years)))


def test_a_case_that_the_unit_has_ended_is_in_the_months_before_and_its_balls_are_in_none(ppr: Unit) -> None:
    # Given that PPR had tasks about six children, and ended its cases with them in October
    for number in SIX:
        ppr.has_a_task(number, due=None, since="2026-09-01T10:00:00+02:00")
        ppr.ends_its_case(number, "2026-10-15")
    # Then it knows that it had the cases; the balls it can't see any more
    assert ppr.values("load", SEPTEMBER) == (0, 12)
    assert ppr.values("load", OCTOBER) == (0, 6)
    # And the log names none of the children
    line = Event.objects.filter(action="measures").latest("at")
    assert "children" not in line.detail


def test_few_are_not_told(ppr: Unit) -> None:
    for number in range(3):
        ppr.has_a_task(number, due="2026-10-15", since="2026-09-01T10:00:00+02:00")
        ppr.has_a_task_that_nobody_takes(number, "2026-10-30T12:00:00+01:00", "2026-11-03T09:00:00+01:00")
    assert ppr.values("load", OCTOBER) == ("few", 12)
    assert ppr.values("overdue", OCTOBER) == ("hidden", "few", "hidden")
    assert ppr.values("ball-less", OCTOBER) == ("hidden", "few")


def test_what_is_hidden_from_the_leader_is_in_no_number(ppr: Unit) -> None:
    # Given numbers, for a leader who may see no drafts and no confidential talk
    for number in TEN:
        ppr.has_a_task(number, due="2026-10-15", since="2026-09-01T10:00:00+02:00")
    before = ppr.numbers()
    # When there come a draft, a confidential task of Kim's, and a child that PPR has no task with
    ppr.sends_a_referral(1, ("draft", "2026-10-05T10:00:00+02:00"))
    private = {"meta": {"security": [{"code": "child-private"}]}}
    ppr.has_a_task(2, due="2026-10-15", since="2026-09-03T10:00:00+02:00", **private)
    ppr.sends(patient("fremmed", number="0505179950"), care("f", "fremmed", "skole"), task("ft", "fremmed", "kim"))
    # Then no number of PPR's is another
    assert ppr.numbers() == before


def test_a_version_that_stood_on_another_shelf_is_no_stage(ppr: Unit) -> None:
    """What was sent was a draft before: closed to others then, and of no concern to a count now."""
    drafted, sent, back = (f"2026-10-{day}T10:00:00+02:00" for day in ("01", "05", "09"))
    ppr.sends_a_referral(1, ("draft", drafted), ("sent", sent), ("returned", back))
    for name in ("leder", "kim"):
        with open_book(ppr.scope(name), "measures") as book:
            (stages,) = book.stages(("referral",), 0)
            (now,) = book.stages(("referral",), 0, earlier=False)
            assert book.trail.children == set()
        assert [one.status for one in stages] == ["sent", "returned"]
        assert now == stages[-1:]


def test_thousands_of_children_take_as_many_queries_as_one(ppr: Unit) -> None:
    def asked() -> int:
        ppr.numbers()  # what is kept of the directory is read
        with CaptureQueriesContext(connection) as told:
            ppr.numbers()
        return len(told)

    def visit(number: int) -> None:
        ppr.has_a_task(number, due="2026-10-15", since="2026-09-01T10:00:00+02:00")
        ppr.has_a_first_visit(number, "2026-10-20T10:00:00+02:00", ("cancelled", "2026-10-19T10:00:00+02:00"))

    visit(0)
    of_one = asked()
    for number in range(1, 12):
        visit(number)
    assert asked() == of_one


def test_somebody_without_a_unit_s_children_has_no_numbers(ppr: Unit) -> None:
    """An analyst's role opens no block of any book: the numbers are those of an empty one."""
    for number in TEN:
        ppr.has_a_task(number, due=None, since="2026-09-01T10:00:00+02:00")
    assert all(_is_empty(one) for one in ppr.numbers("tal").values())


def _is_empty(one: Measured) -> bool:
    return all(not cell.value and cell.mark.value in ("shown", "nothing") for row in one.rows for cell in row.cells)


def test_the_family_has_no_unit_and_so_no_numbers(ppr: Unit) -> None:
    with pytest.raises(NotFound), open_book(replace(ppr.scope("leder"), unit_id=None), "measures") as book:
        queries.of_unit(book)
