"""*Hvem hjælper*: the professionals around the child, what each does, who has the ball, and how they are reached."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.contacts.circle import circle
from barnetsbog.contacts.model import Involving
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview.queries import person

from ..session import FamilySignedIn


@require_GET
def people(request: FamilySignedIn) -> HttpResponse:
    try:
        with open_book(request.scope, Involving.READ, request.child_id) as book:
            found, child = circle(book, request.child_id), person(book, request.child_id)
    except NotFound:
        raise Http404 from None
    here = [one for one in found.workers if one.left_at is None]
    return render(request, "bog/family/people.html", {"section": "people", "child": child, "workers": here})
