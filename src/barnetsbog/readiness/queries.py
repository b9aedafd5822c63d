"""Reading how coming first visits stand, of one child or of a whole unit: as many queries for one as for five hundred.

What is there is read through the Book. What the law says of a consent is judged over everything, as in the consent
centre, and told only to a unit that the consent is between, or to somebody who sees a record of it. A family is told
nothing of it here: it has its own page of answers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.conf import settings

from barnetsbog.access import naming
from barnetsbog.access.gathering import Family, consenting
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.consent.matters import Asked as AskedAbout
from barnetsbog.consent.matters import Key
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import names_over
from barnetsbog.directory import queries as directory
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import age_on, local_day
from barnetsbog.law import consents as law
from barnetsbog.law.model import Blocked, Incomplete, Matter
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter, Heading
from barnetsbog.referrals.mapping import referral_of
from barnetsbog.referrals.model import Referral, Urgency
from barnetsbog.referrals.model import State as Stands
from barnetsbog.referrals.rules import BEFORE_DECISION
from barnetsbog.routing.loading import standard

from . import mapping
from .files import LOCAL, Requirements, load
from .model import Asked, Coming, Facts, Judged, Override, Page, Paper, Readiness, Visit
from .rules import MONTH, applies, readiness

OPEN = ("appointment", "referral")
_TOLD = ("child", "person", "referral", "appointment", mapping.OVERRIDE)
"""Kinds of which the words are read; of everything else the heading is enough."""


@lru_cache(maxsize=1)
def requirements() -> Requirements:
    """What must be there in this instance."""
    local = Path(settings.DATA) / LOCAL
    text = local.read_text(encoding="utf-8") if local.exists() else ""
    return load(text, acts=frozenset(law_in_use().book.acts), suspicions=frozenset(standard().suspicions))


# -- the coming visits -------------------------------------------------------------------------------------------------


PAGE = 50


def page_of(found: Sequence[Coming], page: int) -> Page:
    """Some of the coming visits of a unit, and how many of all are ready. A page that is not there is the last one."""
    pages = max(1, ceil(len(found) / PAGE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    return Page(tuple(shown), len(found), sum(one.readiness.ready for one in found), page, pages)


def of_unit(book: Book) -> list[Coming]:
    """Every coming first visit at the reader's unit: those with a time in order, then those that wait for one."""
    unit = book.scope.unit_id
    if unit is None:
        return []
    keys = {task.child_id for task in book.open_tasks(OPEN)}
    children = [child for child in book.children() if book.key(child) in keys] if keys else []
    found = [one for one in _coming(book, children) if one.readiness.visit.unit == str(unit)]
    return sorted(found, key=_rank)


def of_child(book: Book, child_id: UUID) -> list[Coming]:
    """The coming first visits of one child, wherever they are. None for the family."""
    if book.scope.unit_id is None or not book.count(child_id, Filter(what=OPEN, open=True, on_timeline=False)):
        return []
    return sorted(_coming(book, [child_id]), key=_rank)


def one(book: Book, child_id: UUID, visit: UUID) -> Coming:
    """One coming visit, by its appointment or its referral."""
    for found in of_child(book, child_id):
        if visit in (found.readiness.visit.id, found.readiness.visit.referral):
            return found
    raise NotFound


def lacked_consent(book: Book, given_up: Collection[tuple[UUID, int]]) -> set[tuple[UUID, int]]:
    """Those of these visits at the reader's own unit (child, and when it was given up) for which a consent that a first
    visit there needs was lacking at that moment, as the law judges what the record says now. What is for a human being
    to decide was not lacking."""
    unit = book.scope.unit_id
    known = naming.units(book.scope, [unit], veiled=False).get(unit) if unit else None
    if known is None or not given_up:
        return set()
    families = consenting(sorted({child for child, _ in given_up}), {one.act for one in requirements() if one.act})
    found = set()
    for child, at in given_up:
        visit = Visit(child, child, str(known.id), known.sector, "", at)
        acts = [one.act for one in requirements() if one.act and applies(one, visit)]
        judged = (_judged(book, act, visit, None, families.get(child), frozenset(), at).answer for act in acts)
        if any(isinstance(answer, Incomplete | Blocked) for answer in judged):
            found.add((child, at))
    return found


def by_referral(found: Iterable[Coming]) -> dict[UUID, Readiness]:
    """How visits stand, by the referral that they come of: for the receiver's queue."""
    return {one.readiness.visit.referral: one.readiness for one in found if one.readiness.visit.referral}


def _rank(one: Coming) -> tuple[bool, int, str]:
    visit = one.readiness.visit
    return visit.at is None, visit.at or 0, str(visit.id)


class _Told(NamedTuple):
    """What one child's book says to the reader, as far as visits need it."""

    patient: dict[str, Any] | None
    persons: list[dict[str, Any]]
    referrals: list[tuple[EntryRow, Referral]]
    appointments: list[Heading]
    words: dict[UUID, dict[str, Any]]
    overrides: dict[UUID, list[Override]]


