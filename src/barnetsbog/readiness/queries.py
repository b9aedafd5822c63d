"""Reading how coming first visits stand, of one child or of a whole unit: as many queries for one as for five hundred.

What is there is read through the Book. What the law says of a consent is judged over everything, as in the consent
centre, and told only to a unit that the consent is between, or to somebody who sees a record of it. A family is told
nothing of it here: it has its own page of answers.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings

from barnetsbog.access import naming
from barnetsbog.access.deriving import judged
from barnetsbog.access.gathering import Family, consenting
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.consent.matters import Asked as AskedAbout
from barnetsbog.consent.matters import Key
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import names_over
from barnetsbog.directory import queries as directory
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY, age_on, local_day
from barnetsbog.law.model import Answer, Blocked, Complete, Incomplete, Matter, NotRequired, Status
from barnetsbog.record.attending import NEVER_HELD, NOT_AGREED, WAITLIST
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter, Heading, Sought
from barnetsbog.record.fields import uuid_of
from barnetsbog.record.promotion import DECEASED
from barnetsbog.record.scope import Scope
from barnetsbog.referrals.mapping import referral_of
from barnetsbog.referrals.model import Referral, Urgency
from barnetsbog.referrals.model import State as Stands
from barnetsbog.referrals.rules import BEFORE_DECISION
from barnetsbog.routing.loading import standard

from . import mapping
from .files import LOCAL, Requirements, load
from .model import Asked, Coming, Facts, Judged, Override, Page, Paper, Readiness, Shown, Visit
from .rules import MONTH, applies, applying, lacks_nothing_else, readiness

Resource = dict[str, Any]

OPEN = ("appointment", "referral")
YEAR = 365 * DAY


@lru_cache(maxsize=1)
def requirements() -> Requirements:
    """What must be there in this instance."""
    local = Path(settings.DATA) / LOCAL
    text = local.read_text(encoding="utf-8") if local.exists() else ""
    return load(text, acts=frozenset(law_in_use().book.acts), suspicions=frozenset(standard().suspicions))


# -- the coming visits -------------------------------------------------------------------------------------------------


PAGE = 50


def page_of_unit(book: Book, page: int) -> Page:
    """Some of the coming visits of the reader's unit, and how many of all are ready. A page that is not there is the
    last one. The law is only asked about visits that are shown, or that lack nothing else: the others are not ready
    whatever it says."""
    unit = book.scope.unit_id
    waiting = _at_unit(book, unit) if unit else None
    if waiting is None or not waiting.visits:
        return Page((), 0, 0, 1, 1)
    page, pages, here = window(len(waiting.visits), page)
    shown = waiting.visits[here]
    others = (one for one in (*waiting.visits[: here.start], *waiting.visits[here.stop :]) if waiting.may_be_ready(one))
    found = waiting.stand([*shown, *others])
    known = directory.children({one.child_id for one in shown})
    rows = (Shown(known[one.visit.child_id], one) for one in found[: len(shown)] if one.visit.child_id in known)
    return Page(tuple(rows), len(waiting.visits), sum(one.ready for one in found), page, pages)


def window(total: int, page: int) -> tuple[int, int, slice]:
    """Which page is shown when one is asked for, of how many, and what stands on it."""
    pages = max(1, ceil(total / PAGE))
    page = min(max(page, 1), pages)
    return page, pages, slice((page - 1) * PAGE, min(page * PAGE, total))


def of_unit(book: Book) -> list[Readiness]:
    """Every coming first visit at the reader's unit: those with a time in order, then those that wait for one."""
    unit = book.scope.unit_id
    if unit is None:
        return []
    waiting = _at_unit(book, unit)
    return waiting.stand(waiting.visits)


def _at_unit(book: Book, unit: UUID) -> "_Waiting":
    mine = book.key(unit)
    waiting = (one for one in book.open_tasks(OPEN) if one.what == "referral" or one.unit_id == mine)
    return _waiting(book, [uuid_of(child) for child in {one.child_id for one in waiting}], unit)


def of_child(book: Book, child_id: UUID) -> list[Coming]:
    """The coming first visits of one child, wherever they are. None for the family."""
    if book.scope.unit_id is None or not book.count(child_id, Filter(what=OPEN, open=True, on_timeline=False)):
        return []
    waiting = _waiting(book, [child_id])
    return named(book, waiting.stand(waiting.visits))


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


def by_referral(book: Book, children: Collection[UUID]) -> dict[UUID, Readiness]:
    """How the coming visits of these children at the reader's unit stand, by the referral that they come of: for the
    unit's queue. The law is asked about those who are in it, and not about everybody who is to come."""
    unit = book.scope.unit_id
    if unit is None or not children:
        return {}
    waiting = _waiting(book, sorted(set(children)), unit)
    found = waiting.stand([one for one in waiting.visits if one.referral])
    return {one.visit.referral: one for one in found if one.visit.referral}


