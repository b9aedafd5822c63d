"""*Plan*: the child's own goals in its own words, what is tried, and who does what by when."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview.queries import person
from barnetsbog.plan import queries
from barnetsbog.plan.model import Planning

from ..plans import Names, plan_shown
from ..session import FamilySignedIn


@require_GET
def plan(request: FamilySignedIn) -> HttpResponse:
    try:
        with open_book(request.scope, Planning.READ, request.child_id) as book:
            found, child = queries.page(book, request.child_id), person(book, request.child_id)
    except NotFound:
        raise Http404 from None
    context = {
        "section": "plan", "child": child, "p": found, "parts": found.parts, "shown": plan_shown(found),
        "names": Names(found.parts),
    }  # fmt: skip
    return render(request, "bog/family/plan.html", context)
