"""From facts about a child to everybody's rights in its book. Pure: no clock, no database.

All of time is derived at once: a right that ends with a birthday, a consent or a rule is written with that end, and one
that begins later with that beginning. A late job therefore never leaves a right open; `./bog rights` only repairs what
a changed rule file has made out of date.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from itertools import pairwise
from operator import and_
from typing import NamedTuple

from barnetsbog.kernel.time import FOREVER
from barnetsbog.law import consents as law
from barnetsbog.law.ages import ADULT_AGE, YOUNG_AGE, birthday, consent_end, days_after
from barnetsbog.law.custody import changes, contradicts_itself, holding
from barnetsbog.law.model import (
    Answer,
    Capacity,
    Complete,
    Consent,
    Custody,
    Holder,
    Kind,
    Level,
    Matter,
    NotRequired,
    Placement,
    Sharing,
    Status,
)
from barnetsbog.law.rulebook import Rulebook
from barnetsbog.law.rules import DECIDED_BY_MUNICIPALITY
from barnetsbog.mandates.model import HELPER_AGE, Mandate
from barnetsbog.mandates.model import Kind as MandateKind
from barnetsbog.packs.rules import counting
from barnetsbog.record.rights import CLOSED, CONTENT, EVERYBODY, FORBIDDEN, HEADINGS, PROTECTED, TOLD
from barnetsbog.record.shelves import BLOCKS, CLASSES, EVERYTHING, mask, shelf

from .facts import Care, Facts, Referred, Right
from .relations import PLACEMENT, Relation, Relations

OWN_RECORDS, OWN_CONSENT, OWN_BLOCK, OWN_BREAKGLASS, OWN_ADDRESSED, OWN_REFERRED, OWN_TOLD, OWN_MOVED = (
    "OWN-RECORDS", "OWN-CONSENT-PARTY", "OWN-BLOCK", "OWN-BREAKGLASS-60", "OWN-ADDRESSED", "OWN-REFERRED", TOLD,
    "OWN-MOVED",
)  # fmt: skip
WHO_IT_IS = mask(["ST", "PE"], "O")
"""What the receiver of a referral must know to decide on it, besides what was sent: who it is, and whom to call."""

EMERGENCY = mask(BLOCKS, "OFH")
"""What a break-glass look-up opens. The child's confidential talk is not among it, nor what reveals an address."""

WITH_ADDRESS = mask(BLOCKS, "OFHX")
OWN_ANSWERS, ANSWERS_AGE = "OWN-ANSWERS", 8
"""From when a child has a log-in of its own, and so answers of its own."""

CUSTODY, NEW_MUNICIPALITY, NOTIFIED = "FAL3", "BL132", "BL133"
NEVER_BY_CONSENT = "PX"
"""The child's confidential talk and what reveals an address are nobody's to give away with a tick."""

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
        *(right for care in facts.cares for right in _of_care(care, facts.child.placements, law_in_use)),
        *_of_family(facts, law_in_use),
        *_of_mandates(facts, law_in_use),
        *_of_consents(facts, law_in_use.book),
        *_own_consents(facts, law_in_use.book),
        *_blocks(facts),
        *_protection(facts),
        *_packs(facts, law_in_use.book),
        *_emergencies(facts, law_in_use.book),
        *_referrals(facts, law_in_use.book),
    ]
    return list(dict.fromkeys(sorted(found)))


def in_force(span: Span, rules: Iterable[str], book: Rulebook) -> Span:
    """The part of a time in which all of these rules are in force."""
    for rule in (book.rule(one) for one in rules):
        span = span.within(rule.valid_from, rule.valid_to) if rule.on else Span(0, 0)
    return span


# -- units -----------------------------------------------------------------------------------------------------------


