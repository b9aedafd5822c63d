"""Reading what a unit has with a child, and which tasks it has ended."""

from uuid import UUID

import orjson

from barnetsbog.access.deriving import rights_of
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.roles import role_named
from barnetsbog.contacts.queries import team_row, working
from barnetsbog.directory import queries as directory
from barnetsbog.record import store
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.scope import Scope
from barnetsbog.referrals.model import State
from barnetsbog.referrals.rules import BEFORE_DECISION
from barnetsbog.responsibility.queries import of_unit

from . import mapping, rules
from .model import Closed, Open, Page

FAMILY_DOCTOR = "gp"
"""Every child has one, also when its case is closed."""

_WAITING = frozenset(state.value for state in BEFORE_DECISION | {State.DRAFT})
"""A referral that somebody has to do with yet. One that was accepted has been answered."""


def page(book: Book, child_id: UUID) -> Page:
    """The unit's own tasks with the child, what is open, and what it may read afterwards."""
    cares = own_tasks(book, child_id)
    return Page(tuple(cares), open_things(book, child_id), readable_until(book, child_id, cares))


def own_tasks(book: Book, child_id: UUID) -> list[EntryRow]:
    return [row for row in working(book, child_id) if row.unit_id and row.unit_id == book.scope.unit_id]


def open_things(book: Book, child_id: UUID) -> Open:
    unit = book.scope.unit_id
    tasks = book.entries(child_id, Filter(what=("task",), open=True), newest_first=False)
    team, here = team_row(book, child_id), working(book, child_id)
    batons = (*tasks, *((team,) if team else ()))
    ours = of_unit({one for row in batons for one in (row.holder_id, row.offered_id) if one}, unit)
    referrals = book.entries(child_id, Filter(what=("referral",), open=True, on_timeline=False))
    coming = book.entries(child_id, Filter(what=("appointment",), open=True, start_from=book.scope.at))
    mine = [row for row in tasks if row.holder_id in ours or (row.holder_id is None and row.unit_id == unit)]
    return Open(
        tuple(mine),
        tuple(row for row in referrals if _is_ours(row, unit)),
        tuple(row for row in coming if row.unit_id == unit),
        bool(team and team.holder_id in ours),
        not any(row.unit_id != unit and row.lane != FAMILY_DOCTOR for row in here),
        tuple(row for row in batons if row.offered_id in ours and row.holder_id not in ours and row not in mine),
    )  # fmt: skip


def _is_ours(referral: EntryRow, unit: UUID | None) -> bool:
    """What another system calls open may be years old, and can't be answered here."""
    return referral.status in _WAITING and unit in (referral.unit_id, referral.holder_id)


def readable_until(book: Book, child_id: UUID, cares: list[EntryRow]) -> int | None:
    """Until when the unit could read in the book if these tasks ended now: as rights would be derived."""
    at, facts = book.scope.at, facts_of(child_id)
    ending = {str(row.id) for row in cares}
    over = facts._replace(
        cares=tuple(one._replace(end=at, closed=True) if one.basis in ending else one for one in facts.cares)
    )
    left = [one for one in rights_of(over, law_in_use()) if one.grantee == str(book.scope.unit_id) and not one.entry]
    return max((one.end for one in left if one.shelves and one.start <= at < one.end), default=None)


def closed(book: Book) -> list[Closed]:
    """The tasks that the reader's unit has ended, the last one first, in a fixed number of queries."""
    rows = book.closed_tasks()
    children = directory.children(row.child_id for row in rows)
    read = store.bodies_of_many(sorted({row.child_id.bytes for row in rows}), ["care"])
    bodies = {one["id"]: one for one in (orjson.loads(body) for _, _, body in read)}
    found = []
    for row in (one for one in rows if one.child_id in children):
        body = bodies[str(row.id)]
        reason = mapping.reason_of(body)
        mine = may_reopen(body, book.scope)
        found.append(Closed(row.id, children[row.child_id], row.title, row.end or 0, reason, mine))
    return found


def may_reopen(episode: dict[str, object], by: Scope) -> bool:
    may = role_named(by.role).may
    job = f"PractitionerRole/{by.role_id}"
    return "ball" in may and rules.may_reopen(closed_by=mapping.closed_by(episode), job=job, leads="lead" in may)
