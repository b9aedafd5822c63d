"""Two books that may be about one child, what speaks for it and against it, and how far a proposal has come."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.directory.model import ChildName

Number = tuple[str, str]
"""The register a person number is from, and the number."""


class Identity(NamedTuple):
    """Who a book is about. `addresses` are those that anybody may know: none where the address is protected."""

    name: ChildName
    numbers: frozenset[Number] = frozenset()
    parents: frozenset[Number] = frozenset()
    addresses: frozenset[str] = frozenset()


class Joins(StrEnum):
    """What is done with two books, as the log names it."""

    COMPARE = "book-compare"
    PROPOSE = "book-propose"
    REFUSE = "book-refuse"
    JOIN = "book-join"
    PART = "book-part"
    TELL = "book-tell"
    ANSWER = "book-answer"


class Sort(StrEnum):
    """How much alike two books are."""

    SAME = "same"  # everything that tells children apart is the same, and only one has a CPR number
    LIKELY = "likely"
    TWINS = "twins"  # alike as brothers and sisters born on one day are
    OTHER = "other"


class Sign(StrEnum):
    """What speaks for one child."""

    BORN = "born"
    NAME = "name"
    NEAR_NAME = "near-name"
    PARENTS = "parents"
    ADDRESS = "address"
    NO_CPR = "no-cpr"  # one of them has no CPR number


class Doubt(StrEnum):
    """What speaks against it."""

    BORN = "not-born"
    NAME = "not-name"
    GENDER = "not-gender"
    PARENTS = "not-parents"
    TWO_NUMBERS = "two-numbers"  # each has a CPR number


class Likeness(NamedTuple):
    sort: Sort
    signs: tuple[Sign, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """A child as whoever compares two books may see it: its number no further than the birth date it begins with."""

    child_id: UUID
    name: str
    born: date | None
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two books that may be about one child."""

    one: Face
    other: Face
    likeness: Likeness


class Written(NamedTuple):
    """How many entries have been written while two books were one: how many stay when they are taken apart, and how
    many go with the other."""

    stays: int
    goes: int


class Told(NamedTuple):
    """What a unit has told of a child, as it is told itself: when, and when somebody had looked into it."""

    at: int
    answered_at: int | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """That a child may have two books, as administrators are told: what was seen, and by which unit."""

    id: UUID
    child_id: UUID
    name: str
    unit: str
    at: int
    seen: str


class State(StrEnum):
    OPEN = "open"
    REFUSED = "refused"
    JOINED = "joined"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that the book of `pair.other` is put into that of `pair.one`. Instants in UTC microseconds."""

    id: UUID
    pair: Pair | None
    """None when they are one book now."""
    kept_id: UUID
    other_id: UUID
    kept: str
    """What the child is called."""
    state: State
    at: int
    by_id: UUID
    why: str
    certain: bool
    wrong: bool
    decided_at: int | None
    mine: bool
    """Proposed by the reader, so that somebody else must decide."""


class Opening(NamedTuple):
    """Whether a unit, or one of the family, knows of each book before, and of the one after."""

    kept: bool
    other: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Effects:
    """What would become of it. `units`: those of the reader's own organisation whose access changes, by name; of others
    nobody is told here. `unclear`: custody is known now in one of the books, and would not be."""

    units: tuple[tuple[str, Opening], ...]
    unclear: bool
    two_coordinators: bool
    moved: int
