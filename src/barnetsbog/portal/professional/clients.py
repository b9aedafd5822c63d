"""Programmer: the systems and apps that may call, for whoever administers. Closing one counts at once."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from barnetsbog.clients.clock import wall
from barnetsbog.clients.model import Client
from barnetsbog.clients.operations import close, open_again
from barnetsbog.clients.queries import clients
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.sentences import Sentence
from barnetsbog.subscriptions.model import Stuck
from barnetsbog.subscriptions.operations import try_again
from barnetsbog.subscriptions.queries import stuck
from barnetsbog.subscriptions.topics import topics

from ..session import SignedIn
from ..versions import administrators_only
from ..words import Word
from .administration import NAMES


@dataclass(frozen=True, slots=True)
class Line:
    client: Client
    role: Word
    calls: bool
    """It may call now."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A subscription whose receiver has not answered as often as it is tried."""

    found: Stuck
    client: str
    topic: Sentence


@require_GET
def index(request: SignedIn) -> HttpResponse:
    administrators_only(request)
    lines = [Line(one, NAMES.get(one.role, _("App")), one.usable(wall())) for one in clients()]
    names = {one.client.id: one.client.name for one in lines}
    context = {
        "section": "administration", "lines": lines, "undelivered": [_undelivered(one, names) for one in stuck()],
        "again": "igen" in request.GET,
    }  # fmt: skip
    return render(request, "bog/apps/clients.html", context)


def _undelivered(one: Stuck, names: dict[str, str]) -> Undelivered:
    topic, client = topics().get(one.of.wish.topic), one.of.client_id
    title = topic.title if topic else Sentence(one.of.wish.topic, one.of.wish.topic)
    return Undelivered(one, names.get(client, client), title)


@require_POST
def deliver_again(request: SignedIn, ident: UUID) -> HttpResponse:
    administrators_only(request)
    try:
        try_again(ident, by=request.scope)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(f"{reverse('clients')}?igen")


@require_POST
def change(request: SignedIn, ident: str) -> HttpResponse:
    administrators_only(request)
    do = {"close": close, "open": open_again}.get(request.POST.get("step", ""))
    if do is None:
        raise Http404
    try:
        do(ident, by=request.scope)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(reverse("clients"))
