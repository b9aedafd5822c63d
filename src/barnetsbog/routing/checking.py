"""What is wrong with a set of rules as a whole: a child without a door, a way that leads nowhere, a case that fails.

Every combination of asker, age, worry, urgency and home is asked. Ages between which no rule changes are asked once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from .files import RoutingError
from .model import EMERGENCY, Advice, Case, Home, Question, Rule, Urgency, Verdict
from .rulebook import Rulebook
from .rules import advise, deciding

MOST = 5
"""Faults that one message tells of."""
LEADS_NOWHERE = "Blindgyde"

_URGENCIES = {Urgency.ACUTE: "haster nu", Urgency.SOON: "haster lidt", Urgency.PLANNED: "haster ikke"}
_HOMES = {Home.HERE: "barnet bor her", Home.ELSEWHERE: "barnet bor i en anden kommune"}


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A combination for which the rules don't do. `what` and `why` are the same for all with the same fault."""

    question: Question
    what: str
    why: str


def check(book: Rulebook) -> None:
    """`RoutingError` names what is wrong, and for whom, when these rules may not be used."""
    faults = _told(book, dead_ends(book))
    if not faults:  # only then has every question an answer that a case can be held against
        faults = [one for case in book.cases.values() for one in failures(book, case)]
    if faults:
        raise RoutingError("\n".join(faults))


def _told(book: Rulebook, found: Iterable[DeadEnd]) -> list[str]:
    """Each fault once for each who asks, with the first combination and how many there are; who has no door at all
    before everybody else."""
    alike: dict[tuple[str, str, str], list[Question]] = {}
    for one in found:
        alike.setdefault((one.question.asker, one.what, one.why), []).append(one.question)
    ordered = sorted(alike.items(), key=lambda one: one[0][1] == LEADS_NOWHERE)
    return [
        f"{what}: {said(book, asked[0])}. {why}" + (f" Det gælder {len(asked)} slags spørgsmål." if asked[1:] else "")
        for (_, what, why), asked in ordered[:MOST]
    ]


def questions(book: Rulebook) -> Iterator[Question]:
    """Every combination, with one age of each that all rules treat alike."""
    ages = {0, *(rule.from_age for rule in book.rules.values()), *(rule.below for rule in book.rules.values())}
    distinct = sorted(age for age in ages if age < 18)
    for asker, age, suspicion, urgency, home in product(book.askers, distinct, book.suspicions, Urgency, Home):
        yield Question(asker, age, suspicion, urgency, home)


def dead_ends(book: Rulebook) -> Iterator[DeadEnd]:
    """Each combination that is left without a door, or with one that leads nowhere. The same few sets of rules decide
    nearly all of them, and each set is looked at once."""
    known: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {}
    for question in questions(book):
        found = deciding(question, book)
        deciders = tuple((door, rule.id) for door, rule in found.items())
        if deciders not in known:
            known[deciders] = tuple(_wrong(book, found))
        yield from (DeadEnd(question, what, why) for what, why in known[deciders])


def _wrong(book: Rulebook, found: Mapping[str, Rule]) -> Iterator[tuple[str, str]]:
    """What is wrong when these rules decide, and why."""
    opened = {door for door in found if _is_open(found, door)}
    if EMERGENCY not in opened:
        yield "Uden akut dør", "112 skal stå på alle svar."
    if not opened - {EMERGENCY}:
        yield "Uden dør", "Alle veje er lukket eller uden regel."
    for door in found:
        if why := _leads_nowhere(book, door, found):
            yield LEADS_NOWHERE, why


def _leads_nowhere(book: Rulebook, door: str, found: Mapping[str, Rule]) -> str:
    rule = found[door]
    if rule.verdict is Verdict.NO and not any(_is_open(found, one) for one in rule.rather):
        return f"Reglen {rule.id} siger nej til {book.doors[door].short}, men den rette vej er ikke åben."
    if rule.via and not _is_open(found, rule.via):
        return f"Reglen {rule.id} fører gennem {book.doors[rule.via].short}, som ikke er åben."
    if rule.via and found[rule.via].via:
        return f"Reglen {rule.id} fører gennem {book.doors[rule.via].short}, som selv fører videre."
    return ""


def _is_open(found: Mapping[str, Rule], door: str) -> bool:
    return door in found and found[door].verdict is not Verdict.NO


def said(book: Rulebook, question: Question) -> str:
    """A question in words."""
    return (
        f"{book.askers[question.asker].title}, {question.age} år, {book.suspicions[question.suspicion].title}, "
        f"{_URGENCIES[question.urgency]}, {_HOMES[question.home]}"
    )


def failures(book: Rulebook, case: Case) -> list[str]:
    """What a test case wants and these rules don't give."""
    return [f"Prøven {case.id} ({case.title}): {fault}" for fault in _faults(book, case, advise(case.question, book))]


def _faults(book: Rulebook, case: Case, advice: Advice) -> Iterator[str]:
    first = advice.first.door if advice.open else None
    opened, known = {one.door.id for one in advice.open}, {one.door.id for one in advice.doors}
    if first is None or first.id != case.first:
        yield f"første dør er {first.short if first else 'ingen'}, men skal være {book.doors[case.first].short}."
    for door in case.open:
        if door not in opened:
            yield f"{book.doors[door].short} skal være åben."
    for door in case.closed:
        if door not in known or door in opened:
            yield f"{book.doors[door].short} skal være lukket med en grund."
