"""Sending a message, and having read one.

What the family writes opens a ball at the unit of the reader, in the same transaction (`deadlines.yaml`: message-read,
message-danger). It ends when somebody there answers, or says that the message is read.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from barnetsbog.access.waiting import must_reach
from barnetsbog.deadlines.in_use import deadlines_in_use
from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import author_of, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import NotFound, Refused, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.record.book import Book
from barnetsbog.record.objections import objections_of, with_objection
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility.operations import done_with

from . import mapping, queries
from .danger import Danger, of_instance
from .model import Messaging, Sent, Thread, Wanted
from .rules import can_be_sent, read_by

NO_READER = "Vælg, hvem der skal læse det."


def danger_in_use() -> Danger:
    return of_instance(Path(settings.DATA))


def send(*, by: Scope, child_id: UUID, wanted: Wanted) -> Sent:
    """One message. What is stored is what was written, letter by letter. `Refused` when it can't be sent.

    Whoever only reads along begins a conversation of their own: in the child's, what a unit answers would be to them,
    and the child's message would be done with."""
    between: list[str] = []
    with writing(by, Messaging.WRITE, child_id, between=between) as book:
        _must_write(by)
        require(can_be_sent(wanted.text))
        thread = queries.thread(book, child_id, wanted.thread) if wanted.thread else None
        about = book.entry(child_id, wanted.about) if wanted.about else None
        reach = queries.reach(book, child_id)  # in a conversation too, the other side must still be there
        to = reach.writer_of(about) if about else thread.answer_to if thread else wanted.to
        if to not in reach.references:
            raise Refused(NO_READER)
        if by.unit_id is not None:
            must_reach(child_id, (to,), by.at)
        within = None if thread and thread.along else thread
        sent = _sent(book, child_id, wanted, to, within)._replace(about=f"{about.kind}/{about.id}" if about else "")
        between += family_of((sent,))
        write(by, mapping.communication(sent, child=f"Patient/{patient_of(child_id)}"), *_done(book, child_id, thread))
    return sent


def _sent(book: Book, child_id: UUID, wanted: Wanted, to: str, thread: Thread | None) -> Sent:
    by, ident = book.scope, new_id()
    family = by.unit_id is None
    also = queries.holders(child_id, by.at) if wanted.holders and by.own else ()
    return Sent(
        ident, author_of(by), to, also, wanted.text, by.at, thread.id if thread else ident,
        read_by(by.at, deadlines_in_use().days) if family else None, family and danger_in_use().told_in(wanted.text),
    )  # fmt: skip


@contextmanager
def _conversation(
    by: Scope, act: Messaging, child_id: UUID, ident: UUID, **detail: Any
) -> Iterator[tuple[Book, Thread]]:
    """A transaction in a conversation, whose line in the log is for those who take part in it."""
    between: list[str] = []
    with writing(by, act, child_id, between=between, **detail) as book:
        found = queries.thread(book, child_id, ident)
        between += family_of(one.sent for one in found.messages)
        yield book, found


def seen(*, by: Scope, child_id: UUID, thread: UUID) -> None:
    """The reader, or somebody of their unit, has read what a conversation says: the first time is kept."""
    with _conversation(by, Messaging.SEEN, child_id, thread) as (_, found):
        new = [one.sent for one in found.messages if not one.mine and one.sent.seen_at is None and one.to_me]
        write(by, *(_receipt(child_id, one, by) for one in new))


def _receipt(child_id: UUID, one: Sent, by: Scope) -> dict[str, Any]:
    return mapping.with_receipt(body_of(child_id, one.id), at=by.at, by=author_of(by))


def read_only(*, by: Scope, child_id: UUID, thread: UUID) -> None:
    """There is nothing to answer: the ball of the message ends."""
    with _conversation(by, Messaging.SEEN, child_id, thread, closed=True) as (book, found):
        _must_write(by)
        write(by, *_done(book, child_id, found))


def note_objection(*, by: Scope, child_id: UUID, thread: UUID) -> None:
    """What the family says is wrong, beside what it is about, in their own words: those who wrote it do not agree
    (databeskyttelsesforordningen art. 16 and 18). Everybody who reads the entry reads it."""
    between: list[str] = []
    with writing(by, Messaging.OBJECTION, child_id, between=between) as book:
        _must_write(by)
        found = next((one.sent for one in queries.thread(book, child_id, thread).messages if one.sent.about), None)
        ident = ident_of(found.about) if found else None
        if found is None or ident is None or book.entry(child_id, ident).unit_id != by.unit_id:
            raise NotFound
        between += family_of((found,))
        body = body_of(child_id, ident)
        if found.text not in objections_of(body):
            write(by, with_objection(body, found.text))


def _done(book: Book, child_id: UUID, thread: Thread | None) -> Iterable[dict[str, Any]]:
    """The balls that a conversation has opened at the writer's unit end when somebody there answers."""
    if book.scope.unit_id is None or thread is None:
        return
    yield from done_with(book, child_id, {f"Communication/{one.sent.id}" for one in thread.messages})


def family_of(some: Iterable[Sent]) -> list[str]:
    """The ids of those of the family who take part: who may know of it from the log."""
    named = {one for sent in some for one in (sent.sender, sent.to, *sent.also)}
    return sorted(one.partition("/")[2] for one in named if one.startswith(("RelatedPerson/", "Patient/")))


def _must_write(by: Scope) -> None:
    if not queries.may_write(by):
        raise NotFound
