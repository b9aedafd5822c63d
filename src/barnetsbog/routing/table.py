"""Who may send a child where, as a table of the rules: one row for who sends, one cell for each door."""

from dataclasses import dataclass
from functools import lru_cache

from .checking import questions
from .model import EMERGENCY, Asker, Home, Rule, Urgency, Verdict
from .rulebook import Rulebook
from .rules import deciding

ACUTE_DOORS = frozenset({"bup-acute"})
"""Doors that are about what can't wait; all others are shown as they are when it can."""


@dataclass(frozen=True, slots=True)
class Row:
    """What somebody may do: for each door, in the order of `doors_of`, every verdict that occurs."""

    asker: Asker
    cells: tuple[frozenset[Verdict], ...]


def doors_of(book: Rulebook) -> tuple[str, ...]:
    """The columns. The emergency door is open to all and has none."""
    return tuple(door for door in book.doors if door != EMERGENCY)


@lru_cache(maxsize=4)
def who_may(book: Rulebook) -> tuple[Row, ...]:
    """The whole table, for a child that lives here, of any age and with any worry."""
    doors = doors_of(book)
    found: dict[tuple[str, str], set[Verdict]] = {(asker, door): set() for asker in book.askers for door in doors}
    for question in questions(book):
        if question.home is Home.HERE and question.urgency is not Urgency.SOON:
            acute = question.urgency is Urgency.ACUTE
            for door, rule in deciding(question, book).items():
                if door != EMERGENCY and acute is (door in ACUTE_DOORS):
                    found[question.asker, door].add(rule.verdict)
    return tuple(
        Row(asker, tuple(frozenset(found[asker.id, door]) for door in doors)) for asker in book.askers.values()
    )


def rules_of(book: Rulebook, asker: str) -> tuple[tuple[str, Rule], ...]:
    """Every rule that is on for somebody, with its door: in the order of the doors, the one that goes before first."""
    doors = book.by_asker[asker]
    return tuple((door, rule) for door in doors_of(book) if door in doors for rule in doors[door])
