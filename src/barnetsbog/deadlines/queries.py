"""Reading clocks: on the work list over all of one's children, in a fixed number of queries, and in one child's book.

Everything comes through the `Book`: a clock about an entry that the reader may not see is not there, and neither does a
hidden entry stop a clock that would be there without it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access.breakglass import LookUp
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import ChildName
from barnetsbog.fhir.own import codes_of
from barnetsbog.kernel.time import DAY, parse
from barnetsbog.law.ages import months_after
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Coming, EntryRow, Filter, Key, OpenTask, Sought, Stage
from barnetsbog.record.fields import uuid_of
from barnetsbog.responsibility import queries as responsibility
from barnetsbog.responsibility.model import Case, Tab, Waiting

from . import rules
from .in_use import counting, deadlines_in_use
from .model import EVENTS, Clock, Deadline, Fact, Length, Span, Start

PAGE = 25
SOON = Length(2, Span.WORKING_DAYS)
"""How long before its day a ball turns yellow."""
TODAY, WEEK = Length(0, Span.DAYS), Length(7, Span.DAYS)


class Line(NamedTuple):
    """One thing that is due: a clock, and the ball that it is of, if it is one's."""

    child: ChildName
    clock: Clock
    case: Case | None = None


class Lines(NamedTuple):
    """A page of what is due; how much of all of it is red, and how much there is."""

    lines: tuple[Line, ...]
    red: int
    total: int
    page: int
    pages: int


# -- over all of one's children ----------------------------------------------------------------------------------------


def red(book: Book, found: Waiting) -> int:
    """How much must be done on the asker's children today, or should have been done already: of the balls that are with
    the asker, with nobody or have come to the asker, and of the clocks that run by themselves."""
    return _red(book, _balls(found)) + sum(one.red for one in _clocks(book, may_be_red=True))


def lines(book: Book, found: Waiting, *, everything: bool = False, page: int = 1) -> Lines:
    """What is due, the most urgent first, with names: only the red and what is due within a week, or `everything`."""
    balls, clocks = _balls(found), _clocks(book)
    moments: list[tuple[int, OpenTask | Clock]] = [*balls, *((one.due, one) for one in clocks)]
    week = rules.after(book.scope.at, WEEK, deadlines_in_use().days)
    some = sorted((one for one in moments if everything or one[0] <= week), key=lambda one: one[0])
    pages = max(1, math.ceil(len(some) / PAGE))
    page = min(max(1, page), pages)
    shown = [one for _, one in some[(page - 1) * PAGE : page * PAGE]]
    reds = _red(book, balls) + sum(one.red for one in clocks)
    return Lines(tuple(_named(book, found, shown)), reds, len(moments), page, pages)


def _balls(found: Waiting) -> list[tuple[int, OpenTask]]:
    return [(row.due, row) for row in found.rows if row.due is not None and _is_mine(found, row)]


def _red(book: Book, balls: Iterable[tuple[int, OpenTask]]) -> int:
    tonight = rules.after(book.scope.at, TODAY, deadlines_in_use().days)
    return sum(due <= tonight for due, _ in balls)


def _is_mine(found: Waiting, row: OpenTask) -> bool:
    mine = found.stands_in(row, Tab.MINE) or found.tabs[row.id] is Tab.NOBODY
    return mine and row.what == "task"


def _named(book: Book, found: Waiting, shown: Sequence[OpenTask | Clock]) -> Iterator[Line]:
    """With the names of their children, and of balls all that a list tells."""
    read = responsibility.cases(book, found, [one for one in shown if isinstance(one, OpenTask)])
    cases = {book.key(case.ball.id): case for case in read}
    children = directory.children({one.child_id for one in shown if isinstance(one, Clock) and one.child_id})
    for one in shown:
        if isinstance(one, OpenTask):
            if one.id in cases:
                yield _of_ball(cases[one.id], book.scope.at)
        elif one.child_id in children:
            book.saw(one.child_id)
            yield Line(children[one.child_id], one)


def _of_ball(case: Case, at: int) -> Line:
    ball, days = case.ball, deadlines_in_use().days
    due = ball.due or 0
    state = rules.state_of(due, at, rules.before(due, SOON, days))
    by_the_hour = not rules.ends_a_day(due)
    return Line(case.child, Clock("", ball.title, ball.since, due, state, (), "", by_the_hour=by_the_hour), case)