def _of_care(care: Care, placements: Iterable[Placement], law_in_use: Law) -> Iterator[Right]:
    book = law_in_use.book
    of_this_sort = [one for one in law_in_use.relations.units.get(care.sector, ()) if one.task in ("", care.task)]
    lasting = {relation: _lasts(care, relation, book) for relation in of_this_sort}
    end = max((span.end for span in lasting.values()), default=care.end)
    own = in_force(Span(care.start, end), (OWN_RECORDS,), book)
    if not own.empty:
        yield Right(care.unit, care.basis, EVERYTHING, CONTENT, OWN_RECORDS, "egne optegnelser", *own, source=care.unit)
    after = in_force(Span(care.end, FOREVER), (CLOSED,), book)
    if care.closed and not after.empty:
        yield Right(care.unit, care.basis, 0, HEADINGS, CLOSED, "genåbning", *after, entry=care.basis)
    for relation, span in lasting.items():
        times = [ALWAYS] if relation.task != PLACEMENT else [Span(one.valid_from, one.valid_to) for one in placements]
        for time in times:
            yield from _opened(care.unit, care.basis, relation, span.within(*time), book)


def _lasts(care: Care, relation: Relation, book: Rulebook) -> Span:
    """How long a task opens a relation: as long as it lasts, and to the end of some days more where the law says so
    (after discharge there is something to write and to answer)."""
    if not relation.after or care.end >= FOREVER or care.start >= care.end:
        return Span(care.start, care.end)
    option = book.options[relation.after]
    more = Span(care.end, days_after(care.end, int(option.value)))
    return Span(care.start, more.end if in_force(more, (option.rule,), book) == more else care.end)


def _opened(grantee: str, basis: str, relation: Relation, span: Span, book: Rulebook) -> Iterator[Right]:
    """What a relation opens while all of its rules are in force."""
    span = in_force(span, relation.rules, book)
    if span.empty:
        return
    for opening in relation.opens:
        for lane in opening.lanes or ("",):
            yield Right(
                grantee, basis, opening.shelves, opening.level, relation.rules[0], relation.purpose, *span, lane=lane
            )


# -- the family ------------------------------------------------------------------------------------------------------


def _of_family(facts: Facts, law_in_use: Law) -> Iterator[Right]:
    """The child itself, those who hold custody, those with daily care. Nobody else has rights of their own, and nobody
    has any once the child is dead: what may be seen then is for human beings to decide.

    Without a known birth date nobody can say who is entitled, so nobody is.
    """
    child = facts.child
    if child.born is None:
        return
    alive = Span(0, child.died_at if child.died_at is not None else FOREVER)
    yield from _aged("child", child.id, alive, child.born, law_in_use)
    yield from _own_answers(child.id, alive.within(birthday(child.born, ANSWERS_AGE), FOREVER), law_in_use.book)
    for holder, held in in_custody(facts.custody):
        yield from _of_holder(holder, alive.within(*held), child.born, facts.protected, law_in_use)
    yield from _of_carers(facts, alive, law_in_use)


def in_custody(custody: Custody) -> Iterator[tuple[Holder, Span]]:
    """The times in which each holder is one who counts, as the law reads it: a parent who is back goes before a
    temporary holder, and where the record contradicts itself nobody holds it until somebody has looked."""
    if not custody.known:
        return
    held: dict[Holder, list[Span]] = defaultdict(list)
    edges = sorted({0, FOREVER, *(moment for moment in changes(custody) if 0 < moment < FOREVER)})
    for start, end in pairwise(edges):
        for holder in () if contradicts_itself(custody, start) else holding(custody, start):
            before = held[holder].pop() if held[holder] and held[holder][-1].end == start else Span(start, end)
            held[holder].append(Span(before.start, end))
    yield from ((holder, span) for holder, spans in held.items() for span in spans)


def _of_holder(holder: Holder, span: Span, born: date, protected: bool, law_in_use: Law) -> Iterator[Right]:
    """Where the address is protected, a holder the child does not live with gets nothing by machine: too much of a book
    tells where a child is (law-and-access §2)."""
    if protected and not holder.resident:
        childhood = span.within(birthday(born, 0), birthday(born, ADULT_AGE))
        yield from _known_only(holder.person, childhood, law_in_use.book)
        return
    yield from _aged("holder", holder.person, span, born, law_in_use)
    childhood = span.within(birthday(born, 0), birthday(born, ADULT_AGE))
    yield from _own_answers(holder.person, childhood, law_in_use.book)
    if holder.resident:
        yield from _aged("resident", holder.person, span, born, law_in_use)


