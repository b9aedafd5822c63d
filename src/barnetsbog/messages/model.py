"""What a message, a conversation and a reader are.

References are FHIR's (`PractitionerRole/…`, `RelatedPerson/…`, `Patient/…`); moments are UTC microseconds.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.contacts.model import Contact
from barnetsbog.directory.model import Away


class Messaging(StrEnum):
    """What is done with messages, as the log names it."""

    READ = "messages"
    WRITE = "message-write"
    SEEN = "message-seen"
    OBJECTION = "objection"


class Wanted(NamedTuple):
    """A message that somebody wants to send. `to`: one reader, or empty in a conversation (`thread`); `holders`: the
    child lets those who hold custody read along; `about`: an entry of the book that the writer says is wrong."""

    text: str
    to: str = ""
    holders: bool = False
    thread: UUID | None = None
    about: UUID | None = None


class Sent(NamedTuple):
    """A message as it stands in the book. `thread`: the first of its conversation; `answer_by`: when it is read at the
    latest; `danger`: it told of danger; `about`: the entry that it says is wrong; `seen_at`, `seen_by`: when somebody
    of the receivers read it first."""

    id: UUID
    sender: str
    to: str
    also: tuple[str, ...]
    text: str
    at: int
    thread: UUID
    answer_by: int | None = None
    danger: bool = False
    seen_at: int | None = None
    seen_by: str = ""
    about: str = ""


# -- for pages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One message with names. `mine`, `to_me`: the reader, or the reader's unit, wrote it, or is to read it."""

    sent: Sent
    sender: Contact | None
    to: Contact | None
    seen_by: Contact | None
    mine: bool
    to_me: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation, the oldest message first. `other`: whom the reader writes with; `waits`: its last message is to
    the reader, and nobody has read it."""

    id: UUID
    messages: tuple[Message, ...]
    other: Contact | None
    answer_to: str
    waits: bool

    @property
    def along(self) -> bool:
        """The reader only reads along: nothing here is from them or to them."""
        return not any(one.mine or one.to_me for one in self.messages)

    @property
    def about(self) -> str:
        """The entry that it says is wrong; empty for other conversations."""
        return next((one.sent.about for one in self.messages if one.sent.about), "")

    @property
    def last(self) -> Message:
        return self.messages[-1]


class Reader(NamedTuple):
    """Somebody one can write to. `lead`: the child's coordinator; `read_by`: when they will have read it."""

    reference: str
    contact: Contact
    lead: bool
    read_by: int
    away: Away | None = None
