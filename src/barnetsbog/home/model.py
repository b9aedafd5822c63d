"""What a family's first page shows."""

from dataclasses import dataclass
from typing import NamedTuple

from barnetsbog.calendar.model import Meeting
from barnetsbog.consent.model import Message
from barnetsbog.contacts.model import Contact
from barnetsbog.overview.model import OwnGoal, Person, Status
from barnetsbog.responsibility.model import Ball


class Waiting(NamedTuple):
    """What waits for the reader's own answer: how many of each, and the tasks that they have been given."""

    answers: int
    forms: int
    meetings: int
    letters: int
    messages: int
    tasks: tuple[Ball, ...]

    @property
    def total(self) -> int:
        return self.answers + self.forms + self.meetings + self.letters + self.messages + len(self.tasks)


@dataclass(frozen=True, slots=True)
class Home:
    """`ball`: the task that matters most now, whoever has it; `meetings`: the next ones, `goals`: the child's own."""

    child: Person
    waiting: Waiting
    message: Message | None
    meetings: tuple[Meeting, ...]
    ball: Ball | None
    coordinator: Contact | None
    substitute: Contact | None
    status: Status | None
    goals: tuple[OwnGoal, ...]
