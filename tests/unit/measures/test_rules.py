"""What is counted, worked out by hand."""

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.kernel.time import FOREVER, parse
from barnetsbog.measures.model import Case, Month, Planned, Share, Spell, Touch, Year
from barnetsbog.measures.rules import (
    case_of,
    child_years,
    contacts,
    days_without,
    first_visits,
    got_through,
    last_year,
    months,
    open_at,
    overdue,
    planned,
    sent_at,
    share_of,
    spells,
    years,
)
from barnetsbog.record.entries import Stage

CHILD, OTHER, KIM, IDA, PPR, BUP, SCHOOL = (UUID(int=number) for number in range(1, 8))


def at(text: str) -> int:
    return parse(text)[0]


NOW = at("2026-11-25T12:00:00+01:00")


def stage(recorded: str, start: str = "2026-01-01", **more: Any) -> Stage:
    told: dict[str, Any] = {
        "what": "task", "unit_id": PPR, "author_id": KIM, "holder_id": None, "due": None, "end": None, "status": "",
        "open": True, **more,
    }  # fmt: skip
    return Stage(child_id=CHILD, id=UUID(int=99), start=at(start), recorded_at=at(recorded), **told)


# -- months ------------------------------------------------------------------------------------------------------------


def test_months_are_danish_and_the_present_one_is_as_long_as_it_has_been() -> None:
    november, october, september = months(NOW, 3)
    assert november == Month(202611, at("2026-11-01T00:00:00+01:00"), NOW)
    assert october == Month(202610, at("2026-10-01T00:00:00+02:00"), november.start)  # the clock changes in it
    assert (september.number, september.end) == (202609, october.start)
    assert [one.number for one in months(at("2026-01-03"), 2)] == [202601, 202512]


def test_what_happens_at_midnight_is_of_the_month_that_begins() -> None:
    november, october = months(NOW, 2)
    counted = [(november.start, True), (november.start - 1, False), (NOW, True)]
    assert share_of(counted, november) == Share(1, 1)
    assert share_of(counted, october) == Share(0, 1)


def test_each_month_has_the_year_that_ends_with_it() -> None:
    found = years(months(NOW, 24))
    assert found[-1] == Year(at("2025-12-01T00:00:00+01:00"), NOW)
    assert found[0] == Year(at("2025-01-01T00:00:00+01:00"), at("2026-01-01T00:00:00+01:00"))


def test_of_two_readings_the_years_are_the_same_or_have_no_month_in_common() -> None:
    """So one sum taken from another tells nothing of a month. Of the last twelve months it told what came and went."""
    days = [at(f"{year}-{month:02}-{day}") for year in (2026, 2027) for month in range(1, 13) for day in ("01", "28")]
    read = [tuple(one.number for one in last_year(months(day, 24))) for day in days]
    assert {one: read.count(one) for one in read} == {
        tuple(range(202512, 202500, -1)): 24, tuple(range(202612, 202600, -1)): 24,
    }  # fmt: skip
    assert all(one.end <= days[0] for one in last_year(months(days[0], 24)))


# -- balls -------------------------------------------------------------------------------------------------------------


def test_a_ball_goes_from_nobody_to_kim_to_ida_and_is_over() -> None:
    stages = [
        stage("2026-11-02T10:00:00+01:00", "2026-11-02T10:00:00+01:00"),
        stage("2026-11-05T09:00:00+01:00", holder_id=KIM),
        stage("2026-11-09T09:00:00+01:00", holder_id=IDA),
        stage("2026-11-20T09:00:00+01:00", holder_id=IDA, open=False, end=at("2026-11-19T15:00:00+01:00")),
    ]
    found = spells(stages, NOW)
    assert [one.holder for one in found] == [None, KIM, IDA]
    assert found[2].end == at("2026-11-19T15:00:00+01:00"), "it was over when it was over, not when that was written"
    assert days_without(found, months(NOW, 1)[0]) == 3  # the ends of the 2nd, 3rd and 4th


