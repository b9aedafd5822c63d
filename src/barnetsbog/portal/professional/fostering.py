"""*Plejefamilien*: the statuses of those whom a placed child lives with, and what is agreed with the family."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.calendar.queries import invited
from barnetsbog.contacts.queries import relatives
from barnetsbog.fhir.own import ident_of
from barnetsbog.fostering import operations, queries
from barnetsbog.fostering.model import Agreed, Fostering, Pages, Sort
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.time import local_day
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.responsibility.rules import is_family

from ..fostering_forms import AgreementForm, AnswerForm, EndForm
from ..plan_forms import day_text
from ..session import SignedIn

SORTS = {"samvaer": Sort.CONTACT, "hverdag": Sort.DAILY}
"""What an agreement is about, as the address says it."""


@contextmanager
def _reading(request: SignedIn, child_id: UUID) -> Iterator[tuple[Book, Pages, Person]]:
    """The log tells those of the family who read what was read here too, and nobody else of them."""
    between: list[str] = []
    try:
        with open_book(request.scope, Fostering.STATUS, child_id, between=between) as book:
            found = queries.pages(book, child_id)
            between += operations.people_of(tuple(dict.fromkeys((
                *(one.author for one in found.reports), *(to for one in found.agreed for to in one.to)
            ))))  # fmt: skip
            yield book, found, person(book, child_id)
    except NotFound:
        raise Http404 from None


def _page(request: SignedIn, template: str, child: Person, child_id: UUID, **more: object) -> HttpResponse:
    context = {"child": child, "child_id": child_id, "tab": "contacts", **more}
    failed = bool(more.get("conflict")) or any(getattr(one, "errors", False) for one in more.values())
    return render(request, f"bog/fostering/{template}.html", context, status=422 if failed else 200)


def _done(child_id: UUID, what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('fostering', args=[child_id])}?gjort={what}")


@require_http_methods(["GET", "POST"])
def fostering(request: SignedIn, child_id: UUID) -> HttpResponse:
    """The statuses, each with room for an answer, and what is agreed."""
    with _reading(request, child_id) as (_, found, child):
        pass
    form, ident = AnswerForm(request.POST or None), ident_of(request.POST.get("status", ""))
    if request.method == "POST" and ident is None:
        raise Http404
    if ident and form.is_valid():
        try:
            operations.answer_status(
                by=request.scope, child_id=child_id, ident=ident, text=form.cleaned_data["text"]
            )  # fmt: skip
            return _done(child_id, "svar")
        except Refused as why:
            form.add_error("text", why.reason)
        except NotFound:
            raise Http404 from None
    return _page(
        request, "fostering", child, child_id, found=found, form=form, answering=ident, at=request.scope.at,
        done=request.GET.get("gjort", ""),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def new(request: SignedIn, child_id: UUID, sort: str) -> HttpResponse:
    if sort not in SORTS:
        raise Http404
    return _agreement(request, child_id, SORTS[sort], None)


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """The next version of an agreement, or its end."""
    return _agreement(request, child_id, None, ident)


def _agreement(request: SignedIn, child_id: UUID, sort: Sort | None, ident: UUID | None) -> HttpResponse:
    with _reading(request, child_id) as (book, found, child):
        if not found.may_agree:
            raise NotFound
        before = _before(found, ident) if ident else None
        people = [(f"RelatedPerson/{one.id}", one.line) for one, _ in relatives(book, child_id)]
        call = [(reference, one.line) for reference, one in invited(book, child_id) if not is_family(reference)]
    data = request.POST or None
    of_sort = before.agreement.sort if before else sort or Sort.DAILY
    ends = "slut" in request.POST
    form = AgreementForm(
        None if ends else data, sort=of_sort, people=people, call=call, initial=_initial(request, before)
    )
    end = EndForm(data if ends else None, initial={"version": before.version if before else 0})
    problem = ""
    try:
        if ident and end.is_valid():
            given = end.cleaned_data
            operations.end_agreement(
                by=request.scope, child_id=child_id, ident=ident, version=given["version"], reason=given["reason"]
            )  # fmt: skip
            return _done(child_id, "slut")
        if form.is_valid():
            version = form.cleaned_data["version"]
            operations.agree(by=request.scope, child_id=child_id, agreed=form.agreed(), ident=ident, version=version)
            return _done(child_id, "aftale")
    except Conflict as why:
        problem = str(why)
        (end if ends else form).moved_to(before.version if before else 0)
    except Refused as why:
        (end if ends else form).add_error(None, why.reason)
    except NotFound:
        raise Http404 from None
    return _page(
        request, "agreement", child, child_id, found=found, form=end if end.errors else form, fields=form, end=end,
        before=before, conflict=problem, contact=of_sort is Sort.CONTACT,
    )  # fmt: skip


def _before(found: Pages, ident: UUID) -> Agreed:
    before = next((one for one in found.agreed if one.id == ident and not one.over), None)
    if before is None:
        raise NotFound
    return before


def _initial(request: SignedIn, before: Agreed | None) -> dict[str, object]:
    if before is None:
        me = f"PractitionerRole/{request.scope.role_id}"
        return {"since": day_text(local_day(request.scope.at)), "call": me, "version": 0}
    a = before.agreement
    return {
        "title": a.title, "who": a.who, "often": a.often, "place": a.place, "text": a.text, "call": a.call,
        "support": a.support.value if a.support else "", "since": day_text(a.since),
        "until": day_text(a.until) if a.until else "", "version": before.version,
    }  # fmt: skip