def _clocks(book: Book, *, may_be_red: bool = False) -> list[Clock]:
    """The clocks that run by themselves; on a child that has died none does. `may_be_red`: not those that merely
    pass."""
    at, days, sector = book.scope.at, deadlines_in_use().days, _sector(book)
    mine = [one for one in counting(at) if rules.concerns(one, sector) and not (may_be_red and one.passes)]
    referrals = book.referred() if any(one.starts is Start.REFERRAL for one in mine) else []
    ends = rules.latest(mine, Start.CONSENT_ENDS, at, days)
    begun = (months_after(at, -_months()) - 2 * DAY, months_after(ends or at, -_months()) + 2 * DAY)
    coming = book.coming(
        plans=rules.latest(mine, Start.FOLLOW_UP, at, days), consents=ends, begun=begun,
        births=rules.births(mine, at, days),
    )  # fmt: skip
    dead = book.dead(sorted({*(uuid_of(row.child_id) for row in coming), *(row.child_id for row in referrals)}))
    coming = [row for row in coming if uuid_of(row.child_id) not in dead]
    referrals = [row for row in referrals if row.child_id not in dead]
    children = directory.children(uuid_of(row.child_id) for row in coming if row.what == "child")
    about = list(dict.fromkeys([*children, *(row.child_id for row in referrals)]))
    written = _written(book, about, {row.child_id for row in referrals}, mine, sector)
    facts = [*_days(book, coming), *(_age(child, written) for child in children.values())]
    return rules.clocks(mine, [*facts, *(_referral(row, written) for row in referrals)], sector, at, days)


Written = Mapping[UUID, tuple[tuple[str, int], ...]]
"""By child, the kinds of entries that a sector has written, and when the last of each began, or each diagnosis was
written."""


def _written(
    book: Book, children: Sequence[UUID], referred: Iterable[UUID], mine: Sequence[Deadline], sector: str
) -> Written:
    """What may meet a deadline that is not an event's: that one's ball is ended by its holder. A diagnosis meets what a
    referral asks for."""
    kinds = {kind for one in mine if one.starts not in EVENTS for kind in one.unless} - {"change"}
    rows = book.last_written(children, sorted(kinds - {DIAGNOSIS}), sector)
    rows += _diagnoses(book, list(referred), sector) if DIAGNOSIS in kinds else []
    found: dict[UUID, tuple[tuple[str, int], ...]] = {}
    for child, kind, at in rows:
        found[child] = (*found.get(child, ()), (kind, at))
    return found


DIAGNOSIS = "condition"
_VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_IS_NONE = frozenset(("refuted", "entered-in-error"))


def _diagnoses(book: Book, children: Sequence[UUID], sector: str) -> list[tuple[UUID, str, int]]:
    """The diagnoses that a sector has given these children and that stand. They begin when the illness did; what meets
    a deadline is that they were written."""
    sought = [Sought((DIAGNOSIS,), read=read, lanes=(sector,)) for read in (True, False)]
    read = [(one, orjson.loads(one.body) if one.body else {}) for one in book.over(children, sought)]
    return [
        (one.child_id, DIAGNOSIS, parse(said["recordedDate"])[0] if "recordedDate" in said else one.start)
        for one, said in read
        if _IS_NONE.isdisjoint(codes_of([said.get("verificationStatus") or {}], _VERIFIED))
    ]


def _sector(book: Book) -> str:
    unit = book.scope.unit_id
    return directory.sectors([unit]).get(unit, "") if unit else ""


def _days(book: Book, coming: Sequence[Coming]) -> list[Fact]:
    """The days of plans and consents, but for those that a later one of the same sort has taken the place of."""
    ids = {row.id: row for row in coming if row.what != "child"}
    kinds = {row.what for row in ids.values()}
    theirs = book.coming_of(list(dict.fromkeys(row.child_id for row in ids.values())))
    last = _last(_as_it_ends(row) for row in theirs if row.what in kinds)
    return _facts(book, [row for row in last if row.id in ids])


def _as_it_ends(row: Coming) -> Coming:
    """A consent lasts no longer than so many months from the day on which it was given, whatever it says."""
    if row.what != "consent" or row.due - row.start <= 28 * _months() * DAY:
        return row
    return row._replace(due=min(row.due, months_after(row.start, _months())))


def _months() -> int:
    return law_in_use().book.max_months


