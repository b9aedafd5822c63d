"""Which version is in force on a day, which draft is open, and who may approve."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.publishing.model import NOTHING, Decided, Draft
from barnetsbog.publishing.rules import in_force, may_approve, newest_version, open_draft

IB, VERA = UUID(int=1), UUID(int=2)
DAYS = [date(2026, 11, day) for day in range(20, 30)]


def _draft(number: int, *, sent: bool = True, by: UUID | None = IB) -> Draft:
    return Draft(number, 0, UUID(int=9), by, sent, DAYS[0] if sent else None, "")


def _version(number: int, day: date | None) -> Draft:
    """Approved from a day on; None: not approved."""
    return replace(_draft(number), decided=Decided(0, UUID(int=9), VERA, day is not None, day, ""))


def test_without_any_version_the_program_s_rules_are_in_force() -> None:
    assert in_force([], DAYS[0]) is NOTHING
    assert in_force([_version(1, None), _draft(2)], DAYS[0]) is NOTHING


def test_a_version_is_in_force_from_its_day() -> None:
    history = [_version(1, DAYS[0]), _version(2, DAYS[5])]
    assert in_force(history, DAYS[4]).number == 1
    assert in_force(history, DAYS[5]).number == 2


def test_a_newer_version_stands_before_an_older_one_that_begins_later() -> None:
    history = [_version(1, DAYS[8]), _version(2, DAYS[2])]
    assert in_force(history, DAYS[9]).number == 2


@given(st.lists(st.one_of(st.none(), st.sampled_from(DAYS)), max_size=6), st.sampled_from(DAYS))
def test_what_is_in_force_has_begun_and_nothing_newer_has(days: list[date | None], day: date) -> None:
    history = [_version(number, start) for number, start in enumerate(days, 1)]
    found = in_force(list(reversed(history)), day)
    begun = [number for number, start in enumerate(days, 1) if start and start <= day]
    assert found.number == max(begun, default=0)


def test_a_draft_is_open_until_it_is_decided() -> None:
    assert open_draft([]) is None
    assert open_draft([_version(1, DAYS[0]), _draft(2, sent=False)]) == _draft(2, sent=False)
    assert open_draft([_draft(1), _version(2, None)]) is None


def test_the_next_draft_begins_from_the_newest_version_also_when_it_has_not_begun() -> None:
    assert newest_version([_version(1, DAYS[0]), _version(2, DAYS[9]), _version(3, None)]).number == 2


def test_two_people() -> None:
    assert may_approve(_draft(1), VERA).allowed
    assert not may_approve(_draft(1), IB).allowed
    assert not may_approve(_draft(1), None).allowed
    assert not may_approve(_draft(1, sent=False), VERA).allowed
