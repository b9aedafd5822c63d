"""Reading a child's timeline."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from barnetsbog.contacts.queries import names
from barnetsbog.directory.model import SECTORS
from barnetsbog.kernel.time import day_start, local_day, month_of
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter, Tally

from .model import Band, Lane, Listed, Period, Summary, Timeline, View, Zoom
from .periods import first_shown, parse_key, period_at, period_before, run

PAGE = 50
"""Entries on one page of the list."""


class _Shown(NamedTuple):
    """The columns of the table, and which of all entries they cover."""

    periods: tuple[Period, ...]
    earlier: str
    later: str


def timeline(book: Book, child_id: UUID, view: View) -> Timeline:
    """The table, its one-sentence summary and one page of the list."""
    wanted = _filter(book, child_id, view)
    tallies = book.tally(child_id, wanted)
    shown = _columns(tallies, view, local_day(book.scope.at))
    bands = book.entries(child_id, Filter(what=("intervention",), lanes=view.lanes), newest_first=False)
    chosen = parse_key(view.zoom, view.period) if view.period else None
    period = chosen or _span(shown.periods)
    within = _between(wanted, period)
    total = _total(book, child_id, view.zoom, within, tallies, period)
    pages = math.ceil(total / PAGE)
    view = replace(view, page=max(1, min(view.page, pages)))
    listed = _list(book, child_id, view, within)
    people = names(book, child_id, [row.author_id for row in listed])
    authors = [] if book.veiled(child_id) else sorted(set(people.values()), key=lambda one: one.name)
    lines = tuple(Listed(row, people.get(row.author_id) if row.author_id else None) for row in listed)
    return Timeline(
        view, _summary(tallies, bands, book.scope.at), shown.periods, _lanes(book, child_id, wanted, tallies, shown,
        view), tuple(_bands(bands, shown.periods, book.scope.at)), shown.earlier, shown.later, chosen, lines, total,
        pages, tuple(authors),
    )  # fmt: skip


def _filter(book: Book, child_id: UUID, view: View) -> Filter:
    since = book.read_mark(child_id) if view.only_new else None
    return Filter(
        what=view.what, lanes=view.lanes, author_id=view.author_id, important=view.important, came_after=since
    )  # fmt: skip


# -- the table -------------------------------------------------------------------------------------------------------


def _columns(tallies: Sequence[Tally], view: View, today: date) -> _Shown:
    """The newest columns up to `view.until`, and how to get to the older and the newer ones."""
    months = [tally.month for tally in tallies]
    newest = max(today, _last_day(max(months))) if months else today
    oldest = min(today, _first_day(min(months))) if months else today
    until = parse_key(view.zoom, view.until) if view.until else None
    last = until or first_shown(view.zoom, today, newest)
    periods = run(view.zoom, oldest, last.start)
    earlier = period_before(view.zoom, periods[0]).key if periods[0].start > oldest else ""
    return _Shown(periods, earlier, _later(view.zoom, last, len(periods), newest))


def _later(zoom: Zoom, last: Period, step: int, newest: date) -> str:
    """One screen forward, but not past the newest."""
    if last.end > newest:
        return ""
    period = last
    for _ in range(step):
        period = period_at(zoom, period.end)
        if period.end > newest:
            break
    return period.key


def _first_day(month: int) -> date:
    return date(month // 100, month % 100, 1)


def _last_day(month: int) -> date:
    return period_at(Zoom.MONTH, _first_day(month)).end - timedelta(days=1)


def _lanes(
    book: Book, child_id: UUID, wanted: Filter, tallies: Sequence[Tally], shown: _Shown, view: View
) -> tuple[Lane, ...]:
    """A row for each sector that has written anything, the child and the family first."""
    periods = shown.periods
    weeks = view.zoom is Zoom.WEEK
    counted = _by_week(book, child_id, wanted, periods) if weeks else _by_month(tallies, view.zoom)
    present = {tally.lane for tally in tallies} | {"family"}
    return tuple(
        Lane(sector, tuple(counted.get((sector, period.key), 0) for period in periods))
        for sector in SECTORS
        if sector in present
    )


def _by_month(tallies: Sequence[Tally], zoom: Zoom) -> Counter[tuple[str, str]]:
    keys = {month: period_at(zoom, _first_day(month)).key for month in {tally.month for tally in tallies}}
    counted: Counter[tuple[str, str]] = Counter()
    for tally in tallies:
        counted[tally.lane, keys[tally.month]] += tally.number
    return counted


def _by_week(book: Book, child_id: UUID, wanted: Filter, periods: Sequence[Period]) -> Counter[tuple[str, str]]:
    """Weeks cross months, so the half year shown is counted from its entries."""
    rows = book.entries(child_id, _between(wanted, _span(periods)))
    return Counter((row.lane, period_at(Zoom.WEEK, local_day(row.start)).key) for row in rows)


def _bands(rows: Sequence[EntryRow], periods: Sequence[Period], at: int) -> Iterable[Band]:
    """An intervention that is over, and of which nobody said when it ended, is drawn where it began. One that was never
    begun, or was written down by mistake, is none."""
    edges = [day_start(period.start) for period in periods] + [day_start(periods[-1].end)]
    for row in rows:
        if row.status in _NEVER_WAS:
            continue
        end = row.end if row.end is not None else row.start if row.status in _OVER else at
        if end < edges[0] or row.start >= edges[-1]:
            continue
        first = max(0, sum(edge <= row.start for edge in edges) - 1)
        last = min(len(periods), sum(edge <= end for edge in edges))
        yield Band(row.id, row.title, row.lane, first, max(last, first + 1))


_NEVER_WAS = ("draft", "preparation", "not-done", "entered-in-error")
_OVER = ("completed", "revoked", "stopped")
"""FHIR's words for interventions, of plans and of procedures."""


def _ongoing(row: EntryRow, at: int) -> bool:
    return row.start <= at and (row.end is None or row.end > at) and row.status not in (*_NEVER_WAS, *_OVER)


def _summary(tallies: Sequence[Tally], bands: Sequence[EntryRow], at: int) -> Summary:
    per_lane: Counter[str] = Counter()
    for tally in tallies:
        per_lane[tally.lane] += tally.number
    months = [tally.month for tally in tallies]
    ongoing = tuple((row.title, row.lane) for row in bands if _ongoing(row, at))
    return Summary(
        per_lane.total(),
        min(months) // 100 if months else None,
        max(months) // 100 if months else None,
        tuple(lane for lane, _ in per_lane.most_common(2)),
        ongoing,
    )


# -- the list --------------------------------------------------------------------------------------------------------


def _span(periods: Sequence[Period]) -> Period:
    """All that the table shows, as one period."""
    return Period("", periods[0].start, periods[-1].end)


def _list(book: Book, child_id: UUID, view: View, within: Filter) -> list[EntryRow]:
    """One page of the entries of a period, newest first, or all of them."""
    if view.everything:
        return book.entries(child_id, within)
    return book.entries(child_id, within, limit=PAGE, offset=(view.page - 1) * PAGE)


def _total(
    book: Book, child_id: UUID, zoom: Zoom, within: Filter, tallies: Sequence[Tally], period: Period
) -> int:  # fmt: skip
    """How many entries a period has. Whole months have been counted already."""
    if zoom is Zoom.WEEK:
        return book.count(child_id, within)
    first, after = month_of(period.start), month_of(period.end)
    return sum(one.number for one in tallies if first <= one.month < after)


def _between(wanted: Filter, period: Period) -> Filter:
    return replace(wanted, start_from=day_start(period.start), start_to=day_start(period.end))
