"""Hvem har set: who opened what about the child, when and why."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from barnetsbog.access.own_log import OwnLog, own_log
from barnetsbog.access.reading import open_book
from barnetsbog.audit.model import Action
from barnetsbog.clients.queries import names_of
from barnetsbog.directory import queries as directory
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person

from ..pages import turned
from ..seen import Directory, apps_in, named_in, told
from ..session import FamilySignedIn

A_PAGE = 25
PERIODS = {
    "30": (_("De sidste 30 dage"), 30),
    "365": (_("Det sidste år"), 365),
    "730": (_("De sidste to år"), 730),
    "alt": (_("Alt"), 36500),
}
USUAL = "730"


@require_GET
def seen(request: FamilySignedIn) -> HttpResponse:
    asked = request.GET.get("periode", USUAL)
    period = asked if asked in PERIODS else USUAL
    log, child = read_log(request, PERIODS[period][1])
    found = told(log, all_names(log), request.scope.role_id)
    shown = turned(found, request.GET.get("side", "1"), most=A_PAGE)
    context = {
        "section": "seen", "child": child, "found": shown.rows,
        "total": len(found), "cut": log.cut, "page": shown.page, "pages": shown.pages,
        "period": period, "periods": [(key, name, key == period) for key, (name, _days) in PERIODS.items()],
        "ahead": f"periode={period}&",
    }  # fmt: skip
    return render(request, "bog/family/seen.html", context)


def read_log(request: FamilySignedIn, days: int, *, whole: bool = False) -> tuple[OwnLog, Person]:
    """`whole`: however many lines there are, for what is no page."""
    scope, child_id = request.scope, request.child_id
    try:
        with open_book(scope, Action.LOG_READ, child_id, what="own", days=days) as book:
            return own_log(book, child_id, since=scope.at - days * DAY, whole=whole), person(book, child_id)
    except NotFound:
        raise Http404 from None


def all_names(log: OwnLog) -> Directory:
    roles, units = named_in(log.rows)
    return Directory(
        directory.roles(roles), directory.units(units), settings.LOG_WITHOUT_NAMES, names_of(apps_in(log.rows))
    )  # fmt: skip
