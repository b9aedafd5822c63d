"""Ending the unit's task with a child, and beginning it again."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.cases import operations, queries
from barnetsbog.cases.model import Closing
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.overview.queries import person

from ..session import SignedIn


@require_http_methods(["GET", "POST"])
def close(request: SignedIn, child_id: UUID) -> HttpResponse:
    """What is open, and what the unit may read afterwards, before anybody presses."""
    try:
        with open_book(request.scope, Closing.READ, child_id) as book:
            child, page = person(book, child_id), queries.page(book, child_id)
    except NotFound:
        raise Http404 from None
    if not page.cares or "ball" not in role_named(request.scope.role).may:
        raise Http404
    reason, note, why = request.POST.get("reason", ""), request.POST.get("note", ""), ""
    if request.method == "POST":
        try:
            operations.close(by=request.scope, child_id=child_id, reason=reason, note=note)
            return HttpResponseRedirect(f"{reverse('closed-cases')}?gjort=lukket")
        except Refused as refused:
            why = refused.reason
        except NotFound:
            raise Http404 from None
    context = {
        "child": child, "child_id": child_id, "tab": "balls", "page": page, "open": page.open, "why": why,
        "reason": reason, "note": note,
    }  # fmt: skip
    return render(request, "bog/cases/close.html", context, status=422 if why else 200)


@require_http_methods(["GET", "POST"])
def closed(request: SignedIn) -> HttpResponse:
    """The tasks that the unit has ended. Its leader, and whoever ended one, may begin it again."""
    if "ball" not in role_named(request.scope.role).may:
        raise Http404
    ident, reason, why = request.POST.get("task", ""), request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            child_id = operations.reopen(by=request.scope, ident=UUID(ident), reason=reason)
            return HttpResponseRedirect(reverse("overview", args=[child_id]))
        except Refused as refused:
            why = refused.reason
        except (NotFound, ValueError):
            raise Http404 from None
    with open_book(request.scope, Closing.CLOSED) as book:
        found = queries.closed(book)
    context = {
        "section": "team", "found": found, "why": why, "failed": ident, "reason": reason,
        "done": "gjort" in request.GET,
    }  # fmt: skip
    return render(request, "bog/cases/closed.html", context, status=422 if why else 200)
