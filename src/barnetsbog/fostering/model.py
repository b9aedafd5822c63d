"""A foster carer's week, and notes of medicine. Moments are UTC microseconds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.calendar.model import Meeting
from barnetsbog.contacts.model import Contact
from barnetsbog.overview.model import Person
from barnetsbog.responsibility.model import Ball


class Fostering(StrEnum):
    """What is done with notes of medicine, as the log names it."""

    READ = "medicine"
    WRITE = "medicine-write"


class Given(NamedTuple):
    """Medicine that was given: what and how much, when, by whom."""

    what: str
    dose: str
    at: int
    by: str


class Note(NamedTuple):
    """A note of medicine as its reader sees it. `mine`: the reader wrote it."""

    id: UUID
    given: Given
    mine: bool


@dataclass(frozen=True, slots=True)
class Week:
    """What a foster carer's first page shows. `after`: the first appointment after this week; `visits`: when the child
    is with its own family, also after this week; `late`: what was due before today."""

    child: Person
    monday: date
    meetings: tuple[Meeting, ...]
    after: Meeting | None
    visits: tuple[Meeting, ...]
    tasks: tuple[Ball, ...]
    late: tuple[Ball, ...]
    notes: tuple[Note, ...]
    coordinator: Contact | None
    messages: int
    letters: int
