"""The calendar of professionals: one child's, all of one's children's, and what can be done with an appointment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.calendar import ics, operations, queries
from barnetsbog.calendar.model import Answer, Brought, Doing, Meeting, Planning
from barnetsbog.directory.queries import children
from barnetsbog.intake.writing import author_of
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.numbers import is_number
from barnetsbog.kernel.time import local_day
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book

from .. import calendars
from ..calendar_forms import CancelForm, FileForm, MoveForm, NewForm
from ..session import SignedIn
from ..upon import told

WEEK, BEFORE, MINE = "uge", "foer", "mine"


@contextmanager
def _reading(request: SignedIn, child_id: UUID | None = None) -> Iterator[Book]:
    try:
        with open_book(request.scope, Planning.READ, child_id) as book:
            yield book
    except NotFound:
        raise Http404 from None


# -- looking -----------------------------------------------------------------------------------------------------------


def _span(request: SignedIn) -> tuple[int, int, date | None]:
    """From when to when the page shows, and the Monday of the week if it is a grid."""
    at, shown = request.scope.at, request.GET.get("vis", "")
    if shown == WEEK:
        monday = calendars.monday_of(_day(request.GET.get("uge", ""), local_day(at)))
        return *calendars.edges(monday), monday
    if shown == BEFORE:
        return at - 3 * queries.BEHIND, at, None
    return at, at + queries.AHEAD, None


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 1970 <= found.year <= 2100 else otherwise


def _shown(request: SignedIn, meetings: list[Meeting], monday: date | None) -> dict[str, object]:
    shown = request.GET.get("vis", "")
    timed = [one for one in meetings if not one.waits]
    days = calendars.by_day(reversed(timed) if shown == BEFORE else timed)
    return {
        "days": days, "waiting": [one for one in meetings if one.waits],
        "week": calendars.week(monday, timed) if monday else None, "shown": shown,
        "done": request.GET.get("gjort", ""),
    }  # fmt: skip


@require_GET
def mine(request: SignedIn) -> HttpResponse:
    """All appointments of all the reader's children."""
    if not role_named(request.scope.role).shelves:
        raise Http404
    start, end, monday = _span(request)
    with _reading(request) as book:
        found = queries.across(book, start, end)
    only_mine = MINE in request.GET
    if only_mine:
        found = [one for one in found if one.mine]
    context = _shown(request, [one for one in found if not one.waits], monday)
    names = children({one.child_id for one in found})
    return render(request, "bog/calendar/mine.html", context | {
        "section": "calendar", "names": names, "only_mine": only_mine,
    })  # fmt: skip


@require_GET
def child(request: SignedIn, child_id: UUID) -> HttpResponse:
    start, end, monday = _span(request)
    with _reading(request, child_id) as book:
        found, about = queries.of_child(book, child_id, start, end), person(book, child_id)
    context = _about(about, child_id) | _shown(request, found, monday) | {"may_plan": _may_plan(request)}
    return render(request, "bog/calendar/child.html", context)


def _about(about: Person, child_id: UUID) -> dict[str, object]:
    return {"child": about, "child_id": child_id, "tab": "calendar"}


def _may_plan(request: SignedIn) -> bool:
    return "ball" in role_named(request.scope.role).may


# -- arranging ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new(request: SignedIn, child_id: UUID) -> HttpResponse:
    """A new appointment. What could be wrong with it is said once, and never stops anybody."""
    with _reading(request, child_id) as book:
        if not _may_plan(request):
            raise NotFound
        about, invited = person(book, child_id), queries.invited(book, child_id)
        me = author_of(request.scope)
        guests = [(reference, contact.line) for reference, contact in invited if reference != me]
        form = NewForm(
            request.POST or None, guests=guests, acts=queries.first_visits(request.scope),
            tried=queries.interventions(book, child_id), language=about.interpreter,
        )  # fmt: skip
        warnings = _warnings(book, child_id, form, me) if form.is_valid() else []
    if form.is_valid() and (not warnings or form.cleaned_data["seen"]):
        try:
            wanted = form.wanted
            operations.arrange(by=request.scope, child_id=child_id, wanted=wanted._replace(guests=(me, *wanted.guests)))
            return _done(child_id, "ny")
        except Refused as why:
            form.add_error(None, why.reason)
    context = _about(about, child_id) | {"form": form, "warnings": warnings, "conflict": ""}
    return _page(request, "bog/calendar/new.html", context, bound=form.is_bound and bool(form.errors))


def _warnings(book: Book, child_id: UUID, form: NewForm, me: str) -> list[str]:
    wanted = form.wanted
    found = queries.clashes(book, child_id, wanted.slots, (me, *wanted.guests))
    told = [calendars.warning(one) for one in found]
    if form.language and not wanted.interpreter:
        told.append(str(calendars.NO_INTERPRETER))
    return told


# -- one appointment ---------------------------------------------------------------------------------------------------


def _read(request: SignedIn, child_id: UUID, ident: UUID) -> tuple[Meeting, Person]:
    with _reading(request, child_id) as book:
        return queries.meeting(book, child_id, ident), person(book, child_id)


