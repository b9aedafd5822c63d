"""The consent centre's words: a question, the replies to it, what the law makes of them, and what would change.

`Question` is what a reader may be shown of a matter. A professional of a unit that the matter is between is shown
every reply; somebody of the family is shown their own and is never told what another one said.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.law.duties import NO_REMINDERS
from barnetsbog.law.model import Capacity, Kind, Level, Matter, Sharing, Status


class Consenting(StrEnum):
    """What is done in the consent centre, as the log names it."""

    READ = "consent"
    ASK = "consent-ask"
    ANSWER = "consent-answer"
    REGISTER = "consent-register"
    WITHDRAW = "consent-withdraw"
    REMIND = "consent-remind"
    BLOCK = "consent-block"
    UNBLOCK = "consent-unblock"
    PREVIEW = "consent-preview"
    NOTICE = "consent-notice"


class Place(NamedTuple):
    """A unit by name. Where the reader must not learn where the child is, the name is empty and the sector is told."""

    id: str
    name: str
    sector: str


class State(StrEnum):
    """The five results of the law, for pages."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    BLOCKED = "blocked"
    NOT_REQUIRED = "not-required"
    REVIEW = "review"


class Rule(NamedTuple):
    """A rule of the law: its id, where it stands, what it says."""

    id: str
    where: str
    says: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the law makes of a matter now."""

    state: State
    reason: str
    rules: tuple[Rule, ...]
    until: int | None = None
    sharing: Sharing | None = None
    missing: tuple[str, ...] = ()
    """Whose yes is lacking."""
    duties: tuple[str, ...] = ()
    basis: Rule | None = None
    """The statute, where no consent is needed."""

    @property
    def may_remind(self) -> bool:
        return self.state is State.INCOMPLETE and NO_REMINDERS not in self.duties


@dataclass(frozen=True, slots=True)
class Reply:
    """One giver's record: what they answered, when, how, until when, and why it counts for nothing, if so."""

    id: UUID
    giver: str
    capacity: Capacity
    status: Status
    answered_at: int | None
    withdrawn_at: int | None
    valid_to: int
    form: str
    sharing: Sharing
    title: str
    text: str
    evidence: str
    version: int
    expired: bool
    """The time that the yes was for is over, or the time to answer."""
    fault: str = ""
    language: str = "da"
    """That the question was read in."""

    @property
    def scanned(self) -> bool:
        """There is a signed paper in the book."""
        return self.evidence.startswith("DocumentReference/")

    @property
    def answered(self) -> bool:
        return self.status is not Status.ASKED

    @property
    def waits(self) -> bool:
        return self.status is Status.ASKED and not self.expired

    @property
    def yes(self) -> bool:
        return self.status is Status.GIVEN and not self.expired

    @property
    def no(self) -> bool:
        return self.status in (Status.REFUSED, Status.WITHDRAWN)

    @property
    def blocks(self) -> tuple[str, ...]:
        return blocks_of(self.sharing)

    @property
    def when(self) -> int | None:
        return self.withdrawn_at if self.withdrawn_at is not None else self.answered_at


@dataclass(frozen=True, slots=True)
class Person:
    """A giver by name. `needed`: the law says that their yes is needed."""

    id: str
    name: str
    capacity: Capacity
    needed: bool


class Heard(NamedTuple):
    """What the child has said of a matter, as far as the reader may read it."""

    entry_id: UUID
    day: int
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """A matter as its reader may see it."""

    id: UUID
    """The first of its records that the reader may see: what addresses name it by."""
    matter: Matter
    kind: Kind
    act_title: str
    subject: str
    """What it is about, in the words of who asked; empty where those words could tell too much."""
    sources: tuple[Place, ...]
    recipient: Place | None
    wanted: Sharing | None
    standing: Standing
    replies: tuple[Reply, ...]
    people: tuple[Person, ...]
    answering: int
    """How many the law asks."""
    heard: tuple[Heard, ...] = ()
    """What the child has said of it, the newest first."""

    def reply_of(self, person: str) -> Reply | None:
        """The newest record of a giver."""
        mine = [one for one in self.replies if one.giver == person]
        return max(mine, key=lambda one: (one.when or 0, str(one.id)), default=None)

    @property
    def waits(self) -> bool:
        """Somebody whose answer the law asks for can still give it."""
        needed = {one.id for one in self.people if one.needed}
        return any(one.waits and one.giver in needed for one in self.replies)

    @property
    def contradictory(self) -> bool:
        """One says yes and another no."""
        counting = [one for one in self.replies if not one.fault]
        return any(one.yes for one in counting) and any(one.no for one in counting)

    @property
    def overlapping(self) -> bool:
        """Somebody has more than one answer that is not over; the latest counts."""
        givers = [one.giver for one in self.replies if one.yes or one.no]
        return len(givers) != len(set(givers))

    @property
    def expired(self) -> bool:
        """Everybody said yes, or was asked, for a time that is over."""
        if self.standing.state is not State.INCOMPLETE or any(one.waits or one.yes or one.no for one in self.replies):
            return False
        return any(one.expired for one in self.replies)

    @property
    def until(self) -> int | None:
        """Until when it holds, or would hold if it is answered as it was asked."""
        if self.standing.until is not None:
            return self.standing.until
        return max((one.valid_to for one in self.replies if one.waits or one.yes), default=None)

    @property
    def blocks(self) -> tuple[str, ...]:
        return blocks_of(self.wanted)

    @property
    def level(self) -> Level | None:
        return self.wanted.level if self.wanted else None


@dataclass(frozen=True, slots=True)
class Unread:
    """A consent record that can't be read precisely: it opens nothing, and somebody should look at it."""

    id: UUID
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """A version of a record: what it said, and when it was registered."""

    reply: Reply
    recorded_at: int


class Message(NamedTuple):
    """What somebody has been reminded of: a heading, the words, and when (UTC microseconds)."""

    title: str
    text: str
    at: int


class Opening(NamedTuple):
    """What a unit can read of what another has written."""

    unit: Place
    source: Place | None
    blocks: tuple[str, ...]
    level: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What somebody gains and loses by an answer, and what the law says before and after."""

    gained: tuple[Opening, ...]
    lost: tuple[Opening, ...]
    before: Standing
    after: Standing


def blocks_of(sharing: Sharing | None) -> tuple[str, ...]:
    """The blocks of a sharing, in the order they always stand in."""
    order = ("IN", "TI", "AK", "KO", "ST", "SA")
    found = {block.value for block, _ in sharing.shelves} if sharing else set()
    return tuple(block for block in order if block in found)
