"""The first page of a family: what waits for them, what comes next, and who has the ball. A child who reads with a
grown-up gets it large and in pictures, a foster carer gets the week."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.contacts.circle import circle
from barnetsbog.fostering import queries as fostering
from barnetsbog.home.queries import home
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.messages.operations import danger_in_use

from ..session import FamilySignedIn
from ..voices import stage


@require_GET
def front(request: FamilySignedIn) -> HttpResponse:
    scope, child_id = request.scope, request.child_id
    page, numbers = "front", danger_in_use().numbers
    context: dict[str, object] = {"section": "front", "numbers": numbers}
    try:
        with open_book(scope, "overview", child_id) as book:
            if fostering.is_carer(scope):
                page, week = "week", fostering.week(book, child_id)
                context |= {"child": week.child, "week": week}
            else:
                found = home(book, child_id)
                context |= {"child": found.child, "home": found}
            if stage(scope, child_id).young:
                page, around = "child_front", circle(book, child_id)
                context["workers"] = [one for one in around.workers if one.left_at is None]
                context["own_people"] = (*around.family, *around.network)
    except NotFound:
        raise Http404 from None
    return render(request, f"bog/family/{page}.html", context)
