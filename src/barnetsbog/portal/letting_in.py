"""An app asks to be let in, and the apps that one has let in: for professionals and families alike.

The page says in plain words what the app gets, before anybody presses. Whoever says no is sent back too, and the app is
told nothing but that.
"""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from barnetsbog.clients import addresses, letting_in
from barnetsbog.clients.operations import logged_out, stop
from barnetsbog.clients.protocol import Answer, Parameters, Yes
from barnetsbog.clients.queries import App, apps_of
from barnetsbog.directory.queries import children
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.login import queries, rules
from barnetsbog.login.setup import setup

from . import app_words
from .session import SignedIn


@require_http_methods(["GET", "POST"])
def let_in(request: SignedIn) -> HttpResponse:
    base = addresses.base(request.build_absolute_uri("/"))
    asked = [(name, value) for name, values in request.GET.lists() for value in values]
    wish = letting_in.wish(base, asked, request.scope)
    if isinstance(wish, Answer):
        return _sent_back(request, wish)
    to_choose = letting_in.choices(request.scope) if wish.one_child and request.scope.unit_id else []
    own = getattr(request, "child_id", None)
    problem = ""
    if request.method == "POST":
        chosen = own or next((one.id for one in to_choose if str(one.id) == request.POST.get("child")), None)
        if request.POST.get("answer") != "yes":
            return _sent_back(request, letting_in.answer(base, asked, None, request.scope))
        if chosen or not wish.one_child:
            until = rules.over_at(request.login, setup().limits)
            yes = Yes(request.scope, str(request.login.id), until, own, chosen)
            return _sent_back(request, _let_in(request, base, asked, yes))
        problem = _("Vælg, hvilket barn det er.")
    context = {
        "app": wish.client, "children": to_choose, "whose": children([own])[own] if own else None, "problem": problem,
        "gets": app_words.gets(wish.scopes), "writes": app_words.writes(wish.scopes),
        "stays": app_words.stays(wish.scopes), "back": urlsplit(wish.back).netloc,
        "one_child": wish.one_child, "told": app_words.told(wish.scopes),
    }  # fmt: skip
    response = render(request, "bog/apps/let_in.html", context, status=422 if problem else 200)
    back = urlsplit(wish.back)
    response._csp_update = {"form-action": [f"{back.scheme}://{back.netloc}"]}  # type: ignore[attr-defined]
    return response


def _let_in(request: SignedIn, base: str, asked: Parameters, yes: Yes) -> Answer:
    """The answer to the app. Whoever has logged off meanwhile, in another window or everywhere, lets nobody in for as
    long as they are logged in."""
    given = letting_in.answer(base, asked, yes, request.scope)
    found = queries.session(request.login.id)
    if found is None or found.ended_at is not None:
        logged_out([request.login.id])
    return given


def _sent_back(request: SignedIn, answer: Answer) -> HttpResponse:
    """To the app. Where nothing tells that the address is the app's own, nobody is sent anywhere."""
    if answer.location:
        return HttpResponseRedirect(answer.location)
    context = {"why": answer.body.get("error_description") or answer.body["error"]}
    return render(request, "bog/apps/not_let_in.html", context, status=400)


@require_GET
def apps(request: SignedIn) -> HttpResponse:
    found = apps_of(request.scope.role_id)
    names = children({one.child_id for one in found if one.child_id})
    context = {
        "section": "apps", "apps": [_told(one, names) for one in found], "stopped": "stoppet" in request.GET,
    }  # fmt: skip
    return render(request, "bog/apps/apps.html", context)


def _told(one: App, names: dict[UUID, Any]) -> dict[str, Any]:
    return {
        "app": one, "name": one.client.name, "gets": app_words.gets(one.scopes),
        "writes": app_words.writes(one.scopes), "told": app_words.told(one.scopes),
        "child": names.get(one.child_id) if one.child_id else None,
    }  # fmt: skip


@require_POST
def stop_app(request: SignedIn, ident: UUID) -> HttpResponse:
    try:
        stop(ident, by=request.scope)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(f"{reverse(_page(request))}?stoppet")


def _page(request: SignedIn) -> str:
    return "apps" if request.scope.unit_id else "family-apps"