def test_what_was_brought_in_late_has_been_so_since_it_began() -> None:
    assert spells([stage("2026-11-24", "2026-10-15")], NOW) == [Spell(None, None, at("2026-10-15"), NOW)]
    over = stage("2026-11-24", "2026-03-01", holder_id=KIM, open=False, end=at("2026-04-01"))
    assert spells([over], NOW) == [Spell(KIM, None, at("2026-03-01"), at("2026-04-01"))]
    assert spells([over._replace(end=None)], NOW) == []


def test_luna_has_been_without_anybody_for_41_days() -> None:
    found = spells([stage("2026-10-15", "2026-10-15")], NOW)
    assert [days_without(found, month) for month in months(NOW, 3)] == [24, 17, 0]


def test_a_ball_that_is_taken_the_same_day_was_never_a_day_without() -> None:
    taken = [stage("2026-11-02T10:00:00+01:00", "2026-11-02T10:00:00+01:00"),
             stage("2026-11-02T23:59:00+01:00", holder_id=KIM)]  # fmt: skip
    assert days_without(spells(taken, NOW), months(NOW, 1)[0]) == 0


def test_overdue_is_by_the_deadline_that_was_in_force_then() -> None:
    moved = [
        stage("2026-09-10", "2026-09-10", holder_id=KIM, due=at("2026-09-20")),
        stage("2026-10-02", holder_id=KIM, due=at("2026-12-01")),
    ]
    without = [stage("2026-10-05", "2026-10-05", holder_id=KIM)]
    november, october, september = months(NOW, 3)
    found = [*spells(moved, NOW), *spells(without, NOW)]
    assert overdue(found, september.end) == Share(1, 1)
    assert overdue(found, october.end) == Share(0, 2)
    assert overdue(found, november.end) == Share(0, 2)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 60)), min_size=1, max_size=6))
def test_a_ball_is_never_with_two_and_never_twice_a_day_without(moves: list[tuple[bool, int]]) -> None:
    """Whatever moves, hours apart: no two spells overlap, and all months' days without are at most the days there
    were."""
    moment, stages = at("2026-10-20T08:00:00+02:00"), []
    for held, hours in moves:
        moment += hours * 3_600_000_000
        told = stage("2026-10-20", holder_id=KIM if held else None)
        stages.append(told._replace(recorded_at=moment, start=at("2026-10-20T08:00:00+02:00")))
    found = spells(stages, NOW)
    assert all(one.end <= other.start for one, other in pairwise(found))
    whole = sum(days_without(found, month) for month in months(NOW, 3))
    assert whole <= sum((one.end - one.start) // 86_400_000_000 + 1 for one in found if one.holder is None)
    assert sum(days_without([one], month) for one in found for month in months(NOW, 3)) == whole


# -- cases -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "end", "lasts"),
    [("active", None, True), ("finished", "2026-12-01", True), ("finished", None, False), ("planned", None, False)],
)
def test_a_task_with_a_child_lasts_as_its_rights_do(status: str, end: str | None, lasts: bool) -> None:
    case = case_of(stage("2026-01-01", what="care", status=status, end=at(end) if end else None))
    assert bool(open_at([case], NOW)) is lasts


# -- referrals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "sent", "whole"),
    [
        (["draft"], False, False),
        (["draft", "withdrawn"], False, False),
        (["withdrawn"], False, False),  # the draft itself is closed to a leader who may see no drafts
        (["draft", "sent"], True, False),
        (["draft", "sent", "received"], True, True),
        (["sent", "accepted", "closed"], True, True),
        (["sent", "incomplete", "received", "accepted"], True, False),
        (["sent", "returned"], True, False),
        (["sent", "received", "rejected"], True, False),
        (["sent", "withdrawn"], True, False),
        (["active"], True, False),  # another system's words
        (["completed"], True, True),
        (["revoked"], True, False),
    ],
)
def test_a_referral_is_whole_when_nothing_comes_back(states: list[str], sent: bool, whole: bool) -> None:
    stages = [stage(f"2026-11-{day:02}", status=state) for day, state in enumerate(states, 2)]
    assert (sent_at(stages) is not None) is sent
    assert got_through(stages) is whole


def test_it_was_sent_when_it_was_sent_and_not_when_it_was_begun() -> None:
    drafted, sent = stage("2026-10-01", "2026-10-01", status="draft"), stage("2026-11-03", "2026-10-01", status="sent")
    assert sent_at([drafted, sent]) == sent_at([sent]) == at("2026-11-03")
    assert sent_at([stage("2026-11-03", "2026-10-01", status="completed")]) == at("2026-10-01")


