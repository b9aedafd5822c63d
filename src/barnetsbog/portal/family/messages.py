"""*Beskeder*: writing to somebody by name, when it is read, and what they answer."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from ..dialogue import FAMILY, Talk
from ..session import FamilySignedIn


def _talk(request: FamilySignedIn) -> Talk:
    return Talk(request, request.scope, request.child_id, FAMILY)


@require_GET
def index(request: FamilySignedIn) -> HttpResponse:
    return _talk(request).index()


@require_http_methods(["GET", "POST"])
def new(request: FamilySignedIn) -> HttpResponse:
    return _talk(request).new()


@require_http_methods(["GET", "POST"])
def thread(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    return _talk(request).thread(ident)
