"""read, vread (FHIR R4 §3.1.0.1, §3.1.0.2), and what a read is made conditional by (§3.1.0.5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from barnetsbog.access.reading import open_book, whose
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.kernel.sentences import say
from barnetsbog.kernel.time import SECOND, instant
from barnetsbog.record.book import Book
from barnetsbog.record.told import Gone, Told

from .model import Answer, Ask, Exchanging
from .negotiation import shape_of, shaped
from .outcomes import Fault, fault, not_found
from .serving import etag, http_date, ident_in, shown

TAKEN_OUT = say(
    "Posten er taget ud af brug. Den er gemt, men vises ikke.",
    "It has been taken out of use. It is kept, but not shown.",
)


def read(ask: Ask, kind: str, ident: str) -> Answer:
    shape = shape_of(ask, kind)
    with opened(ask, ident, Exchanging.READ) as (book, child_id, entry_id):
        found = _told(book, child_id, kind, entry_id)
        body = None if isinstance(found, Gone) or _unchanged(ask, found) else shaped(shown(found), shape)
    if isinstance(found, Gone):
        raise gone(found)
    return _answer(found, body)


def vread(ask: Ask, kind: str, ident: str, number: str) -> Answer:
    shape = shape_of(ask, kind)
    with opened(ask, ident, Exchanging.READ) as (book, child_id, entry_id):
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            raise NotFound
        try:
            found: Told | Gone = book.version_told(child_id, kind, entry_id, int(number))
        except Gone as taken_out:
            found = taken_out
        body = None if isinstance(found, Gone) else shaped(shown(found), shape)
    if isinstance(found, Gone):
        raise gone(found)
    return _answer(found, body)


@contextmanager
def opened(ask: Ask, ident: str, act: str, **detail: Any) -> Iterator[tuple[Book, UUID, UUID]]:
    """The book that an entry is in, open, with whose it is. One that does not exist is looked for in the same way as
    one that may not be known, and its line in the log is the same. What is read through the interface of an entry that
    has been taken out of use is logged, too."""
    entry_id = ident_in(ident) or UUID(int=1)
    child_id = whose([entry_id]).get(entry_id, entry_id)
    try:
        with open_book(ask.who.scope, act, None if child_id == DIRECTORY else child_id, looks=True, **detail) as book:
            yield book, child_id, entry_id
    except NotFound:
        raise not_found() from None


def _told(book: Book, child_id: UUID, kind: str, ident: UUID) -> Told | Gone:
    try:
        return book.told(child_id, kind, ident)
    except Gone as taken_out:
        return taken_out


def gone(taken_out: Gone) -> Fault:
    return fault(410, "deleted", TAKEN_OUT, ETag=etag(taken_out.number), Last_Modified=http_date(taken_out.at))


def _answer(told: Told, body: bytes | None) -> Answer:
    headers = {"ETag": etag(told.number), "Last-Modified": http_date(told.recorded_at)}
    return Answer(304 if body is None else 200, body, headers)


def _unchanged(ask: Ask, told: Told) -> bool:
    """Whether the asker has it already. A tag says more than a time (RFC 9110 §13.2.2)."""
    if tags := ask.header("if-none-match"):
        return "*" in tags or etag(told.number) in [one.strip() for one in tags.split(",")]
    if since := ask.header("if-modified-since"):
        try:
            return told.recorded_at // SECOND <= instant(parsedate_to_datetime(since)) // SECOND
        except (ValueError, TypeError, OverflowError):
            return False
    return False