def _facts(book: Book, rows: Sequence[Coming]) -> list[Fact]:
    """Whoever sets another day has not followed up by that: a plan must have been changed while its day stood."""
    changed = [uuid_of(row.id) for row in rows if row.what == "plan" and row.version > 1]
    stages = book.stages(("plan",), 0, ids=changed) if changed else []
    stood = {some[-1].id: _changed_as_it_stood(some) for some in stages}
    return [_day(row, stood.get(uuid_of(row.id))) for row in rows]


def _changed_as_it_stood(stages: Sequence[Stage]) -> int | None:
    day = stages[-1].due
    return max(
        (after.recorded_at for before, after in pairwise(stages) if before.due == after.due == day), default=None
    )


def _last(rows: Iterable[Coming]) -> Iterator[Coming]:
    """Of the plans of one sector the newest; of one giver's consents to the same thing the one that lasts longest."""
    newest: dict[tuple[Key, str, object], Coming] = {}
    for row in sorted(rows, key=lambda one: (one.start, one.due) if one.what == "plan" else (one.due, one.start)):
        newest[row.child_id, row.what, row.lane if row.what == "plan" else (row.author_id, row.title)] = row
    return iter(newest.values())


def _day(row: Coming, changed: int | None) -> Fact:
    start = Start.FOLLOW_UP if row.what == "plan" else Start.CONSENT_ENDS
    written = () if changed is None else (("change", changed),)
    return Fact(start, row.due, uuid_of(row.child_id), uuid_of(row.id), row.title, written=written)


def _age(child: ChildName, written: Written) -> Fact:
    return Fact(Start.AGE, 0, child.id, born=child.born, written=written.get(child.id, ()))


def _referral(row: EntryRow, written: Written) -> Fact:
    told = written.get(row.child_id, ())
    return Fact(Start.REFERRAL, row.start, row.child_id, row.id, row.title, written=told)


# -- one child ---------------------------------------------------------------------------------------------------------


def of_child(book: Book, child_id: UUID) -> list[Clock]:
    """The clocks of one child that concern the reader's unit, the most urgent first. The plans of every unit, because
    whoever opens a book wants to know when they are looked at. A child that has died has none: nobody is told of a
    birthday that does not come, nor to ask its parents anew."""
    at, sector, deadlines = book.scope.at, _sector(book), counting(book.scope.at)
    if book.dead([child_id]):
        return []
    rows = book.entries(child_id, Filter(what=("plan", "consent", "referral")))
    name = directory.child(child_id)
    coming = _last(_as_it_ends(_coming(row)) for row in rows if row.due is not None and not row.open)
    referrals = [row for row in rows if row.what == "referral" and row.open and _is_ours(row, book)]
    written = _written(book, [child_id], {row.child_id for row in referrals}, deadlines, sector)
    facts = [*_facts(book, list(coming)), *(_referral(row, written) for row in referrals)]
    if name:
        facts.append(_age(name, written))
    return rules.clocks(deadlines, facts, sector, at, deadlines_in_use().days)


def _is_ours(row: EntryRow, book: Book) -> bool:
    return row.holder_id == book.scope.unit_id


def _coming(row: EntryRow) -> Coming:
    assert row.due is not None
    return Coming(
        row.child_id, row.id, row.what, row.start, row.due, row.lane, row.author_id, row.title, row.version,
        row.recorded_at,
    )  # fmt: skip


# -- besides children --------------------------------------------------------------------------------------------------


def rounds(book: Book) -> list[Clock]:
    """The next days on which something is decided for many children at once."""
    at, days, sector = book.scope.at, deadlines_in_use().days, _sector(book)
    mine = [one for one in counting(at) if one.starts is Start.ROUND and rules.concerns(one, sector)]
    return [clock for one in mine for clock in rules.clocks([one], rules.rounds(one, at), sector, at, days)]


def first_to_review(look_ups: Iterable[LookUp], at: int) -> Clock | None:
    """The look-up whose review is due first."""
    facts = [Fact(Start.LOOK_UP, one.at, one.child_id, one.id) for one in look_ups]
    found = rules.clocks(counting(at), facts, "", at, deadlines_in_use().days)
    return found[0] if found else None


def rule_of(ident: str) -> Deadline | None:
    """The deadline that a ball was opened by."""
    return deadlines_in_use().deadlines.get(ident)
