"""What a deadline, a clock and a step of the ladder are. Moments are UTC microseconds (`kernel.time`)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.kernel.time import FOREVER

from .working_days import MonthDay, WorkingDays


class Span(StrEnum):
    """What a length is counted in. Hours are hours of the clock on the wall of the world, also in the nights when it
    is changed; the others end when a Danish day ends."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Length(NamedTuple):
    number: int
    span: Span


AT_ONCE = Length(0, Span.HOURS)


class Start(StrEnum):
    """What sets a deadline off. The first eleven are events: a ball is opened when they are stored."""

    CONCERN = "concern"  # a notification of concern is sent to a unit
    SUPPORT = "support"  # a unit begins an intervention
    DECISION = "decision"  # a unit writes a decision
    MESSAGE = "message"  # somebody of the family writes to a unit
    DANGER = "danger"  # and what they write tells of danger
    HELP = "help"  # somebody with daily care asks for help
    HONOUR = "honour"  # an honour-related conflict is suspected
    YOUNG_DECIDES = "young-decides"  # a young person of 15-17 has answered; for each holder who must be told
    YOUNG_DECIDES_HELD = "young-decides-held"  # the same, while nothing may go to the parents
    PARTY = "party"  # what is asked or decided is about a child who is a party
    CHILD_OBJECTS = "child-objects"  # a child who does not decide itself has said no
    HAND = "hand"  # somebody says from when
    REQUEST = "request"  # somebody asks for what is written about the child
    AGE = "age"
    CONSENT_ENDS = "consent-ends"
    FOLLOW_UP = "follow-up"  # the day on which a plan is to be followed up
    REFERRAL = "referral"  # a referral to the reader's own unit that is not closed
    LOOK_UP = "look-up"  # the glass was broken
    ROUND = "round"  # a round of triage, on fixed days of the year


DUTIES = frozenset((Start.YOUNG_DECIDES, Start.YOUNG_DECIDES_HELD, Start.PARTY, Start.CHILD_OBJECTS))
"""What the law asks for besides an answer about consent (`law.duties`)."""
EVENTS = DUTIES | {Start.CONCERN, Start.SUPPORT, Start.DECISION, Start.MESSAGE, Start.DANGER, Start.HELP, Start.HONOUR}
TO_RECEIVER = frozenset((Start.CONCERN, Start.MESSAGE, Start.DANGER, Start.HONOUR))
"""Events that are the duty of those to whom something is sent. Help is the duty of the first of them alone."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline. `valid_to` is not included."""

    id: str
    title: str
    text: str
    starts: Start
    ends: str
    """What ends it, in words."""
    rules: tuple[str, ...]
    """Ids in `law/rules.yaml`. One of them that is not in force takes the deadline with it."""
    certain: bool
    on: bool
    sectors: frozenset[str] = frozenset()
    """The units that it concerns; empty: all."""
    length: Length = AT_ONCE
    lead: Length = AT_ONCE
    """How long before it sets off its clock is shown."""
    soon: Length = AT_ONCE
    """How long before it is due its clock turns yellow."""
    passes: bool = False
    """A day that comes and goes, with nothing to be late for."""
    age: int | None = None
    from_age: int = 0
    """Of the child, for a deadline that only counts from then on."""
    unless: frozenset[str] = frozenset()
    """An entry of one of these kinds, of the same sector, does it: one that is there already, or was begun since the
    clock can be seen. `change`: a new version of what set it off."""
    important: bool = False
    """Its ball is the most important one about the child."""
    rounds: tuple[MonthDay, ...] = ()
    grace: Length = AT_ONCE
    """Events whose deadline was over for longer than this when they arrived are history and open nothing."""
    valid_from: int = 0
    valid_to: int = FOREVER

    def counts(self, at: int) -> bool:
        return self.on and self.valid_from <= at < self.valid_to


class State(StrEnum):
    RUNNING = "running"
    SOON = "soon"
    TODAY = "today"
    OVER = "over"
    MET = "met"


class Fact(NamedTuple):
    """Something that sets a deadline off. `at`: when. `born`: of the child, for its ages. `written`: when something was
    begun by which it may be met, by its kind."""

    starts: Start
    at: int
    child_id: UUID | None = None
    entry_id: UUID | None = None
    title: str = ""
    born: date | None = None
    written: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline that runs: since when, until when, how it stands, by which rules, and why."""

    deadline: str
    title: str
    started: int
    due: int
    state: State
    rules: tuple[str, ...]
    reason: str
    about: str = ""
    """What set it off, by its title."""
    child_id: UUID | None = None
    entry_id: UUID | None = None
    by_the_hour: bool = False
    passes: bool = False

    @property
    def red(self) -> bool:
        """Something has to be done today, or should have been done already."""
        return self.state is State.OVER or (self.state is State.TODAY and not self.passes)


# -- the ladder --------------------------------------------------------------------------------------------------------


class Waits(StrEnum):
    """Why a ball climbs."""

    NOBODY = "nobody"  # nobody has accepted it
    LATE = "late"  # it is over its deadline


class Rung(StrEnum):
    """To whom a ball comes besides those who have it or are asked."""

    COORDINATOR = "coordinator"
    LEADER = "leader"  # of the unit that has it, or is asked
    ABOVE = "above"  # the leader of the unit above


class Step(NamedTuple):
    """After so many working days a ball comes to somebody."""

    to: Rung
    after: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """For balls that wait for the same reason. `within`: only those whose whole time is not longer than this, in
    microseconds; 0 for all others."""

    waits: Waits
    steps: tuple[Step, ...]
    within: int = 0


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Everything that the files say, by id."""

    deadlines: dict[str, Deadline]
    ladders: tuple[Ladder, ...]
    days: WorkingDays
