"""The people around a child: a table, the same as a map of rings, and writing them down."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.contacts import operations
from barnetsbog.contacts.circle import circle, colleagues, kin, leaving, may_write
from barnetsbog.contacts.model import Circle, Contact, Involving, Kin, Worker
from barnetsbog.fostering.queries import concerns as fostering
from barnetsbog.honour.queries import holds
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person as child_person
from barnetsbog.record.book import Book

from ..contact_forms import LeaveForm, PersonForm, WorkerForm
from ..people import rings
from ..session import SignedIn
from ..upon import told

TABLE, RINGS = "tabel", "ringe"


@contextmanager
def _reading(request: SignedIn, child_id: UUID) -> Iterator[Book]:
    try:
        with open_book(request.scope, Involving.READ, child_id) as book:
            yield book
    except NotFound:
        raise Http404 from None


@require_GET
def contacts(request: SignedIn, child_id: UUID) -> HttpResponse:
    with _reading(request, child_id) as book:
        found, child = circle(book, child_id), child_person(book, child_id)
        fosters, honour = fostering(book, child_id), holds(book, child_id)
    drawn = request.GET.get("vis") == RINGS
    context = _about(child, child_id) | {
        "circle": found, "rings": rings(found) if drawn else None, "fosters": fosters, "honour": honour,
        "at": request.scope.at, "done": request.GET.get("gjort", ""),
    }  # fmt: skip
    return render(request, "bog/contacts/contacts.html", context)


def _about(child: Person, child_id: UUID) -> dict[str, object]:
    return {"child": child, "child_id": child_id, "tab": "contacts"}


# -- the child's own people --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def add(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Somebody the child has pointed at."""
    with _reading(request, child_id) as book:
        _must_write(book)
        child = child_person(book, child_id)
    form = PersonForm(request.POST or None)
    if form.is_valid():
        try:
            operations.add_person(by=request.scope, child_id=child_id, wanted=form.wanted)
            return _done(child_id, "person")
        except Refused as why:
            form.add_error(None, why.reason)
    return _page(request, "bog/contacts/person.html", _about(child, child_id) | {"form": form}, form.is_bound)


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """What is known of one of the child's own people, and how the child sees them."""
    with _reading(request, child_id) as book:
        _must_write(book)
        child, found = child_person(book, child_id), _kin(book, child_id, ident)
    form = PersonForm(request.POST or None, person=found)
    conflict = ""
    if form.is_valid():
        try:
            return _changed(request, child_id, found, form)
        except Refused as why:
            form.add_error(None, why.reason)
        except Conflict as why:
            conflict = str(why)
            form.moved_to(found.version)
    context = _about(child, child_id) | {"form": form, "person": found, "conflict": conflict}
    return _page(request, "bog/contacts/person.html", context, form.is_bound)


def _kin(book: Book, child_id: UUID, ident: UUID) -> Kin:
    found = next((one for one in kin(book, child_id) if one.contact.id == ident and one.readable), None)
    if found is None:
        raise NotFound
    return found


def _changed(request: SignedIn, child_id: UUID, found: Kin, form: PersonForm) -> HttpResponse:
    by, ident, version = request.scope, found.contact.id, form.cleaned_data["version"] or 0
    if "end" in request.POST:
        operations.end_person(by=by, child_id=child_id, ident=ident, version=version)
    elif found.network:
        operations.change_person(by=by, child_id=child_id, ident=ident, version=version, wanted=form.wanted)
    else:
        operations.choose(by=by, child_id=child_id, ident=ident, version=version, choice=form.choice)
    return _done(child_id, "person")


# -- professionals -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def worker(request: SignedIn, child_id: UUID, job: UUID) -> HttpResponse:
    """What a professional does with the child, when to call, and who answers otherwise."""
    with _reading(request, child_id) as book:
        child, around = child_person(book, child_id), circle(book, child_id)
        found, others = _worker(around, job), colleagues(book, child_id, job)
    form = WorkerForm(
        request.POST or None, worker=found, colleagues=_choices(others), version=around.team_version,
    )  # fmt: skip
    conflict = ""
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            operations.describe(by=request.scope, child_id=child_id, job=job, version=version, said=form.said)
            return _done(child_id, "fagperson")
        except Refused as why:
            form.add_error(None, why.reason)
        except Conflict as why:
            conflict = str(why)
            form.moved_to(around.team_version)
    context = _about(child, child_id) | {"form": form, "worker": found, "conflict": conflict}
    return _page(request, "bog/contacts/worker.html", context, form.is_bound)


def _worker(around: Circle, job: UUID) -> Worker:
    found = next((one for one in around.workers if one.contact.id == job and one.may_describe), None)
    if found is None:
        raise NotFound
    return found


def _choices(colleagues: list[Contact]) -> list[tuple[str, str]]:
    return [(f"PractitionerRole/{one.id}", one.name) for one in colleagues]


@require_http_methods(["GET", "POST"])
def leave(request: SignedIn, child_id: UUID) -> HttpResponse:
    """*Jeg er stoppet*: what happens is shown before anybody presses."""
    with _reading(request, child_id) as book:
        _must_write(book)
        child, found = child_person(book, child_id), leaving(book, child_id)
    needed = any(one.offered_to is None for one in found.handed)
    form = LeaveForm(request.POST if request.method == "POST" else None, receivers=found.receivers, needed=needed)
    problem = ""
    if form.is_valid():
        try:
            operations.leave(by=request.scope, child_id=child_id, to=form.cleaned_data["to"])
            return _done(child_id, "stoppet")
        except (Refused, Conflict) as why:
            problem = told(why)
    context = _about(child, child_id) | {"form": form, "leaving": found, "problem": problem, "needed": needed}
    return _page(request, "bog/contacts/leave.html", context, form.is_bound)


# -- what all need -----------------------------------------------------------------------------------------------------


def _must_write(book: Book) -> None:
    if not may_write(book):
        raise NotFound


def _done(child_id: UUID, what: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("contacts", args=[child_id]) + f"?gjort={what}")


def _page(request: SignedIn, template: str, context: dict[str, object], bound: bool) -> HttpResponse:
    return render(request, template, context, status=422 if bound else 200)
