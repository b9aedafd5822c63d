"""What a child writes for itself (*Mit hus*, *Mine noter*), its rights, the word list and the sheet of paper. For
everybody else in the family these pages do not exist."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.calendar import queries as calendar
from barnetsbog.contacts.circle import circle
from barnetsbog.intake.writing import CHANGED
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.messages import queries as messages
from barnetsbog.messages.operations import danger_in_use
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.voice import operations, queries
from barnetsbog.voice.model import Told, Voicing

from ..pages import number
from ..sentences import marked
from ..session import FamilySignedIn
from ..voice_forms import NoteForm, ShowForm
from ..voices import rooms, stage
from ..wordlist import word_list

SHOWN, DANGER, KEPT, GONE = "vist", "fare", "gemt", "vaek"


@contextmanager
def _reading(request: FamilySignedIn) -> Iterator[Book]:
    """The child's own book, for the child."""
    try:
        with open_book(request.scope, Voicing.READ, request.child_id, confidential=True) as book:
            if not request.scope.own:
                raise NotFound
            yield book
    except NotFound:
        raise Http404 from None


def _page(request: FamilySignedIn, template: str, context: dict[str, Any], *, errors: bool = False) -> HttpResponse:
    around = {"section": "own", "numbers": danger_in_use().numbers, "done": request.GET.get("gjort", "")}
    return render(request, f"bog/family/{template}.html", {**around, **context}, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
def notes(request: FamilySignedIn) -> HttpResponse:
    """The house with its rooms, or the notes of somebody older; and writing in them."""
    with _reading(request) as book:
        told, child = queries.notes(book, request.child_id), person(book, request.child_id)
    form = NoteForm(request.POST or None)
    if form.is_valid():
        try:
            ident = operations.keep(by=request.scope, child_id=request.child_id, **form.kept())
            return HttpResponseRedirect(f"{reverse('family-own-note', args=[ident])}?gjort={KEPT}")
        except Refused as why:
            form.add_error("words", marked(why.reason))
    used = {one.note.room for one in told}
    shown = [
        (room, [one for one in told if one.note.room == room], form if form.data.get("room") == room else NoteForm())
        for room in rooms(young=stage(request.scope, request.child_id).young, used=used)
    ]  # fmt: skip
    context = {"child": child, "rooms": shown, "form": form}
    return _page(request, "own", context, errors=bool(form.errors))


@require_http_methods(["GET", "POST"])
def note(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """One of them: showing it to somebody, or taking it away. What tells of danger is answered with numbers to call."""
    with _reading(request) as book:
        told = queries.note(book, request.child_id, ident)
        readers = messages.readers(book, request.child_id)
    form = ShowForm(
        request.POST if "to" in request.POST else None, readers=[(r.reference, r.contact.line) for r in readers]
    )
    gone = request.POST.get("gjort") == GONE
    if gone and _taken_away(request, told):
        return HttpResponseRedirect(f"{reverse('family-own')}?gjort={GONE}")
    if form.is_valid():
        given = form.cleaned_data
        try:
            sent = operations.show(
                by=request.scope, child_id=request.child_id, ident=ident, to=given["to"], holders=given["holders"]
            )
            done = DANGER if sent.danger else SHOWN
            return HttpResponseRedirect(f"{reverse('family-own-note', args=[ident])}?gjort={done}")
        except Refused as why:
            form.add_error("to", marked(why.reason))
    context = {
        "told": told, "form": form, "readers": readers, "danger": danger_in_use().told_in(told.note.words),
        "conflict": CHANGED if gone else "",
    }  # fmt: skip
    return _page(request, "own_note", context, errors=gone or bool(form.errors))


def _taken_away(request: FamilySignedIn, told: Told) -> bool:
    """False when the note has been changed meanwhile."""
    version = number(request.POST.get("version", ""))
    try:
        operations.take_away(by=request.scope, child_id=request.child_id, ident=told.note.id, version=version)
    except Conflict:
        return False
    return True


@require_GET
def rights(request: FamilySignedIn) -> HttpResponse:
    """What the child may, what its birthdays change, and what to do when something is wrong."""
    with _reading(request) as book:
        found, child = queries.own_rights(book, request.child_id), person(book, request.child_id)
    return _page(request, "rights", {"section": "rights", "child": child, "rights": found})


@require_GET
def words(request: FamilySignedIn) -> HttpResponse:
    with _reading(request):
        pass
    return _page(request, "words", {"section": "words", "words": word_list()})


@require_GET
def paper(request: FamilySignedIn) -> HttpResponse:
    """The child's pages on paper: what comes, who helps, rooms to write in with a pen. None of its notes is on it."""
    at = request.scope.at
    with _reading(request) as book:
        coming = calendar.of_child(book, request.child_id, at, at + calendar.AHEAD)
        around, child = circle(book, request.child_id), person(book, request.child_id)
    context = {
        "child": child, "meetings": [one for one in coming if not (one.over or one.waits)][:6],
        "workers": [one for one in around.workers if one.left_at is None],
        "rooms": rooms(young=True, used=set()),
    }  # fmt: skip
    return _page(request, "paper", context)
