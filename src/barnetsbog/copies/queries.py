"""Reading all of a book that somebody may read, to take it along (databeskyttelsesforordningen art. 15 and 20)."""

from typing import Any
from uuid import UUID

from barnetsbog.access.roles import role_named
from barnetsbog.fhir.own import BASE
from barnetsbog.kernel import exact
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import iso
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter

Resource = dict[str, Any]


def may_have(book: Book) -> bool:
    """The child itself and whoever holds custody; not somebody who reads along for them."""
    return {"read-book", "answer"} <= role_named(book.scope.role).may


def copy_of(book: Book, child_id: UUID) -> list[tuple[EntryRow, Resource | None]]:
    """Every entry that the reader may see, the newest first; without its words where only the heading may be seen."""
    if not may_have(book):
        raise NotFound
    rows = book.entries(child_id, Filter(on_timeline=False))
    words = book.bodies(rows)
    told = dict(zip(words, book.fitted([*words.values()]), strict=True))
    return [(row, exact.loads(told[row.id]) if row.id in told else None) for row in rows]


def as_bundle(copied: list[tuple[EntryRow, Resource | None]], at: int) -> Resource:
    """The same as a FHIR R4 collection Bundle: what can be read, as it stands in the book. Each has the address that
    the others' references lead to, beside it (R4 §2.36.4.1)."""
    told = [resource for _, resource in copied if resource is not None]
    entries = [{"fullUrl": f"{BASE}/{one['resourceType']}/{one['id']}", "resource": one} for one in told]
    return {"resourceType": "Bundle", "type": "collection", "timestamp": iso(at), "entry": entries}
