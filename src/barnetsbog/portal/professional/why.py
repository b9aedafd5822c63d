"""Hvorfor ser jeg ikke alt? The reader's own rights in a child's book, and how to ask for more."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access import naming
from barnetsbog.access.deciding import decisions
from barnetsbog.access.explaining import reasons
from barnetsbog.access.reading import open_book
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview.queries import person
from barnetsbog.record.scope import Scope

from ..reasons import explained, parts
from ..session import FamilySignedIn, SignedIn


@require_GET
def why(request: SignedIn, child_id: UUID) -> HttpResponse:
    context = _read(request.scope, child_id)
    return render(request, "bog/why.html", {**context, "child_id": child_id, "tab": "why"})


@require_GET
def family_why(request: FamilySignedIn) -> HttpResponse:
    context = _read(request.scope, request.child_id)
    return render(request, "bog/family/why.html", {**context, "section": "why"})


def _read(scope: Scope, child_id: UUID) -> dict[str, Any]:
    try:
        with open_book(scope, "why", child_id) as book:
            found, child = reasons(book, child_id), person(book, child_id)
            decided = decisions(book, [child_id], whoever_wrote_it=True)[child_id]
            sources = {one.source_id for one in found if one.source_id}
            units = naming.units(scope, sources, veiled=book.veiled(child_id))
    except NotFound:
        raise Http404 from None
    names = {ident: unit.name for ident, unit in units.items()}
    return {"reasons": explained(found, names), "parts": parts(decided), "child": child}
