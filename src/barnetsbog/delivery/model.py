"""What is delivered, by which channel, and what can go wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID


class Channel(StrEnum):
    IN_APP = "in-app"
    DIGITAL_POST = "digital-post"
    PRINT = "print"
    MAIL = "mail"
    SMS = "sms"


class State(StrEnum):
    """Where a row of the outbox stands. Only a waiting one is ever carried out."""

    WAITING = "waiting"
    SENT = "sent"
    STOPPED = "stopped"  # it may not be sent any more
    WITHDRAWN = "withdrawn"  # whoever sent it took it back in time
    DEAD = "dead"  # tried as often as it is tried


class Job(NamedTuple):
    """One row of the outbox, as it is carried out. It names things and says nothing of them. `at`: UTC microseconds.

    `subject` is what is sent (a draft of the child's book), `to` the reference of whom it is for, `digest` what was
    approved, `by` the job of whoever sent it, `unit` theirs. `begun`: tries in a row of which nothing was heard, with
    the one that is under way.
    """

    child_id: UUID
    id: UUID
    kind: str
    subject: UUID
    to: str
    channel: Channel
    digest: str
    by: UUID
    unit: UUID
    at: int
    state: State = State.WAITING
    attempts: int = 0
    next_at: int = 0
    why: str = ""  # why it is not sent (yet), in Danish
    begun: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """Something that goes with a parcel. `name` is what its receiver sees; it tells nothing of the child."""

    name: str
    kind: str  # its MIME type
    content: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed to a channel. `key` is the same each time it is tried. `number`: the receiver's CPR number, where
    the channel needs it."""

    key: UUID
    title: str
    number: str
    at: int
    pdf: bytes
    files: tuple[File, ...] = ()


class Announcement(NamedTuple):
    """A few words to an address outside, that tell nothing of a child. `key` is the same each time it is tried; `stop`:
    an address where its receiver can say no to more."""

    key: UUID
    address: str
    subject: str
    text: str
    stop: str = ""


class PostSender(NamedTuple):
    """Who sends Digital Post: the organisation, the id that its sender system has there, and what it is called."""

    cvr: str
    system: str
    label: str


class Trouble(Exception):
    """It can't be delivered now, and may be later: why, in Danish."""


class Unreachable(Exception):
    """It can't be delivered this way at all: why, in Danish."""


class Carrier(Protocol):
    """An adapter of one channel."""

    def deliver(self, parcel: Parcel) -> None:
        """Delivers it, once for each key however often it is called. Raises `Trouble` or `Unreachable`."""

    def recall(self, key: UUID) -> None:
        """Takes back what has not gone further yet: it was delivered, and the act that did it was not finished."""


class Announcer(Protocol):
    """An adapter of a channel for announcements."""

    def tell(self, said: Announcement) -> None:
        """Raises `Trouble` or `Unreachable`."""


class Handler(NamedTuple):
    """Whoever puts rows of one kind into the outbox says how they are carried out.

    `carry_out` gets several at once, and does each in a transaction of its own that ends with `queue.finish`; it raises
    nothing but for a fault of the program. `buried` is told of one that will not be tried again.
    """

    carry_out: Callable[[Sequence[Job]], None]
    buried: Callable[[Job], None]
