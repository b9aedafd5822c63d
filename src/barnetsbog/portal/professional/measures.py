"""The numbers of a unit, for its leader: a page and a file. For everybody else there is no such page."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.audit.model import Action
from barnetsbog.measures import queries
from barnetsbog.measures.model import Measuring
from barnetsbog.responsibility.queries import actor_of

from ..measure_words import sheet, tables
from ..session import SignedIn


@require_GET
def measures(request: SignedIn) -> HttpResponse:
    _must_lead(request)
    with open_book(request.scope, Measuring.READ) as book:
        found = queries.of_unit(book)
    return render(request, "bog/team/measures.html", {"section": "team", "tables": tables(found)})


@require_GET
def file(request: SignedIn) -> HttpResponse:
    _must_lead(request)
    with open_book(request.scope, Action.EXPORT, what=Measuring.READ) as book:
        found = queries.of_unit(book)
    headers = {"Content-Disposition": 'attachment; filename="tal.csv"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(sheet(found), content_type="text/csv; charset=utf-8", headers=headers)


def _must_lead(request: SignedIn) -> None:
    if not actor_of(request.scope).leads:
        raise Http404
