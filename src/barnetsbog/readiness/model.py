"""The words of readiness: a coming visit, what must be there for it, what is, and what follows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.contacts.model import Contact
from barnetsbog.directory.model import ChildName, UnitName
from barnetsbog.law.model import Answer
from barnetsbog.referrals.model import Urgency


class Preparing(StrEnum):
    """What is done with readiness, as the log names it."""

    READ = "readiness"
    LIST = "readiness-list"
    ASK = "readiness-ask"
    OVERRIDE = "readiness-override"


class Fact(StrEnum):
    """What the book says of itself, without anybody looking for a paper."""

    REFERRER_PHONE = "referrer-phone"
    PARENT_PHONES = "parent-phones"
    CUSTODY = "custody"
    ADDRESS = "address"
    INTERPRETER = "interpreter"
    REASON = "reason"
    TRIED = "tried"


class Supplier(StrEnum):
    """Who can supply it."""

    GIVERS = "givers"  # those whose answer is lacking
    REFERRER = "referrer"
    RECEIVER = "receiver"
    FAMILY = "family"
    SCHOOL = "school"
    PPR = "ppr"
    GP = "gp"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must be there, and for which visits. Empty conditions mean all. Of `act`, `fact` and `what` one
    says what it is: a consent, a fact, or a paper of these kinds (by these sectors, with one of these words in its
    heading, no older than so many months)."""

    id: str
    title: str
    supplier: Supplier
    source: str
    on: bool = True
    sectors: frozenset[str] = frozenset()
    suspicions: frozenset[str] = frozenset()
    urgency: frozenset[Urgency] = frozenset()
    from_age: int = 0
    below: int | None = None
    act: str = ""
    fact: Fact | None = None
    what: frozenset[str] = frozenset()
    lanes: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    months: int = 0


# -- what is known -----------------------------------------------------------------------------------------------------


class Visit(NamedTuple):
    """A child's coming first visit at a unit. `id` is that of the appointment or, without one, of the referral; `at` is
    when it is (UTC microseconds). `decided`: the unit has taken the child on."""

    id: UUID
    child_id: UUID
    unit: str
    sector: str
    title: str
    at: int | None = None
    referral: UUID | None = None
    suspicion: str = ""
    urgency: Urgency = Urgency.PLANNED
    age: int | None = None
    decided: bool = True
    package: frozenset[UUID] = frozenset()


class Paper(NamedTuple):
    """An entry that may be what is wanted, by its heading."""

    id: UUID
    what: str
    lane: str
    title: str
    at: int


class Said(NamedTuple):
    """What the book says of a fact. `there` None: the reader may not see it; `needed` False: this child needs none."""

    there: bool | None
    reason: str = ""
    entry: UUID | None = None
    needed: bool = True


class Judged(NamedTuple):
    """What the law says of a consent. `answer` None: the reader may not be told. `asked_at`: when the silent ones were
    asked; `entry`: a record that the reader may open. `then`: what it says of the moment of the visit, when what is
    enough now is not enough then: it ends before, or the child has come of age to answer."""

    answer: Answer | None
    asked_at: int | None = None
    entry: UUID | None = None
    then: Answer | None = None


class Asked(NamedTuple):
    """An open task that is to bring something. One that was opened from here bears the requirement's title."""

    id: UUID
    title: str
    since: int
    by: UUID | None
    holder: UUID | None
    due: int | None


class Override(NamedTuple):
    """Why something is done without. `version` is that of its record."""

    id: UUID
    requirement: str
    reason: str
    at: int
    by: UUID | None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known, to one reader, about what a visit needs."""

    visit: Visit
    papers: tuple[Paper, ...] = ()
    said: tuple[tuple[Fact, Said], ...] = ()
    judged: tuple[tuple[str, Judged], ...] = ()
    asked: tuple[Asked, ...] = ()
    overrides: tuple[Override, ...] = ()


# -- what follows ------------------------------------------------------------------------------------------------------


class State(StrEnum):
    THERE = "there"
    NOT_NEEDED = "not-needed"
    OVERRIDDEN = "overridden"
    WAITS = "waits"  # asked for, not there yet
    MISSING = "missing"
    REFUSED = "refused"
    UNSEEN = "unseen"  # the reader may not be told


SETTLED = frozenset((State.THERE, State.NOT_NEEDED, State.OVERRIDDEN))


class Item(NamedTuple):
    """One thing that must be there, and how it stands. `people`: whose answer is lacking, as ids of the book."""

    requirement: Requirement
    state: State
    reason: str
    entry: UUID | None = None
    people: tuple[str, ...] = ()
    asked: Asked | None = None
    asked_at: int | None = None
    override: Override | None = None
    rules: tuple[str, ...] = ()
    may_override: bool = False

    @property
    def settled(self) -> bool:
        return self.state in SETTLED

    @property
    def may_ask(self) -> bool:
        """There is no task for it yet. After a no nobody asks again."""
        return self.state in (State.MISSING, State.WAITS) and self.asked is None


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a visit stands. `waiting_list` and `appointment`: whether the law lets the child wait, and be given a time;
    `law`: the answer that says so, with the ids of its rules."""

    visit: Visit
    items: tuple[Item, ...]
    waiting_list: bool
    appointment: bool
    law: str = ""
    rules: tuple[str, ...] = ()

    @property
    def lacking(self) -> tuple[Item, ...]:
        return tuple(one for one in self.items if not one.settled)

    @property
    def settled(self) -> int:
        return len(self.items) - len(self.lacking)

    @property
    def ready(self) -> bool:
        """Everything is settled or done without for a reason, and the law lets the visit be held."""
        return self.appointment and all(one.settled for one in self.items)


# -- for pages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coming:
    """One coming first visit, with names. `people`: everybody that its items name, by id."""

    child: ChildName
    unit: UnitName | None
    readiness: Readiness
    people: dict[str, Contact]


class Shown(NamedTuple):
    """One coming first visit of a page."""

    child: ChildName
    readiness: Readiness


class Page(NamedTuple):
    """A page of a unit's coming first visits. `total` and `ready` are of all of them."""

    shown: tuple[Shown, ...]
    total: int
    ready: int
    page: int
    pages: int