@require_http_methods(["GET", "POST"])
def appointment(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """One appointment: who comes, and saying so for oneself or for the family."""
    found, about = _read(request, child_id, ident)
    problem = ""
    if request.method == "POST":
        try:
            _act(request, child_id, found)
            return _done(child_id, "svar", ident)
        except (Refused, Conflict) as why:
            problem = told(why)
        except NotFound:
            raise Http404 from None
    context = _about(about, child_id) | {
        "m": found, "problem": problem, "done": request.GET.get("gjort", ""), "book": Doing.BOOK in found.may,
        "move": Doing.MOVE in found.may, "cancel": Doing.CANCEL in found.may, "answer": Doing.ANSWER in found.may,
    }  # fmt: skip
    return _page(request, "bog/calendar/appointment.html", context, bound=bool(problem))


def _act(request: SignedIn, child_id: UUID, found: Meeting) -> None:
    """Booking, or what a guest has answered."""
    given, by = request.POST, request.scope
    if "aftal" in given:
        operations.book_time(by=by, child_id=child_id, ident=found.id, version=_number(given.get("version", "")))
        return
    comes = given.get("svar", "")
    if comes not in (Answer.YES, Answer.NO):
        raise Refused(str(calendars.CHOOSE))
    operations.answer(
        by=by, child_id=child_id, ident=found.id, who=given.get("hvem", ""), comes=Answer(comes),
        seen=_number(given.get("set", "")),
    )  # fmt: skip


def _number(text: str) -> int:
    return int(text) if is_number(text, 18) else 0


@require_http_methods(["GET", "POST"])
def move(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    found, about = _read(request, child_id, ident)
    if Doing.MOVE not in found.may:
        raise Http404
    form = MoveForm(request.POST or None, meeting=found)
    warnings, conflict = list[str](), ""
    if form.is_valid() and form.slot:
        guests = [one.reference for one in found.guests if one.answer is not Answer.NO]
        with _reading(request, child_id) as book:
            clashes = queries.clashes(book, child_id, [form.slot], guests, but=ident, group=found.group)
        warnings = [calendars.warning(one) for one in clashes]
        given = form.cleaned_data
        if not warnings or given["seen"]:
            try:
                operations.move(
                    by=request.scope, child_id=child_id, ident=ident, version=given["version"], slot=form.slot,
                    reason=given["reason"],
                )  # fmt: skip
                return _done(child_id, "flyttet", ident)
            except Refused as why:
                form.add_error(None, why.reason)
            except Conflict as why:
                conflict = str(why)
                form.moved_to(found.version)
    context = _about(about, child_id) | {"m": found, "form": form, "warnings": warnings, "conflict": conflict}
    return _page(request, "bog/calendar/move.html", context, bound=bool(form.errors) or bool(conflict))


@require_http_methods(["GET", "POST"])
def cancel(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    found, about = _read(request, child_id, ident)
    if Doing.CANCEL not in found.may:
        raise Http404
    form, conflict = CancelForm(request.POST or None, meeting=found), ""
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.cancel(
                by=request.scope, child_id=child_id, ident=ident, version=given["version"], reason=given["reason"]
            )
            return _done(child_id, "aflyst", ident)
        except Refused as why:
            form.add_error(None, why.reason)
        except Conflict as why:
            conflict = str(why)
            form.moved_to(found.version)
    context = _about(about, child_id) | {"m": found, "form": form, "conflict": conflict}
    return _page(request, "bog/calendar/cancel.html", context, bound=form.is_bound)


# -- from another calendar ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def bring_in(request: SignedIn, child_id: UUID) -> HttpResponse:
    """A file from another calendar, and what became of each appointment in it."""
    with _reading(request, child_id) as book:
        if not _may_plan(request):
            raise NotFound
        about = person(book, child_id)
    form = FileForm(request.POST or None, request.FILES or None) if request.method == "POST" else FileForm()
    brought: Brought | None = None
    if form.is_valid():
        try:
            content = form.cleaned_data["file"].read(ics.LARGEST + 1)
            sheet = ics.read(content, request.scope.at)
            brought = operations.bring_in(by=request.scope, child_id=child_id, sheet=sheet)
        except (ics.Unusable, Conflict) as why:
            form.add_error("file", str(why))
    context = _about(about, child_id) | {"form": form, "brought": brought, "conflict": ""}
    return _page(request, "bog/calendar/bring_in.html", context, bound=form.is_bound and brought is None)


# -- what all need -----------------------------------------------------------------------------------------------------


def _done(child_id: UUID, what: str, ident: UUID | None = None) -> HttpResponse:
    address = reverse("appointment", args=[child_id, ident]) if ident else reverse("calendar", args=[child_id])
    return HttpResponseRedirect(f"{address}?gjort={what}")


def _page(request: SignedIn, template: str, context: dict[str, object], *, bound: bool) -> HttpResponse:
    return render(request, template, context, status=422 if bound else 200)
