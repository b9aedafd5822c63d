"""What a letter is made of, and what pages need of one."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.delivery.model import Channel, File
from barnetsbog.delivery.model import State as Sending


class Lettering(StrEnum):
    """What is done with letters, as the log names it."""

    READ = "letter"
    WRITE = "letter-write"
    SEND = "letter-send"
    WITHDRAW = "letter-withdraw"
    DELIVER = "letter-deliver"
    STOP = "letter-stop"
    OPENED = "letter-opened"
    POST = "letter-post"
    PDF = "letter-pdf"
    PREVIEW = "letter-preview"
    QUEUE = "letter-queue"
    BATCH = "letter-batch"


class Audience(StrEnum):
    """As what somebody receives a letter."""

    CHILD = "child"
    HOLDER = "holder"
    CARER = "carer"
    UNIT = "unit"


LIMITS = {Audience.CHILD: 20, Audience.HOLDER: 30, Audience.CARER: 30, Audience.UNIT: 40}
"""The highest LIX of what they are written."""


# -- templates ---------------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"
    SIGNATURE = "signature"


class FieldKind(StrEnum):
    LINE = "line"
    TEXT = "text"
    LIST = "list"  # one item a line
    TABLE = "table"  # one row a line, columns parted by |


class Slot(NamedTuple):
    """A place in a text where something is put in."""

    name: str


Text = tuple[str | Slot, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """What the writer fills in. `class_`: P is the child's confidential word, X reveals where the child is."""

    id: str
    label: str
    example: str
    kind: FieldKind = FieldKind.LINE
    required: bool = True
    class_: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter. `only`: for these receivers (empty: all). `when`: only where this field is filled in."""

    kind: Kind
    texts: tuple[Text, ...] = ()  # one for a paragraph, a heading, a quote; one for each item of a list
    head: tuple[str, ...] = ()
    rows: str = ""  # the field that a list or a table is made of
    only: frozenset[Audience] = frozenset()
    class_: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One letter of the catalogue. `class_`: how sensitive it is, empty where that follows from who writes.

    `carrier`: the message standard whose adapter comes with the interfaces; until then it is sent as a letter.
    `between`: nobody but whoever writes and gets it reads it, in the book neither: a family that does not know of a
    notification must not learn of it by the answer. `request`: it answers a request for what is written about the child
    (`requests`), and is written by no other way.
    """

    id: str
    title: str
    family: str
    sender: str
    to: tuple[Audience, ...]
    law: tuple[str, ...]
    blocks: tuple[str, ...]
    class_: str
    channels: tuple[Channel, ...]
    carrier: str
    fields: tuple[Field, ...]
    body: Body
    child: Body | None
    request: bool = False
    between: bool = False

    @property
    def for_many(self) -> bool:
        """Whether one text of it can go to many children: nothing in it is one child's confidential word."""
        return not self.request and all(one.class_ != "P" for one in self.fields)

    @property
    def number(self) -> int:
        return int(self.id[1:])

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.id == name), None)


# -- one letter --------------------------------------------------------------------------------------------------------


class Sender(NamedTuple):
    """Who writes, as the letter says it."""

    name: str
    title: str
    unit: str
    organisation: str
    phone: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the book knows that a letter says: never typed, never markup."""

    child: str
    called: str
    sender: Sender
    day: date
    receiver: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A block as it is read. `class_`: the strictest of its fields and its own."""

    kind: Kind
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    only: frozenset[Audience] = frozenset()
    class_: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A letter as one receiver gets it."""

    title: str
    to: tuple[str, ...]
    sender: tuple[str, ...]
    day: date
    reference: str
    blocks: tuple[Filled, ...]
    enclosures: tuple[str, ...] = ()


class Envelope(NamedTuple):
    """One chosen receiver: a reference (`RelatedPerson/…`, `Patient/…`, `Organization/…`) and a channel."""

    to: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody writes. `answers` by field. `enclosures`: entries of the book. `request`: what it answers."""

    template: str
    answers: dict[str, str] = field(default_factory=dict)
    to: tuple[Envelope, ...] = ()
    enclosures: tuple[UUID, ...] = ()
    request: UUID | None = None


