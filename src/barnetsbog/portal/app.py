"""The book as an app on a telephone: its service worker, the page for when there is no net, and what a copy holds."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.calendar.model import Planning
from barnetsbog.home.queries import home
from barnetsbog.kernel.decisions import NotFound

from . import calendars
from .session import FamilySignedIn, SignedIn


@require_GET
def worker(request: SignedIn) -> HttpResponse:
    """It stands at the root, because a service worker is in charge of what lies below its own address."""
    return HttpResponse(_worker(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@cache
def _worker() -> str:
    found = finders.find("bog/service-worker.js")
    assert found
    return Path(found).read_text(encoding="utf-8")


@require_GET
def offline(request: SignedIn) -> HttpResponse:
    return render(request, "bog/offline.html")


@require_GET
def copy(request: FamilySignedIn) -> HttpResponse:
    """What comes next, on one page: to read, to print, or to keep on the telephone. The copy that is kept has no
    session's clock, no menu and no name of its reader on it."""
    try:
        with open_book(request.scope, Planning.READ, request.child_id) as book:
            found = home(book, request.child_id)
    except NotFound:
        raise Http404 from None
    kept = request.GET.get("kopi") == "1"
    context = {"section": "appointments", "home": found, "days": calendars.by_day(found.meetings), "kept": kept,
               "saved_at": request.scope.at} | ({"me": None, "session": None} if kept else {})  # fmt: skip
    return render(request, "bog/family/offline_copy.html", context)
