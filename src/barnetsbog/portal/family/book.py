"""The whole book, as far as a reader of the family may read it; and saying that something in it is wrong."""

from collections.abc import Iterable
from uuid import UUID

import orjson
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import names
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.messages import operations as messages
from barnetsbog.messages.queries import may_write
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter

from ..content import lines, named_in
from ..message_forms import WrongForm
from ..pages import place
from ..sentences import marked
from ..session import FamilySignedIn

A_PAGE = 20


@require_GET
def index(request: FamilySignedIn) -> HttpResponse:
    _must_read(request)
    try:
        with open_book(request.scope, "timeline", request.child_id) as book:
            at = place(book.count(request.child_id, Filter()), request.GET.get("side", "1"), most=A_PAGE)
            rows = book.entries(request.child_id, Filter(), limit=A_PAGE, offset=at.offset)
            child, wrote = person(book, request.child_id), writers(book, request.child_id, rows)
    except NotFound:
        raise Http404 from None
    context = {
        "section": "book", "child": child, "rows": rows, "wrote": wrote, "page": at.page,
        "pages": at.pages,
    }  # fmt: skip
    return render(request, "bog/family/book.html", context)


@require_GET
def entry(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    _must_read(request)
    try:
        with open_book(request.scope, "entry", request.child_id) as book:
            row = book.entry(request.child_id, ident)
            if not row.month:
                raise NotFound
            body = book.bodies([row]).get(row.id)
            resource = orjson.loads(body) if body else {}
            words = lines(resource, names(book, request.child_id, named_in(resource))) if body else []
            wrote = writers(book, request.child_id, [row])
    except NotFound:
        raise Http404 from None
    theirs = row.author_id != request.scope.role_id
    context = {
        "section": "book", "row": row, "words": words, "wrote": wrote, "theirs": theirs,
    }  # fmt: skip
    return render(request, "bog/family/book_entry.html", context)


@require_http_methods(["GET", "POST"])
def wrong(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """Something is wrong with an entry: whoever wrote it is told, and answers. Nothing is written over."""
    _must_read(request)
    try:
        with open_book(request.scope, "entry", request.child_id) as book:
            if not may_write(request.scope):
                raise NotFound
            row = book.entry(request.child_id, ident)
        form = WrongForm(request.POST or None)
        if form.is_valid():
            sent = messages.send(by=request.scope, child_id=request.child_id, wanted=form.wanted(ident))
            return HttpResponseRedirect(reverse("family-message", args=[sent.thread]) + "?gjort=sendt")
    except NotFound:
        raise Http404 from None
    except Refused as why:
        form.add_error("text", marked(why.reason))
    context = {"section": "book", "row": row, "form": form}
    return render(request, "bog/family/wrong.html", context, status=422 if form.errors else 200)


def writers(book: Book, child_id: UUID, rows: Iterable[EntryRow]) -> dict[UUID, Contact]:
    """Who wrote each entry, as far as the reader may know them."""
    told = list(rows)
    known = names(book, child_id, (row.author_id for row in told))
    return {row.id: known[row.author_id] for row in told if row.author_id in known}


def _must_read(request: FamilySignedIn) -> None:
    if "read-book" not in role_named(request.scope.role).may:
        raise Http404
