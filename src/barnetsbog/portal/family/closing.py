"""*Luk noget for andre*: what a young person closes for everybody else, and opens again (from 15).

What follows is told before anybody presses, and is read from the same rows that will make it so. For everybody else,
and the day before the fifteenth birthday, these pages do not exist.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import orjson
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.consent import closing, operations
from barnetsbog.consent.closing import Closing
from barnetsbog.consent.model import Consenting
from barnetsbog.contacts.queries import names
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow

from ..consents import listed
from ..content import Line, lines, named_in
from ..pages import place
from ..session import FamilySignedIn

A_PAGE = 20
CLOSE, OPEN = "luk", "aabn"


@contextmanager
def _reading(request: FamilySignedIn, act: Consenting = Consenting.READ) -> Iterator[Book]:
    try:
        with open_book(request.scope, act, request.child_id) as book:
            yield book
    except NotFound:
        raise Http404 from None


@require_GET
def index(request: FamilySignedIn) -> HttpResponse:
    """What is closed, and what stands in the book that could be."""
    with _reading(request) as book:
        shut = closing.closed(book, request.child_id)
        at = place(closing.count(book, request.child_id), request.GET.get("side", "1"), most=A_PAGE)
        found = closing.page(book, request.child_id, limit=A_PAGE, offset=at.offset)
    context = {
        "section": "consent", "shut": shut, "found": [one for one in found if not one.closed], "page": at.page,
        "pages": at.pages,
    }  # fmt: skip
    return render(request, "bog/family/closing.html", context)


@require_http_methods(["GET", "POST"])
def one(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """One entry: what it says, what follows from closing it (or opening it again), and doing so."""
    with _reading(request, Consenting.PREVIEW) as book:
        found = closing.one(book, request.child_id, ident)
        words = _words(book, found.row)
    problem = ""
    if request.method == "POST":
        act = operations.block_entry if request.POST.get("do") == CLOSE else operations.unblock_entry
        try:
            act(by=request.scope, child_id=request.child_id, entry_id=ident)
            return HttpResponseRedirect(reverse("family-closing-receipt", args=[ident]))
        except (Refused, Conflict) as why:
            problem = str(why)
        except NotFound:
            raise Http404 from None
    context = {
        "section": "consent", "one": found, "words": words, "problem": problem, "do": OPEN if found.closed else CLOSE,
        "follows": opening(found) if found.closed else shutting(found),
    }  # fmt: skip
    return render(request, "bog/family/closing_one.html", context, status=422 if problem else 200)


@require_GET
def receipt(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """What stands now, to print or keep."""
    with _reading(request) as book:
        found = closing.one(book, request.child_id, ident)
    if found.since is None:  # nothing has been done that could be confirmed
        raise Http404
    return render(request, "bog/family/closing_receipt.html", {"section": "consent", "one": found})


def _words(book: Book, row: EntryRow) -> list[Line]:
    body = book.bodies([row]).get(row.id)
    resource = orjson.loads(body) if body else {}
    return lines(resource, names(book, row.child_id, named_in(resource))) if body else []


# -- what follows, in words --------------------------------------------------------------------------------------------


def shutting(found: Closing) -> list[str]:
    """What happens when this is closed: who loses what, and what closing can't do."""
    told = [_("%(units)s kan ikke længere læse det.") % {"units": listed(list(found.readers))}] if found.readers else []
    if found.glancers:
        told.append(_("%(units)s kan ikke længere se overskriften.") % {"units": listed(list(found.glancers))})
    if found.family:
        told.append(_("Dine forældre eller dem, du bor hos, kan ikke længere læse det."))
    if found.helper:
        told.append(_("Den, du har valgt til at hjælpe dig, kan ikke længere læse det."))
    told += [] if told else [_("Ingen andre kan læse det lige nu. Det kan de heller ikke senere.")]
    told.append(_("Kun du kan se det. De andre kan ikke se, at du har lukket noget."))
    return [*told, *_still(found), _("Du kan åbne det igen, når du vil.")]


def _still(found: Closing) -> list[str]:
    """What closing does not change."""
    told = [_("Den, der har skrevet det, kan have det i sit eget system.")] if found.unit else []
    told.append(_("Det, der er læst, kan vi ikke gøre ulæst."))
    if found.in_emergency:
        told += [
            _("Er du i fare, må en læge stadig åbne det. Lægen skal skrive hvorfor."),
            _("Så får du det at vide. Det står under »Hvem har set«."),
        ]
    return told


def opening(found: Closing) -> list[str]:
    """What happens when this is opened again."""
    told = [_("%(units)s kan læse det igen.") % {"units": listed(list(found.readers))}] if found.readers else []
    if found.glancers:
        told.append(_("%(units)s kan se overskriften igen.") % {"units": listed(list(found.glancers))})
    if found.family:
        told.append(_("Dine forældre eller dem, du bor hos, kan læse det igen."))
    if found.helper:
        told.append(_("Den, du har valgt til at hjælpe dig, kan læse det igen."))
    told += [] if told else [_("Ingen andre kan læse det lige nu.")]
    return [*told, _("Du kan lukke det igen, når du vil.")]