def _own_answers(person: str, span: Span, book: Rulebook) -> Iterator[Right]:
    """What somebody has written themselves: answers in a form, finished or not (ADR 18), and messages (ADR 30)."""
    span = in_force(span, (OWN_ANSWERS,), book)
    if not span.empty:
        yield Right(person, person, EVERYTHING, CONTENT, OWN_ANSWERS, "egne svar", *span, source=person)


def _of_carers(facts: Facts, alive: Span, law_in_use: Law) -> Iterator[Right]:
    """Those with daily care, in the part of a placement in which it is they who have it."""
    assert facts.child.born
    for carer in facts.fostering:
        for placement in facts.child.placements:
            span = alive.within(placement.valid_from, placement.valid_to).within(carer.start, carer.end)
            yield from _aged("foster-carer", carer.person, span, facts.child.born, law_in_use)
            childhood = span.within(birthday(facts.child.born, 0), birthday(facts.child.born, ADULT_AGE))
            yield from _own_answers(carer.person, childhood, law_in_use.book)


def _known_only(person: str, span: Span, book: Rulebook) -> Iterator[Right]:
    """Knows of the book, answers for themselves, and sees nothing of what it says."""
    span = in_force(span, (CUSTODY,), book)
    if not span.empty:
        yield Right(person, person, 0, HEADINGS, CUSTODY, "forældremyndighed", *span)


def _aged(key: str, person: str, span: Span, born: date, law_in_use: Law) -> Iterator[Right]:
    for relation in law_in_use.relations.persons.get(key, ()):
        yield from _opened(person, person, relation, span.within(*_between(born, *relation.ages)), law_in_use.book)


def _between(born: date, age: int, below: int | None) -> Span:
    """While somebody is so old; `below` None: from then on."""
    return Span(birthday(born, age), FOREVER if below is None else birthday(born, below))


# -- mandates --------------------------------------------------------------------------------------------------------


def _of_mandates(facts: Facts, law_in_use: Law) -> Iterator[Right]:
    """What somebody chosen may see: what their giver may see, of the blocks they were chosen for, within what the
    relation opens at all, as long as all three last. Nobody can let another see more than they see themselves.

    Where the address is protected a helper gets nothing by machine, as a holder the child does not live with.
    """
    given: dict[str, list[Right]] = defaultdict(list)
    for right in () if facts.protected else _of_family(facts, law_in_use):
        if not right.source:  # what one has answered oneself is not lent
            given[right.grantee].append(right)
    for one in facts.mandates:
        for relation in law_in_use.relations.persons.get(one.kind, ()) if _may_give(one, facts) else ():
            span = _lasting(one, facts, relation.ages)
            for opened in _opened(one.person, one.person, relation, span, law_in_use.book):
                yield from _lent(opened, given[one.giver], mask(one.blocks, CLASSES))
        yield from _own_mandate(one, law_in_use.book)


def _may_give(one: Mandate, facts: Facts) -> bool:
    """A bisidder is the child's own choice, and nobody gives a mandate to themselves."""
    return one.person != one.giver and (one.kind is not MandateKind.LAY or one.giver == facts.child.id)


def _lasting(one: Mandate, facts: Facts, ages: tuple[int, int | None]) -> Span:
    """From when the helper is old enough. A mandate (not a bisidder) is a young person's to give from 15."""
    if facts.child.born is None:
        return Span(0, 0)
    youngest = YOUNG_AGE if one.kind is MandateKind.MANDATE and one.giver == facts.child.id else ages[0]
    childhood = _between(facts.child.born, youngest, ages[1])
    return childhood.within(one.start, one.ends).within(birthday(one.born, HELPER_AGE), FOREVER)


def _lent(opened: Right, given: Iterable[Right], wanted: int) -> Iterator[Right]:
    """What one of the giver's rights becomes in the helper's hands."""
    for own in given:
        shelves, span = opened.shelves & own.shelves & wanted, Span(opened.start, opened.end).within(own.start, own.end)
        if shelves and not span.empty:
            level = min(opened.level, own.level)
            yield opened._replace(shelves=shelves, level=level, start=span.start, end=span.end, lane=own.lane)


