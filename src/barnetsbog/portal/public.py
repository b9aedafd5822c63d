"""The pages that need no log-in: log-in itself, about, accessibility, language, and what went wrong."""

import logging
import secrets
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from barnetsbog.audit.operations import note
from barnetsbog.login.model import Choice
from barnetsbog.login.operations import logout_address
from barnetsbog.record.instance import is_demo, now

from . import logging_in
from .demo_login import everybody, families, people
from .language import COOKIE
from .session import FORGET, after_login, first_page, remember, sign_in_demo, sign_out

log = logging.getLogger(__name__)


@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The providers of log-in; in a demonstration also: who do you want to be?"""
    remember(request)
    if request.method == "POST" and is_demo():
        if "person" in request.POST:
            return _family_signed_in(request)
        return _signed_in(request, request.POST.get("role", ""))
    ready = {"ready": people(), "sectors": everybody(), "families": families()} if is_demo() else {}
    return render(request, "bog/login.html", {**ready, "providers": logging_in.providers(get_language() or "")})


@require_GET
def login_as(request: HttpRequest, key: str) -> HttpResponse:
    person = next((p for p in people() if p.key == key), None) if is_demo() else None
    if person is None:
        raise Http404
    return render(request, "bog/login_as.html", {"person": person})


def _signed_in(request: HttpRequest, role: str) -> HttpResponse:
    try:
        role_id = UUID(role)
    except ValueError:
        note("login", at=now(), by=None, allowed=False, reason="ingen rolle")
        raise Http404 from None
    return _as(request, Choice(role_id))


def _family_signed_in(request: HttpRequest) -> HttpResponse:
    try:
        person_id, child_id = UUID(request.POST["person"]), UUID(request.POST.get("child", ""))
    except ValueError:
        note("login", at=now(), by=None, allowed=False, reason="ingen person")
        raise Http404 from None
    return _as(request, Choice(person_id, child_id))


def _as(request: HttpRequest, choice: Choice) -> HttpResponse:
    scope = sign_in_demo(request, choice)
    if scope is None:
        raise Http404
    return HttpResponseRedirect(after_login(request, first_page(scope)))


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Here, and at the provider too when it has a place for it. A page leads there: by the policy of our pages no form
    ends at another site."""
    session = sign_out(request)
    address = logout_address(session) if session else None
    if address is None:
        return HttpResponseRedirect(reverse("login"), headers=FORGET)
    response = render(request, "bog/login/logging_out.html", {"address": address})
    for name, value in FORGET.items():
        response.headers[name] = value
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The reader's own choice, kept for a year."""
    to = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(to if safe else "/")
    response.set_cookie(
        COOKIE, request.POST.get("language", "da")[:2], max_age=365 * 86400, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "bog/about.html")


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "bog/accessibility.html")


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def failed(request: HttpRequest) -> HttpResponse:
    """An error number lets the log and the person on the telephone speak of the same thing."""
    number = secrets.token_hex(4)
    log.error("error %s at %s", number, request.resolver_match.view_name if request.resolver_match else "?")
    context: dict[str, Any] = {"number": number}
    return render(request, "bog/failed.html", context, status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "bog/csrf_failed.html", status=403)
