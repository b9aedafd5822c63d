"""A referral, its states and its moves, and what pages need of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.contacts.model import Contact
from barnetsbog.directory.model import ChildName
from barnetsbog.law.model import Answer


class Referring(StrEnum):
    """What is done with referrals, as the log names it."""

    READ = "referral"
    QUEUE = "referral-queue"
    WRITE = "referral-write"
    MOVE = "referral-move"


class State(StrEnum):
    """Where a referral stands; beside it the status of MedCom's logical model, which FHIR's ServiceRequest has too."""

    DRAFT = "draft"  # proposed
    SENT = "sent"  # active
    RECEIVED = "received"  # active: the receiver has it in hand
    INCOMPLETE = "incomplete"  # on hold, awaiting a supplement
    ACCEPTED = "accepted"  # active: visitation said yes
    RETURNED = "returned"  # revoked: sent back, to be done again or otherwise
    REJECTED = "rejected"  # revoked
    REDIRECTED = "redirected"  # revoked: goes on as a referral to another place
    WITHDRAWN = "withdrawn"  # revoked
    CLOSED = "closed"  # completed


class Move(StrEnum):
    WRITE = "write"  # the draft changes
    SEND = "send"
    RECEIVE = "receive"
    ASK = "ask"  # for a supplement
    SUPPLEMENT = "supplement"
    RETURN = "return"
    REJECT = "reject"
    REDIRECT = "redirect"
    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    CLOSE = "close"


class Side(StrEnum):
    REFERRER = "referrer"
    RECEIVER = "receiver"


class Urgency(StrEnum):
    """FHIR's request priority, and the words of the routing rules."""

    PLANNED = "routine"
    SOON = "urgent"
    ACUTE = "stat"


@dataclass(frozen=True, slots=True)
class Referral:
    """What is asked for. References are FHIR's (`PractitionerRole/…`, `Organization/…`)."""

    id: str
    state: State
    referrer: str
    to: str = ""
    title: str = ""
    suspicion: str = ""  # id in the routing rules
    urgency: Urgency = Urgency.PLANNED
    reason: str = ""
    tried: str = ""  # what has been tried, and how it went
    package: tuple[str, ...] = ()  # the entries that go with it
    override: str = ""  # why another door than the rules'
    replaces: str = ""
    gaps: tuple[str, ...] = ()  # what the receiver lacks
    cause: str = ""  # why it was sent back, rejected or withdrawn, in the words of whoever did it
    alternative: str = ""  # a unit, or in words where to go instead
    accepted_by: str = ""  # the unit that took it on
    written_at: int = 0
    sent_at: int | None = None
    ball: str = ""  # the task that goes with it
    transfer: bool = False  # the family has moved, and the new municipality is told (barnets lov § 132)


class Draft(NamedTuple):
    """What a referrer writes."""

    to: str
    title: str
    suspicion: str
    urgency: Urgency = Urgency.PLANNED
    reason: str = ""
    tried: str = ""
    package: tuple[str, ...] = ()
    override: str = ""
    replaces: str = ""


class Answered(NamedTuple):
    """What goes with a receiver's or referrer's move. `unit`: who takes it on, or where it goes instead."""

    cause: str = ""
    gaps: tuple[str, ...] = ()
    unit: str = ""
    elsewhere: str = ""


class Event(NamedTuple):
    """One move, as history tells it. `move` None: another system said so. `at`: UTC microseconds."""

    move: Move | None
    at: int
    by: str
    after: Referral


# -- for pages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a referral's history, with names."""

    move: Move | None
    at: int
    by: Contact | None
    state: State
    cause: str
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A referral in a list. `waits_for`: whose move it is; None when it is over."""

    id: UUID
    child_id: UUID
    title: str
    state: State
    by: Contact | None
    to: Contact | None
    at: int
    urgent: bool
    waits_for: Side | None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An entry that goes with a referral, or could."""

    reference: str
    title: str
    what: str
    at: int
    exactness: int
    chosen: bool
    may: bool = True
    """Whether the reader may give it to somebody."""


@dataclass(frozen=True, slots=True)
class Lawful:
    """Whether the law lets this be sent, now, and what it says. `may`: it can be sent; `needs_reason`: only with a
    written assessment, because the law is unclear."""

    answer: Answer | None
    may: bool
    needs_reason: bool
    reason: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """All of one referral. `moves`: what the reader may do with it now."""

    summary: Summary
    referral: Referral
    version: int
    enclosures: tuple[Enclosure, ...]
    history: tuple[Told, ...]
    moves: frozenset[Move]
    ball: UUID | None
    lawful: Lawful | None
    alternative: str = ""
    """Where it should go instead, by name or in words."""
    closed: bool = False
    """It waits for a unit that is closed and will not answer. `successor`: who has taken over, by name."""
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of a receiver's queue."""

    child: ChildName
    summary: Summary