# -- first visits ------------------------------------------------------------------------------------------------------

FIRST, LATER = "2026-11-10T10:00:00+01:00", "2026-11-17T10:00:00+01:00"


def visit(*told: tuple[str, str, str]) -> list[Planned]:
    return planned([stage(recorded, start, what="appointment", status=status) for recorded, start, status in told])


def test_a_visit_that_was_held_or_is_to_come_was_not_given_up() -> None:
    assert visit(("2026-11-01", FIRST, "booked"), ("2026-11-10", FIRST, "fulfilled")) == [Planned(at(FIRST))]
    assert visit(("2026-11-01", FIRST, "booked")) == [Planned(at(FIRST))]


def test_a_visit_that_is_moved_is_two_times_of_which_one_was_given_up() -> None:
    found = visit(("2026-11-01", FIRST, "booked"), ("2026-11-08", LATER, "booked"))
    assert found == [Planned(at(FIRST), at("2026-11-08")), Planned(at(LATER))]


def test_a_child_that_does_not_come_gives_up_when_it_should_have_come() -> None:
    assert visit(("2026-11-01", FIRST, "booked"), ("2026-11-12", FIRST, "noshow")) == [Planned(at(FIRST), at(FIRST))]
    assert visit(("2026-11-12", FIRST, "cancelled")) == [Planned(at(FIRST), at(FIRST))]


def test_what_was_only_proposed_or_written_by_mistake_was_never_agreed() -> None:
    assert visit(("2026-11-01", FIRST, "proposed"), ("2026-11-02", FIRST, "cancelled")) == []
    assert visit(("2026-11-01", FIRST, "booked"), ("2026-11-02", FIRST, "entered-in-error")) == []
    assert visit(("2026-11-01", FIRST, "waitlist")) == []


def test_after_the_child_has_been_there_no_visit_is_the_first() -> None:
    lost, held, after = Planned(at(FIRST), at(FIRST)), Planned(at(LATER)), Planned(at("2026-11-24T10:00:00+01:00"))
    assert first_visits([lost, held, after], []) == [lost, held]
    assert first_visits([lost, held], [at("2026-11-01")]) == []
    assert first_visits([held], [at("2026-11-17T09:55:00+01:00")]) == [held], (
        "the same visit, written down as a meeting"
    )


# -- contacts ----------------------------------------------------------------------------------------------------------

YEAR_FROM, YEAR_TO = at("2025-12-01"), at("2026-12-01")


def test_two_tasks_at_once_are_one_time() -> None:
    twice = [
        Case(UUID(int=9), CHILD, PPR, at("2026-01-01"), at("2026-03-01")),
        Case(UUID(int=10), CHILD, PPR, at("2026-02-01"), FOREVER),
    ]
    found = child_years(twice, Year(YEAR_FROM, YEAR_TO))
    assert found[CHILD] == pytest.approx(334 / 365.25, abs=0.0005)
    assert child_years(twice, Year(at("2025-01-01"), at("2025-06-01"))) == {}


def test_people_are_counted_once_and_their_place_only_where_nobody_is_named() -> None:
    touches = [
        Touch(CHILD, PPR, PPR, YEAR_FROM, FOREVER),  # PPR has a case, and Kim is of PPR
        Touch(CHILD, KIM, PPR, at("2026-02-01"), at("2026-03-01")),
        Touch(CHILD, KIM, PPR, at("2026-05-01"), at("2026-05-01")),
        Touch(CHILD, SCHOOL, SCHOOL, at("2020-01-01"), FOREVER),  # nobody of the school is named
        Touch(CHILD, IDA, BUP, at("2024-01-01"), at("2024-02-01")),  # too long ago
        Touch(OTHER, IDA, BUP, at("2026-01-01"), at("2026-02-01")),
    ]
    of = [Year(at("2024-01-15"), at("2025-01-15")), Year(YEAR_FROM, YEAR_TO)]
    assert contacts(touches, of) == [{CHILD: 2}, {CHILD: 2, OTHER: 1}]
