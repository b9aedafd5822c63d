"""Reading the numbers of the reader's own unit: as many queries for one child as for thousands.

Everything comes through the Book as headings, so no number counts what its reader could not see. Whether a consent was
lacking is the law's to say, over everything; it is told here because the visit is at the reader's own unit
(`readiness.queries.lacked_consent`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from barnetsbog.access import naming
from barnetsbog.access.reading import open_to_count
from barnetsbog.audit.model import Action
from barnetsbog.directory.queries import units_beside, workplaces
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.readiness.queries import lacked_consent
from barnetsbog.record.attending import NEVER_HELD, NOT_AGREED, WAITLIST
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Stage
from barnetsbog.record.scope import Scope

from . import definitions, hiding, rules
from .model import Case, Cell, Definition, Measured, Measuring, Month, OfUnit, Planned, Row, Share, Spell, Touch, Year

SHOWN = 12
"""Months of each measure."""

_NO_MEETING = frozenset(("planned", "cancelled", "entered-in-error"))
_NO_CONTACT = NEVER_HELD | NOT_AGREED | {WAITLIST}


def of_unit(book: Book) -> tuple[Measured, ...]:
    """Every measure of the reader's own unit."""
    found = _Found(book)
    return (_load(found), _overdue(found), _ball_less(found), _first_send(found), _lost_visits(found), _contacts(found))


def of_units(scope: Scope, *, export: bool = False) -> list[OfUnit]:
    """The measures of each unit of the reader's organisation that has any, by name. There is no sum of them: a sum over
    units and a sum over months would together tell what each of them hides. `export`: they leave as a file."""
    units = units_beside(scope.unit_id) if scope.unit_id else []
    action, detail = (Action.EXPORT, {"what": Measuring.ACROSS}) if export else (Measuring.ACROSS, {})
    with open_to_count(scope, action, [one.id for one in units], **detail) as books:
        found = [OfUnit(unit, of_unit(book)) for unit, book in zip(units, books, strict=True)]
    return [one for one in found if not all(measured.empty for measured in one.measures)]


def of_one(scope: Scope, unit_id: UUID) -> OfUnit:
    """The measures of one of them."""
    with open_to_count(scope, Measuring.ACROSS, [unit_id]) as (book,):
        return OfUnit(naming.units(scope, [unit_id], veiled=False)[unit_id], of_unit(book))


class _Found:
    """What the book says to the reader, as far as the measures need it: read once."""

    def __init__(self, book: Book) -> None:
        if book.scope.unit_id is None:
            raise NotFound
        self.book, self.unit, self.at = book, book.scope.unit_id, book.scope.at
        found = rules.months(self.at, 2 * SHOWN)
        self.months, self.years, self.last_year = found[:SHOWN], rules.years(found), rules.last_year(found)
        self._tasks = book.stages(("task",), found[-1].start)
        self._now = [one for (one,) in book.stages(("care", "appointment"), found[-1].start, earlier=False)]
        self._own = book.stages(("referral", "appointment", "meeting"), 0, unit=self.unit)

    @cached_property
    def balls(self) -> list[tuple[UUID, list[Spell]]]:
        """Each ball: whose child it is about, and with whom it was when."""
        return [(stages[0].child_id, rules.spells(stages, self.at)) for stages in self._tasks]

    @cached_property
    def held(self) -> list[Spell]:
        """The times in which balls were with the unit."""
        everywhere = [one for _, found in self.balls for one in found]
        here = {
            ident for ident, (unit, _) in workplaces(one.holder for one in everywhere if one.holder).items()
            if unit == self.unit
        }  # fmt: skip
        return [one for one in everywhere if one.holder in here]

    @cached_property
    def cases(self) -> list[Case]:
        """The unit's own tasks with the children it sees."""
        return [rules.case_of(one) for one in self._now if one.what == "care" and one.unit_id == self.unit]

    @cached_property
    def ended(self) -> list[Case]:
        """Those that it has ended, and sees nothing more of."""
        known = {case.id for case in self.cases}
        return [rules.case_of(row) for row in self.book.closed_tasks(counted=True) if row.id not in known]

    @cached_property
    def sent(self) -> list[list[Stage]]:
        """The unit's own referrals."""
        return [stages for stages in self._own if stages[-1].what == "referral"]

    @cached_property
    def touches(self) -> list[Touch]:
        """Who had to do with which child, when."""
        told = [(child, one.holder, one.start, one.end) for child, found in self.balls for one in found]
        cases = (rules.case_of(one) for one in self._now if one.what == "care")
        told += [(one.child_id, one.unit_id, one.start, one.end) for one in cases if one.start < one.end]
        told += [
            (one.child_id, one.author_id, one.start, one.start)
            for one in self._now
            if one.what == "appointment" and one.status not in _NO_CONTACT and one.start <= self.at
        ]
        places = workplaces(who for _, who, _, _ in told if who)
        return [
            Touch(child, who, places[who][0], start, end) for child, who, start, end in told if who and who in places
        ]

    @cached_property
    def visits(self) -> list[tuple[UUID, Planned]]:
        """The times agreed for first visits at the unit since the last year began, and whose they were."""
        times: defaultdict[UUID, list[Planned]] = defaultdict(list)
        there: defaultdict[UUID, list[int]] = defaultdict(list)
        for stages in self._own:
            if stages[-1].what == "meeting" and stages[-1].status not in _NO_MEETING:
                there[stages[-1].child_id].append(stages[-1].start)
            elif stages[-1].what == "appointment":
                times[stages[-1].child_id] += rules.planned(stages)
        first = ((child, one) for child, found in times.items() for one in rules.first_visits(found, there[child]))
        return [(child, one) for child, one in first if self.last_year[-1].start <= one.start < self.at]


