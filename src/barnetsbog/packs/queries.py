"""Reading packs: those made by the reader's unit, and, in a scope of packs, those that were sent to it."""

from dataclasses import dataclass
from uuid import UUID

import orjson

from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import names
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import ChildName
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.shelves import class_of

from .mapping import pack_of


@dataclass(frozen=True, slots=True)
class Received:
    """A pack that was sent to the reader's unit."""

    row: EntryRow
    child: ChildName
    by: Contact | None
    reason: str
    told: tuple[EntryRow, ...]


def made(book: Book, child_id: UUID) -> list[EntryRow]:
    """The packs of the reader's own unit, the newest first. An open one waits for a leader."""
    return book.entries(child_id, Filter(what=("pack",), unit_id=book.scope.unit_id, on_timeline=False))


def tellable(book: Book, child_id: UUID) -> list[EntryRow]:
    """What the reader's unit can tell, the newest first: what it has written itself, but for what the child has said in
    confidence and what reveals an address."""
    rows = book.entries(child_id, Filter(unit_id=book.scope.unit_id))
    return [row for row in rows if row.unit_id == book.scope.unit_id and row.readable and class_of(row.shelf) in "OFH"]


def received(book: Book) -> list[tuple[EntryRow, ChildName]]:
    """Every pack that the reader's unit may read now, the next meeting first, each with the child it is about."""
    rows = book.packs()
    children = directory.children(row.child_id for row in rows)
    return [(row, children[row.child_id]) for row in rows if row.child_id in children]


def opened(book: Book, child_id: UUID, ident: UUID) -> Received:
    """One pack with what it tells; `NotFound` when it was not sent to the reader's unit, or the meeting is over."""
    row = book.entry(child_id, ident)
    child, pack = directory.child(child_id), pack_of(orjson.loads(book.bodies([row]).get(ident, b"{}")))
    if row.what != "pack" or pack is None or child is None:
        raise NotFound
    told = [one for one in book.entries(child_id, Filter()) if str(one.id) in pack.entries]
    by = names(book, child_id, [row.author_id]).get(row.author_id) if row.author_id else None
    return Received(row, child, by, pack.reason, tuple(told))
