"""From facts about a child to everybody's rights in its book. Pure: no clock, no database.

All of time is derived at once: a right that ends with a birthday, a consent or a rule is written with that end, and one
that begins later with that beginning. A late job therefore never leaves a right open; `./bog rights` only repairs what
a changed rule file has made out of date.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from barnetsbog.kernel.time import FOREVER, day_start
from barnetsbog.law import consents as law
from barnetsbog.law.model import Complete, Consent, Kind, Level, Matter, NotRequired, Sharing
from barnetsbog.law.rulebook import Rulebook
from barnetsbog.record.rights import CONTENT, EVERYBODY, FORBIDDEN, HEADINGS
from barnetsbog.record.shelves import BLOCKS, EVERYTHING, mask, shelf

from .facts import Care, Facts, Right
from .relations import Relation, Relations

OWN_RECORDS, OWN_CONSENT, OWN_BLOCK, OWN_BREAKGLASS, OWN_ADDRESSED = (
    "OWN-RECORDS", "OWN-CONSENT-PARTY", "OWN-BLOCK", "OWN-BREAKGLASS-60", "OWN-ADDRESSED",
)  # fmt: skip
EMERGENCY = mask(BLOCKS, "OFH")
"""What a break-glass look-up opens. The child's confidential talk is not among it, nor what reveals an address."""

WITH_ADDRESS = mask(BLOCKS, "OFHX")
_SHARES = frozenset((Kind.DISCLOSURE, Kind.RETRIEVAL))


class Law(NamedTuple):
    """The rules and the table of relations that are in use."""

    book: Rulebook
    relations: Relations


class Span(NamedTuple):
    """A time from and to (not including)."""

    start: int
    end: int

    def within(self, start: int, end: int) -> "Span":
        return Span(max(self.start, start), min(self.end, end))

    @property
    def empty(self) -> bool:
        return self.start >= self.end


ALWAYS = Span(0, FOREVER)


def rights_of(facts: Facts, law_in_use: Law) -> list[Right]:
    """Everybody's rights in one child's book, for all of time, in a fixed order and each once."""
    found = [
        *(right for care in facts.cares for right in _of_care(care, law_in_use)),
        *_of_family(facts, law_in_use),
        *_of_consents(facts, law_in_use.book),
        *_own_consents(facts),
        *_blocks(facts),
        *_emergencies(facts),
    ]
    return list(dict.fromkeys(sorted(found)))


# -- units -----------------------------------------------------------------------------------------------------------


def _of_care(care: Care, law_in_use: Law) -> Iterator[Right]:
    span = Span(care.start, care.end)
    if span.empty:
        return
    yield Right(care.unit, care.basis, EVERYTHING, CONTENT, OWN_RECORDS, "egne optegnelser", *span, source=care.unit)
    for relation in law_in_use.relations.units.get(care.sector, ()):
        yield from _opened(care.unit, care.basis, relation, span, law_in_use.book)


def _opened(grantee: str, basis: str, relation: Relation, span: Span, book: Rulebook) -> Iterator[Right]:
    """What a relation opens while all of its rules are in force."""
    for rule in (book.rule(one) for one in relation.rules):
        span = span.within(rule.valid_from, rule.valid_to) if rule.on else Span(0, 0)
    if span.empty:
        return
    for opening in relation.opens:
        for lane in opening.lanes or ("",):
            yield Right(
                grantee, basis, opening.shelves, opening.level, relation.rules[0], relation.purpose, *span, lane=lane
            )


# -- the family ------------------------------------------------------------------------------------------------------


def _of_family(facts: Facts, law_in_use: Law) -> Iterator[Right]:
    """The child itself, those who hold custody, those with daily care. Nobody else has rights of their own.

    Without a known birth date nobody can say who is entitled, so nobody is. Where the address is protected, a holder
    the child does not live with gets nothing by machine: too much of a book tells where a child is (law-and-access §2).
    """
    child, book = facts.child, law_in_use.book
    if child.born is None:
        return
    alive = Span(0, child.died_at if child.died_at is not None else FOREVER)
    yield from _aged("child", child.id, child.id, ALWAYS, child.born, law_in_use)
    for holder in facts.custody.holders if facts.custody.known else ():
        span = alive.within(holder.valid_from, holder.valid_to).within(0, holder.deceased_at or FOREVER)
        if facts.protected and not holder.resident:
            yield from _known_only(holder.person, span.within(0, birthday(child.born, 18)), book)
            continue
        yield from _aged("holder", holder.person, holder.person, span, child.born, law_in_use)
        if holder.resident:
            yield from _aged("resident", holder.person, holder.person, span, child.born, law_in_use)
    for carer in facts.fostering:
        for placement in child.placements:
            span = alive.within(placement.valid_from, placement.valid_to)
            for relation in law_in_use.relations.persons.get("foster-carer", ()):
                yield from _opened(carer.person, carer.person, relation, span, book)


