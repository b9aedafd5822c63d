"""The timeline as a page shows it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from barnetsbog.contacts.model import Contact
from barnetsbog.record.entries import EntryRow


class Zoom(StrEnum):
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Period:
    """A column: its first day, the first day after it, and a key for the address (`2026-Q4`)."""

    key: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class View:
    """What the reader asked to see; it all stands in the address. `until`: the last period shown, empty = the newest.

    `period` and `lane` choose a cell for the list. `only_new`: changed since the reader's mark.
    """

    zoom: Zoom = Zoom.QUARTER
    until: str = ""
    period: str = ""
    lanes: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    author_id: UUID | None = None
    important: bool = False
    only_new: bool = False
    page: int = 1
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the table: the number of entries in each period, in the order of the periods."""

    sector: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """An intervention over time: from its first to its last column (not including), within what is shown."""

    id: UUID
    title: str
    sector: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the one sentence above the table says; the page words it."""

    count: int
    first_year: int | None
    last_year: int | None
    busiest: tuple[str, ...]  # lanes, most entries first
    ongoing: tuple[tuple[str, str], ...]  # (title, lane) of interventions that run now


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list, with its author by name."""

    entry: EntryRow
    author: Contact | None


@dataclass(frozen=True, slots=True)
class Timeline:
    view: View
    summary: Summary
    periods: tuple[Period, ...]
    lanes: tuple[Lane, ...]
    bands: tuple[Band, ...]
    earlier: str  # `until` of the table one screen back; empty at the beginning
    later: str
    chosen: Period | None
    listed: tuple[Listed, ...]
    total: int  # entries in the list, over all its pages
    pages: int
    authors: tuple[Contact, ...]
    """Whom one can filter by: those who wrote what is listed."""
