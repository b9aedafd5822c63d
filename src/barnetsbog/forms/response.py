"""A form that is being answered or has been: what was answered, where it came from, and whose turn it is.

References are FHIR's (`Organization/…` a unit, `RelatedPerson/…` and `Patient/…` the family, `PractitionerRole/…`
whoever pressed); `at` is UTC microseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from .model import DANISH, Answers, Value


class Filling(StrEnum):
    """What is done with a form, as the log names it."""

    READ = "forms"
    WRITE = "form-write"
    FINISH = "form-part"
    SEND = "form-send"
    WITHDRAW = "form-withdraw"


class State(StrEnum):
    """FHIR's words for how a response stands."""

    DRAFT = "in-progress"
    SENT = "completed"
    CORRECTED = "amended"
    WITHDRAWN = "stopped"


class Kept(StrEnum):
    """What the one who answers did with what the book knew."""

    KEPT = "kept"
    CORRECTED = "corrected"
    LEFT_OUT = "left-out"


class Source(NamedTuple):
    """Where something is known from: an entry in the version that was read, whose it is, and from when. `own`: an
    answer to the same question in an earlier form."""

    entry: str
    version: int
    unit: str
    day: date | None
    own: bool = False


class Origin(NamedTuple):
    """Where the answer at one place came from, and what the source said then. It is kept with the draft, so that it
    looks the same the next day whatever has become of the source."""

    source: Source
    said: tuple[Value, ...]
    kept: Kept = Kept.KEPT
    declined: tuple[Value, ...] = ()
    """What the source said later and somebody saw and did not take."""


class News(NamedTuple):
    """What somebody does about a source that says something else now than when the draft was filled: in the version of
    it that they were shown (`version`), they take what it says or do not (`taken`)."""

    version: int
    taken: bool


class TurnState(StrEnum):
    ASKED = "asked"
    FINISHED = "finished"
    SPARED = "spared"  # somebody else has answered it


class Turn(NamedTuple):
    """Somebody's turn to answer a part. `sheet`: the response of their own they answer it in, which nobody else reads
    before the form is sent. `paper`: the scan of a part that came on paper. `shared`: whether a child has said that
    others may read it too."""

    part: str
    who: str
    state: TurnState = TurnState.ASKED
    by: str = ""
    at: int = 0
    sheet: str = ""
    paper: str = ""
    ball: str = ""
    shared: bool | None = None

    @property
    def finished(self) -> bool:
        return self.state is TurnState.FINISHED


@dataclass(frozen=True, slots=True)
class Response:
    """A form, or one party's sheet of it (`sheet_of`: the form it belongs to; then its one turn says whose)."""

    id: str
    form: str
    version: int
    title: str
    state: State = State.DRAFT
    author: str = ""
    asked_by: str = ""
    answers: Answers = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()
    to: str = ""
    begun_at: int = 0
    sent_at: int | None = None
    sheet_of: str = ""
    corrects: str = ""
    """The form that was sent and that this draft is to correct."""
    structured: bool = False
    """Only what is structured goes to the receiver, as an excerpt beside it."""
    excerpt_of: str = ""
    """The form that it is an excerpt of."""
    asked_in: str = DANISH
    """The language in which the questions are shown to whoever answers it."""
    reason: str = ""
    """Why it was sent though somebody had not answered, or why it was corrected."""

    @property
    def confided(self) -> bool:
        """Whether a child has said that nobody else may read it: its sheet of a form, or a form that is its own."""
        return any(turn.shared is False and (self.sheet_of or not turn.sheet) for turn in self.turns)

    @property
    def finished_parts(self) -> frozenset[str]:
        """The parts that everybody who was asked has answered."""
        asked = {turn.part for turn in self.turns}
        waiting = {turn.part for turn in self.turns if turn.state is TurnState.ASKED}
        return frozenset(asked - waiting)
