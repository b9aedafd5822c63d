"""One rule in plain words: for which door, when it counts, what it says and why."""

from dataclasses import dataclass

from django.utils.translation import gettext

from barnetsbog.routing.model import Home, Rule, Urgency
from barnetsbog.routing.rulebook import Rulebook
from barnetsbog.routing.table import rules_of

from .words import VERDICTS, WAYS_SHORT, told, told_aloud


@dataclass(frozen=True, slots=True)
class Described:
    """A rule as it is read, in the reader's language. `when` is empty for what always counts."""

    rule: Rule
    doors: str
    verdict: str
    how: str
    when: str
    reason: str


def described(book: Rulebook, asker: str) -> tuple[Described, ...]:
    """Every rule that is on for somebody."""
    return tuple(describe(book, rule, doors) for rule, doors in rules_of(book, asker))


def describe(book: Rulebook, rule: Rule, doors: tuple[str, ...]) -> Described:
    names = ", ".join(told(book.doors[door].short) for door in doors)
    verdict = str(VERDICTS[rule.verdict])
    return Described(rule, names, verdict, how(book, rule), when(book, rule), told_aloud(rule.reason))


def how(book: Rulebook, rule: Rule) -> str:
    """By which way, or which door is right instead."""
    if rule.via:
        return gettext("gennem %(door)s") % {"door": told(book.doors[rule.via].short)}
    if rule.way:
        return str(WAYS_SHORT[rule.way])
    return gettext("hellere %(door)s") % {"door": _or(book, rule.rather)}


def _or(book: Rulebook, doors: tuple[str, ...]) -> str:
    return f" {gettext('eller')} ".join(told(book.doors[door].short) for door in doors)


def when(book: Rulebook, rule: Rule) -> str:
    """For which worries, ages, urgencies and homes."""
    parts = []
    if len(rule.suspicions) < len(book.suspicions):
        parts.append(", ".join(told(one.term) for one in book.suspicions.values() if one.id in rule.suspicions))
    if (rule.from_age, rule.below) != (0, 18):
        parts.append(gettext("%(first)s-%(last)s år") % {"first": rule.from_age, "last": rule.below - 1})
    if rule.urgencies == {Urgency.ACUTE}:
        parts.append(gettext("når det haster"))
    if rule.homes == {Home.ELSEWHERE}:
        parts.append(gettext("barnet bor i en anden kommune"))
    return "; ".join(parts)