def _own_mandate(one: Mandate, book: Rulebook) -> Iterator[Right]:
    """Whoever gave it may read it and end it, also when it is over."""
    span = in_force(ALWAYS, (OWN_CONSENT,), book)
    if not span.empty:
        yield Right(one.giver, one.person, 0, CONTENT, OWN_CONSENT, "samtykke", *span, entry=one.person)


# -- consents --------------------------------------------------------------------------------------------------------


def _of_consents(facts: Facts, book: Rulebook) -> Iterator[Right]:
    """What complete consents open for their recipient: what the discloser wrote, on the shelves that all agreed to."""
    for matter, given in matters(facts.consents):
        if matter.wanted is None or not book.acts[matter.act].by_consent:
            continue
        edges = sorted({0, FOREVER, *law.breakpoints(matter, facts.child, facts.custody, facts.consents, book)})
        for start, end in pairwise(edges):
            answer = judged(matter, facts, start, book)
            sharing = _shared(answer, given, start, book)
            if sharing:
                yield from _disclosed(matter, sharing, given[0].id, answer.rules[0], Span(start, end))


def judged(matter: Matter, facts: Facts, at: int, book: Rulebook) -> Answer:
    """What the law says of a matter, by everything that anybody has answered about the child: a no may stand in a
    record that names more disclosers, or no recipient. Whoever shows the answer says no more of such a record than
    that."""
    return law.evaluate(matter, facts.child, facts.custody, facts.consents, at, book)


def matters(consents: Iterable[Consent]) -> list[tuple[Matter, list[Consent]]]:
    """The sharings that somebody was asked about, each with the answers about it.

    What is wanted is what was asked for at most: the union of what the givers were shown. The intersection is the
    law's work. So is the purpose: every one that was stated is held against it.
    """
    asked: dict[tuple[str, tuple[str, ...], str], list[Consent]] = defaultdict(list)
    for one in sorted(consents, key=lambda one: one.id):
        if one.kind in _SHARES and one.recipient:
            asked[one.act, tuple(sorted(one.disclosers)), one.recipient].append(one)
    found = []
    for (act, disclosers, recipient), given in sorted(asked.items()):
        shelves = frozenset(shelf for one in given for shelf in one.sharing.shelves)
        wanted = Sharing(shelves, max(one.sharing.level for one in given)) if shelves else None
        purpose = ", ".join(sorted({one.purpose for one in given if one.purpose}))
        found.append((Matter(act, frozenset(disclosers), recipient, wanted, purpose), given))
    return found


def _shared(answer: Answer, given: Sequence[Consent], at: int, book: Rulebook) -> Sharing | None:
    """A statute that makes consent unnecessary lets somebody tell something once; it lets nobody browse (§3, rows 9,
    10, 20 and 21). Only where the municipality decides instead of the holders does its own yes open what it names."""
    if isinstance(answer, Complete):
        return answer.sharing
    if not isinstance(answer, NotRequired) or answer.basis != DECIDED_BY_MUNICIPALITY:
        return None
    decided = [one.sharing for one in given if _decided(one, at, book)]
    return reduce(and_, decided) if decided else None


def _decided(one: Consent, at: int, book: Rulebook) -> bool:
    said = one.capacity is Capacity.AUTHORITY and one.status is Status.GIVEN
    return said and one.valid_from <= at < consent_end(one, book.max_months)


def _disclosed(matter: Matter, sharing: Sharing, basis: str, rule: str, span: Span) -> Iterator[Right]:
    """*At* shows that the discloser is involved, and whom to call: the contacts' headings and nothing else."""
    opened = {(block, letter) for block, letter in _with_parts(sharing) if letter not in NEVER_BY_CONSENT}
    shelves = sum(1 << shelf(*one) for one in opened)
    level = CONTENT if sharing.level is Level.CONTENT else HEADINGS
    if sharing.level is Level.AT:
        shelves = mask(["KO"], {letter for _, letter in opened})
    for unit in sorted(matter.disclosers) if shelves else ():
        yield Right(matter.recipient, basis, shelves, level, rule, matter.purpose or "samtykke", *span, source=unit)


