"""Who is signed in, judged anew at every request.

The cookie holds nothing but the id of a log-in (`login.models.LoginSession`), which says as whom: in a job, or as a
person of the family in one child's book. The scope is made from the directory and the rights each time, so a role that
has ended, custody that has gone over or a birthday counts at once, also in the middle of a session. A log-in that is
over, because nothing was done or by a press on another machine, is over for every copy of its cookie. Professionals
have their pages and families have theirs (`/familie/`); on the other's side there is nothing.
"""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse

from barnetsbog.access.roles import role_named
from barnetsbog.login import operations, queries, rules
from barnetsbog.login.clock import wall
from barnetsbog.login.model import Choice, Session
from barnetsbog.login.setup import setup
from barnetsbog.record.instance import now
from barnetsbog.record.scope import Scope

from .belonging import MARK, belongs, of_another
from .missing import lost, not_found
from .typed import is_ours

LOGIN, GLASS, CAME_FOR = "login", "glass", "came-for"
FAMILY, PACKS = "/familie/", "/moedepakker/"
OPEN = (
    "/log-ind/", "/log-af/", "/static/", "/om/", "/tilgaengelighed/", "/sprog/", "/healthz", "/hvilken-doer/",
    "/hvem-kan-henvise/", "/besked-til-laeger/", "/ical/", "/fhir/", "/oauth/token", "/oauth/revoke",
    "/oauth/introspect", "/service-worker.js",
)  # fmt: skip
LET_IN = "/oauth/authorize"
"""Where an app asks to be let in: a page for professionals and families, to which one comes back from the log-in."""
TOKEN, WHERE = "csrfmiddlewaretoken", "bog-path"
KEPT, SEND = "bog-kept", "send"
"""How a form says that it is what was kept when a session was over, and is sent on now."""


class SignedIn(HttpRequest):
    """A request whose sender is known: what every view behind the door is given."""

    scope: Scope
    login: Session
    login_until: int


class FamilySignedIn(SignedIn):
    """Somebody of the family: in one child's book, as themselves."""

    child_id: UUID


class SignedInMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found, over = _log_in_of(request), None
        if found and not rules.holds(found, setup().limits, wall()):
            over = _over(request, found)
            found = None
        scope = _scope(request, found) if found else None
        request.scope = scope  # type: ignore[attr-defined]
        opened = request.path in ("/", LET_IN) or request.path.startswith(OPEN)
        if scope is None and not request.path.startswith(OPEN):
            response = over or _not_signed_in(request)
        elif over and request.path in (reverse("session-stay"), reverse("session-keep")):
            response = over
        elif scope and found and not request.path.startswith(OPEN) and not belongs(request, found):
            response = of_another(request)
        elif scope and not opened and (scope.unit_id is None) is not request.path.startswith(FAMILY):
            response = not_found(request)
        else:
            response = self.get_response(request)
            if found and arrived(request, response):
                operations.drop_kept(found)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _not_signed_in(request: HttpRequest) -> HttpResponse:
    """To the log-in; or what was typed is given back, to whoever sends a page without a log-in."""
    if request.method == "POST" and request.path != LET_IN:
        return lost(request)
    return HttpResponseRedirect(reverse("login") + _and_back(request))


def _and_back(request: HttpRequest) -> str:
    return f"?{urlencode({'next': request.get_full_path()})}" if request.path == LET_IN else ""


def remember(request: HttpRequest) -> None:
    """Keeps what somebody came for, when that was an app, over the log-in and the way to a provider and back."""
    to = request.GET.get("next", "")
    if to.startswith(f"{LET_IN}?"):
        request.session[CAME_FOR] = to


def after_login(request: HttpRequest, usual: str) -> str:
    """Where somebody goes who has logged in: what they came for, when that was an app, else where their work begins."""
    to: str = request.session.pop(CAME_FOR, "")
    return to or reverse(usual)


def _log_in_of(request: HttpRequest) -> Session | None:
    """The log-in that the cookie names, whether or not it holds. A cookie of one that is not there is emptied."""
    named = request.session.get(LOGIN)
    found = queries.session(UUID(named)) if named else None
    if named and found is None:
        request.session.flush()
    return found


