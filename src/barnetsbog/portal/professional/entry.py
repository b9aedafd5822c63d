"""The page of one entry: what it says, who wrote it, where it came from, and what it said before."""

from dataclasses import dataclass
from uuid import UUID

import orjson
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import known_here, names
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Received, VersionRow

from ..content import Line, People, Resource, lines, named_in, plain, workers_in
from ..difference import Piece, difference
from ..session import SignedIn


@dataclass(frozen=True, slots=True)
class Told:
    """One version: what it says, and what that changed."""

    version: VersionRow
    lines: list[Line]
    changes: list[Piece]
    received: Received | None

    @property
    def original(self) -> str:
        """What the source sent, word for word."""
        return self.received.text.decode(errors="replace") if self.received else ""


@require_GET
def entry(request: SignedIn, child_id: UUID, entry_id: UUID) -> HttpResponse:
    try:
        with open_book(request.scope, "entry", child_id) as book:
            row = book.entry(child_id, entry_id)
            if not row.month:  # the frame of the book (care relations, team) is shown where it belongs, never by itself
                raise NotFound
            told, author = _told(book, row)
            child = person(book, child_id)
    except NotFound:
        raise Http404 from None
    context = {
        "row": row,
        "now": told[-1] if told else None,
        "versions": told[::-1],
        "author": author,
        "asked": row.what == "consent" and row.open,
        "child": child,
        "child_id": child_id,
        "tab": "",
    }
    return render(request, "bog/entry.html", context)


def _told(book: Book, row: EntryRow) -> tuple[list[Told], Contact | None]:
    """Every version, oldest first, and who wrote the entry."""
    versions = book.versions(row)
    resources = [orjson.loads(version.body) for version in versions]
    people = names(
        book, row.child_id, [row.author_id, *(ident for resource in resources for ident in named_in(resource))]
    )
    people = without_strangers(book, row, resources, people)
    texts = [plain(resource, people) for resource in resources]
    told = [
        Told(version, lines(resource, people), difference(before, text) if before else [], book.received(row, version))
        for version, resource, text, before in zip(versions, resources, texts, ["", *texts][: len(texts)], strict=True)
    ]
    return told, people.get(row.author_id) if row.author_id else None


def without_strangers(book: Book, row: EntryRow, resources: list[Resource], people: People) -> People:
    """Without those who are said to work on it, and of whom the reader may not know that they are there at all."""
    named = {ident_of(one) for resource in resources for one in workers_in(resource)} - {row.author_id, None}
    wanted = {ident for ident in named if ident}
    strangers = wanted - known_here(book, row.child_id, wanted)
    return {ident: contact for ident, contact in people.items() if ident not in strangers}
