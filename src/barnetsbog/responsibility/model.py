"""The ball and the work list."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from barnetsbog.contacts.model import Contact
from barnetsbog.directory.model import ChildName


class Tab(StrEnum):
    MINE = "mine"
    WAITING = "waiting"
    NOBODY = "nobody"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Ball:
    """One open task. `due` and `since` are UTC microseconds; `holder` None = nobody has it."""

    id: UUID
    child_id: UUID
    title: str
    status: str
    holder: Contact | None
    asked_by: Contact | None
    since: int
    due: int | None
    important: bool
    overdue: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the work list: a child and the ball that is most urgent in this tab. `waiting`: other open balls."""

    child: ChildName
    ball: Ball
    waiting: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A sharing with the asker's unit has ended, and nobody there has marked it as read. `child` is None where the unit
    may no longer open the book: then it is told the initials and the day, and nothing else."""

    id: UUID
    initials: str
    child: ChildName | None
    at: int


@dataclass(frozen=True, slots=True)
class WorkList:
    tab: Tab
    counts: dict[Tab, int]
    cases: tuple[Case, ...]
    next_due: int | None  # the next deadline anywhere, for an empty list
    page: int
    pages: int
