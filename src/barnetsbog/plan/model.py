"""The plan, its goals and interventions, and a plan meeting.

References are FHIR's (`PractitionerRole/…`, `Organization/…`, `Condition/…`); days are Danish calendar days; `at` is
UTC microseconds. `None` in place of a thing: its reader may see the heading and not what it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from barnetsbog.contacts.model import Contact, Involved
from barnetsbog.kernel.decisions import Decision, Outcome, Refused
from barnetsbog.record.entries import EntryRow
from barnetsbog.responsibility.model import Ball, Receiver


class Planning(StrEnum):
    """What is done with the plan, as the log names it."""

    READ = "plan"
    GOAL = "plan-goal"
    INTERVENTION = "plan-intervention"
    VIEW = "plan-view"
    LEAD = "plan-lead"
    MEETING = "plan-meeting"


class GoalState(StrEnum):
    """FHIR's words for how a goal stands."""

    ACTIVE = "active"
    REACHED = "completed"
    GIVEN_UP = "cancelled"


class Course(StrEnum):
    """FHIR's words for how an intervention stands."""

    PLANNED = "draft"
    ACTIVE = "active"
    PAUSED = "on-hold"
    ENDED = "completed"
    STOPPED = "revoked"


class Felt(StrEnum):
    """Whether an intervention made it better for the child."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


class Note(NamedTuple):
    """What a professional has written beside: never over the child's words. `by` empty: nobody said who."""

    text: str
    by: str = ""
    at: int | None = None


class Mark(NamedTuple):
    """Where the child placed a goal on a day: 0 is not at all, 10 is reached."""

    day: date
    value: int


class Effect(NamedTuple):
    """How an intervention has worked, on a day. `felt` None: in words only."""

    day: date | None
    felt: Felt | None
    words: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """`own`: in the child's own words, which `words` hands on letter by letter."""

    own: bool
    words: str
    state: GoalState = GoalState.ACTIVE
    reason: str = ""
    said_to: str = ""
    day: date | None = None
    may_be_shared: bool | None = None
    notes: tuple[Note, ...] = ()
    marks: tuple[Mark, ...] = ()
    workers: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    follow_up: date | None = None


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is tried. `answers`: the conditions it is against; `serves`: the goals it is for."""

    title: str
    what: str = ""
    course: Course = Course.ACTIVE
    since: date | None = None
    until: date | None = None
    responsible: tuple[str, ...] = ()
    measure: str = ""
    answers: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    follow_up: date | None = None

    @property
    def over_time(self) -> tuple[Effect, ...]:
        """How it has worked from day to day, or for the child."""
        return tuple(one for one in self.effects if one.day or one.felt)

    @property
    def in_words(self) -> tuple[Effect, ...]:
        """How it has worked, told once and of no day: as other systems tell it."""
        return tuple(one for one in self.effects if not (one.day or one.felt))


@dataclass(frozen=True, slots=True)
class Plan:
    """An authority's plan, or the overall one. `type` is the authority's own word for it."""

    title: str
    type: str = ""
    about: str = ""
    open: bool = True
    since: date | None = None
    until: date | None = None
    follow_up: date | None = None
    not_asked: str = ""
    """Why the child was exceptionally not asked directly (overall plan)."""
    ready_at: int | None = None
    """When the coordinator said that it is ready (overall plan)."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is, or was, hard."""

    title: str
    open: bool
    since: date | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What the child says of the plan or a meeting. `otherwise`: how it came to light when nobody asked directly."""

    words: str
    said_to: str = ""
    day: date | None = None
    may_be_shared: bool | None = None
    otherwise: str = ""


# -- what is asked of the rules ----------------------------------------------------------------------------------------


class Lack(NamedTuple):
    """What a plan needs before it is ready, and the rule that says so."""

    reason: str
    rule: str


class Readiness(NamedTuple):
    lacks: tuple[Lack, ...]

    @property
    def decision(self) -> Decision:
        if not self.lacks:
            return Decision(Outcome.ALLOWED, "Planen har det, den skal have.")
        return Decision(
            Outcome.REFUSED, " ".join(one.reason for one in self.lacks),
            tuple(dict.fromkeys(one.rule for one in self.lacks)),
        )  # fmt: skip


class Terms(NamedTuple):
    """The months that the law in use sets."""

    first_follow_up: int = 3
    childs_view: int = 12


# -- what is written ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What a child has said. `to` empty: to whoever writes it down. `otherwise`: see `View`; `about`: references to the
    consents of the matter that it is about, where it is about one."""

    words: str
    day: date
    may_be_shared: bool
    to: str = ""
    mark: int | None = None
    otherwise: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoalChange:
    """How a goal is to stand, and what is added to it. The child's words are no part of it. `may_be_shared` None: as
    before. Workers whom the writer may not know of stay."""

    state: GoalState = GoalState.ACTIVE
    reason: str = ""
    workers: tuple[str, ...] = ()
    follow_up: date | None = None
    may_be_shared: bool | None = None
    note: str = ""
    mark: Mark | None = None


