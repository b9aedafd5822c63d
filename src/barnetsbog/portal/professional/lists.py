"""The work list: who must do what, and by when."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from barnetsbog.access.breakglass import to_review
from barnetsbog.access.reading import open_book
from barnetsbog.consent import operations
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.responsibility.model import Tab
from barnetsbog.responsibility.queries import notices
from barnetsbog.responsibility.queries import work_list as read_work_list

from ..ball_words import DONE
from ..pages import number
from ..session import SignedIn, first_page

TABS = {"mine": Tab.MINE, "venter": Tab.WAITING, "uden": Tab.NOBODY, "alle": Tab.ALL}
NAMES = {Tab.MINE: _("Hos mig"), Tab.WAITING: _("Venter på andre"), Tab.NOBODY: _("Uden bold"), Tab.ALL: _("Alle")}


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse(first_page(getattr(request, "scope", None))))


@require_GET
def work_list(request: SignedIn) -> HttpResponse:
    key = request.GET.get("fane", "mine")
    chosen = TABS.get(key, Tab.MINE)
    with open_book(request.scope, "work-list") as book:
        found = read_work_list(book, chosen, number(request.GET.get("side", "1")))
        told = notices(book)
    tabs = [(name, NAMES[tab], found.counts[tab], tab is chosen) for name, tab in TABS.items()]
    context = {"section": "work-list", "work": found, "tabs": tabs, "tab_name": NAMES[chosen], "notices": told}
    context["tab_key"] = key if key in TABS else "mine"
    context["to_review"] = len(to_review(request.scope))
    context["done"] = DONE.get(request.GET.get("gjort", ""))
    context["pages"] = range(1, found.pages + 1) if found.pages > 1 else ()
    return render(request, "bog/work_list.html", context)


@require_POST
def read_notice(request: SignedIn, ident: UUID) -> HttpResponse:
    """Somebody of the unit has read that a sharing has ended."""
    try:
        operations.read_notice(by=request.scope, ident=ident)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(reverse("work-list"))
