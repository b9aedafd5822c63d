"""Appointments, who comes, and the feeds.

References are FHIR's: `PractitionerRole/…` a person in a unit, `Organization/…` a unit, `RelatedPerson/…` and
`Patient/…` the family. Times are UTC microseconds.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.contacts.model import Contact


class Planning(StrEnum):
    """What is done with the calendar, as the log names it."""

    READ = "calendar"
    ARRANGE = "appointment-new"
    ANSWER = "appointment-answer"
    BOOK = "appointment-book"
    MOVE = "appointment-move"
    CANCEL = "appointment-cancel"
    IMPORT = "calendar-import"
    FEED = "calendar-feed"
    FEED_MADE = "calendar-feed-made"
    FEED_ENDED = "calendar-feed-ended"


class State(StrEnum):
    """FHIR's words for how an appointment stands (`appointmentstatus`)."""

    PROPOSED = "proposed"
    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    CHECKED_IN = "checked-in"
    WAITLIST = "waitlist"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"
    WRONG = "entered-in-error"


class Answer(StrEnum):
    """Whether somebody comes (`participationstatus`)."""

    YES = "accepted"
    NO = "declined"
    MAYBE = "tentative"
    ASKED = "needs-action"


class Doing(StrEnum):
    """What can be done with an appointment."""

    ANSWER = "answer"
    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"


class Part(StrEnum):
    """What somebody is to an appointment: who may do what with it goes by this."""

    ORGANISER = "organiser"  # of the unit that arranged it
    GUEST = "guest"
    COORDINATOR = "coordinator"


class Slot(NamedTuple):
    """A time; the end is not included."""

    start: int
    end: int


class Wanted(NamedTuple):
    """An appointment that somebody wants to arrange.

    `slots`: several are proposed for one of them to be booked; none puts the child on the waiting list. `guests`:
    references besides the child. `act`: the act of the law that a first visit begins (`law/acts.yaml`), or empty.
    `intervention`: the reference of what it is part of, or empty.
    """

    title: str
    slots: tuple[Slot, ...] = ()
    guests: tuple[str, ...] = ()
    booked: bool = False
    place: str = ""
    preparation: str = ""
    text: str = ""
    interpreter: str = ""
    act: str = ""
    intervention: str = ""


# -- for pages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is to come. A unit has no answer: FHIR lets none take part."""

    reference: str
    contact: Contact
    answer: Answer | None
    me: bool = False

    @property
    def family(self) -> bool:
        return self.reference.partition("/")[0] in ("Patient", "RelatedPerson")


@dataclass(frozen=True, slots=True)
class Meeting:
    """One appointment as its reader may see it. `readable` False: only when it is and what it is called.

    `group`: the word that times proposed together share. `moved_from`: when it would have begun before. `reason`: why
    it was moved or cancelled. `part_of`: the reference of what it belongs to. `parts`, `may`: what the reader is to it,
    and may do with it. `hides_place`: it reveals an address; no place leaves the book by a feed then.
    """

    child_id: UUID
    id: UUID
    title: str
    start: int
    end: int
    whole_day: bool
    state: State | None
    unit_id: UUID | None
    version: int
    guests: tuple[Guest, ...] = ()
    place: str = ""
    preparation: str = ""
    text: str = ""
    interpreter: str = ""
    act: str = ""
    group: str = ""
    reason: str = ""
    moved_from: int | None = None
    part_of: str = ""
    hides_place: bool = False
    readable: bool = True
    waits: bool = False
    parts: frozenset[Part] = frozenset()
    may: frozenset[Doing] = frozenset()

    @property
    def over(self) -> bool:
        return self.state in (State.CANCELLED, State.NOSHOW, State.FULFILLED, State.WRONG)

    @property
    def mine(self) -> Guest | None:
        return next((one for one in self.guests if one.me), None)


class Clash(NamedTuple):
    """Something else at the same time. `who`: those who should be in two places; empty: the child itself."""

    slot: Slot
    who: tuple[str, ...]
    title: str
    """Empty where it is about another child."""


class Permission(NamedTuple):
    """What the law says about giving a time for a first visit: the consent engine's own answer."""

    appointment: bool
    waiting_list: bool
    reason: str
    rules: tuple[str, ...] = ()


class FeedRow(NamedTuple):
    """A feed that somebody has, without its secret."""

    id: UUID
    with_place: bool
    made_at: int


# -- from other calendars ----------------------------------------------------------------------------------------------


class Incoming(NamedTuple):
    """One appointment in a file: `key` is its UID and occurrence, `sequence` counts the sender's changes, `stamp` is
    when the sender last changed or wrote it (UTC microseconds; 0 when that is not told). `left_out`: a time of a series
    that the series leaves out."""

    key: str
    sequence: int
    title: str
    slot: Slot
    place: str = ""
    text: str = ""
    cancelled: bool = False
    tentative: bool = False
    stamp: int = 0
    left_out: bool = False


class Told(NamedTuple):
    """Which appointment of another calendar one is, and what was last told of it: `said` is a fingerprint of that,
    empty when it is not known."""

    key: str = ""
    sequence: int = 0
    stamp: int = 0
    said: str = ""


class Fault(NamedTuple):
    """Something in a file that could not be used: what it calls itself, and why."""

    what: str
    why: str


class Sheet(NamedTuple):
    """What a file says. `left_out`: times that are news only where they stand in the calendar already."""

    found: tuple[Incoming, ...]
    faults: tuple[Fault, ...]
    left_out: tuple[Incoming, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file: nothing is left out of the count."""

    new: int = 0
    changed: int = 0
    cancelled: int = 0
    unchanged: int = 0
    past: int = 0
    faults: tuple[Fault, ...] = ()