class OwnChange(NamedTuple):
    """What the child itself says of one of its goals."""

    state: GoalState = GoalState.ACTIVE
    may_be_shared: bool = False
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class InterventionChange:
    """How an intervention is to stand (`to`; its effects are left as they are), and what is added to it."""

    to: Intervention
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What the coordinator writes of the overall plan itself."""

    title: str
    about: str
    follow_up: date | None = None
    not_asked: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What, who, by when: it becomes a ball."""

    what: str
    who: str
    due: date


@dataclass(frozen=True, slots=True)
class GoalNews:
    """What a meeting has said of a goal."""

    goal: UUID
    mark: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class EffectNews:
    """What a meeting has said of an intervention."""

    intervention: UUID
    felt: Felt
    words: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """A plan meeting as it is written down: all of it is kept, or nothing."""

    day: date
    title: str
    text: str
    people: tuple[str, ...] = ()
    child_was_there: bool = False
    view: Said | None = None
    agreements: tuple[Agreement, ...] = ()
    goals: tuple[GoalNews, ...] = ()
    effects: tuple[EffectNews, ...] = ()
    next_follow_up: date | None = None


class RowRefused(Refused):
    """An agreement that can't be kept: which one (from 0) and why. Nothing was stored."""

    def __init__(self, row: int, why: Refused) -> None:
        super().__init__(why.reason, why.rules)
        self.row = row


# -- what is read ------------------------------------------------------------------------------------------------------

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """One part of the plan as its reader may see it. `said`: what it says, None when only its heading may be seen."""

    row: EntryRow
    said: T | None

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def reference(self) -> str:
        return f"{self.row.kind}/{self.row.id}"


@dataclass(frozen=True, slots=True)
class Parts:
    """All that a child's plan consists of, as far as the reader may see it, the newest first."""

    overall: Item[Plan] | None
    own_goals: tuple[Item[Goal], ...]
    goals: tuple[Item[Goal], ...]
    interventions: tuple[Item[Intervention], ...]
    conditions: tuple[Item[Condition], ...]
    plans: tuple[Item[Plan], ...]
    views: tuple[Item[View], ...]
    people: Mapping[str, Contact] = field(default_factory=dict)
    """Whom the reader may see named, by reference."""


@dataclass(frozen=True, slots=True)
class Around:
    """Part one of the plan: who is around the child."""

    coordinator: Contact | None
    substitute: Contact | None
    involved: tuple[Involved, ...]
    relatives: tuple[tuple[Contact, bool], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole plan. `readiness` None: it is not the reader's to say that the plan is ready."""

    parts: Parts
    around: Around
    turning_points: tuple[EntryRow, ...]
    meetings: tuple[EntryRow, ...]
    balls: tuple[Ball, ...]
    asked: date | None
    """When the child was last asked, as far as the reader can see."""
    asked_lately: bool
    may_write: bool
    readiness: Readiness | None
    activities: Mapping[UUID, tuple[EntryRow, ...]] = field(default_factory=dict)
    """The appointments that are part of each intervention, the next or newest first."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a plan meeting starts from: who can be there, the agenda, and who can get a ball."""

    parts: Parts
    balls: tuple[Ball, ...]
    receivers: tuple[Receiver, ...]
    relatives: tuple[Contact, ...]
    child: str
    leads: bool


class Changed(NamedTuple):
    """An entry that was changed while somebody wrote: as it was then, and as it is now."""

    before: bytes
    now: bytes
    version: int
    by: UUID | None
    at: int
