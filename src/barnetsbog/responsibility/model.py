"""The ball, how it moves, and the work list.

A *baton* is what somebody has responsibility by: a task of a child (the ball) or being the child's coordinator
(tovholder). Both are handed on in the same way. References are FHIR's: `PractitionerRole/…` a person in a unit,
`Organization/…` a unit, `RelatedPerson/…` and `Patient/…` the family.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.contacts.model import Contact
from barnetsbog.deadlines.ladder import Climb
from barnetsbog.directory.model import Away, ChildName
from barnetsbog.record.entries import EntryRow, Key, OpenTask


class Acting(StrEnum):
    """What is done with responsibility, as the log names it."""

    READ = "ball"
    OPEN = "ball-open"
    MOVE = "ball-move"
    ABSENCE = "absence"
    TEAM = "team-load"


class State(StrEnum):
    NOBODY = "nobody"  # nobody has accepted it yet, and nobody is asked
    NEW = "new"  # nobody has accepted it yet, and somebody is asked
    HELD = "held"
    OFFERED = "offered"  # its holder keeps it until somebody else accepts
    DONE = "done"
    CANCELLED = "cancelled"


class Move(StrEnum):
    OPEN = "open"
    OFFER = "offer"
    ACCEPT = "accept"
    RETURN = "return"
    RECALL = "recall"
    TAKE = "take"
    TAKE_OVER = "take-over"
    FINISH = "finish"
    CANCEL = "cancel"
    REOPEN = "reopen"
    DUE = "due"  # a new deadline


class Part(StrEnum):
    """What somebody is to a baton: who may do what with it goes by this."""

    HOLDER = "holder"
    STAND_IN = "stand-in"  # for a holder who is away: the substitute, the unit's colleagues, the unit that took over
    # or, for one of the family, whoever asked them
    OFFERED = "offered"
    OPENER = "opener"
    LEADER = "leader"  # of the holder's unit
    # anybody, where the holder's unit closed and none took over, or nobody here knows the holder: nobody stands in
    FINDER = "finder"
    ANYBODY = "anybody"  # who may work with the child


@dataclass(frozen=True, slots=True)
class Baton:
    """Who has it, who is asked to take it, and how it ended. Empty: nobody, not (yet)."""

    holder: str = ""
    offered_to: str = ""
    offered_by: str = ""
    opened_by: str = ""
    over: State | None = None

    @property
    def state(self) -> State:
        if self.over:
            return self.over
        if self.holder:
            return State.OFFERED if self.offered_to else State.HELD
        return State.NEW if self.offered_to else State.NOBODY


class Actor(NamedTuple):
    """Who acts: a professional's job and unit, as references, and whether they lead it. The family has no unit."""

    job: str
    unit: str
    leads: bool = False


class Event(NamedTuple):
    """One move, as history tells it. `move` None: another system said so. `at`: UTC microseconds."""

    move: Move | None
    at: int
    by: str
    after: Baton
    reason: str = ""
    due: int | None = None


@dataclass(frozen=True, slots=True)
class NewBall:
    """What somebody is asked to do. `to`: a person or unit that is offered it, somebody of the family who is asked, the
    actor's own job to hold it at once, or empty. `due`: UTC microseconds. `deadline`: the rule that it is due by
    (`deadlines.yaml`)."""

    title: str
    text: str = ""
    to: str = ""
    due: int | None = None
    important: bool = False
    waits_for: tuple[str, ...] = ()
    about: str = ""  # what the task is about, when that has states of its own: a referral
    deadline: str = ""


# -- for pages ---------------------------------------------------------------------------------------------------------


class Tab(StrEnum):
    MINE = "mine"
    WAITING = "waiting"
    NOBODY = "nobody"
    ALL = "all"


class Order(StrEnum):
    """What a list of cases is sorted by: how much each hurries, or the child's name."""

    URGENCY = "urgency"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Ball:
    """One open task, or the coordinator's part. `due` and `since` are UTC microseconds; `holder` None = nobody has it.

    `away`: its holder is, so it is for others to take over. `asks_me`: it waits for the reader to accept it.
    `no_answer`: whoever is asked works there no more, or the unit that is asked is closed.
    """

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
    version: int = 1
    offered_to: Contact | None = None
    asks_me: bool = False
    away: Away | None = None
    coordination: bool = False
    about_referral: bool = False
    no_answer: Away | None = None

    @property
    def offers(self) -> Move | None:
        """The one press that a row of a list has for it: accept what is offered to the reader, take what nobody has.
        A referral is answered on its own page."""
        if self.about_referral:
            return None
        if self.asks_me:
            return Move.ACCEPT
        return Move.TAKE if self.holder is None and self.offered_to is None else None


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a ball's history, with names."""

    move: Move | None
    at: int
    by: Contact | None
    holder: Contact | None
    offered_to: Contact | None
    reason: str
    due: int | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody a ball can be offered to: a unit with a task with the child, or a person in it."""

    reference: str
    contact: Contact
    away: Away | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """All of one ball. `moves`: what the reader may do with it now."""

    ball: Ball
    state: State
    text: str
    history: tuple[Told, ...]
    moves: frozenset[Move]
    receivers: tuple[Receiver, ...]
    about: UUID | None = None
    """The referral that it is about."""
    deadline: str = ""
    """The id of the deadline that it is due by, if one is (`deadlines.yaml`)."""
    set_off_by: EntryRow | None = None
    """The entry that set it off."""
    unread: bool = False
    """Somebody of the family has it who does not read the book (any more): a parent without custody, for example."""
    elsewhere: bool = False
    """It waits for the receiver of the referral that it is about, and is answered on that one's page."""


class Absent(NamedTuple):
    """A time in which somebody is or will be away. `end` is not included."""

    id: UUID
    start: int
    end: int
    substitute: Contact | None


@dataclass(frozen=True, slots=True)
class Load:
    """One colleague: how much they have, as far as the reader sees the children, and when they are away."""

    who: Contact
    open: int
    overdue: int
    absences: tuple[Absent, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A ball and whose child it is about."""

    child: ChildName
    ball: Ball


@dataclass(frozen=True, slots=True)
class Waiting:
    """Every open ball on somebody's children, most urgent first; the tab each stands in for them; and which of them has
    come to them by the ladder, and why (`deadlines.ladder`). By the ids of balls, as the book has them. `coordinated`:
    the children whose coordinator they are."""

    rows: tuple[OpenTask, ...]
    tabs: Mapping[Key, Tab]
    climbs: Mapping[Key, Climb]
    coordinated: frozenset[Key]

    def stands_in(self, row: OpenTask, tab: Tab) -> bool:
        """What has come to somebody is with them besides where it is."""
        return tab in (Tab.ALL, self.tabs[row.id]) or (tab is Tab.MINE and row.id in self.climbs)


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the work list: a child and the ball that is most urgent in this tab. `waiting`: other open balls.
    `climb`: why it has come to the reader, who neither has it nor is asked."""

    child: ChildName
    ball: Ball
    waiting: int
    climb: Climb | None = None


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
    idle: tuple[ChildName, ...] = ()
    """Children whom the asker coordinates, and who have no open ball that the asker may see: in the tabs of nobody's
    and of all, by name."""
    others: tuple[ChildName, ...] = ()
    """The other children of the asker's unit without a ball that the asker may see: in the tab of all, by name, and no
    more than `MOST_OTHERS` unless they are sought by name. `more`: how many there are besides."""
    more: int = 0