def _coming(book: Book, children: Sequence[UUID]) -> list[Coming]:
    told = _told(book, children)
    visits = _visits(book, told)
    with_one = sorted({one.child_id for one in visits})
    known = directory.children(with_one)
    units = naming.units(book.scope, {UUID(one.unit) for one in visits}, veiled=False)
    ages = {one.id: age_on(one.born, local_day(book.scope.at)) for one in known.values() if one.born}
    visits = [
        replace(visit, sector=units[UUID(visit.unit)].sector, age=ages.get(visit.child_id))
        for visit in visits if UUID(visit.unit) in units
    ]  # fmt: skip
    facts = _facts(book, visits, told)
    wanted, at = requirements(), book.scope.at
    stands = [readiness(one, wanted, at) for one in facts]
    named = {(one.visit.child_id, ident) for one in stands for ident in _named(one) if ident}
    people: dict[UUID, dict[str, Contact]] = defaultdict(dict)
    for (child, ident), contact in names_over(book, named).items():
        people[child][str(ident)] = contact
    veiled = book.veiled_among(with_one)
    hidden = naming.units(book.scope, {UUID(one.unit) for one in visits if one.child_id in veiled}, veiled=True)
    return [
        Coming(known[child], (hidden if child in veiled else units).get(UUID(one.visit.unit)), one, people[child])
        for one in stands if (child := one.visit.child_id) in known
    ]  # fmt: skip


def _named(one: Readiness) -> Iterable[UUID | None]:
    for item in one.items:
        yield from (UUID(person) for person in item.people)
        yield from (item.asked.holder, item.asked.by) if item.asked else ()
        yield item.override.by if item.override else None


@lru_cache(maxsize=16_384)
def _resource(body: bytes) -> dict[str, Any]:
    """What an entry says, to be read and never changed: the same words always say the same."""
    found: dict[str, Any] = orjson.loads(body)
    return found


def _told(book: Book, children: Sequence[UUID]) -> dict[UUID, _Told]:
    found = {child: _Told(None, [], [], [], {}, {}) for child in children}
    for row, body in book.words(children, _TOLD):
        resource, mine = _resource(body), found[row.child_id]
        if row.what == "child":
            found[row.child_id] = mine._replace(patient=resource)
        elif row.what == "person":
            mine.persons.append(resource)
        elif row.what == "referral":
            mine.referrals.append((row, referral_of(resource)))
        elif row.what == "appointment":
            mine.words[row.id] = resource
        elif told := mapping.override_of(resource, at=row.start, by=row.author_id, version=row.version):
            mine.overrides.setdefault(told[0], []).append(told[1])
    for heading in book.over(children, ("appointment",), since=book.scope.at, waiting=True):
        found[heading.child_id].appointments.append(heading)
    return found


# -- which visits are first --------------------------------------------------------------------------------------------


def _visits(book: Book, told: Mapping[UUID, _Told]) -> list[Visit]:
    """The open appointments that are a child's first at a unit, and referrals that have led to none yet."""
    found = [one for child, mine in told.items() for one in _candidates(child, mine)]
    units = sorted({UUID(one.unit) for one in found})
    seen: dict[tuple[UUID, str], list[Heading]] = defaultdict(list)
    for row in book.over(sorted({one.child_id for one in found}), ("appointment", "meeting"), units=units):
        seen[row.child_id, str(row.unit_id)].append(row)
    return [one for one in found if not _been_there(one, seen[one.child_id, one.unit], told)]


def _been_there(visit: Visit, rows: list[Heading], told: Mapping[UUID, _Told]) -> bool:
    """Whether the child has been at the unit before this; of a referral, since it was written."""
    if visit.at is not None:
        return any(row.start < visit.at and row.id != visit.id for row in rows)
    written = next(row.start for row, _ in told[visit.child_id].referrals if row.id == visit.id)
    return any(row.start > written for row in rows)


def _candidates(child: UUID, mine: _Told) -> Iterable[Visit]:
    for one in mine.appointments:
        if one.unit_id:
            led = next((told for told in reversed(mine.referrals) if _leads_to(told[1], one.unit_id)), None)
            yield _visit(child, one, str(one.unit_id), led, at=one.start)
    for row, referral in mine.referrals:
        unit = ident_of(referral.accepted_by or referral.to)
        if row.open and unit and referral.state in BEFORE_DECISION | {Stands.ACCEPTED}:
            yield _visit(child, row, str(unit), (row, referral))


def _leads_to(referral: Referral, unit: UUID) -> bool:
    taken = referral.state in BEFORE_DECISION | {Stands.ACCEPTED, Stands.CLOSED}
    return taken and unit in (ident_of(referral.to), ident_of(referral.accepted_by))


