"""A foster carer's week, notes of medicine, statuses, and what is agreed on contact and everyday life.

Moments are UTC microseconds, days Danish calendar days; references are FHIR's (`RelatedPerson/…`, `Organization/…`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.calendar.model import Meeting
from barnetsbog.contacts.model import Contact
from barnetsbog.overview.model import Person
from barnetsbog.responsibility.model import Ball


class Fostering(StrEnum):
    """What is done with notes of medicine, statuses and agreements, as the log names it."""

    READ = "medicine"
    WRITE = "medicine-write"
    STATUS = "carer-status"
    STATUS_WRITE = "carer-status-write"
    STATUS_ANSWER = "carer-status-answer"
    AGREE = "carer-agreement"


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


# -- how it goes -------------------------------------------------------------------------------------------------------


class Topic(StrEnum):
    """What a status tells of. The last is what those who write it need help with."""

    HOME = "home"
    SCHOOL = "school"
    FRIENDS = "friends"
    HEALTH = "health"
    CONTACT = "contact"
    HELP = "help"


class Report(NamedTuple):
    """How it goes now. `told`: what there is to say, by topic; `words`: the child's own, letter by letter."""

    told: Mapping[Topic, str]
    words: str = ""

    @property
    def asks_for_help(self) -> bool:
        return Topic.HELP in self.told


class Reported(NamedTuple):
    """A status as its reader sees it. `by` None: the reader may not know who; `waits`: nobody has answered it, and help
    was asked for; `danger`: it told of danger."""

    id: UUID
    report: Report
    at: int
    author: str
    by: Contact | None
    mine: bool
    danger: bool
    waits: bool


# -- what is agreed ----------------------------------------------------------------------------------------------------


class Sort(StrEnum):
    """What an agreement is about: whom the child sees, or everyday life."""

    CONTACT = "contact-plan"
    DAILY = "care-agreement"


class Support(StrEnum):
    """Whether somebody is with the child when it sees its family."""

    ALONE = "alone"
    SUPPORTED = "supported"
    SUPERVISED = "supervised"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the department has agreed. `who`: whom the child sees (contact); `title`: what it is about; `often`: how
    often, `place`: where; `call`: whom to call when it must be changed; `until` None: until it is changed."""

    sort: Sort
    since: date | None
    title: str = ""
    text: str = ""
    who: str = ""
    often: str = ""
    place: str = ""
    support: Support | None = None
    call: str = ""
    until: date | None = None

    def seeing(self, name: str) -> "Agreement":
        """Of contact: its title says with whom."""
        return replace(self, title=f"Samvær med {name}")

    def without_places(self) -> "Agreement":
        """As somebody may read it who must not learn where the child is: free words and names can tell."""
        return replace(self, place="", text="", call="")


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement as its reader sees it. `to`: who reads it besides its writers; `visits`: the appointments that
    belong to it and are to come; `ended`: why it was ended; `bare`: the reader must not learn where the child is."""

    id: UUID
    version: int
    agreement: Agreement
    to: tuple[str, ...]
    at: int
    call: Contact | None
    over: bool
    ended: str
    visits: tuple[Meeting, ...]
    bare: bool

    def with_call(self, call: Contact | None) -> "Agreed":
        return replace(self, call=call)


class Pages(NamedTuple):
    """What the department sees of a placed child: statuses and agreements, the newest first, and what it may do."""

    reports: tuple[Reported, ...]
    agreed: tuple[Agreed, ...]
    may_agree: bool
    protected: bool


@dataclass(frozen=True, slots=True)
class Week:
    """What a foster carer's first page shows. `after`: the first appointment after this week; `visits`: when the child
    is with its own family, also after this week; `late`: what was due before today; `report`: the last status."""

    child: Person
    monday: date
    meetings: tuple[Meeting, ...]
    after: Meeting | None
    visits: tuple[Meeting, ...]
    tasks: tuple[Ball, ...]
    late: tuple[Ball, ...]
    notes: tuple[Note, ...]
    report: Reported | None
    agreed: tuple[Agreed, ...]
    coordinator: Contact | None
    messages: int
    letters: int

    @property
    def daily(self) -> tuple[Agreed, ...]:
        """What is agreed of everyday life."""
        return tuple(one for one in self.agreed if one.agreement.sort is Sort.DAILY)