def _rank(one: Visit) -> tuple[bool, int, str]:
    return one.at is None, one.at or 0, str(one.id)


def named(book: Book, found: Sequence[Readiness]) -> list[Coming]:
    """Visits with the names of the child, the place and everybody that their items name."""
    children = {one.visit.child_id for one in found}
    known, veiled = directory.children(children), book.veiled_among(children)
    units, hidden = (
        naming.units(book.scope, {_unit(one) for one in found if (one.visit.child_id in veiled) is shut}, veiled=shut)
        for shut in (False, True)
    )
    wanted = {(one.visit.child_id, ident) for one in found for ident in _people(one) if ident}
    people: dict[UUID, dict[str, Contact]] = defaultdict(dict)
    for (child, ident), contact in names_over(book, wanted).items():
        people[child][str(ident)] = contact
    return [
        Coming(known[child], (hidden if child in veiled else units).get(_unit(one)), one, people[child])
        for one in found if (child := one.visit.child_id) in known
    ]  # fmt: skip


def _unit(one: Readiness) -> UUID:
    return UUID(one.visit.unit)


def _people(one: Readiness) -> Iterable[UUID | None]:
    for item in one.items:
        yield from (UUID(person) for person in item.people)
        yield from (item.asked.holder, item.asked.by) if item.asked else ()
        yield item.override.by if item.override else None


def _wanted(book: Book, unit: UUID | None) -> Requirements:
    """What a visit may need, at one unit or (None) wherever it is."""
    on = tuple(one for one in requirements() if one.on)
    if unit is None:
        return on
    known = naming.units(book.scope, [unit], veiled=False)
    return tuple(one for one in on if not one.sectors or (unit in known and known[unit].sector in one.sectors))


# -- what the book tells -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Told:
    """What one child's book says to the reader, as far as visits need it, the oldest first."""

    patient: mapping.Patient | None = None
    dead: bool = False
    persons: list[mapping.Person] = field(default_factory=list)
    referrals: list[tuple[Heading, Referral]] = field(default_factory=list)
    times: list[Heading] = field(default_factory=list)
    """Appointments and meetings."""
    with_interpreter: set[UUID] = field(default_factory=set)
    """Those of them for which one is booked."""
    overrides: dict[UUID, list[Override]] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    consents: set[UUID] = field(default_factory=set)
    """The records that the reader may see."""


def _told(book: Book, children: Sequence[UUID], wanted: Requirements, units: tuple[UUID, ...]) -> dict[UUID, _Told]:
    found = {child: _Told() for child in children}
    sought = [*_about_visits(book.scope.at, units), *_papers(book.scope.at, wanted)]
    for row in book.over(children, sought, mine=bool(units)):
        _file(row, found[row.child_id])
    return found


def _about_visits(at: int, units: tuple[UUID, ...]) -> Iterable[Sought]:
    yield Sought(("child", "person", "referral", mapping.OVERRIDE), read=True)
    yield Sought(("task",), open=True)
    yield Sought(("appointment",), read=True, open=True, since=at, units=units)
    yield Sought(("appointment", "meeting"), units=units)
    if not units:  # whoever a visit is at is told what the law says of its consents, and asks for no record
        yield Sought(("consent",))


def _papers(at: int, wanted: Requirements) -> Iterable[Sought]:
    yield Sought(("intervention",), since=at - max((one.months for one in wanted), default=0) * MONTH)
    for one in (one for one in wanted if one.what):
        since = at - one.months * MONTH if one.months else 0
        yield Sought(tuple(sorted(one.what)), since=since, lanes=tuple(sorted(one.lanes)), words=one.words)


def _file(row: Heading, mine: _Told) -> None:
    said: Any = None if row.body is None else _read(row.what, row.body)
    match row.what:
        case "child":
            mine.patient, mine.dead = said, row.status == DECEASED
        case "person":
            mine.persons.append(said)
        case "referral":
            mine.referrals.append((row, said))
        case "task":
            holder = row.holder_id or row.offered_id
            mine.asked.append(Asked(row.id, row.title, row.start, row.author_id, holder, row.due))
        case "consent":
            mine.consents.add(row.id)
        case mapping.OVERRIDE:
            if told := mapping.override_of(said, at=row.start, by=row.author_id, version=row.version):
                mine.overrides.setdefault(told[0], []).append(told[1])
        case "appointment" | "meeting":
            mine.times.append(row)
            mine.with_interpreter |= {row.id} if said else set()
    if row.body is None and row.what not in ("appointment", "consent", "task"):
        mine.papers.append(Paper(row.id, row.what, row.lane, row.title, row.start))


