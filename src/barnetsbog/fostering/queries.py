"""Reading a foster carer's week, within what the carer may see and in a fixed number of queries."""

from datetime import timedelta
from uuid import UUID

import orjson

from barnetsbog.calendar import queries as calendar
from barnetsbog.contacts import queries as contacts
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import day_start, local_day
from barnetsbog.letters import queries as letters
from barnetsbog.messages import queries as messages
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.promotion import MEDICINE
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import queries as responsibility

from . import rules
from .mapping import given_of
from .model import Note, Week

CARER = "foster-carer"
SHOWN = 5
_WEEK = timedelta(days=7)


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
    balls = sorted(responsibility.balls(book, child_id), key=lambda one: one.due or end)
    return Week(
        person(book, child_id), monday, tuple(one for one in timed if one.start < end),
        next((one for one in timed if one.start >= end), None), rules.visits(timed),
        tuple(one for one in balls if one.due is None or one.due >= at),
        tuple(one for one in balls if one.due is not None and one.due < at), tuple(notes(book, child_id)[:SHOWN]),
        contacts.coordinator(book, child_id)[0], messages.unread(book, child_id),
        sum(not one.read for one in letters.received(book, child_id)),
    )  # fmt: skip


def notes(book: Book, child_id: UUID) -> list[Note]:
    """The notes of medicine that the carer may read, the newest first."""
    if not is_carer(book.scope):
        raise NotFound
    rows = book.entries(child_id, Filter(what=(MEDICINE,), on_timeline=False))
    bodies = book.bodies(rows)
    return [
        Note(row.id, given_of(orjson.loads(bodies[row.id])), row.author_id == book.scope.role_id)
        for row in rows if row.id in bodies
    ]  # fmt: skip