def _load(found: _Found) -> Measured:
    def cells(month: Month) -> tuple[Cell, ...]:
        cases = rules.open_at([*found.cases, *found.ended], month.end)
        return hiding.count(len(rules.open_at(found.held, month.end))), hiding.count(len(cases))

    return Measured(definitions.LOAD, tuple(Row(one.number, cells(one)) for one in found.months))


def _overdue(found: _Found) -> Measured:
    return _shares(definitions.OVERDUE, {one.number: rules.overdue(found.held, one.end) for one in found.months})


def _ball_less(found: _Found) -> Measured:
    ours: defaultdict[UUID, list[Case]] = defaultdict(list)
    for case in found.cases:
        ours[case.child_id].append(case)
    nobody_s = (
        rules.during((one for one in spells if one.holder is None), ours[child])
        for child, spells in found.balls if child in ours
    )  # fmt: skip
    balls = [spells for spells in nobody_s if spells]

    def cells(month: Month) -> tuple[Cell, ...]:
        days = [number for spells in balls if (number := rules.days_without(spells, month))]
        return *hiding.resting_on([len(days)], sum(days)), hiding.count(len(days))

    return Measured(definitions.BALL_LESS, tuple(Row(one.number, cells(one)) for one in found.months))


def _first_send(found: _Found) -> Measured:
    sent = [(at, rules.got_through(stages)) for stages in found.sent if (at := rules.sent_at(stages)) is not None]
    return _added_up(definitions.FIRST_SEND, sent, found)


def _lost_visits(found: _Found) -> Measured:
    asked = {(child, one.given_up) for child, one in found.visits if one.given_up is not None}
    lacked = lacked_consent(found.book, asked)
    visits = [(one.start, (child, one.given_up) in lacked) for child, one in found.visits]
    return _added_up(definitions.LOST_VISITS, visits, found)


def _contacts(found: _Found) -> Measured:
    def cells(year: Year, met: Mapping[UUID, int]) -> tuple[Cell, ...]:
        times = rules.child_years(found.cases, year)
        number, time = sum(met.get(child, 0) for child in times), sum(times.values())
        if not time:
            return *hiding.resting_on([0], 0, 0), hiding.NOTHING
        return hiding.resting_on([len(times), number], number, time, number / time)

    told = [cells(year, met) for year, met in zip(found.years, rules.contacts(found.touches, found.years), strict=True)]
    rows = (Row(month.number, one) for month, one in zip(found.months, reversed(told), strict=True))
    return Measured(definitions.CONTACTS, tuple(rows))


def _added_up(definition: Definition, counted: Sequence[tuple[int, bool]], found: _Found) -> Measured:
    """What happens in months, and in the last whole year."""
    months = {one.number: rules.share_of(counted, one) for one in found.months}
    year = hiding.together([rules.share_of(counted, one) for one in found.last_year])
    return _shares(definition, months, Row(found.last_year[0].number // 100, year))


def _shares(definition: Definition, found: Mapping[int, Share], total: Row | None = None) -> Measured:
    rows = (Row(number, hiding.share(one)) for number, one in found.items())
    return Measured(definition, tuple(rows), total)
