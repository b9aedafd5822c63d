"""A search, typed: what is asked of which resources, in which order, and what is found.

It follows FHIR R4 §3.1.1 and knows nothing of how a search is written in an address (`exchange.fhir.asking`) or of SQL
(`compiling`). Moments are UTC microseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple
from uuid import UUID

from barnetsbog.record.entries import EntryRow

# -- conditions ------------------------------------------------------------------------------------------------------


class Prefix(StrEnum):
    """How a value is compared with what a resource says (R4 §3.1.1.4.5)."""

    EQUAL = "eq"
    NOT_EQUAL = "ne"
    GREATER = "gt"
    LESS = "lt"
    GREATER_OR_EQUAL = "ge"
    LESS_OR_EQUAL = "le"
    STARTS_AFTER = "sa"
    ENDS_BEFORE = "eb"
    ABOUT = "ap"


class Coded(NamedTuple):
    """A code or an identifier. `system` None: of any system; empty: of none. `code` None: any."""

    system: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Says one of these codes; `but`: says none of them."""

    param: str
    values: tuple[Coded, ...]
    but: bool = False


class How(StrEnum):
    """How a text is compared."""

    STARTS = "starts"
    CONTAINS = "contains"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Strings:
    """A text is one of these, or begins with or contains one, however it is spelled (`fhir.folded`) unless `EXACT`."""

    param: str
    values: tuple[str, ...]
    how: How = How.STARTS


class Span(NamedTuple):
    """A date as it is asked for: the first and the last microsecond that it stands for."""

    prefix: Prefix
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Dates:
    param: str
    values: tuple[Span, ...]


class Amount(NamedTuple):
    """A number or a quantity as it is asked for. `low` and `high` are what its digits leave open: 5.4 is from 5.35 to
    5.45. `system` and `unit` as in `Coded`."""

    prefix: Prefix
    value: float
    low: float
    high: float
    system: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    param: str
    values: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class References:
    """Leads to one of these: `Type/id`, or an address outside the book. `versions`: an address, and all its versions
    (canonical references)."""

    param: str
    values: tuple[str, ...]
    versions: bool = False


class Reach(StrEnum):
    """Which addresses count."""

    SAME = "same"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Uris:
    param: str
    values: tuple[str, ...]
    reach: Reach = Reach.SAME


@dataclass(frozen=True, slots=True)
class Missing:
    """Says nothing of this (or, `missing` False, says something)."""

    param: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Ids:
    """`but`: none of these (`:not`)."""

    values: tuple[UUID, ...]
    but: bool = False


@dataclass(frozen=True, slots=True)
class Updated:
    """When what is said now was registered (`_lastUpdated`)."""

    values: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """What is said now was received or registered at or after a moment (`_since`)."""

    moment: int


@dataclass(frozen=True, slots=True)
class Worded:
    """A coded value's words (its text or display) begin with one of these (`:text`)."""

    param: str
    values: tuple[str, ...]


class Typed(NamedTuple):
    """An identifier with its type (`:of-type`)."""

    system: str
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class OfType:
    param: str
    values: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class Identified:
    """A reference names what it leads to by one of these identifiers (`:identifier`)."""

    param: str
    values: tuple[Coded, ...]


Component = Tokens | Strings | Dates | Amounts | References | Uris


@dataclass(frozen=True, slots=True)
class Composite:
    """One and the same part of a resource meets all components of one of the values."""

    param: str
    values: tuple[tuple[Component, ...], ...]


@dataclass(frozen=True, slots=True)
class Chained:
    """Leads to a resource that meets the conditions of one of these levels."""

    param: str
    to: tuple["Level", ...]


@dataclass(frozen=True, slots=True)
class Has:
    """A resource of this level leads here by its parameter `param` (`_has`)."""

    param: str
    of: "Level"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these holds: a compartment that is entered by several parameters."""

    conditions: tuple["Condition", ...]


Condition = (
    Tokens | Strings | Dates | Amounts | References | Uris | Missing | Ids | Updated | Since | Worded | OfType
    | Identified | Composite | Chained | Has | AnyOf
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """The resources of one type that meet all of some conditions."""

    kind: str
    conditions: tuple[Condition, ...] = ()


# -- the search ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Include:
    """What comes along: what `kind` leads to by a parameter (`*`: by any), or (`reverse`) what of `kind` leads here.
    `target`: only what is of this type. `iterate`: also from what has come along."""

    kind: str
    param: str
    target: str = ""
    iterate: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Sort:
    """`param` may be `_id` or `_lastUpdated`. What says nothing of it comes last."""

    param: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended, and when the first page was read. `values` are of the sort, in its order."""

    moment: int
    values: tuple[str | int | float | None, ...]
    id: UUID


Total = Literal["none", "estimate", "accurate"]
PAGE, MOST = 50, 1000
"""How many are on a page, and at most."""


@dataclass(frozen=True, slots=True)
class Search:
    """`count` 0: how many there are, and nothing else. `after`: the page after that one."""

    level: Level
    sort: tuple[Sort, ...] = ()
    includes: tuple[Include, ...] = ()
    count: int = PAGE
    total: Total | None = None
    after: Cursor | None = None


# -- what is found ---------------------------------------------------------------------------------------------------


class Hit(NamedTuple):
    """A resource as the asker may read it: its columns, and its present words as FHIR JSON."""

    row: EntryRow
    body: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """One page. `total`: how many there are on all pages, when that was asked for or costs nothing to tell. `next`: the
    cursor of the next page, if there is one. `cut`: more came along than a page can hold."""

    hits: Sequence[Hit]
    included: Sequence[Hit]
    total: int | None
    next: Cursor | None
    cut: bool = False


class TooCostly(Exception):
    """A condition that can't be answered from an index would have to look at too many resources. `param`: which."""

    def __init__(self, param: str) -> None:
        super().__init__(param)
        self.param = param
