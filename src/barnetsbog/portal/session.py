"""Who is signed in, judged anew at every request.

The session holds nothing but the id of a role. The scope is made from the directory each time, so a role that has
ended or a unit that has changed counts at once, also in the middle of a session.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from barnetsbog.access.scopes import scope_for
from barnetsbog.audit.operations import note
from barnetsbog.record.instance import now
from barnetsbog.record.scope import LoginLevel, Scope

ROLE = "role"
OPEN = ("/log-ind/", "/log-af/", "/static/", "/om/", "/tilgaengelighed/", "/sprog/", "/healthz")


class SignedIn(HttpRequest):
    """A request whose sender is known: what every view behind the door is given."""

    scope: Scope


class SignedInMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope = _scope(request)
        request.scope = scope  # type: ignore[attr-defined]
        if scope is None and not request.path.startswith(OPEN):
            return HttpResponseRedirect(reverse("login"))
        response = self.get_response(request)
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response


def _scope(request: HttpRequest) -> Scope | None:
    """The asker's scope; a session whose role is no longer theirs is ended."""
    value = request.session.get(ROLE)
    if value is None:
        return None
    scope = scope_for(UUID(value), level=LoginLevel.SUBSTANTIAL)
    if scope is None:
        request.session.flush()
    return scope


def sign_in(request: HttpRequest, role_id: UUID) -> bool:
    """Begins a session as this role, under a new session key. False when the role may not act."""
    scope = scope_for(role_id, level=LoginLevel.SUBSTANTIAL)
    if scope is None:
        note("login", at=now(), by=None, allowed=False, reason="rollen må ikke handle", attempted=str(role_id))
    else:
        note("login", at=now(), by=scope)
    if scope is None:
        return False
    request.session.flush()
    request.session[ROLE] = str(role_id)
    return True


def sign_out(request: HttpRequest) -> None:
    scope: Scope | None = getattr(request, "scope", None)
    if scope:
        note("logout", at=now(), by=scope)
    request.session.flush()
