"""*Skemaer*, for parents and children: what waits for them, and forms of their own."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from .. import filling
from ..form_reading import FAMILY, Asked
from ..session import FamilySignedIn


def _asked(request: FamilySignedIn) -> Asked:
    return Asked(request, request.scope, request.child_id, FAMILY)


@require_http_methods(["GET", "POST"])
def index(request: FamilySignedIn) -> HttpResponse:
    return filling.index(_asked(request))


@require_http_methods(["GET", "POST"])
def form(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    return filling.form(_asked(request), ident)


@require_http_methods(["GET", "POST"])
def topic(request: FamilySignedIn, ident: UUID, slug: str) -> HttpResponse:
    return filling.topic(_asked(request), ident, slug)


@require_http_methods(["GET", "POST"])
def check(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    return filling.check(_asked(request), ident)


@require_GET
def enclosed(request: FamilySignedIn, document: UUID) -> HttpResponse:
    return filling.enclosed(_asked(request), document)


@require_GET
def paper(request: FamilySignedIn, ident: UUID, part: str) -> HttpResponse:
    return filling.paper(_asked(request), ident, part)