def _known_only(person: str, span: Span, book: Rulebook) -> Iterator[Right]:
    """Knows of the book, answers for themselves, and sees nothing of what it says."""
    if book.rule("FAL3").on and not span.empty:
        yield Right(person, person, 0, HEADINGS, "FAL3", "forældremyndighed", *span)


def _aged(key: str, person: str, basis: str, span: Span, born: date, law_in_use: Law) -> Iterator[Right]:
    for relation in law_in_use.relations.persons.get(key, ()):
        low, high = (birthday(born, age) for age in relation.ages)
        yield from _opened(person, basis, relation, span.within(low, high), law_in_use.book)


def birthday(born: date, age: int) -> int:
    """The instant a Danish birthday begins. Born on 29 February: 1 March in years without that day."""
    year = born.year + age
    if year > date.max.year:
        return FOREVER
    leap = born.month == 2 and born.day == 29 and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return day_start(date(year, 3, 1) if leap else born.replace(year=year))


# -- consents --------------------------------------------------------------------------------------------------------


def _of_consents(facts: Facts, book: Rulebook) -> Iterator[Right]:
    """What complete consents open for their recipient: what the discloser wrote, on the shelves that all agreed to."""
    for matter, given in matters(facts.consents):
        if matter.wanted is None:
            continue
        edges = sorted({0, FOREVER, *law.breakpoints(matter, facts.child, facts.custody, given, book)})
        for start, end in pairwise(edges):
            answer = law.evaluate(matter, facts.child, facts.custody, given, start, book)
            sharing = _shared(answer, matter)
            if sharing:
                yield from _disclosed(matter, sharing, given[0].id, answer.rules[0], Span(start, end))


def matters(consents: Iterable[Consent]) -> list[tuple[Matter, list[Consent]]]:
    """The sharings that somebody was asked about, each with the answers about it.

    What is wanted is what was asked for at most: the union of what the givers were shown. The intersection is the
    law's work.
    """
    asked: dict[tuple[str, frozenset[str], str], list[Consent]] = defaultdict(list)
    for one in consents:
        if one.kind in _SHARES and one.recipient:
            asked[one.act, one.disclosers, one.recipient].append(one)
    found = []
    for (act, disclosers, recipient), given in sorted(asked.items(), key=lambda pair: (pair[0][0], sorted(pair[0][1]))):
        given.sort(key=lambda one: one.id)
        shelves = frozenset(shelf for one in given for shelf in one.sharing.shelves)
        wanted = Sharing(shelves, max(one.sharing.level for one in given)) if shelves else None
        found.append((Matter(act, disclosers, recipient, wanted, given[0].purpose), given))
    return found


def _shared(answer: object, matter: Matter) -> Sharing | None:
    if isinstance(answer, Complete):
        return answer.sharing
    return matter.wanted if isinstance(answer, NotRequired) else None


def _disclosed(matter: Matter, sharing: Sharing, basis: str, rule: str, span: Span) -> Iterator[Right]:
    """*At* shows that the discloser is involved, and whom to call: the contacts' headings and nothing else."""
    shelves = sum({1 << shelf(block, letter) for block, letter in _with_parts(sharing)})
    level = CONTENT if sharing.level is Level.CONTENT else HEADINGS
    if sharing.level is Level.AT:
        shelves = mask(["KO"], {letter for _, letter in sharing.shelves})
    for unit in sorted(matter.disclosers):
        yield Right(matter.recipient, basis, shelves, level, rule, matter.purpose or "samtykke", *span, source=unit)


def _with_parts(sharing: Sharing) -> Iterator[tuple[str, str]]:
    """Goals go with the interventions. People are nobody's to disclose but their own."""
    for block, letter in sharing.shelves:
        yield block.value, letter.value
        if block.value == "IN":
            yield "GO", letter.value


def _own_consents(facts: Facts) -> Iterator[Right]:
    """A consent may be read by the one who gave it and by the units it is between."""
    for one in facts.consents:
        for party in sorted({one.giver, one.recipient, *one.disclosers} - {""}):
            yield Right(party, one.id, 0, CONTENT, OWN_CONSENT, "samtykke", 0, FOREVER, entry=one.id)


# -- exceptions ------------------------------------------------------------------------------------------------------


def _blocks(facts: Facts) -> Iterator[Right]:
    for one in facts.blocked:
        yield Right(str(EVERYBODY), one.basis, 0, FORBIDDEN, OWN_BLOCK, "spærring", one.start, one.end, entry=one.entry)


def _emergencies(facts: Facts) -> Iterator[Right]:
    for one in facts.glass:
        shelves = WITH_ADDRESS if one.with_address else EMERGENCY
        yield Right(one.role, one.basis, shelves, CONTENT, OWN_BREAKGLASS, "værdispring", one.start, one.end)
