"""*Aftaler*: what comes next, what to prepare, who comes, and saying whether one comes oneself."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from barnetsbog.access.reading import open_book
from barnetsbog.calendar import operations, queries
from barnetsbog.calendar.model import Answer, Meeting, Planning
from barnetsbog.fostering.model import Agreed
from barnetsbog.fostering.queries import agreements
from barnetsbog.intake.writing import author_of
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.numbers import is_number
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book

from .. import calendars, ical
from ..pages import number, turned
from ..session import FamilySignedIn

A_PAGE = 10


@contextmanager
def _reading(request: FamilySignedIn) -> Iterator[Book]:
    try:
        with open_book(request.scope, Planning.READ, request.child_id) as book:
            yield book
    except NotFound:
        raise Http404 from None


@require_GET
def index(request: FamilySignedIn) -> HttpResponse:
    return _page(request)


def _page(request: FamilySignedIn, problem: str = "") -> HttpResponse:
    found, agreed, child = _read(request)
    shown = turned([one for one in found if not one.waits], request.GET.get("side", "1"), most=A_PAGE)
    context = {
        "section": "appointments", "child": child, "problem": problem, "done": request.GET.get("gjort", ""),
        "days": calendars.by_day(shown.rows), "page": shown.page, "pages": shown.pages,
        "waiting": [one for one in found if one.waits],
        "agreed": [one for one in agreed if not one.over], "no_more": [one for one in agreed if one.over],
        "path": reverse("family-appointments"),  # an answer's own address is nobody's to look at
    }  # fmt: skip
    return render(request, "bog/family/appointments.html", context, status=422 if problem else 200)


def _read(request: FamilySignedIn) -> tuple[list[Meeting], list[Agreed], Person]:
    at, child_id = request.scope.at, request.child_id
    with _reading(request) as book:
        found = queries.of_child(book, child_id, at, at + queries.AHEAD)
        return found, agreements(book, child_id, found), person(book, child_id)


@require_POST
def answer(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """One says for oneself whether one comes. The page of the list that one said it on is the one that comes back."""
    comes, seen = request.POST.get("svar", ""), request.POST.get("set", "")
    if comes not in (Answer.YES, Answer.NO) or not is_number(seen, 18):
        return _page(request, str(calendars.CHOOSE))
    try:
        operations.answer(
            by=request.scope, child_id=request.child_id, ident=ident, who=author_of(request.scope),
            comes=Answer(comes), seen=int(seen),
        )  # fmt: skip
    except (Refused, Conflict) as why:
        return _page(request, str(why))
    except NotFound:
        raise Http404 from None
    side = f"&side={number(request.GET['side'])}" if "side" in request.GET else ""
    return HttpResponseRedirect(f"{reverse('family-appointments')}?gjort=svar{side}")


@require_http_methods(["GET", "POST"])
def feed(request: FamilySignedIn) -> HttpResponse:
    """The address of one's own calendar."""
    with _reading(request) as book:
        child = person(book, request.child_id)
    made, own = ical.settings(request, request.child_id)
    context = {"section": "appointments", "child": child, "made": made, "own": own}
    return render(request, "bog/family/feed.html", context)