class State(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    DROPPED = "dropped"


class Event(StrEnum):
    """What has become of a letter to somebody: a fact, with its time."""

    DELIVERED = "delivered"
    POSTED = "posted"
    READ = "read"


class Receipt(NamedTuple):
    """`at`: UTC microseconds."""

    event: Event
    at: int


# -- receivers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a letter could go to, as far as the book tells. `number`: their CPR number, where it is known."""

    reference: str
    name: str
    audience: Audience
    relation: str = ""
    sector: str = ""
    age: int | None = None
    number: str = ""
    exempt: bool = False  # from Digital Post
    deceased: bool = False
    closed: bool = False  # a unit that is no more
    at_home: bool = False
    address: tuple[str, ...] = ()  # for paper


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may be told. `why`: why they get no letter; empty when they may get one."""

    classes: frozenset[str] = frozenset()
    cleared: bool = True
    why: str = ""

    @property
    def may(self) -> bool:
        return not self.why


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a letter could go to. `channels`: by which ways, the best first; `hint`: why a usual one is lacking."""

    person: Person
    standing: Standing
    channels: tuple[Channel, ...]
    hint: str = ""


# -- for pages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """What one receiver gets. `left_out`: something of the letter is not for them. `lix`, `limit`: how hard it is to
    read, and may be; None for too little text. `files`: the enclosures that go with it; `class_`: how guarded the copy
    stands."""

    candidate: Candidate
    channel: Channel
    version: Version | None = None
    digest: str = ""
    lix: int | None = None
    limit: int = 0
    left_out: bool = False
    files: tuple[File, ...] = ()
    class_: str = ""


class Progress(NamedTuple):
    """How far a letter is to one receiver. `state`: of the outbox; `copy`: the entry that it became,
    `text`, `blocks`: what it says."""

    name: str
    reference: str
    channel: Channel
    state: Sending
    why: str
    receipts: tuple[Receipt, ...]
    copy: UUID | None
    text: str
    blocks: tuple[Filled, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """A letter in a list."""

    id: UUID
    title: str
    state: State
    at: int
    by: str
    receivers: int
    sent: int
    failed: int
    letter: UUID | None
    """What it has become in the book, when it was sent."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A document of one's own unit that can go with a letter."""

    id: UUID
    title: str
    at: int
    exactness: int
    class_: str


@dataclass(frozen=True, slots=True)
class Page:
    """All of one letter. `missing`: the labels of fields that must be filled in first; `candidates`: everybody it could
    go to."""

    id: UUID
    template: Template
    draft: Draft
    state: State
    version: int
    missing: tuple[str, ...]
    previews: tuple[Preview, ...]
    progress: tuple[Progress, ...]
    letter: UUID | None
    class_: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A letter as its receiver has it. `blocks`: part by part, where it was written here."""

    id: UUID
    child_id: UUID
    title: str
    text: str
    at: int
    sender: str
    receipts: tuple[Receipt, ...]
    enclosures: tuple[str, ...]
    to: str = ""
    child: str = ""
    blocks: tuple[Filled, ...] = ()

    @property
    def read(self) -> bool:
        return any(one.event is Event.READ for one in self.receipts)


# -- one letter to many children ---------------------------------------------------------------------------------------


class Batch(NamedTuple):
    """The same letter to many children. `id`: the same however often it is sent; `audiences`: as what somebody must
    receive it to get it."""

    id: UUID
    template: str
    answers: dict[str, str]
    audiences: frozenset[Audience]


@dataclass(frozen=True, slots=True)
class Row:
    """One child of a batch: who gets the letter, who gets none and why, and the fingerprint of what the first get.
    `why`: why nobody does."""

    child_id: UUID
    previews: tuple[Preview, ...] = ()
    left_out: tuple[Candidate, ...] = ()
    digest: str = ""
    why: str = ""


class Outcome(NamedTuple):
    """What became of one child's letter: to how many it is on its way, or why it is not. `before`: it was sent when the
    button was pressed the first time."""

    child_id: UUID
    letter: UUID
    receivers: int = 0
    why: str = ""
    before: bool = False
