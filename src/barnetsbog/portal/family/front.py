"""The first page of a family: what waits for them, what comes next, and who has the ball."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.home.queries import home
from barnetsbog.kernel.decisions import NotFound

from ..session import FamilySignedIn


@require_GET
def front(request: FamilySignedIn) -> HttpResponse:
    try:
        with open_book(request.scope, "overview", request.child_id) as book:
            found = home(book, request.child_id)
    except NotFound:
        raise Http404 from None
    return render(request, "bog/family/front.html", {"child": found.child, "section": "front", "home": found})
