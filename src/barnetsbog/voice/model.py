"""What a child has written for itself, and what it has a right to. Moments are UTC microseconds."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.messages.model import Thread


class Voicing(StrEnum):
    """What is done with the child's own words, as the log names it."""

    READ = "voice"
    WRITE = "voice-write"


class Room(StrEnum):
    """Where something stands: in one of the three rooms of the house, or among the notes."""

    WORRY = "worry"
    GOOD = "good"
    WISH = "wish"
    NOTE = "note"


HOUSE = (Room.WORRY, Room.GOOD, Room.WISH)


class Note(NamedTuple):
    """What a child has written, letter by letter. `writer`: the grown-up who wrote the child's words down, by the name
    that was typed; empty: the child itself. `shared`: the conversations in which the child has shown it to somebody."""

    id: UUID
    room: Room
    words: str
    at: int
    writer: str = ""
    shared: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A note as its writer sees it. `version`: that of its entry; `threads`: where it was shown, and to whom."""

    note: Note
    version: int
    threads: tuple[Thread, ...]


class Right(NamedTuple):
    """Something a child may, by a rule of the law, in a range of ages (`below`: not included; None: for good)."""

    key: str
    rule: str
    since: int = 0
    below: int | None = None


class Holding(NamedTuple):
    """A right that holds. `sure` False: the law is not certain, and a human being must say."""

    right: Right
    sure: bool


class Coming(NamedTuple):
    """What a birthday changes: the age, the moment, what begins and what ends."""

    age: int
    at: int
    begins: tuple[Holding, ...]
    ends: tuple[Holding, ...]


class Rights(NamedTuple):
    now: tuple[Holding, ...]
    coming: tuple[Coming, ...]
