"""*Skemaer* in a child's book, for professionals."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from .. import filling
from ..form_reading import STAFF, Asked
from ..session import SignedIn


def _asked(request: SignedIn, child_id: UUID) -> Asked:
    return Asked(request, request.scope, child_id, STAFF)


@require_http_methods(["GET", "POST"])
def index(request: SignedIn, child_id: UUID) -> HttpResponse:
    return filling.index(_asked(request, child_id))


@require_http_methods(["GET", "POST"])
def form(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    return filling.form(_asked(request, child_id), ident)


@require_http_methods(["GET", "POST"])
def topic(request: SignedIn, child_id: UUID, ident: UUID, slug: str) -> HttpResponse:
    return filling.topic(_asked(request, child_id), ident, slug)


@require_http_methods(["GET", "POST"])
def check(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    return filling.check(_asked(request, child_id), ident)


@require_GET
def enclosed(request: SignedIn, child_id: UUID, document: UUID) -> HttpResponse:
    return filling.enclosed(_asked(request, child_id), document)


@require_GET
def paper(request: SignedIn, child_id: UUID, ident: UUID, part: str) -> HttpResponse:
    return filling.paper(_asked(request, child_id), ident, part)
