"""Reading a foster carer's week, statuses and agreements, within what the reader may see and in a fixed number of
queries."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.roles import works
from barnetsbog.calendar import queries as calendar
from barnetsbog.calendar.model import Meeting
from barnetsbog.contacts import queries as contacts
from barnetsbog.contacts.queries import names
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import day_start, local_day
from barnetsbog.letters import queries as letters
from barnetsbog.messages import queries as messages
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import CARE_AGREEMENT, CARER_STATUS, CONTACT_PLAN, MEDICINE
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import queries as responsibility
from barnetsbog.responsibility.mapping import about_of

from . import mapping, rules
from .model import Agreed, Note, Pages, Reported, Sort, Week

CARER = "foster-carer"
SHOWN = 5
AGREEMENTS = (CONTACT_PLAN, CARE_AGREEMENT)
_WEEK = timedelta(days=7)
_WRONG = "entered-in-error"


def is_carer(scope: Scope) -> bool:
    return scope.role == CARER


def week(book: Book, child_id: UUID) -> Week:
    """Monday to Sunday, with what is left of it and of what is late. `NotFound` for whoever is no foster carer."""
    if not is_carer(book.scope):
        raise NotFound
    at = book.scope.at
    today = local_day(at)
    monday = today - timedelta(days=today.weekday())
    start, end = day_start(monday), day_start(monday + _WEEK)
    coming = [one for one in calendar.of_child(book, child_id, start, at + calendar.AHEAD) if not one.over]
    timed = [one for one in coming if not one.waits]
    agreed = [one for one in agreements(book, child_id, timed) if not one.over]
    balls = sorted(responsibility.balls(book, child_id), key=lambda one: one.due or end)
    return Week(
        person(book, child_id), monday, tuple(one for one in timed if one.start < end),
        next((one for one in timed if one.start >= end), None),
        rules.visits(timed, (f"CarePlan/{one.id}" for one in agreed)),
        tuple(one for one in balls if one.due is None or one.due >= at),
        tuple(one for one in balls if one.due is not None and one.due < at), tuple(notes(book, child_id)[:SHOWN]),
        next(iter(reports(book, child_id, limit=1)), None), tuple(agreed),
        contacts.coordinator(book, child_id)[0], messages.unread(book, child_id),
        sum(not one.read for one in letters.received(book, child_id)),
    )  # fmt: skip


def notes(book: Book, child_id: UUID) -> list[Note]:
    """The notes of medicine that the carer may read, the newest first."""
    if not is_carer(book.scope):
        raise NotFound
    return [
        Note(row.id, mapping.given_of(body), row.author_id == book.scope.role_id)
        for row, body in _read(book, child_id, (MEDICINE,))
    ]


def reports(book: Book, child_id: UUID, *, limit: int | None = None) -> list[Reported]:
    """The statuses that the reader may read, the newest first."""
    found = _read(book, child_id, (CARER_STATUS,), limit=limit)
    if not found:
        return []
    known, waiting = names(book, child_id, (row.author_id for row, _ in found)), _about_balls(book, child_id)
    return [
        Reported(
            row.id, mapping.report_of(body), row.start, f"RelatedPerson/{row.author_id}",
            known.get(row.author_id) if row.author_id else None, row.author_id == book.scope.role_id,
            mapping.tells_of_danger(body), f"Observation/{row.id}" in waiting,
        ) for row, body in found
    ]  # fmt: skip


def _about_balls(book: Book, child_id: UUID) -> set[str]:
    """What the open balls are about that the reader may read."""
    rows = book.entries(child_id, Filter(what=("task",), open=True))
    return {about_of(orjson.loads(body)) for body in book.bodies(rows).values()}


def last_report(book: Book, child_id: UUID) -> EntryRow | None:
    """The newest status that the reader may read: when it was written."""
    return next(iter(book.entries(child_id, Filter(what=(CARER_STATUS,), on_timeline=False), limit=1)), None)


def agreements(book: Book, child_id: UUID, meetings: Sequence[Meeting] | None = None) -> list[Agreed]:
    """What is agreed, as far as the reader may read it: what is in force first, contact before everyday life.
    `meetings`: the child's coming appointments, where somebody has read them already."""
    found = _read(book, child_id, AGREEMENTS)
    if not found:
        return []
    at = book.scope.at
    bare = book.scope.unit_id is None and book.veiled(child_id)
    if meetings is None:
        meetings = calendar.of_child(book, child_id, at, at + calendar.AHEAD)
    told = [_agreed(row, body, meetings, bare=bare, at=at) for row, body in found]
    known = names(book, child_id, (ident_of(one.agreement.call) for one in told if not bare))
    named = [one.with_call(known.get(ident) if (ident := ident_of(one.agreement.call)) else None) for one in told]
    return sorted(named, key=lambda one: (one.over, one.agreement.sort is Sort.DAILY, one.agreement.title))


def _agreed(row: EntryRow, body: dict[str, Any], meetings: Iterable[Meeting], *, bare: bool, at: int) -> Agreed:
    agreed = mapping.agreement_of(body)
    belong = (one for one in meetings if one.part_of == f"CarePlan/{row.id}" and not one.over)
    return Agreed(
        row.id, row.version, agreed.without_places() if bare else agreed, mapping.readers_of(body), row.recorded_at,
        None, mapping.is_ended(body) or rules.is_over(agreed.until, at), "" if bare else mapping.why_ended(body),
        () if bare else tuple(belong), bare,
    )  # fmt: skip


def pages(book: Book, child_id: UUID) -> Pages:
    """What a professional sees of how a placed child lives. `NotFound` where there is nothing to see and nothing to
    write."""
    facts = facts_of(child_id)
    may = may_agree(book.scope, facts)
    told, agreed = reports(book, child_id), agreements(book, child_id)
    if not works(book.scope) or not (may or told or agreed):
        raise NotFound
    return Pages(tuple(told), tuple(agreed), may, facts.protected)


def concerns(book: Book, child_id: UUID) -> bool:
    """Whether `pages` has something for the reader."""
    if not works(book.scope):
        return False
    kinds = Filter(what=(CARER_STATUS, *AGREEMENTS), on_timeline=False)
    return bool(book.entries(child_id, kinds, limit=1)) or may_agree(book.scope, facts_of(child_id))


def may_agree(scope: Scope, facts: Facts) -> bool:
    """Whether somebody writes what is agreed."""
    return works(scope) and rules.may_agree(facts, str(scope.unit_id), scope.at)


def _read(
    book: Book, child_id: UUID, what: tuple[str, ...], *, limit: int | None = None
) -> list[tuple[EntryRow, dict[str, Any]]]:
    """What may be read of some kinds, the newest first."""
    found = book.entries(child_id, Filter(what=what, on_timeline=False), limit=limit)
    rows = [row for row in found if row.status != _WRONG]
    bodies = book.bodies(rows)
    return [(row, orjson.loads(bodies[row.id])) for row in rows if row.id in bodies]