_READ: Mapping[str, Callable[[Resource], Any]] = {
    "child": mapping.patient_of, "person": mapping.person_of, "referral": referral_of,
    "appointment": mapping.books_interpreter, mapping.OVERRIDE: lambda resource: resource,
}  # fmt: skip


@lru_cache(maxsize=16_384)
def _read(what: str, body: bytes) -> Any:
    """What an entry says, as far as visits need it: the same words always say the same."""
    return _READ[what](orjson.loads(body))


# -- which visits are first --------------------------------------------------------------------------------------------


def _visits(book: Book, told: Mapping[UUID, _Told], unit: UUID | None) -> list[Visit]:
    """The open appointments that are a child's first at a unit, and referrals that have led to none yet. Where a child
    is every day, or its whole childhood, nothing but a referral makes an appointment its first; and to whoever isn't
    at the unit nothing but one of the last year that they see: without it they can't know whether the child has been
    there, or what goes with it. A child that has died comes to none."""
    found = [
        one for child, mine in told.items() if not mine.dead for one in _candidates(child, mine, book.scope)
        if (unit is None or one.unit == str(unit)) and not _been_there(one, mine, book.scope.at)
    ]  # fmt: skip
    begin = {sector for one in requirements() for sector in one.sectors}
    units = naming.units(book.scope, map(UUID, {one.unit for one in found}), veiled=False)
    sectors = {str(ident): one.sector for ident, one in units.items()}
    born, at = directory.births({one.child_id for one in found}), book.scope.at
    return [
        one._replace(sector=sectors[one.unit], age=_age(born.get(one.child_id), one.at or at)) for one in found
        if one.unit in sectors and (one.referral or sectors[one.unit] in begin)
    ]  # fmt: skip


def _age(born: date | None, at: int) -> int | None:
    """In whole years, on the day of the visit."""
    return None if born is None else age_on(born, local_day(at))


def _been_there(visit: Visit, mine: _Told, at: int) -> bool:
    """Whether the child has been at the unit before this, or comes there first; of a referral, since it was written."""
    there = (row for row in mine.times if str(row.unit_id) == visit.unit and _counts(row, at))
    if visit.at is not None:
        return any(row.start < visit.at for row in there)
    written = next(row.start for row, _ in mine.referrals if row.id == visit.id)
    return any(row.start > written for row in there)


def _counts(row: Heading, at: int) -> bool:
    """Whether the child came to a time, or may come. It did not come to one that was called off, or that nobody had
    agreed on when it had gone; and whoever is on a waiting list has none."""
    never = row.status in NEVER_HELD or row.status == WAITLIST
    return not never and (row.status not in NOT_AGREED or row.start >= at)


def _candidates(child: UUID, mine: _Told, scope: Scope) -> Iterable[Visit]:
    for one in mine.times:
        if one.what == "appointment" and one.open and one.start >= scope.at and one.unit_id:
            led = next((told for told in reversed(mine.referrals) if _leads_to(told[1], one.unit_id)), None)
            if one.unit_id == scope.unit_id or (led and _is_of_the_year(led[0], scope)):
                yield _visit(child, one, str(one.unit_id), led, at=one.start)
    for row, referral in mine.referrals:
        unit = ident_of(referral.accepted_by or referral.to)
        if row.open and unit and _waits(row, referral, unit, scope):
            yield _visit(child, row, str(unit), (row, referral))


def _waits(row: Heading, referral: Referral, unit: UUID, scope: Scope) -> bool:
    """Undecided, or accepted. Who isn't the receiver may not see that the child has been there: after a year it has."""
    accepted = referral.state is Stands.ACCEPTED and (unit == scope.unit_id or _is_of_the_year(row, scope))
    return accepted or referral.state in BEFORE_DECISION


def _is_of_the_year(referral: Heading, scope: Scope) -> bool:
    return scope.at - referral.start < YEAR


def _leads_to(referral: Referral, unit: UUID) -> bool:
    taken = referral.state in BEFORE_DECISION | {Stands.ACCEPTED, Stands.CLOSED}
    return taken and unit in (ident_of(referral.to), ident_of(referral.accepted_by))


