"""The first page of a family: whose book it is, and what one can do here."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.consent.queries import messages, own_waiting
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview.queries import person

from ..session import FamilySignedIn


@require_GET
def front(request: FamilySignedIn) -> HttpResponse:
    try:
        with open_book(request.scope, "overview", request.child_id) as book:
            found, waiting = person(book, request.child_id), own_waiting(book, request.child_id)
            told = messages(book, request.child_id) if waiting else []
    except NotFound:
        raise Http404 from None
    context = {"child": found, "section": "front", "waiting": waiting, "messages": told}
    return render(request, "bog/family/front.html", context)
