"""Log-in through a provider: there and back, as whom, step-up, and everything about the session that comes of it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from barnetsbog.directory.queries import child, role
from barnetsbog.kernel.time import SECOND
from barnetsbog.login import operations, queries, rules
from barnetsbog.login.clock import wall
from barnetsbog.login.model import MINUTE, Audience, Choice, LoginRefused, Oidc, Provider, Reason, Saml, Session
from barnetsbog.login.operations import Arrival
from barnetsbog.login.setup import setup

from .log_words import PURPOSES
from .session import FORGET, KEPT, LOGIN, SEND, after_login, first_page, keep_typed, signed_in

ATTEMPT, BROUGHT = "attempt", "svar"


def providers(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """For the page of log-in: for whom, and the providers' ids and names."""
    found = []
    for audience in Audience:
        mine = [(one.id, _name(one, language)) for one in setup().providers if one.audience is audience]
        found += [(audience.value, mine)] if mine else []
    return found


def _name(provider: Provider, language: str) -> str:
    return provider.name_en if language == "en" else provider.name


@require_GET
def start(request: HttpRequest, ident: str) -> HttpResponse:
    """To the provider. `?igen`: once more, to be known more surely."""
    provider = _provider(ident, Oidc | Saml)
    try:
        address, attempt = operations.begin(provider, again="igen" in request.GET)
    except LoginRefused as refused:
        return _refused(request, provider, refused.reason)
    request.session[ATTEMPT] = str(attempt)
    return HttpResponseRedirect(address)


@require_GET
def callback(request: HttpRequest, ident: str) -> HttpResponse:
    """Back from an OpenID provider."""
    provider = _provider(ident, Oidc)
    try:
        operations.answered_oidc(provider, _attempt(request), _query(request))
    except LoginRefused as refused:
        return _refused(request, provider, refused.reason)
    return HttpResponseRedirect(reverse("login-as-whom"))


@csrf_exempt
@require_POST
def consumer(request: HttpRequest, ident: str) -> HttpResponse:
    """Back from an identity provider: a page of another site sends the answer, so our cookies are not with it. They are
    with the next request, which shows whether this is the browser that began; what it is given here shows that it is
    the one that brought the answer."""
    provider = _provider(ident, Saml)
    try:
        brought = operations.answered_saml(
            provider, request.POST.get("RelayState", ""), request.POST.get("SAMLResponse", "")
        )
    except LoginRefused as refused:
        return _refused(request, provider, refused.reason)
    return HttpResponseRedirect(f"{reverse('login-as-whom')}?{urlencode({BROUGHT: brought})}")


@require_http_methods(["GET", "POST"])
def as_whom(request: HttpRequest) -> HttpResponse:
    """As whom: by itself when there is one, else somebody chooses a job, or a child. Whoever comes back to this page
    when they have chosen is logged in."""
    arrival = operations.arrival(_attempt(request), request.GET.get(BROUGHT, ""))
    provider = setup().provider(arrival.provider) if arrival else None
    if arrival is None and getattr(request, "login", None):
        return HttpResponseRedirect(reverse("start"))
    if arrival is None or provider is None:
        operations.nobody_arrived()
        return _refused(request, None, Reason.STALE)
    choice = arrival.choices[0] if len(arrival.choices) == 1 else None
    if request.method == "POST":
        choice = next((one for one in arrival.choices if str(one.actor_id) == request.POST.get("as")), None)
    if choice is None:
        shown = sorted((line, one.actor_id) for one in arrival.choices if (line := _line(one, arrival)))
        citizen = arrival.choices[0].child_id is not None
        return render(request, "bog/login/as_whom.html", {"choices": shown, "citizen": citizen})
    return _started(request, provider, arrival, choice)


def _started(request: HttpRequest, provider: Provider, arrival: Arrival, choice: Choice) -> HttpResponse:
    scope = signed_in(request, operations.start(arrival, choice))
    if scope is None:
        return _refused(request, provider, Reason.NOBODY)
    session = queries.session(UUID(request.session[LOGIN]))
    kept = session and queries.kept(session)
    return HttpResponseRedirect(after_login(request, "login-kept" if kept else first_page(scope)))


def _line(choice: Choice, arrival: Arrival) -> str:
    """What somebody chooses between: the children by the name they are called, and as what where they stand twice in a
    book; one's own jobs."""
    if choice.child_id:
        found = child(choice.child_id)
        name = found.full if found else ""
        twice = sum(one.child_id == choice.child_id for one in arrival.choices) > 1
        scope = operations.scope_of(choice, arrival.level) if twice else None
        return f"{name}: {PURPOSES[scope.purpose]}" if name and scope else name
    job = role(choice.actor_id)
    return job.with_unit if job else ""


@require_GET
def metadata(request: HttpRequest, ident: str) -> HttpResponse:
    """What an identity provider must know of us."""
    return HttpResponse(operations.metadata(_provider(ident, Saml)), content_type="application/samlmetadata+xml")