def _over(request: HttpRequest, session: Session) -> HttpResponse | None:
    """The log-in does not hold any more. When that was by itself, what was typed is kept, and the person is told. A
    script that asks how long is left is to send what is typed first."""
    if request.path == reverse("session-stay"):
        return HttpResponse(status=401)
    request.session.flush()
    if session.ended_at is not None:
        return None
    if request.path == LET_IN or not belongs(request, session):
        operations.end(session, None, reason="udløbet")
        return None
    kept = keep_typed(request, session) if request.method == "POST" else ""
    operations.end(session, None, reason="udløbet")
    if request.path == reverse("session-keep"):
        return HttpResponse(status=204 if kept == "ja" else 413)
    return HttpResponseRedirect(reverse("session-over") + (f"?gemt={kept}" if kept else ""), headers=FORGET)


def keep_typed(request: HttpRequest, session: Session) -> str:
    """Keeps what was sent, and where to: `ja`, `nej` when there was too much, or '' for nothing. Only what our own page
    sent is kept: another site must not be able to put words in somebody's mouth. The page's script says itself where
    a form that was not sent is on its way to. Of a page that is not theirs nothing is kept for them."""
    path = request.get_full_path()
    if request.path == reverse("session-keep"):
        path = request.POST.get(WHERE, "")
    if not is_ours(request) or not is_page(path) or not belongs(request, session):
        return ""
    unsaid = (TOKEN, WHERE, MARK)
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in unsaid]
    return "ja" if operations.keep(session, path, fields) and not request.FILES else "nej"


def arrived(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether what was kept has come to the page that it was on its way to: it was carried out, or is shown again with
    what is wrong. A page that broke, or let nobody in, has not read it: it waits on."""
    sent = request.method == "POST" and request.POST.get(KEPT) == SEND and not request.path.startswith(OPEN)
    return sent and (response.status_code < 400 or response.status_code in (400, 404, 409, 422))


def is_page(path: str) -> bool:
    """A page of ours behind the door, and no other site's."""
    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        return False
    return path.startswith("/") and not path.startswith(("//", *OPEN))


def _scope(request: HttpRequest, session: Session) -> Scope | None:
    """The asker's scope; a session whose role is no longer theirs is ended."""
    choice = Choice(session.actor_id, session.child_id)
    if session.child_id:
        request.child_id = session.child_id  # type: ignore[attr-defined]
        scope = operations.scope_of(choice, session.level)
    else:
        scope = operations.scope_of(
            choice, session.level, break_glass=_has_broken_glass(request), pack=request.path.startswith(PACKS)
        )
    if scope is None:
        operations.end(session, None, reason="ingen adgang længere")
        request.session.flush()
        return None
    request.login = session  # type: ignore[attr-defined]
    limits = setup().limits
    until = rules.ends_at(session, limits) if request.path.startswith(OPEN) else operations.seen(session, limits)
    request.login_until = until  # type: ignore[attr-defined]
    return scope


def _has_broken_glass(request: HttpRequest) -> bool:
    """Whether the page asked for is of the child whose glass this session has broken, and the hour is not over."""
    glass = request.session.get(GLASS)
    return glass is not None and f"/{glass['child']}/" in request.path and now() < int(glass["until"])


def sign_in_demo(request: HttpRequest, choice: Choice) -> Scope | None:
    """Begins a session by a press of a name. None when the law, or the role, gives them no access (any longer)."""
    return signed_in(request, operations.start_demo(choice))


def signed_in(request: HttpRequest, begun: tuple[Session, Scope] | None) -> Scope | None:
    """The browser is somebody's from now on, under a new session key, and nobody else's any more."""
    if begun is None:
        return None
    session, scope = begun
    if before := _log_in_of(request):
        operations.end(before, None, reason="logget ind igen")
    came_for = request.session.get(CAME_FOR)
    request.session.flush()
    request.session[LOGIN] = str(session.id)
    if came_for:
        request.session[CAME_FOR] = came_for
    return scope


def first_page(scope: Scope | None) -> str:
    """The name of the page where somebody's work begins."""
    may = role_named(scope.role).may if scope else frozenset()
    if scope and scope.unit_id is None:
        return "family-front"
    begins = {"audit": "oversight", "administer": "administration", "count": "statistics"}
    return next((page for act, page in begins.items() if act in may), "work-list")


FORGET = {"Clear-Site-Data": '"storage"'}
"""Said when a session is over: a copy that was kept on the machine to be read without a net goes with it (Clear Site
Data, W3C). The service worker does the same by itself."""


def sign_out(request: HttpRequest) -> Session | None:
    """The session is over; the one that it was."""
    session: Session | None = getattr(request, "login", None)
    try:
        if session:
            operations.end(session, getattr(request, "scope", None))
    finally:  # whoever must away gets away, whatever can't be written
        request.session.flush()
    return session
