"""Reading conversations, and whom one can write to.

A message is on a shelf that no relation opens (`shelves.BETWEEN`): the Book gives the reader those they wrote and those
that were sent to them, and nobody else's leaves a trace.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.roles import role_named
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.contacts.circle import circle
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import names
from barnetsbog.deadlines.in_use import deadlines_in_use
from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import author_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.law.ages import ADULT_AGE, turned
from barnetsbog.law.custody import holding
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import DIALOGUE
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.responsibility.queries import JOB, UNIT

from .mapping import sent_of
from .model import Message, Reader, Sent, Thread
from .rules import read_by

_PROFESSIONAL = (f"{JOB}/", f"{UNIT}/")


def may_write(scope: Scope) -> bool:
    """Somebody of the family who answers for themselves, and professionals who work with children."""
    return not {"answer", "ball"}.isdisjoint(role_named(scope.role).may)


def threads(book: Book, child_id: UUID) -> list[Thread]:
    """The reader's conversations about this child, the one with the newest message first."""
    every = messages(book, child_id)
    known = names(book, child_id, (ident_of(one) for sent in every for one in (sent.sender, sent.to, sent.seen_by)))
    own = _own(book.scope, every)
    found: dict[UUID, list[Message]] = defaultdict(list)
    for sent in every:
        sender, to, by = (known.get(ident) if (ident := ident_of(one)) else None
                          for one in (sent.sender, sent.to, sent.seen_by))  # fmt: skip
        found[sent.thread].append(Message(sent, sender, to, by, sent.sender in own, sent.to in own))
    told = [_thread(ident, tuple(some), known, book.scope) for ident, some in found.items()]
    return sorted(told, key=lambda one: one.last.sent.at, reverse=True)


def messages(book: Book, child_id: UUID) -> list[Sent]:
    """Every message that the reader may read, the oldest first."""
    rows = book.entries(child_id, Filter(what=(DIALOGUE,), on_timeline=False), newest_first=False)
    bodies = book.bodies(rows)
    return [sent_of(orjson.loads(bodies[row.id])) for row in rows if row.id in bodies]


def thread(book: Book, child_id: UUID, ident: UUID) -> Thread:
    """The conversation that a message is part of."""
    return one_of(threads(book, child_id), ident)


def one_of(every: Iterable[Thread], ident: UUID) -> Thread:
    """The one of these conversations that a message is part of."""
    found = next((one for one in every if any(message.sent.id == ident for message in one.messages)), None)
    if found is None:
        raise NotFound
    return found


def unread(book: Book, child_id: UUID) -> int:
    """How many messages to the reader, or the reader's unit, nobody has read."""
    every = messages(book, child_id)
    own = _own(book.scope, every)
    return sum(one.to in own and one.seen_at is None for one in every)


def _own(scope: Scope, every: Iterable[Sent]) -> frozenset[str]:
    """The references by which the reader writes and is written to: of a professional, everybody's in the unit."""
    if scope.unit_id is None:
        return frozenset((author_of(scope),))
    named = {one for sent in every for one in (sent.sender, sent.to) if one.startswith(f"{JOB}/")}
    jobs = naming.roles(scope, (ident for one in named if (ident := ident_of(one))), veiled=False)
    here = (f"{JOB}/{ident}" for ident, job in jobs.items() if job.unit_id == scope.unit_id)
    return frozenset((f"{UNIT}/{scope.unit_id}", *here))


def _thread(ident: UUID, some: tuple[Message, ...], known: Mapping[UUID, Contact], scope: Scope) -> Thread:
    told = (one for message in reversed(some) for one in (message.sent.sender, message.sent.to))
    other = next((one for one in told if _is_across(one, scope)), "")
    contact = known.get(found) if (found := ident_of(other)) else None
    last = some[-1]
    return Thread(ident, some, contact, other, last.to_me and last.sent.seen_at is None)


def _is_across(reference: str, scope: Scope) -> bool:
    """Whether somebody is on the other side: of the family for a professional, a professional for the family."""
    return reference.startswith(_PROFESSIONAL) is (scope.unit_id is None)


# -- whom one can write to ---------------------------------------------------------------------------------------------


class Reach(NamedTuple):
    """Whom somebody of the family can write to. `references`: the readers', and of the units they are in."""

    readers: list[Reader]
    references: set[str]

    def writer_of(self, row: EntryRow) -> str:
        """Who is told that an entry is wrong: the unit that wrote it, if it still works with the child, else whoever
        leads; empty when there is nobody."""
        unit = f"{UNIT}/{row.unit_id}"
        return unit if unit in self.references else next((one.reference for one in self.readers), "")


def readers(book: Book, child_id: UUID) -> list[Reader]:
    """The professionals and units whom somebody of the family can write to, the coordinator first: those on the page of
    who helps."""
    by = read_by(book.scope.at, deadlines_in_use().days)
    here = [one for one in circle(book, child_id).workers if one.left_at is None]
    return [Reader(one.reference, one.contact, one.role == "coordinator", by, one.away) for one in here]


def reach(book: Book, child_id: UUID) -> Reach:
    """Whom the reader can write to: of a professional, those of the family who answer for themselves."""
    if book.scope.unit_id is not None:
        return Reach([], {reference for reference, _ in families(book, child_id)})
    here = readers(book, child_id)
    references = {one.reference for one in here}
    jobs = naming.roles(book.scope, (ident for one in references if (ident := ident_of(one))), veiled=False)
    return Reach(here, references | {f"{UNIT}/{job.unit_id}" for job in jobs.values()})


def families(book: Book, child_id: UUID) -> list[tuple[str, Contact]]:
    """Those of the family whom a professional can write to: whoever answers for themselves there, and can log in."""
    rows = book.entries(child_id, Filter(what=("child", "person"), on_timeline=False), newest_first=False)
    return [
        (f"{row.kind}/{row.id}", Contact(row.id, row.title)) for row in rows
        if (scope := scope_for_person(row.id, child_id, level=LoginLevel.SUBSTANTIAL)) and may_write(scope)
    ]  # fmt: skip


def holders(child_id: UUID, at: int) -> tuple[str, ...]:
    """References to those whom a child can let read along: who holds custody of it now. Where its address is protected,
    those that it lives with: what a child writes can tell where it is."""
    facts = facts_of(child_id)
    if turned(facts.child.born, ADULT_AGE, at):
        return ()
    found = holding(facts.custody, at)
    return tuple(f"RelatedPerson/{one.person}" for one in found if one.resident or not facts.protected)
