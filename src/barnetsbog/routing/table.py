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


def rules_of(book: Rulebook, asker: str) -> tuple[tuple[Rule, tuple[str, ...]], ...]:
    """Every rule that is on for somebody, with its doors: in the order of the doors, the one that goes before first."""
    doors = book.by_asker[asker]
    found: dict[str, tuple[Rule, tuple[str, ...]]] = {}
    for door in doors_of(book):
        for rule in doors.get(door, ()):
            found[rule.id] = (rule, (*found.get(rule.id, (rule, ()))[1], door))
    return tuple(found.values())


def texts_of(book: Rulebook) -> set[str]:
    """Every text that a page may show of these rules: what a translation must have."""
    found = {text for one in book.askers.values() for text in (one.title, one.help, *one.answers_for)}
    found |= {text for one in book.suspicions.values() for text in (one.title, one.term, one.help, *one.bring)}
    for door in book.doors.values():
        found |= {door.title, door.short, door.call, door.then, *door.bring, *door.bring_professional}
    return (found | {rule.reason for rule in book.rules.values()}) - {""}
