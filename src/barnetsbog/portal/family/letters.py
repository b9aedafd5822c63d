"""The family's letters: reading one is its receipt."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.letters import operations, queries
from barnetsbog.letters.model import Copy, Lettering
from barnetsbog.record.entries import EntryRow

from ..downloads import attachment
from ..pages import turned
from ..session import FamilySignedIn
from .book import writers

A_PAGE = 20


@require_GET
def index(request: FamilySignedIn) -> HttpResponse:
    try:
        with open_book(request.scope, Lettering.READ, request.child_id) as book:
            found, others = queries.received(book, request.child_id), queries.written_to(book, request.child_id)
            shown = turned([*found, *others], request.GET.get("side", "1"), most=A_PAGE)
            others = [one for one in shown.rows if isinstance(one, EntryRow)]
            wrote = writers(book, request.child_id, others)
    except NotFound:
        raise Http404 from None
    context = {
        "section": "letters", "letters": [one for one in shown.rows if isinstance(one, Copy)], "others": others,
        "wrote": wrote, "page": shown.page, "pages": shown.pages,
    }  # fmt: skip
    return render(request, "bog/family/letters.html", context)


@require_GET
def one(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    try:
        with open_book(request.scope, Lettering.READ, request.child_id) as book:
            copy = queries.copy(book, request.child_id, ident)
        operations.opened(by=request.scope, child_id=request.child_id, ident=ident)
    except NotFound:
        raise Http404 from None
    return render(request, "bog/family/letter.html", {"section": "letters", "copy": copy})


@require_GET
def file(request: FamilySignedIn, ident: UUID, number: int) -> HttpResponse:
    """The PDF of a letter, or one of its enclosures: each opening is in the log."""
    try:
        with open_book(request.scope, Lettering.PDF, request.child_id, copy=str(ident), file=number) as book:
            queries.copy(book, request.child_id, ident)
            return attachment(queries.file(book, request.child_id, ident, number))
    except NotFound:
        raise Http404 from None
