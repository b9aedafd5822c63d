"""*Beskeder* of a child: what the family writes to the reader's unit, and writing to the family."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from ..dialogue import STAFF, Talk
from ..session import SignedIn


def _talk(request: SignedIn, child_id: UUID) -> Talk:
    return Talk(request, request.scope, child_id, STAFF)


@require_GET
def index(request: SignedIn, child_id: UUID) -> HttpResponse:
    return _talk(request, child_id).index()


@require_http_methods(["GET", "POST"])
def new(request: SignedIn, child_id: UUID) -> HttpResponse:
    return _talk(request, child_id).new()


@require_http_methods(["GET", "POST"])
def thread(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    return _talk(request, child_id).thread(ident)
