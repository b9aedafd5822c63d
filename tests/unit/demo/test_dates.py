"""Everything moves with today, and a text tells its dates as somebody would write them then."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from barnetsbog.demo import dates
from barnetsbog.demo.dates import WRITTEN_TODAY, Shift, move
from barnetsbog.demo.model import Story

LATER = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "year", "today", "told"),
    [
        ("Vi ses {2026-12-03}.", 2026, WRITTEN_TODAY, "Vi ses 3. december."),
        ("Vi ses {2026-12-03}.", 2025, WRITTEN_TODAY, "Vi ses 3. december 2026."),
        ("Siden {2026-12}.", 2026, WRITTEN_TODAY, "Siden december 2026."),
        ("I {2024} begyndte det.", 2026, WRITTEN_TODAY, "I 2024 begyndte det."),
        ("{2026-01-01} og {2026-02-01}", 2026, WRITTEN_TODAY, "1. januar og 1. februar"),
        ("Vi ses {2026-12-03}.", 2027, LATER, "Vi ses 9. marts."),
        ("Siden {2026-12}.", 2027, LATER, "Siden marts 2027."),
        ("I {2024} begyndte det.", 2027, LATER, "I 2024 begyndte det."),
        ("Ingen dato", 2026, LATER, "Ingen dato"),
    ],
)
def test_date_marks(text: str, year: int, today: date, told: str) -> None:
    assert Shift.to(today).words(text, year) == told


def test_nothing_moves_on_the_day_it_was_written(story: Story) -> None:
    moved = move(story, WRITTEN_TODAY)
    assert [event.at for event in moved.events] == [event.at for event in story.events]
    assert moved.status.text == "Alma skal undersøges den 3. december."


def test_every_date_moves_by_the_same_days(story: Story) -> None:
    moved = move(story, LATER)
    days = LATER - WRITTEN_TODAY
    assert moved.born - story.born == days
    assert moved.status.at - story.status.at == days
    assert [care.from_date for care in moved.care] == [care.from_date + days for care in story.care]
    assert [event.at for event in moved.events] == [event.at + days for event in story.events]
    assert moved.events[16].changed[0].at == story.events[16].changed[0].at + days
    assert moved.script[0].at == story.script[0].at + days


def test_what_identifies_stays(story: Story) -> None:
    moved = move(story, LATER)
    assert (moved.cpr, moved.number, moved.name) == (story.cpr, story.number, story.name)
    assert [event.id for event in moved.events] == [event.id for event in story.events]


def test_an_old_entry_tells_a_date_from_its_own_year(story: Story) -> None:
    assert move(story, WRITTEN_TODAY).events[0].text == "Vi aftalte at ses igen 3. december 2026."


@pytest.mark.parametrize(
    ("moment", "instant", "as_datetime"),
    [
        (date(2026, 1, 5), "2026-01-05T12:00:00+01:00", "2026-01-05"),
        (date(2026, 7, 5), "2026-07-05T12:00:00+02:00", "2026-07-05"),
        (datetime(2026, 7, 5, 8, 30), "2026-07-05T08:30:00+02:00", "2026-07-05T08:30:00+02:00"),
        (datetime(2026, 12, 3, 23, 59), "2026-12-03T23:59:00+01:00", "2026-12-03T23:59:00+01:00"),
    ],
)
def test_danish_offsets(moment: date, instant: str, as_datetime: str) -> None:
    assert dates.instant(moment) == instant
    assert dates.fhir_datetime(moment) == as_datetime
