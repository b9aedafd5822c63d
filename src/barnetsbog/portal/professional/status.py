"""The short status: writing it, and what it said before. And what is new since the reader was here last."""

from typing import NamedTuple
from uuid import UUID

import orjson
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from barnetsbog.access.reading import open_book
from barnetsbog.audit.model import Action
from barnetsbog.contacts.queries import names
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.overview import operations
from barnetsbog.overview.model import News, Said, Status, StatusPage
from barnetsbog.overview.news import news as read_news
from barnetsbog.overview.queries import person, status_page
from barnetsbog.record.book import Book

from ..content import named_in, plain
from ..difference import Piece, difference
from ..session import SignedIn
from ..status_forms import StatusForm


class Version(NamedTuple):
    """What the status said, and what that changed; nothing for the first."""

    said: Said
    changes: list[Piece]


class Told(NamedTuple):
    """Something new: what it says or, when it was there before, what was changed."""

    news: News
    text: str
    changes: list[Piece]


# -- the status --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def status(request: SignedIn, child_id: UUID) -> HttpResponse:
    """The status and its versions; the form for the coordinator. What was typed is never lost."""
    try:
        with open_book(request.scope, Action.STATUS, child_id) as book:
            child, page = person(book, child_id), status_page(book, child_id)
    except NotFound:
        raise Http404 from None
    counted = "taelt" in request.POST
    form = StatusForm(request.POST or None, version=_version(page.now)) if page.may_write else None
    why, conflict = "", False
    if form and form.is_bound and not counted and form.is_valid():
        try:
            operations.write_status(
                by=request.scope, child_id=child_id, text=form.cleaned_data["text"],
                version=form.cleaned_data["version"],
            )  # fmt: skip
            return HttpResponseRedirect(f"{reverse('status', args=[child_id])}?gemt=1")
        except Conflict as reason:
            why, conflict = str(reason), True
            form.moved_to(_version(page.now))
        except Refused as reason:
            why = reason.reason
        except NotFound:
            raise Http404 from None
    if request.method == "POST" and form is None:
        raise Http404
    context = {
        "child": child, "child_id": child_id, "tab": "overview", "page": page, "form": form, "why": why,
        "counted": counted, "versions": _versions(page),
        "theirs": difference(page.now.text, form["text"].value()) if conflict and form and page.now else [],
        "saved": "gemt" in request.GET,
    }  # fmt: skip
    failed = bool(form and form.is_bound and not counted)
    return render(request, "bog/status.html", context, status=422 if failed else 200)


def _version(now: Status | None) -> int:
    return now.version if now else 0


def _versions(page: StatusPage) -> list[Version]:
    before = [*(one.text for one in page.said[1:]), ""]
    return [
        Version(said, difference(text, said.text) if text else []) for said, text in zip(page.said, before, strict=True)
    ] if page.said else []  # fmt: skip


# -- what is new -------------------------------------------------------------------------------------------------------


@require_GET
def news(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Everything new or changed since the reader's mark, each with before and after."""
    try:
        with open_book(request.scope, Action.NEWS, child_id) as book:
            child, page = person(book, child_id), read_news(book, child_id, _number(request.GET.get("side"), 1))
            told = _told(book, child_id, page.news)
    except NotFound:
        raise Http404 from None
    context = {
        "child": child, "child_id": child_id, "tab": "overview", "page": page, "told": told, "at": request.scope.at,
        "undo": request.GET.get("foer", ""),
    }  # fmt: skip
    return render(request, "bog/news.html", context)


def _told(book: Book, child_id: UUID, found: tuple[News, ...]) -> list[Told]:
    now = [orjson.loads(one.now.body) if one.now else {} for one in found]
    before = [orjson.loads(one.before.body) if one.before else {} for one in found]
    people = names(book, child_id, [ident for resource in (*now, *before) for ident in named_in(resource)])
    told = []
    for one, new, old in zip(found, now, before, strict=True):
        text, earlier = plain(new, people), plain(old, people)
        told.append(Told(one, text, difference(earlier, text) if old and earlier != text else []))
    return told


@require_POST
def mark_read(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Read until `til`, the moment of the page that was read: what came after it is still new. `aldrig` takes the mark
    away again."""
    until = request.POST.get("til", "")
    try:
        with open_book(request.scope, Action.MARK_READ, child_id) as book:
            if until == NEVER:
                operations.unmark(book, child_id)
                before = None
            else:
                before = operations.mark_read(book, child_id, at=_number(until, request.scope.at))
    except NotFound:
        raise Http404 from None
    back = "" if "fortryd" in request.POST else f"?foer={NEVER if before is None else before}"
    return HttpResponseRedirect(f"{reverse('news', args=[child_id])}{back}")


NEVER = "aldrig"
"""The mark of somebody who has none."""


def _number(text: str | None, otherwise: int) -> int:
    """A number as the page wrote it; what is none is as if nothing had been written."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else otherwise
