"""Who is signed in, judged anew at every request.

The session holds nothing but ids: of a role, or of a person of the family and the child. The scope is made from the
directory and the rights each time, so a role that has ended, custody that has gone over or a birthday counts at once,
also in the middle of a session. Professionals have their pages and families have theirs (`/familie/`); on the other's
side there is nothing.
"""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from barnetsbog.access.roles import role_named
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.audit.operations import note
from barnetsbog.clients.issuing import new_secret
from barnetsbog.clients.operations import logged_out
from barnetsbog.record.instance import now
from barnetsbog.record.scope import LoginLevel, Scope

from .missing import lost, not_found

ROLE, PERSON, CHILD, GLASS, LOGIN = "role", "person", "child", "glass", "login"
FAMILY, PACKS = "/familie/", "/moedepakker/"
OPEN = (
    "/log-ind/", "/log-af/", "/static/", "/om/", "/tilgaengelighed/", "/sprog/", "/healthz", "/hvilken-doer/",
    "/hvem-kan-henvise/", "/besked-til-laeger/", "/ical/", "/fhir/", "/oauth/token", "/oauth/revoke",
    "/oauth/introspect",
)  # fmt: skip
LET_IN = "/oauth/authorize"
"""Where an app asks to be let in: a page for professionals and families, to which one comes back from the log-in."""


class SignedIn(HttpRequest):
    """A request whose sender is known: what every view behind the door is given."""

    scope: Scope


class FamilySignedIn(SignedIn):
    """Somebody of the family: in one child's book, as themselves."""

    child_id: UUID


class SignedInMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope = _scope(request)
        request.scope = scope  # type: ignore[attr-defined]
        opened = request.path in ("/", LET_IN) or request.path.startswith(OPEN)
        if scope is None and not request.path.startswith(OPEN):
            typed = request.method == "POST" and request.path != LET_IN
            return lost(request) if typed else HttpResponseRedirect(reverse("login") + _and_back(request))
        if scope and not opened and (scope.unit_id is None) is not request.path.startswith(FAMILY):
            response = not_found(request)
        else:
            response = self.get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _and_back(request: HttpRequest) -> str:
    return f"?{urlencode({'next': request.get_full_path()})}" if request.path == LET_IN else ""


def after_login(request: HttpRequest, usual: str) -> str:
    """Where somebody goes who has logged in: what they came for, when that was an app, else where their work begins."""
    to = request.GET.get("next", "")
    return to if to.startswith(f"{LET_IN}?") else reverse(usual)


def _scope(request: HttpRequest) -> Scope | None:
    """The asker's scope; a session whose role is no longer theirs is ended."""
    session = request.session
    if PERSON in session:
        request.child_id = UUID(session[CHILD])  # type: ignore[attr-defined]
        scope = scope_for_person(UUID(session[PERSON]), UUID(session[CHILD]), level=LoginLevel.SUBSTANTIAL)
    elif ROLE in session:
        scope = scope_for(
            UUID(session[ROLE]), level=LoginLevel.SUBSTANTIAL, break_glass=_has_broken_glass(request),
            pack=request.path.startswith(PACKS),
        )  # fmt: skip
    else:
        return None
    if scope is None:
        request.session.flush()
    return scope


def _has_broken_glass(request: HttpRequest) -> bool:
    """Whether the page asked for is of the child whose glass this session has broken, and the hour is not over."""
    glass = request.session.get(GLASS)
    return glass is not None and f"/{glass['child']}/" in request.path and now() < int(glass["until"])


def sign_in_person(request: HttpRequest, person_id: UUID, child_id: UUID) -> bool:
    """Begins a session of somebody of the family. False when the law gives them no access (any longer)."""
    scope = scope_for_person(person_id, child_id, level=LoginLevel.SUBSTANTIAL)
    if scope is None:
        note("login", at=now(), by=None, allowed=False, reason="ingen adgang", attempted=str(person_id))
        return False
    note("login", at=now(), by=scope, child_id=child_id)
    request.session.flush()
    request.session[PERSON], request.session[CHILD] = str(person_id), str(child_id)
    request.session[LOGIN] = new_secret()
    return True


def sign_in(request: HttpRequest, role_id: UUID) -> Scope | None:
    """Begins a session as this role, under a new session key. None when the role may not act."""
    scope = scope_for(role_id, level=LoginLevel.SUBSTANTIAL)
    if scope is None:
        note("login", at=now(), by=None, allowed=False, reason="rollen må ikke handle", attempted=str(role_id))
        return None
    note("login", at=now(), by=scope)
    request.session.flush()
    request.session[ROLE], request.session[LOGIN] = str(role_id), new_secret()
    return scope


def first_page(scope: Scope | None) -> str:
    """The name of the page where somebody's work begins."""
    may = role_named(scope.role).may if scope else frozenset()
    if scope and scope.unit_id is None:
        return "family-front"
    return "oversight" if "audit" in may else "administration" if "administer" in may else "work-list"


def sign_out(request: HttpRequest) -> None:
    scope: Scope | None = getattr(request, "scope", None)
    if scope:
        note("logout", at=now(), by=scope)
        logged_out(request.session.get(LOGIN, ""))
    request.session.flush()
