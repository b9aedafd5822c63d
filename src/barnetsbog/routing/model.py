"""The words of routing: who asks about what, which doors there are, and what one is told about each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

AGES = range(18)
"""The ages of a child, in whole years."""

EMERGENCY = "emergency"
"""The door that stands on every answer: 112 and the emergency department."""


class Urgency(StrEnum):
    ACUTE = "acute"  # danger now
    SOON = "soon"  # within days
    PLANNED = "planned"


class Home(StrEnum):
    """Where the child lives, seen from the municipality whose rules these are."""

    HERE = "here"
    ELSEWHERE = "elsewhere"


class Verdict(StrEnum):
    SHOULD = "should"
    MAY = "may"
    NO = "no"


class Way(StrEnum):
    """How one goes through a door."""

    CALL = "call"  # ring, or come by
    SELF = "self"  # without a referral
    REFER = "refer"  # send a referral
    NOMINATE = "nominate"  # school and daycare, to PPR, with the parents' consent
    NOTIFY = "notify"  # a notification of concern
    ASK = "ask"  # for help or advice
    GUIDE = "guide"  # tell the family how to get there
    THROUGH = "through"  # somebody else sends the child on: the rule's `via`
    MEMBER = "member"  # one sits there oneself, or somebody does who can refer
    REPORT = "report"  # tell them what was found


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who wonders where to send a child. `family`: a parent, a young person, or somebody else who is no
    professional. `answers_for`: the interventions that this profession answers for."""

    id: str
    title: str
    family: bool
    answers_for: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What the worry is about, in the words of a family, and what professionals call it (`term`). `bring`: what to
    bring besides; `help`: whom else to call."""

    id: str
    title: str
    term: str
    bring: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A place that can take over. `sectors`: whose telephone numbers are its; `municipal`: of the child's municipality
    only. `bring` and `bring_professional`: what families and professionals bring; `then`: what happens next."""

    id: str
    title: str
    short: str
    call: str
    bring: tuple[str, ...]
    bring_professional: tuple[str, ...]
    then: str
    sectors: tuple[str, ...] = ()
    municipal: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what holds for these askers at these doors, in these circumstances.

    Of several rules that fit, the one on the highest `level` decides; two on one level may never fit the same question.
    `rank` orders the doors of an answer, the lowest first. Ages are whole years, `below` not included.
    `rather`: the doors that should rather be used, the best first. On a "no" they are the right way; on a "may" they
    make a reason necessary. `via`: who sends the child on (`Way.THROUGH`). `fixed`: an instance can't switch it off.
    `certain`: False when nobody has read it in a source yet.
    """

    id: str
    askers: frozenset[str]
    doors: frozenset[str]
    verdict: Verdict
    way: Way | None
    reason: str
    source: str
    level: int
    rank: int
    suspicions: frozenset[str]
    urgencies: frozenset[Urgency]
    homes: frozenset[Home]
    from_age: int = 0
    below: int = 18
    via: str = ""
    rather: tuple[str, ...] = ()
    on: bool = True
    fixed: bool = False
    certain: bool = True

    def fits(self, question: "Question") -> bool:
        """Whether the rule says something about this question. The asker and the door are looked up first."""
        return (
            question.suspicion in self.suspicions
            and question.urgency in self.urgencies
            and question.home in self.homes
            and self.from_age <= question.age < self.below
        )


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, the child's age in whole years, what the worry is, how urgent, and where the child lives. Nothing in
    it says who the child is."""

    asker: str
    age: int
    suspicion: str
    urgency: Urgency
    home: Home


@dataclass(frozen=True, slots=True)
class DoorAdvice:
    """What one is told about one door. `rules`: the rule that decided, then those it stands before."""

    door: Door
    verdict: Verdict
    way: Way | None
    via: Door | None
    instead: Door | None
    """The right way instead of this door, or the one that should rather be used. None: this door is right."""
    reason: str
    rules: tuple[str, ...]
    bring: tuple[str, ...]

    @property
    def open(self) -> bool:
        return self.verdict is not Verdict.NO


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer: the acute door, then every other one in order, the open ones first."""

    question: Question
    acute: DoorAdvice
    doors: tuple[DoorAdvice, ...]

    @property
    def open(self) -> tuple[DoorAdvice, ...]:
        return tuple(one for one in self.doors if one.open)

    @property
    def closed(self) -> tuple[DoorAdvice, ...]:
        return tuple(one for one in self.doors if not one.open)

    @property
    def first(self) -> DoorAdvice:
        """The right door."""
        return self.doors[0]

    def about(self, door: str) -> DoorAdvice | None:
        """What is said about one door. None: no rule says anything about it."""
        if door == EMERGENCY:
            return self.acute
        return next((one for one in self.doors if one.door.id == door), None)


@dataclass(frozen=True, slots=True)
class Case:
    """What must come out of the rules: the first door, doors that must be open, and such that must not."""

    id: str
    title: str
    question: Question
    first: str
    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What an instance changes about one rule. None: as it is."""

    rule: str
    on: bool | None = None
    rank: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Local:
    """An instance's own changes, and its own test cases."""

    changes: Mapping[str, Change]
    cases: Mapping[str, Case]
