"""What is asked for, what may be told of it, and what was decided."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.kernel.decisions import Decision


class Requesting(StrEnum):
    """What is done with requests, as the log names it."""

    READ = "request"
    REGISTER = "request-register"
    DECIDE = "request-decide"
    ANSWER = "request-answer"


class Ground(StrEnum):
    """By which right somebody asks."""

    ACCESS = "access"  # to the documents, for a child that one has custody of
    ORIENTATION = "orientation"  # how the child is, without custody


class Answer(StrEnum):
    GIVEN = "given"
    PARTLY = "partly"
    REFUSED = "refused"


class State(StrEnum):
    OPEN = "open"
    DECIDED = "decided"  # the letter waits to be looked through and sent
    ANSWERED = "answered"


class Asker(NamedTuple):
    """A parent. `cleared`: may learn where the child is."""

    reference: str
    name: str
    relation: str
    custody: bool
    cleared: bool


@dataclass(frozen=True, slots=True)
class Case:
    """What the law asks about before anything is told. `age`: of the child in years, None where nobody knows it;
    `sector`: of the unit that answers."""

    ground: Ground
    sector: str
    age: int | None
    cleared: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """Something the unit has written. `names`: relatives it names besides the one who asks."""

    id: UUID
    title: str
    what: str
    at: int
    class_: str
    names: tuple[str, ...]
    advice: Decision


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided. `told`: what the letter says of the child; `reason`: why something is kept back; `weighed`:
    what spoke for and against, which stays with the unit; `accepted`: whoever has custody lets the documents be
    given."""

    answer: Answer
    told: str = ""
    reason: str = ""
    complaint: str = ""
    weighed: str = ""
    accepted: bool = False
    given: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as its entry says it. `letter`: the draft of the answer; `ball`: the task of whoever answers."""

    id: UUID
    ground: Ground
    asker: str
    about: str
    received: date
    ball: UUID | None
    state: State
    verdict: Verdict | None = None
    rules: tuple[str, ...] = ()
    letter: UUID | None = None


# -- for pages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A request in a list. `asker`: their name; `due`: UTC microseconds."""

    request: Request
    asker: str
    holder: str
    due: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """All of one request. `version`: of its entry."""

    line: Line
    version: int
    case: Case
    papers: tuple[Paper, ...]
    rule: str
