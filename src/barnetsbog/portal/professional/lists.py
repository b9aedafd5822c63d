"""The work list: who must do what, and by when."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.responsibility.model import Tab
from barnetsbog.responsibility.queries import work_list as read_work_list

from ..session import SignedIn

TABS = {"mine": Tab.MINE, "venter": Tab.WAITING, "uden": Tab.NOBODY, "alle": Tab.ALL}
NAMES = {Tab.MINE: _("Hos mig"), Tab.WAITING: _("Venter på andre"), Tab.NOBODY: _("Uden bold"), Tab.ALL: _("Alle")}


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("work-list"))


@require_GET
def work_list(request: SignedIn) -> HttpResponse:
    chosen = TABS.get(request.GET.get("fane", "mine"), Tab.MINE)
    with open_book(request.scope, "work-list") as book:
        found = read_work_list(book, chosen)
    tabs = [(key, NAMES[tab], found.counts[tab], tab is chosen) for key, tab in TABS.items()]
    return render(
        request, "bog/work_list.html", {"section": "work-list", "work": found, "tabs": tabs, "tab_name": NAMES[chosen]}
    )
