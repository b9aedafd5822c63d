"""Hvorfor ser jeg ikke alt? The reader's own rights in a child's book, and how to ask for more."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.explaining import reasons
from barnetsbog.access.reading import open_book
from barnetsbog.directory.queries import units
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.record.scope import Scope

from ..reasons import Told, explained
from ..session import FamilySignedIn, SignedIn


@require_GET
def why(request: SignedIn, child_id: UUID) -> HttpResponse:
    told, child = _read(request.scope, child_id)
    return render(request, "bog/why.html", {"reasons": told, "child": child, "child_id": child_id, "tab": "why"})


@require_GET
def family_why(request: FamilySignedIn) -> HttpResponse:
    told, child = _read(request.scope, request.child_id)
    return render(request, "bog/family/why.html", {"reasons": told, "child": child, "section": "why"})


def _read(scope: Scope, child_id: UUID) -> tuple[list[Told], Person]:
    try:
        with open_book(scope, "why", child_id) as book:
            found, child = reasons(book, child_id), person(book, child_id)
    except NotFound:
        raise Http404 from None
    names = {ident: unit.name for ident, unit in units({one.source_id for one in found if one.source_id}).items()}
    return explained(found, names), child