@require_GET
def single_logout(request: HttpRequest, ident: str) -> HttpResponse:
    """An identity provider says that somebody has logged out, or answers our own saying so."""
    provider = _provider(ident, Saml)
    query = _query(request)
    try:
        back = operations.logged_out_at_provider(provider, query, request.META.get("QUERY_STRING", ""))
    except LoginRefused as refused:
        return _refused(request, provider, refused.reason)
    return HttpResponseRedirect(back or reverse("logged-out"), headers=FORGET)


@csrf_exempt
@require_POST
def logged_out_behind(request: HttpRequest, ident: str) -> HttpResponse:
    """An OpenID provider says that somebody has logged out, without a browser (Back-Channel Logout 1.0 § 2.5, 2.8)."""
    provider = _provider(ident, Oidc)
    try:
        operations.logged_out_behind(provider, request.POST.get("logout_token", ""))
    except LoginRefused:
        return JsonResponse({"error": "invalid_request"}, status=400, headers={"Cache-Control": "no-store"})
    return HttpResponse(headers={"Cache-Control": "no-store"})


@require_GET
def logged_out(request: HttpRequest) -> HttpResponse:
    return render(request, "bog/login/logged_out.html")


# -- the session -------------------------------------------------------------------------------------------------------


@require_GET
def over(request: HttpRequest) -> HttpResponse:
    """Nothing was done for too long, or the day was."""
    minutes = setup().limits.idle // MINUTE
    return render(request, "bog/login/over.html", {"kept": request.GET.get("gemt", ""), "minutes": minutes})


@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """For the page's script: how many seconds are left, for something may have been done in another window; by POST,
    somebody is still there, and the session goes on. Without the script any press does the same."""
    session: Session | None = getattr(request, "login", None)
    if session is None:
        return HttpResponse(status=401)
    limits = setup().limits
    until = operations.seen(session, limits) if request.method == "POST" else rules.ends_at(session, limits)
    return HttpResponse(str((until - wall()) // SECOND), content_type="text/plain")


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """The page's script sends what is typed but not sent, and the session is over."""
    session: Session | None = getattr(request, "login", None)
    kept = keep_typed(request, session) if session else ""
    if session is None or not kept:
        return HttpResponse(status=401)
    operations.end(session, getattr(request, "scope", None), reason="udløbet")
    request.session.flush()
    return HttpResponse(status=204 if kept == "ja" else 413)


@require_http_methods(["GET", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """What somebody had typed is offered again: sent on as it was, or thrown away. Sent on it waits until it has
    arrived (`session.arrived`): on the way there the net may be gone."""
    session: Session | None = getattr(request, "login", None)
    found = queries.kept(session) if session else None
    if session is None or found is None:
        return HttpResponseRedirect(reverse("start"))
    if request.method == "GET":
        words = [value for _name, value in found.fields if " " in value.strip()]
        return render(request, "bog/login/kept.html", {"fields": found.fields, "words": words})
    if request.POST.get(KEPT) != SEND:
        operations.drop_kept(session)
        return HttpResponseRedirect(reverse("start"))
    answer = HttpResponseRedirect(found.path)
    answer.status_code = 307  # the form goes on as it is, to where it was going
    return answer


@require_http_methods(["GET", "POST"])
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Where somebody is logged in, and out of everywhere else: after a lost telephone, or at a strange machine."""
    session: Session | None = getattr(request, "login", None)
    if session is None:
        return HttpResponseRedirect(reverse("login"))
    ended = None
    if request.method == "POST":
        ended = operations.end_others(session, request.scope)  # type: ignore[attr-defined]
    limits, at = setup().limits, wall()
    theirs = queries.running(session.who, limits_from=at - limits.longest)
    found = [one for one in theirs if one.id != session.id and rules.holds(one, limits, at)]
    context = {
        "mine": session,
        "others": [(one, _place(one)) for one in found],
        "ended": ended,
        "here": _place(session),
    }
    return render(request, "bog/login/elsewhere.html", context)


def _place(session: Session) -> str:
    provider = setup().provider(session.provider)
    return _name(provider, get_language() or "") if provider else ""


def _provider(ident: str, speaks: Any) -> Provider:
    provider = setup().provider(ident)
    if provider is None or not isinstance(provider.protocol, speaks):
        raise Http404
    return provider


def _query(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items()}


def _attempt(request: HttpRequest) -> UUID | None:
    named = request.session.get(ATTEMPT)
    return UUID(named) if named else None


def _refused(request: HttpRequest, provider: Provider | None, reason: Reason) -> HttpResponse:
    """Why nobody is logged in. Somebody who is in no book, and somebody who may not see it, read the same."""
    context = {"provider": provider, "reason": reason.name.lower()}
    return render(request, "bog/login/refused.html", context, status=403)
