"""A child's overview: six facts in one minute."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.audit.model import Action
from barnetsbog.deadlines.model import State
from barnetsbog.deadlines.queries import of_child
from barnetsbog.forms import queries as forms
from barnetsbog.fostering.queries import last_report
from barnetsbog.fostering.rules import is_old
from barnetsbog.honour.queries import holds
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview import queries
from barnetsbog.readiness import queries as readiness

from ..session import SignedIn


@require_GET
def overview(request: SignedIn, child_id: UUID) -> HttpResponse:
    try:
        with open_book(request.scope, Action.OVERVIEW, child_id) as book:
            found, coming = queries.overview(book, child_id), readiness.of_child(book, child_id)
            report, honour = last_report(book, child_id), holds(book, child_id)
            clock = next((one for one in of_child(book, child_id) if one.state is not State.RUNNING), None)
    except NotFound:
        raise Http404 from None
    context = {
        "o": found, "child": found.child, "child_id": child_id, "tab": "overview", "clock": clock,
        "coming": [one for one in coming if not one.readiness.ready],
        "report": report, "report_old": report is not None and is_old(report.start, request.scope.at),
        "at": request.scope.at, "honour": honour,
        "concern": forms.notifying(request.scope),
        "leads": bool(found.coordinator and found.coordinator.id == request.scope.role_id),
    }  # fmt: skip
    return render(request, "bog/overview.html", context)
