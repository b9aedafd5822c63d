"""A child's overview: six facts in one minute."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from barnetsbog.access.reading import open_book
from barnetsbog.deadlines.model import State
from barnetsbog.deadlines.queries import of_child
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview import operations, queries
from barnetsbog.readiness import queries as readiness

from ..session import SignedIn


@require_GET
def overview(request: SignedIn, child_id: UUID) -> HttpResponse:
    try:
        with open_book(request.scope, "overview", child_id) as book:
            found, coming = queries.overview(book, child_id), readiness.of_child(book, child_id)
            clock = next((one for one in of_child(book, child_id) if one.state is not State.RUNNING), None)
    except NotFound:
        raise Http404 from None
    context = {"o": found, "child": found.child, "child_id": child_id, "tab": "overview", "clock": clock}
    context["coming"] = coming
    return render(request, "bog/overview.html", context)


@require_POST
def mark_read(request: SignedIn, child_id: UUID) -> HttpResponse:
    try:
        with open_book(request.scope, "mark-read", child_id) as book:
            operations.mark_read(book, child_id, at=request.scope.at)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(reverse("overview", args=[child_id]))
