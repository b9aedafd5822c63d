"""What pages need of a person, and of everybody around a child."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.directory.model import Away


class Involving(StrEnum):
    """What is done with the people around a child, as the log names it."""

    READ = "contacts"
    PERSON = "contact-person"
    TEAM = "contact-team"
    LEAVE = "contact-leave"


@dataclass(frozen=True, slots=True)
class Contact:
    """A professional, a relative or the child, by name. `unit` and `sector` are empty for the family."""

    id: UUID
    name: str
    title: str = ""
    unit: str = ""
    sector: str = "family"
    phone: str = ""

    @property
    def line(self) -> str:
        """How a list names them: `Kim Demosen, PPR Eksempelby`."""
        return ", ".join(part for part in (self.name, self.unit or self.title) if part)


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody who has a task with the child now."""

    unit: str
    sector: str
    phone: str
    task: str
    people: tuple[Contact, ...]


# -- the child's own people --------------------------------------------------------------------------------------------


class Picture(StrEnum):
    """The drawings by which a child can show somebody (`CodeSystem/picture`)."""

    SUN = "sun"
    MOON = "moon"
    STAR = "star"
    HEART = "heart"
    HOUSE = "house"
    TREE = "tree"
    FLOWER = "flower"
    BALL = "ball"


class Choice(NamedTuple):
    """What the child has chosen for one of its people: a picture, and where they stand (1 first)."""

    picture: Picture | None = None
    order: int | None = None


class NetworkPerson(NamedTuple):
    """Somebody whom the child has pointed at: an aunt, a neighbour, a coach."""

    name: str
    relation: str
    phone: str = ""
    choice: Choice = Choice()


class Held(NamedTuple):
    """Custody that somebody holds, held or will hold: its kind, from and to (UTC microseconds), what it rests on."""

    kind: str
    start: int
    end: int
    evidence: str
    checked_at: int | None


@dataclass(frozen=True, slots=True)
class Kin:
    """One of the child's own people. `network`: somebody the child has pointed at, whom professionals may write down.

    `version` is that of their entry; `readable` False: they are not seen whole, and so not changed.
    """

    contact: Contact
    network: bool
    custody: tuple[Held, ...]
    lives_with_child: bool
    deceased: bool
    choice: Choice
    version: int
    readable: bool = True
    holds_custody: bool = False
    """Now."""


# -- professionals -----------------------------------------------------------------------------------------------------


class Involvement(StrEnum):
    """How much somebody has to do with the child (`CodeSystem/involvement`)."""

    KNOWS = "knows"
    TAKES_PART = "takes-part"
    HAS_TASK = "has-task"


class Description(NamedTuple):
    """What is said of a professional in a child's team. `stand_in`: a reference."""

    involvement: Involvement | None = None
    task: str = ""
    hours: str = ""
    stand_in: str = ""


class Part(NamedTuple):
    """Somebody's place in the team, as the team's entry has it. `left_at`: UTC microseconds."""

    reference: str
    roles: frozenset[str]
    said: Description
    left_at: int | None = None

    def has_left(self, at: int) -> bool:
        return self.left_at is not None and self.left_at <= at


@dataclass(frozen=True, slots=True)
class Worker:
    """A professional around the child, or a unit that has a task and has named nobody.

    `role`: coordinator, substitute or empty. `stand_in`: who answers while they are away, or who came after them.
    """

    reference: str
    contact: Contact
    role: str
    task: str
    involvement: Involvement
    has_ball: bool
    hours: str
    stand_in: Contact | None
    away: Away | None
    left_at: int | None
    said: Description
    may_describe: bool

    @property
    def gone(self) -> bool:
        return self.away is not None or self.left_at is not None


@dataclass(frozen=True, slots=True)
class Circle:
    """Everybody around a child whom the reader may see. `vacant`: the child has no coordinator at work.

    `team_version` is that of the team's entry, 0 where there is none to see.
    """

    family: tuple[Kin, ...]
    network: tuple[Kin, ...]
    workers: tuple[Worker, ...]
    vacant: bool
    team_version: int
    may_change: bool


class Handing(NamedTuple):
    """One thing that is handed on when somebody leaves. `offered_to`: it is offered to somebody already."""

    id: UUID
    title: str
    coordination: bool
    offered_to: Contact | None
    version: int
