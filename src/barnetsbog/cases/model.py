"""What is open when a unit wants to end its task with a child, and the tasks that it has ended."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from barnetsbog.directory.model import ChildName
from barnetsbog.kernel.time import FOREVER
from barnetsbog.record.entries import EntryRow


class Closing(StrEnum):
    """What is done with a unit's task, as the log names it."""

    READ = "case"
    CLOSED = "cases-closed"
    CLOSE = "case-close"
    REOPEN = "case-reopen"


@dataclass(frozen=True, slots=True)
class Open:
    """What the unit still has with the child, as far as the reader sees it. `last`: nobody else has a task, but for the
    child's own doctor; `asked`: what others want the unit to take."""

    tasks: tuple[EntryRow, ...]
    referrals: tuple[EntryRow, ...]
    appointments: tuple[EntryRow, ...]
    coordinates: bool
    last: bool
    asked: tuple[EntryRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The unit's tasks with the child now, and what is open. `readable_until`: how long the unit reads the book after
    the end, in UTC microseconds; None when that ends at once."""

    cares: tuple[EntryRow, ...]
    open: Open
    readable_until: int | None

    @property
    def reads_on(self) -> bool:
        """Something that was shared with the unit has no end of its own."""
        return self.readable_until is not None and self.readable_until >= FOREVER


@dataclass(frozen=True, slots=True)
class Closed:
    """A task that the reader's unit has ended. `mine`: the reader may begin it again."""

    id: UUID
    child: ChildName
    title: str
    ended: int
    reason: str
    mine: bool
