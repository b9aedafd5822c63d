"""The pure rules of responsibility and overview, as truth tables."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from barnetsbog.kernel.time import DAY
from barnetsbog.overview.rules import is_a_status, is_aged, is_answer_missing, may_write, the_ball
from barnetsbog.record.entries import EntryRow
from barnetsbog.responsibility.model import Ball, Part
from barnetsbog.responsibility.rules import is_overdue

ME, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(("due", "at", "overdue"), [(None, 10, False), (9, 10, True), (10, 10, False), (11, 10, False)])
def test_overdue(due: int | None, at: int, overdue: bool) -> None:
    assert is_overdue(due, at) is overdue


@pytest.mark.parametrize(("days", "aged"), [(0, False), (30, False), (31, True)])
def test_a_status_ages_after_thirty_days(days: int, aged: bool) -> None:
    assert is_aged(0, days * DAY) is aged


def test_the_ball_is_the_first_or_none() -> None:
    ball = Ball(ME, ME, "Ring", "in-progress", None, None, 0, None, True, False, False)
    assert the_ball([]) is None
    assert the_ball([ball, replace(ball, title="Skriv")]) is ball


def consent(author: UUID = ME, title: str = "Deling", start: int = 1, waits: bool = True) -> EntryRow:
    return EntryRow(
        ME, uuid4(), "Consent", "consent", "SA", "family", 202611, start, None, 1, 0, title, "proposed", author, None, waits, None, None,
        False, False, False, 1, 1, "x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("later", "missing"),
    [
        ([], True),
        ([consent(start=2, waits=False)], False),
        ([consent(start=0, waits=False)], True),  # answered before it was asked anew
        ([consent(author=OTHER, start=2, waits=False)], True),  # somebody else's answer
        ([consent(title="Andet", start=2, waits=False)], True),
        ([consent(start=2)], True),
    ],
)
def test_an_answer_is_missing_until_the_same_person_gives_it(later: list[EntryRow], missing: bool) -> None:
    assert is_answer_missing(consent(), later) is missing


def test_an_answer_that_was_given_is_not_missing() -> None:
    assert not is_answer_missing(consent(waits=False), [])


@pytest.mark.parametrize(
    ("text", "allowed"), [("", False), ("  \n ", False), ("Nu.", True), ("ord " * 60, True), ("ord\n" * 61, False)]
)
def test_a_status_says_something_in_sixty_words(text: str, allowed: bool) -> None:
    assert is_a_status(text).allowed is allowed


@pytest.mark.parametrize(
    ("parts", "substitute", "may"),
    [
        ({Part.HOLDER}, False, True), ({Part.STAND_IN, Part.ANYBODY}, False, True), ({Part.ANYBODY}, True, True),
        ({Part.ANYBODY}, False, False), ({Part.LEADER, Part.OPENER, Part.OFFERED}, False, False), (set(), False, False),
    ],
)  # fmt: skip
def test_the_status_is_the_coordinators(parts: set[Part], substitute: bool, may: bool) -> None:
    assert may_write(parts, substitute=substitute) is may
