"""Where an entry stands in the book as far as rights go: its shelf.

A shelf is a block and a class. The blocks are the six of the joint project, with goals (`GO`) and people (`PE`) apart
from the interventions and the master data they belong to, because the law opens them to others. The classes say how
sensitive something is (law-and-access §3). A shelf is kept as one small number, a set of shelves as one integer with a
bit for each, so that a right is judged in SQL by one shift.
"""

from collections.abc import Iterable

BLOCKS = ("IN", "GO", "TI", "AK", "KO", "ST", "PE", "SA")
CLASSES = ("O", "F", "H", "P", "X", "D", "M")
DRAFT = "D"
"""What is not finished: only the unit that writes it sees it. No relation, consent or emergency opens it."""
BETWEEN = "M"
"""A message between somebody of the family and a unit: for those two, and whomever the writer lets read along. No
relation, consent or emergency opens it either, so neither parent reads the other's (ADR 30)."""

_WIDTH = 8
RESTRICTED, OUT = "R", 64
"""What has been taken out of use and must be kept all the same stands as far beyond its shelf: there is no right that
opens it, only an export of the whole."""

PART_OF = {"GO": "IN", "PE": "ST"}
"""Blocks that are part of one of the six."""

_HEALTH = frozenset(("health_visitor", "gp", "bup", "ltt", "hospital", "adult"))
_SOCIAL = frozenset(("family_dept", "family", "police", "other"))
_EVERYBODYS = frozenset(("child", "person", "former", "team", "consent"))


def shelf(block: str, sensitivity: str) -> int:
    """The number of a shelf. What has no block of its own stands with the conditions, the most guarded."""
    return BLOCKS.index(block or "TI") * _WIDTH + CLASSES.index(sensitivity)


def class_of(number: int) -> str:
    return RESTRICTED if number >= OUT else CLASSES[number % _WIDTH]


def standing_as(number: int, sensitivity: str) -> int:
    """The shelf of another class in the same block."""
    return number - number % _WIDTH + CLASSES.index(sensitivity)


def block_of(number: int) -> str:
    return BLOCKS[number % OUT // _WIDTH]


def mask(blocks: Iterable[str], classes: Iterable[str]) -> int:
    """The set of all shelves of these blocks and classes. A block brings its parts along."""
    wanted = set(blocks)
    wanted |= {part for part, whole in PART_OF.items() if whole in wanted}
    letters = list(classes)
    return sum(1 << shelf(block, letter) for block in wanted for letter in letters)


def numbers(shelves: int) -> list[int]:
    """The shelves in a set, in order."""
    return [number for number in range(len(BLOCKS) * _WIDTH) if shelves >> number & 1]


EVERYTHING = mask(BLOCKS, CLASSES)
OUT_OF_USE = 1 << OUT
WHOLE = EVERYTHING | OUT_OF_USE
"""With what has been taken out of use: for the archive. No row of the grants can hold it."""


def default_class(what: str, lane: str) -> str:
    """How sensitive something is when its source does not say: by who wrote it, and when in doubt the stricter.

    A notification of concern is social whoever sends it. What a family writes is for those it is sent to.
    """
    if what in _EVERYBODYS:
        return "O"
    if lane in _HEALTH:
        return "H"
    return "F" if lane in _SOCIAL or what == "concern" else "O"