def _with_parts(sharing: Sharing) -> Iterator[tuple[str, str]]:
    """Goals go with the interventions. People are nobody's to disclose but their own."""
    for block, letter in sharing.shelves:
        yield block.value, letter.value
        if block.value == "IN":
            yield "GO", letter.value


def _own_consents(facts: Facts, book: Rulebook) -> Iterator[Right]:
    """A consent may be read by the one who gave it and by the units it is between."""
    span = in_force(ALWAYS, (OWN_CONSENT,), book)
    for one in facts.consents if not span.empty else ():
        for party in sorted({one.giver, one.recipient, *one.disclosers} - {""}):
            yield Right(party, one.id, 0, CONTENT, OWN_CONSENT, "samtykke", *span, entry=one.id)


# -- exceptions ------------------------------------------------------------------------------------------------------


def _blocks(facts: Facts) -> Iterator[Right]:
    """A young person may close an entry for others; nobody may for them. The rule restricts, so switching it off opens
    nothing: it is not asked."""
    allowed = Span(birthday(facts.child.born, YOUNG_AGE), FOREVER) if facts.child.born else ALWAYS
    for one in facts.blocked:
        span = allowed.within(one.start, one.end)
        if not span.empty:
            yield Right(str(EVERYBODY), one.basis, 0, FORBIDDEN, OWN_BLOCK, "spærring", *span, entry=one.entry)


def _protection(facts: Facts) -> Iterator[Right]:
    """A mark in the book of a child whose address is protected: whoever no right lets into what reveals it is told no
    places. It restricts, so it is not asked whether its rule is in force."""
    if facts.protected:
        yield Right(str(EVERYBODY), facts.child.id, 0, FORBIDDEN, PROTECTED, "beskyttet adresse", *ALWAYS)


def _packs(facts: Facts, book: Rulebook) -> Iterator[Right]:
    """What was put in a pack, for the units it was sent to, until the meeting is over: entry by entry, and no book. It
    counts only where packs are read (`Scope.pack`)."""
    for pack in counting(facts.packs, book):
        rule = book.act(pack.act).basis
        span = in_force(Span(pack.made_at, pack.until), (rule,), book)
        for unit, _ in pack.to if not span.empty else ():
            for entry in (pack.id, *pack.entries):
                yield Right(unit, pack.id, 0, CONTENT, rule, "møde", *span, entry=entry)


def _emergencies(facts: Facts, book: Rulebook) -> Iterator[Right]:
    for one in facts.glass:
        shelves = WITH_ADDRESS if one.with_address else EMERGENCY
        span = in_force(Span(one.start, one.end), (OWN_BREAKGLASS,), book)
        if not span.empty:
            yield Right(one.role, one.basis, shelves, CONTENT, OWN_BREAKGLASS, "værdispring", *span)


def _referrals(facts: Facts, book: Rulebook) -> Iterator[Right]:
    """The receiver of a referral knows whom it is about while it decides, and reads what went with it. What it was
    sent it keeps when it takes the child on; when it does not, it knows nothing of the child any more.

    A new municipality knows the child by its package, also when it has received it: that begins no task, and opens
    nothing else of what the old one wrote."""
    for one in facts.referred:
        rules, purpose = _by_what(one)
        span = in_force(Span(one.start, one.end), rules, book)
        for unit in () if span.empty else one.units:
            if one.deciding or one.transfer:
                yield Right(unit, one.basis, WHO_IT_IS, CONTENT, rules[0], purpose, *span)
            for entry in one.package:
                yield Right(unit, one.basis, 0, CONTENT, rules[0], purpose, *span, entry=entry)


def _by_what(one: Referred) -> tuple[tuple[str, ...], str]:
    """By which rules, and to what purpose, somebody who was told of a child knows of it."""
    if one.concern:
        return (NOTIFIED,), "underretning"
    return ((OWN_MOVED, NEW_MUNICIPALITY), "flytning") if one.transfer else ((OWN_REFERRED,), "henvisning")
