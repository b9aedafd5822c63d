"""Reading who has the ball."""

import math
from collections import Counter
from uuid import UUID

from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import names
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import ChildName
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter, Key, OpenTask

from . import rules
from .model import Ball, Case, Notice, Tab, WorkList


def asker_ids(book: Book) -> frozenset[UUID]:
    scope = book.scope
    return frozenset(ident for ident in (scope.role_id, scope.person_id, scope.unit_id) if ident)


def balls(book: Book, child_id: UUID) -> list[Ball]:
    """A child's open tasks: the important ones first, then by deadline."""
    rows = book.entries(child_id, Filter(what=("task",), open=True), newest_first=False)
    known = names(book, [ident for row in rows for ident in (row.holder_id, row.author_id)])
    mine = asker_ids(book)
    found = [_ball(row, known, mine, book.scope.at) for row in rows]
    return sorted(found, key=lambda ball: (not ball.important, ball.due is None, ball.due or 0, ball.since))


PAGE = 25
"""Cases on one page of the work list."""


def work_list(book: Book, tab: Tab = Tab.MINE, page: int = 1) -> WorkList:
    """The asker's children with an open ball, one line a child, most urgent first, in a fixed number of queries."""
    rows = book.open_tasks()
    mine = frozenset(book.key(ident) for ident in asker_ids(book))
    sorted_in = {row.id: rules.tab_of(row.holder_id, mine) for row in rows}
    first: dict[Key, OpenTask] = {}
    for row in rows:
        if tab is Tab.ALL or sorted_in[row.id] is tab:
            first.setdefault(row.child_id, row)
    pages = max(1, math.ceil(len(first) / PAGE))
    page = min(max(1, page), pages)
    shown = list(first.values())[(page - 1) * PAGE : page * PAGE]
    open_balls = Counter(row.child_id for row in rows)
    cases = _cases(book, book.tasks(shown), open_balls)
    return WorkList(tab, _counts(rows, sorted_in), cases, _next_due(rows, book.scope.at), page, pages)


def notices(book: Book) -> list[Notice]:
    """What the asker's unit has been told of sharings that have ended, the newest first."""
    rows = book.notices()
    known = set(book.children()) if rows else set()
    names = directory.children(row.child_id for row in rows)
    return [
        Notice(
            row.id, names[row.child_id].initials if row.child_id in names else "",
            names.get(row.child_id) if row.child_id in known else None, row.start,
        )
        for row in rows
    ]  # fmt: skip


def _cases(book: Book, rows: list[EntryRow], open_balls: Counter[Key]) -> tuple[Case, ...]:
    mine = asker_ids(book)
    children = directory.children(row.child_id for row in rows)
    known = names(book, [ident for row in rows for ident in (row.holder_id, row.author_id)])
    nobody = ChildName(UUID(int=0), "", "", "", None, "")
    return tuple(
        Case(
            children.get(row.child_id, nobody),
            _ball(row, known, mine, book.scope.at),
            open_balls[book.key(row.child_id)] - 1,
        )
        for row in rows
    )


def _counts(rows: list[OpenTask], sorted_in: dict[Key, Tab]) -> dict[Tab, int]:
    """Children, not tasks, in each tab: that is what the list shows."""
    children: dict[Tab, set[Key]] = {tab: set() for tab in Tab}
    for row in rows:
        children[sorted_in[row.id]].add(row.child_id)
    return {tab: len(found) for tab, found in children.items()} | {Tab.ALL: len({row.child_id for row in rows})}


def _next_due(rows: list[OpenTask], at: int) -> int | None:
    return min((row.due for row in rows if row.due and row.due >= at), default=None)


def _ball(row: EntryRow, known: dict[UUID, Contact], mine: frozenset[UUID], at: int) -> Ball:
    holder = known.get(row.holder_id) if row.holder_id else None
    if row.holder_id and holder is None:
        holder = Contact(row.holder_id, "")
    return Ball(
        row.id, row.child_id, row.title, row.status, holder, known.get(row.author_id) if row.author_id else None,
        row.start, row.due, row.important, rules.is_overdue(row.due, at), row.holder_id in mine,
    )  # fmt: skip