def _visit(
    child: UUID, row: EntryRow | Heading, unit: str, found: tuple[EntryRow, Referral] | None, at: int | None = None
) -> Visit:
    if found is None:
        return Visit(row.id, child, unit, "", row.title, at)
    sent, referral = found
    package = frozenset(ident for one in referral.package if (ident := ident_of(one)))
    return Visit(
        row.id, child, unit, "", row.title, at, sent.id, referral.suspicion, referral.urgency,
        decided=referral.state not in BEFORE_DECISION, package=package,
    )  # fmt: skip


# -- what is known of them ---------------------------------------------------------------------------------------------


def _facts(book: Book, visits: Sequence[Visit], told: Mapping[UUID, _Told]) -> list[Facts]:
    children = sorted({one.child_id for one in visits})
    wanted = requirements()
    acts = {one.act for one in wanted if one.on and one.act}
    families = consenting(children, acts)
    papers = _papers(book, children, wanted)
    asked = _asked(book, children)
    records = _records(book, children)
    referrals = {row.id: one for mine in told.values() for row, one in mine.referrals}
    referrers = (ident_of(one.referrer) for one in referrals.values())
    jobs = naming.roles(book.scope, {one for one in referrers if one}, veiled=False)
    phones = {ident: job.phone for ident, job in jobs.items()}
    found = []
    for visit in visits:
        mine, family = told[visit.child_id], families.get(visit.child_id)
        referral = referrals.get(visit.referral) if visit.referral else None
        own = papers[visit.child_id]
        said = mapping.said(
            visit, mine.patient, mine.persons, referral,
            mine.words.get(visit.id),
            [paper.id for paper in own if paper.what == "intervention"], phones,
            custody_known=family is not None and family.facts.custody.known,
        )  # fmt: skip
        acts_here = (one.act for one in wanted if one.act and applies(one, visit))
        judged = tuple((act, _judged(book, act, visit, referral, family, records, book.scope.at)) for act in acts_here)
        overrides = (*mine.overrides.get(visit.id, ()), *mine.overrides.get(visit.referral or visit.id, ()))
        found.append(Facts(visit, tuple(own), said, judged, tuple(asked[visit.child_id]), overrides))
    return found


def _papers(book: Book, children: Sequence[UUID], wanted: Requirements) -> dict[UUID, list[Paper]]:
    kinds = sorted({what for one in wanted for what in one.what} | {"intervention"})
    since = book.scope.at - max((one.months for one in wanted), default=0) * MONTH
    found: dict[UUID, list[Paper]] = defaultdict(list)
    for row in book.over(children, kinds, since=since):
        found[row.child_id].append(Paper(row.id, row.what, row.lane, row.title, row.start))
    return found


def _asked(book: Book, children: Sequence[UUID]) -> dict[UUID, list[Asked]]:
    found: dict[UUID, list[Asked]] = defaultdict(list)
    for row, _ in book.words(children, ("task",), waiting=True):
        holder = row.holder_id or row.offered_id
        found[row.child_id].append(Asked(row.id, row.title, row.start, row.author_id, holder, row.due))
    return found


def _records(book: Book, children: Sequence[UUID]) -> frozenset[UUID]:
    """The consent records that the reader may see."""
    return frozenset(row.id for row in book.over(children, ("consent",)))


def _judged(
    book: Book, act: str, visit: Visit, referral: Referral | None, family: Family | None, records: frozenset[UUID],
    at: int,
) -> Judged:  # fmt: skip
    """What the law says at a moment of an act at the visit's unit, or at the referral's receiver; if the reader may
    know."""
    if family is None:
        return Judged(None)
    units = [visit.unit, *(str(ident_of(one)) for one in ((referral.to, referral.accepted_by) if referral else ()))]
    asked = _matter(act, units, family.matters)
    matter = asked.matter if asked else Matter(act, recipient=visit.unit)
    given = asked.consents if asked else ()
    seen = [UUID(one.id) for one in given if UUID(one.id) in records]
    if str(book.scope.unit_id) not in (*units, *matter.disclosers) and not seen:
        return Judged(None)
    matter = replace(matter, acute=visit.urgency is Urgency.ACUTE)
    child, custody = family.facts.child, family.facts.custody
    answer = law.evaluate(matter, child, custody, given, at, law_in_use().book)
    silent = {one.person for one in answer.missing} if isinstance(answer, Incomplete) else set()
    times = [one.valid_from for one in given if one.giver in silent]
    return Judged(answer, max(times, default=None), seen[-1] if seen else None)


def _matter(act: str, units: Sequence[str], matters: Mapping[Key, AskedAbout]) -> AskedAbout | None:
    """What was asked about this act at one of these units, the visit's own first."""
    told = [one for (about, _, to), one in matters.items() if about == act and to in units]
    return min(told, key=lambda one: units.index(one.matter.recipient), default=None)
