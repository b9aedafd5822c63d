"""read, vread (FHIR R4 §3.1.0.1, §3.1.0.2), and what a read is made conditional by (§3.1.0.5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from barnetsbog.access.reading import open_book, whose
from barnetsbog.fhir.dates import instant as fhir_instant
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.kernel.sentences import say
from barnetsbog.kernel.time import SECOND, instant
from barnetsbog.record.book import Book
from barnetsbog.record.told import Gone, Told

from . import conditional
from .model import Answer, Ask, Exchanging
from .negotiation import shape_of, shaped
from .outcomes import Fault, fault, not_found
from .serving import etag, http_date, ident_in, shown, version_of, version_told

TAKEN_OUT = say(
    "Posten er taget ud af brug. Den er gemt, men vises ikke.",
    "It has been taken out of use. It is kept, but not shown.",
)


def read(ask: Ask, kind: str, ident: str) -> Answer:
    shape = shape_of(ask, kind)
    with opened(ask, ident, Exchanging.READ) as (book, child_id, entry_id):
        found = _told(book, child_id, kind, entry_id)
        body = None if isinstance(found, Gone) or _unchanged(ask, book, found) else shaped(shown(found), shape)
    if isinstance(found, Gone):
        raise gone(entry_id, found)
    return _answer(found, body)


def vread(ask: Ask, kind: str, ident: str, version: str) -> Answer:
    shape = shape_of(ask, kind)
    with opened(ask, ident, Exchanging.READ) as (book, child_id, entry_id):
        found = next((one for one in book.history(child_id, kind, entry_id) if version_told(one) == version), None)
        if found is None:
            raise NotFound
        body = None if found.body is None else shaped(shown(found), shape)
    if body is None:
        raise gone(entry_id, Gone(found.number, found.recorded_at))
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


def gone(ident: UUID, taken_out: Gone) -> Fault:
    tag = etag(version_of(ident, taken_out.number))
    return fault(410, "deleted", TAKEN_OUT, ETag=tag, Last_Modified=http_date(taken_out.at))


def _answer(told: Told, body: bytes | None) -> Answer:
    headers = {"ETag": etag(version_told(told)), "Last-Modified": http_date(told.recorded_at)}
    return Answer(304 if body is None else 200, body, headers)


def _unchanged(ask: Ask, book: Book, told: Told) -> bool:
    """Whether the asker has it already. A tag says more than a time (RFC 9110 §13.2.2)."""
    if tags := ask.header("if-none-match"):
        return conditional.names_version(tags, version_told(told))
    if since := ask.header("if-modified-since"):
        try:  # in a Bundle an instant, which has been checked with it
            moment = fhir_instant(since) if ask.place else instant(parsedate_to_datetime(since))
        except (ValueError, TypeError, OverflowError):
            return False
        return _was_here(book, told, moment // SECOND)
    return False


def _was_here(book: Book, told: Told, second: int) -> bool:
    """Whether a version was here at a moment (in seconds). What came late says itself that it is older (Last-Modified),
    and whoever gives that back has it."""
    said = told.recorded_at // SECOND
    return second == said or (second > said and second >= book.came([told.row])[told.row.id] // SECOND)
