"""A foster carer's notes of medicine and statuses. For everybody else in the family they do not exist."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.fostering import operations, queries
from barnetsbog.fostering.model import Fostering
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.messages.operations import danger_in_use
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.instance import now, today

from .. import dates
from ..fostering_forms import MedicineForm, ReportForm
from ..sentences import marked
from ..session import FamilySignedIn

SAVED, SENT, HELP, DANGER = "gemt", "sendt", "hjaelp", "fare"


@contextmanager
def _reading(request: FamilySignedIn, act: Fostering) -> Iterator[Book]:
    if not queries.is_carer(request.scope):
        raise Http404
    try:
        with open_book(request.scope, act, request.child_id, between=[str(request.scope.role_id)]) as book:
            yield book
    except NotFound:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
def medicine(request: FamilySignedIn) -> HttpResponse:
    with _reading(request, Fostering.READ) as book:
        notes, child = queries.notes(book, request.child_id), person(book, request.child_id)
    first = {"day": f"{today():%d.%m.%Y}", "clock": dates.clock(now())}
    form = MedicineForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            operations.note_medicine(by=request.scope, child_id=request.child_id, given=form.given())
            return HttpResponseRedirect(f"{reverse('family-medicine')}?gjort={SAVED}")
        except Refused as why:
            form.add_error(None, marked(why.reason))
    context = {
        "section": "medicine", "child": child, "notes": notes, "form": form, "done": request.GET.get("gjort", ""),
        "numbers": danger_in_use().numbers,
    }  # fmt: skip
    return render(request, "bog/family/medicine.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def status(request: FamilySignedIn) -> HttpResponse:
    """Telling the family department how it goes; what was told before stands below."""
    with _reading(request, Fostering.STATUS) as book:
        reports, child = queries.reports(book, request.child_id), person(book, request.child_id)
    form = ReportForm(request.POST or None)
    unread = None
    if form.is_valid():
        report = form.report()
        try:
            danger = operations.report_status(
                by=request.scope, child_id=request.child_id, report=report,
                child_agrees=form.cleaned_data["child_agrees"],
            )  # fmt: skip
            done = DANGER if danger else HELP if report.asks_for_help else SENT
            return HttpResponseRedirect(f"{reverse('family-status')}?gjort={done}")
        except operations.Unread as why:
            unread = why.reason
        except Refused as why:
            form.add_error(None, marked(why.reason))
    context = {
        "section": "carer-status", "child": child, "reports": reports, "form": form,
        "done": "" if form.is_bound else request.GET.get("gjort", ""), "numbers": danger_in_use().numbers,
        "unread": unread,
    }  # fmt: skip
    return render(request, "bog/family/status.html", context, status=422 if form.errors or unread else 200)
