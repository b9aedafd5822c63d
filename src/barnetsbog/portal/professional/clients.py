"""Programmer: the systems and apps that may call, for whoever administers. Closing one counts at once."""

from dataclasses import dataclass

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


@require_GET
def index(request: SignedIn) -> HttpResponse:
    administrators_only(request)
    lines = [Line(one, NAMES.get(one.role, _("App")), one.usable(wall())) for one in clients()]
    return render(request, "bog/apps/clients.html", {"section": "administration", "lines": lines})


@require_POST
def change(request: SignedIn, ident: str) -> HttpResponse:
    administrators_only(request)
    do = close if request.POST.get("step") == "close" else open_again
    try:
        do(ident, by=request.scope)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(reverse("clients"))
