"""The numbers of a unit, for its leader, and of every unit of an organisation, for whoever counts there: pages and
files. For everybody else there are no such pages."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.audit.model import Action
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.measures import queries
from barnetsbog.measures.model import Measuring, OfUnit
from barnetsbog.responsibility.queries import actor_of

from ..measure_words import compared, sheet, sheet_of_units, tables
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
    return _csv(sheet(found))


def _csv(text: str) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="tal.csv"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
def across(request: SignedIn) -> HttpResponse:
    """The newest numbers of each unit of the reader's organisation."""
    context = {"section": "statistics", "measures": compared(_across(request))}
    return render(request, "bog/statistics/units.html", context)


@require_GET
def across_file(request: SignedIn) -> HttpResponse:
    return _csv(sheet_of_units(_across(request, export=True)))


@require_GET
def across_unit(request: SignedIn, unit_id: UUID) -> HttpResponse:
    """One of them, month by month."""
    try:
        found = queries.of_one(request.scope, unit_id)
    except NotFound:
        raise Http404 from None
    context = {"section": "statistics", "unit": found.unit, "tables": tables(found.measures)}
    return render(request, "bog/statistics/unit.html", context)


def _across(request: SignedIn, *, export: bool = False) -> list[OfUnit]:
    try:
        return queries.of_units(request.scope, export=export)
    except NotFound:
        raise Http404 from None


def _must_lead(request: SignedIn) -> None:
    if not actor_of(request.scope).leads:
        raise Http404
