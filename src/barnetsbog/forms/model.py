"""The words of forms: what is asked, of whom, when, and what an answer is. Frozen, typed, without FHIR.

A `Form` is assembled from the catalogue and never changed; a new wording is a new version. Answers are plain values in
nested mappings, so that the rules can be tried on any of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

DANISH = "da"
"""The language that forms are written in."""


class Kind(StrEnum):
    """What sort of answer an item takes."""

    LINE = "line"  # one line of text
    WORDS = "words"  # free text of several lines
    NUMBER = "number"  # whole number
    DECIMAL = "decimal"
    DATE = "date"  # ISO: a day, a month (2026-11) or a year
    YES_NO = "yes-no"
    CHOICE = "choice"  # one of `options`
    CHOICES = "choices"  # several of `options`
    CPR = "cpr"
    PHONE = "phone"
    POSTCODE = "postcode"
    EMAIL = "email"
    FILE = "file"
    GROUP = "group"  # items that belong together; may repeat
    SHOWN = "shown"  # words to read, no answer


class Option(NamedTuple):
    """One of the answers to choose from. `score`: what it counts when answers are added up."""

    code: str
    text: str
    score: float | None = None
    child: str = ""
    """The same in a child's words."""


class Op(StrEnum):
    IS = "is"
    IS_NOT = "is-not"
    OVER = "over"  # greater than
    UNDER = "under"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Test:
    """Asks of one item's answer. Inside a repeating group it means the item of the same repetition. `ANSWERED` with
    `False`: when it is not answered."""

    item: str
    op: Op
    value: str | float | bool | None = None


@dataclass(frozen=True, slots=True)
class When:
    """When an item is asked: all of `tests`, or `any_of` them. Without tests always."""

    tests: tuple[Test, ...] = ()
    any_of: bool = False


@dataclass(frozen=True, slots=True)
class Becomes:
    """What an answer is written as in the book: an entry of this kind (`what`: condition, intervention, own-goal, goal,
    measure, contact), with the parts that its items give (`parts`: the part's name by item id)."""

    what: str
    parts: Mapping[str, str] = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question, or a group of them. `limit`: most characters; `low`, `high`: bounds of a number; `most`: most
    repetitions of a group (0: as many as wanted, 1: it doesn't repeat); `fill`: the name of what the book knows
    (`sources.SOURCES`); `sums`: the items whose scores it adds up."""

    id: str
    kind: Kind
    ask: str
    help: str = ""
    child: str = ""
    """The question in a child's words; empty: the same."""
    required: bool = False
    options: tuple[Option, ...] = ()
    when: When = When()
    limit: int = 0
    low: float | None = None
    high: float | None = None
    unit: str = ""
    most: int = 1
    fill: str = ""
    sums: tuple[str, ...] = ()
    becomes: Becomes | None = None
    items: tuple["Item", ...] = ()
    marked: str = ""
    """Where it differs from its family: a badge such as »Kun skole«."""
    anew: bool = False
    """Asked anew each time, and never carried over from an earlier form: a yes, a danger, a judgement of today."""

    @property
    def repeats(self) -> bool:
        return self.most != 1


def every(items: Iterable[Item]) -> Iterator[Item]:
    """Items and what is in them, in the order they are asked."""
    for item in items:
        yield item
        yield from every(item.items)


@dataclass(frozen=True, slots=True)
class Section:
    """One topic, a page of its own when the form's author wants one topic a page. `part`: whose it is to answer."""

    id: str
    title: str
    part: str
    items: tuple[Item, ...]
    help: str = ""
    when: When = When()


class Party(StrEnum):
    """Who answers a part."""

    SCHOOL = "school"
    DAYCARE = "daycare"
    PPR = "ppr"
    FAMILY_DEPT = "family-dept"
    GP = "gp"
    BUP = "bup"
    LTT = "ltt"
    HEALTH = "health"
    PLACEMENT = "placement"
    CLUB = "club"
    PARENT = "parent"
    CHILD = "child"
    ANYBODY = "anybody"  # any professional


@dataclass(frozen=True, slots=True)
class Part:
    """What one party answers, after the parts in `after` are finished."""

    id: str
    party: Party
    title: str
    after: tuple[str, ...] = ()
    each: bool = False
    """Each of several (both parents) answers one of their own."""


class Instrument(NamedTuple):
    """A licensed instrument: never its items, only what it is and what comes out of it. An installation loads the items
    that it has a licence for (`licensed.with_licensed`)."""

    name: str
    owner: str
    informant: str
    ages: tuple[int, int]
    scales: tuple[str, ...]
    licence: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A form's words in another language, by the Danish ones. `checked`: read through by somebody who knows it."""

    language: str
    words: Mapping[str, str]
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the catalogue. `number` is that of the catalogue (1-54); `law`: rule ids of `law/rules.yaml`,
    `law_text`: the words for people; `blocks`: which of the six it carries; `months`: for how long an answer counts
    (0: no limit)."""

    id: str
    number: int
    version: int
    title: str
    purpose: str
    family: str
    sender: tuple[Party, ...]
    receiver: tuple[str, ...]
    blocks: frozenset[str]
    law: tuple[str, ...]
    law_text: str
    months: int
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    one_page: bool = False
    licensed: Instrument | None = None
    languages: tuple[Wording, ...] = ()
    """What is translated of it; `languages.offered` says whether it is enough."""


CONCERN = "V9"
"""The family of notifications of concern."""

KINDS, KNOW, SEEN = "concern-kinds", "parents-know", "concern-seen"
SUSPECTED, RISK, PARENTS = "honour-suspected", "honour-risk", "honour-parents"
HOLDING = (KINDS, KNOW, SUSPECTED, PARENTS)
"""The questions that say whether the family may know yet (`mapping.is_held`), and be asked (`mapping.suspicion`)."""
TAKES_BACK, TAKEN_BACK_FROM = "withdrawal", "withdrawn-from"
"""The form by which a yes is taken back, and its question from whom, which stops what they are told (`sending`)."""

Value = str | float | bool
"""A choice is its code; a date, a file (its DocumentReference) and everything written is text."""

Answers = Mapping[str, Sequence["Value | Answers"]]
"""What is answered, by item id: one value or more; of a group one mapping for each repetition. An item without an
answer is not there."""