def _visit(
    child: UUID, row: Heading, unit: str, found: tuple[Heading, Referral] | None, at: int | None = None
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


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Coming first visits in order, and what the book told of them. `needs`: what each sort of visit needs; a unit has
    few sorts."""

    book: Book
    told: Mapping[UUID, _Told]
    visits: Sequence[Visit]
    needs: Mapping[tuple[Any, ...], Requirements]
    phones: Mapping[UUID, str]
    """Of whoever has referred."""

    def stand(self, visits: Sequence[Visit]) -> list[Readiness]:
        """How some of them stand."""
        acts = {one.act for visit in visits for one in self._needed(visit) if one.act}
        families = consenting(list({one.child_id for one in visits}), acts)
        return [self._stands(one, families.get(one.child_id)) for one in visits]

    def may_be_ready(self, visit: Visit) -> bool:
        """Whether a visit lacks nothing but, perhaps, what the law says of consents and custody."""
        return lacks_nothing_else(self._facts(visit, custody_known=True), self._needed(visit), self.book.scope.at)

    def _stands(self, visit: Visit, family: Family | None) -> Readiness:
        facts = self._facts(visit, custody_known=family is not None and family.facts.custody.known)
        needed, at = self._needed(visit), self.book.scope.at
        referral, records = self._referral(visit), self.told[visit.child_id].consents
        acts = (one.act for one in needed if one.act)
        judged = tuple((act, _judged(self.book, act, visit, referral, family, records, at)) for act in acts)
        return readiness(replace(facts, judged=judged), needed, at)

    def _needed(self, visit: Visit) -> Requirements:
        return self.needs[_sort(visit)]

    def _referral(self, visit: Visit) -> Referral | None:
        return next((one for row, one in self.told[visit.child_id].referrals if row.id == visit.referral), None)

    def _facts(self, visit: Visit, *, custody_known: bool) -> Facts:
        """What is known, to this reader, before the law is asked."""
        mine = self.told[visit.child_id]
        said = mapping.said(
            visit, mine.patient, mine.persons, self._referral(visit),
            visit.id if visit.id in mine.with_interpreter else None,
            [paper.id for paper in mine.papers if paper.what == "intervention"], self.phones,
            custody_known=custody_known, at=self.book.scope.at,
        )  # fmt: skip
        overrides = (*mine.overrides.get(visit.id, ()), *mine.overrides.get(visit.referral or visit.id, ()))
        return Facts(visit, tuple(mine.papers), said, (), tuple(mine.asked), overrides)


def _waiting(book: Book, children: Sequence[UUID], unit: UUID | None = None) -> _Waiting:
    """The coming first visits of these children, at one unit or (None) wherever they are."""
    wanted = _wanted(book, unit)
    told = _told(book, children, wanted, (unit,) if unit else ())
    visits = sorted(_visits(book, told, unit), key=_rank)
    needs = {sort: applying(wanted, visit) for sort, visit in {_sort(one): one for one in visits}.items()}
    return _Waiting(book, told, visits, needs, _phones(book, told.values()))


def _sort(visit: Visit) -> tuple[Any, ...]:
    """What decides, of a visit, what it needs (`rules.applies`)."""
    return visit.sector, visit.suspicion, visit.urgency, visit.age


def _phones(book: Book, told: Iterable[_Told]) -> dict[UUID, str]:
    """The telephone numbers of whoever has referred."""
    referrers = {ident_of(one.referrer) for mine in told for _, one in mine.referrals}
    jobs = naming.roles(book.scope, {one for one in referrers if one}, veiled=False)
    return {ident: job.phone for ident, job in jobs.items()}


def _judged(
    book: Book, act: str, visit: Visit, referral: Referral | None, family: Family | None, records: Collection[UUID],
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
    if visit.urgency is Urgency.ACUTE:
        matter = replace(matter, acute=True)
    answer = judged(matter, family.facts, at, law_in_use().book)
    then = _then(answer, matter, family, visit.at)
    lacks = then or answer
    silent = {one.person for one in lacks.missing} if isinstance(lacks, Incomplete) else set()
    waits = {one.giver: one.valid_from for one in given if one.status is Status.ASKED and one.giver in silent}
    asked_at = max(waits.values(), default=None)
    return Judged(_as_asked(answer, waits), asked_at, seen[-1] if seen else None, then and _as_asked(then, waits))


def _as_asked(answer: Answer, waits: Collection[str]) -> Answer:
    """Nobody waits for somebody who has answered, though the answer has ended."""
    if not isinstance(answer, Incomplete):
        return answer
    return replace(answer, missing=tuple(replace(one, asked=one.person in waits) for one in answer.missing))


def _then(now: Answer, matter: Matter, family: Family, visit: int | None) -> Answer | None:
    """What the law says of the moment of a visit, where what is enough now is not enough then."""
    if visit is None or not isinstance(now, Complete) or visit < now.until:
        return None
    then = judged(matter, family.facts, visit, law_in_use().book)
    return None if isinstance(then, Complete | NotRequired) else then


def _matter(act: str, units: Sequence[str], matters: Mapping[Key, AskedAbout]) -> AskedAbout | None:
    """What was asked about this act at one of these units, the visit's own first."""
    told = [one for (about, _, to), one in matters.items() if about == act and to in units]
    return min(told, key=lambda one: units.index(one.matter.recipient), default=None)
