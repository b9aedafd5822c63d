"""The work list: who must do what, and by when."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from barnetsbog.access.breakglass import to_review
from barnetsbog.access.reading import open_book
from barnetsbog.consent import operations
from barnetsbog.deadlines.queries import first_to_review, lines, red, rounds
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.responsibility.model import Order, Tab
from barnetsbog.responsibility.queries import PAGE, notices, waiting
from barnetsbog.responsibility.queries import work_list as read_work_list

from ..ball_words import DONE
from ..pages import choices, number
from ..session import SignedIn, first_page

TABS = {"mine": Tab.MINE, "venter": Tab.WAITING, "uden": Tab.NOBODY, "alle": Tab.ALL}
NAMES = {Tab.MINE: _("Hos mig"), Tab.WAITING: _("Venter på andre"), Tab.NOBODY: _("Uden bold"), Tab.ALL: _("Alle")}

BY_NAME = "&orden=navn"
ORDERS = {"": _("Frist"), BY_NAME: _("Navn")}

ALL = "&vis=alle"
SHOWN = {"": _("Røde og de næste syv dage"), ALL: _("Alle frister")}


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse(first_page(getattr(request, "scope", None))))


@sensitive_post_parameters("navn")
@require_http_methods(["GET", "POST"])
def work_list(request: SignedIn) -> HttpResponse:
    """A name is sought by POST, so that none stands in an address, and among all of the asker's."""
    called = request.POST.get("navn", "").strip()[:200]
    key = "alle" if called else request.GET.get("fane", "mine")
    chosen = TABS.get(key, Tab.MINE)
    page, by_day, everything = number(request.GET.get("side", "1")), key == "frister", "vis" in request.GET
    by_name = request.GET.get("orden") == "navn"
    with open_book(request.scope, "work-list") as book:
        balls = waiting(book)
        order = Order.NAME if by_name else Order.URGENCY
        found = read_work_list(book, chosen, 1 if by_day else page, balls, order, called)
        due = lines(book, balls, everything=everything, page=page) if by_day else None
        days, reds = (rounds(book), due.red) if due else ([], red(book, balls))
        told = notices(book)
    tabs = [(name, NAMES[tab], found.counts[tab], tab is chosen and not by_day) for name, tab in TABS.items()]
    tab_key = key if key in TABS else "mine"
    everyone, ordered = ALL if everything else "", BY_NAME if by_name else ""
    look_ups = to_review(request.scope)
    context = {
        "section": "work-list", "work": found, "tabs": tabs, "tab_name": NAMES[chosen], "red": reds,
        "tab_key": tab_key, "due": due, "rounds": days,
        "orders": [(value, name, bool(value) is by_name) for value, name in ORDERS.items()],
        "order": ordered, "ahead": f"fane=frister{everyone}&" if due else f"fane={tab_key}{ordered}&",
        "shown": [(value, name, bool(value) is everything) for value, name in SHOWN.items()],
        "all_of_them": everyone, "to_review": len(look_ups),
        "review": first_to_review(look_ups, request.scope.at), "done": DONE.get(request.GET.get("gjort", "")),
        "pages": choices(due.pages if due else found.pages), "notices": told, "called": called,
        "named": len(found.cases) + len(found.idle) + len(found.others),
        "many": found.counts[Tab.ALL] > PAGE or found.more > 0,
    }  # fmt: skip
    return render(request, "bog/work_list.html", context)


@require_POST
def read_notice(request: SignedIn, ident: UUID) -> HttpResponse:
    """Somebody of the unit has read that a sharing has ended."""
    try:
        operations.read_notice(by=request.scope, ident=ident)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(reverse("work-list"))
