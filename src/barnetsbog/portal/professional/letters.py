"""Letters: writing one, what each receiver gets of it, sending it, and what has become of it."""

from itertools import groupby
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from barnetsbog.access.reading import open_book
from barnetsbog.contacts.queries import names
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.numbers import is_number
from barnetsbog.letters import operations, queries
from barnetsbog.letters.composing import enclosures
from barnetsbog.letters.files import catalogue
from barnetsbog.letters.model import Candidate, Copy, Draft, Enclosure, Lettering, Page, State, Summary, Template
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.scope import Scope
from barnetsbog.requests.queries import may_answer

from ..downloads import attachment
from ..letter_forms import LetterForm
from ..letter_words import AUDIENCES, CHANNELS, DONE, EVENTS, FAMILIES, SENDING, STATES
from ..pages import turned
from ..session import SignedIn
from ..words import Word

A_PAGE = 20
_TOO_LATE = "Brevet er sendt eller opgivet imens, og det kan ikke rettes mere."


@require_GET
def letters(request: SignedIn, child_id: UUID) -> HttpResponse:
    """What the unit has written, what it has got, and the letters of others in the book."""
    try:
        with open_book(request.scope, Lettering.READ, child_id) as book:
            child, own = person(book, child_id), queries.own_letters(book, child_id)
            received, others = queries.received(book, child_id), queries.letters_in_book(book, child_id, own)
            shown = turned([*own, *received, *others], request.GET.get("side", "1"), most=A_PAGE)
            others = [one for one in shown.rows if isinstance(one, EntryRow)]
            wrote = names(book, child_id, (row.author_id for row in others))
    except NotFound:
        raise Http404 from None
    context = {
        **_context(child, child_id, request), "none_own": not own,
        "own": [(one, STATES[one.state]) for one in shown.rows if isinstance(one, Summary)],
        "received": [one for one in shown.rows if isinstance(one, Copy)], "others": others, "wrote": wrote,
        "may_write": queries.may_write(request.scope), "may_answer": may_answer(request.scope),
        "page": shown.page, "pages": shown.pages,
    }  # fmt: skip
    return render(request, "bog/letters/letters.html", context)


def _context(child: Person, child_id: UUID, request: SignedIn) -> dict[str, object]:
    done = DONE.get(request.GET.get("gjort", ""))
    return {"child": child, "child_id": child_id, "tab": "letters", "done": done}


# -- writing one -------------------------------------------------------------------------------------------------------


@require_GET
def choose(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Which letter: the catalogue, by what it is for; what others usually send last."""
    _must_write(request.scope)
    try:
        with open_book(request.scope, Lettering.READ, child_id) as book:
            child = person(book, child_id)
    except NotFound:
        raise Http404 from None
    mine, others = queries.to_write(request.scope)
    context = {"families": _families(mine), "others": _families(others)}
    return render(request, "bog/letters/choose.html", {**_context(child, child_id, request), **context})


def _families(templates: list[Template]) -> list[tuple[Word, list[tuple[Template, list[Word]]]]]:
    """Letters by what they are for, each with whom it is to."""
    found = sorted(templates, key=lambda one: (one.family, one.number))
    return [
        (FAMILIES[family], [(one, [AUDIENCES[to] for to in one.to]) for one in some])
        for family, some in groupby(found, key=lambda one: one.family)
    ]


@require_http_methods(["GET", "POST"])
def new(request: SignedIn, child_id: UUID, template: str) -> HttpResponse:
    """A letter that is not written down yet."""
    _must_write(request.scope)
    if template not in catalogue() or catalogue()[template].request:
        raise Http404
    draft = Draft(template)
    try:
        with open_book(request.scope, Lettering.READ, child_id) as book:
            child, composed = person(book, child_id), queries.beginning(book, child_id, draft)
            own = enclosures(book, child_id)
    except NotFound:
        raise Http404 from None
    form = _form(request, draft, list(composed.candidates), own)
    if form.is_valid():
        ident = operations.write_draft(by=request.scope, child_id=child_id, draft=form.draft)
        return _to(child_id, ident, "gemt")
    context = {**_context(child, child_id, request), "form": form, "template": composed.template}
    return render(request, "bog/letters/write.html", context, status=422 if form.is_bound else 200)


def _must_write(scope: Scope) -> None:
    if not queries.may_write(scope):
        raise Http404


def _form(
    request: SignedIn, draft: Draft, candidates: list[Candidate], own: list[Enclosure], version: int = 0
) -> LetterForm:
    data = request.POST if request.method == "POST" and "move" not in request.POST else None
    return LetterForm(
        data, template=catalogue()[draft.template], candidates=candidates, enclosures=own, draft=draft, version=version
    )


def _to(child_id: UUID, ident: UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('letter', args=[child_id, ident])}?gjort={done}")


# -- one letter --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def letter(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """A draft to write on, to look through and to send; or what has become of what was sent."""
    child, page, own = _read(request.scope, child_id, ident)
    if page.draft.request and page.state is State.DRAFT:
        return HttpResponseRedirect(reverse("request", args=[child_id, page.draft.request]))
    form = _form(request, page.draft, list(page.candidates), own, page.version)
    failed = ""
    if request.method == "POST":
        try:
            if done := _moved(request, child_id, page, form):
                return _to(child_id, ident, done)
        except (Refused, Conflict) as why:
            failed = why.reason if isinstance(why, Refused) else str(why)
            child, page, own = _read(request.scope, child_id, ident)
            if isinstance(why, Conflict) and page.state is State.DRAFT:
                form.moved_to(page.version)
            elif isinstance(why, Conflict):
                failed = _TOO_LATE
        except NotFound:
            raise Http404 from None
    context = {
        **_context(child, child_id, request), "page": page, "template": page.template, "form": form, "failed": failed,
        "state": STATES[page.state], "draft": page.state is State.DRAFT and queries.may_write(request.scope),
        "previews": [(one, CHANNELS[one.channel], ident_of(one.candidate.person.reference)) for one in page.previews],
        "ready": bool(page.previews) and all(one.version for one in page.previews),
        "progress": [(one, CHANNELS[one.channel], SENDING[one.state], _events(one.receipts)) for one in page.progress],
    }  # fmt: skip
    return render(request, "bog/letters/letter.html", context, status=422 if failed or form.errors else 200)


def _events(receipts: object) -> list[tuple[object, int]]:
    return [(EVENTS[one.event], one.at) for one in receipts]  # type: ignore[attr-defined]


def _read(scope: Scope, child_id: UUID, ident: UUID) -> tuple[Person, Page, list[Enclosure]]:
    try:
        with open_book(scope, Lettering.READ, child_id) as book:
            child, page = person(book, child_id), queries.page(book, child_id, ident)
            return child, page, enclosures(book, child_id)
    except NotFound:
        raise Http404 from None


def _moved(request: SignedIn, child_id: UUID, page: Page, form: LetterForm) -> str:
    """What was pressed, done; empty when it was not, because something is wrong with what was typed."""
    by, move = request.scope, request.POST.get("move", "")
    version = _number(request.POST.get("version", ""))
    if move == "send":
        approved = dict(one.rsplit("=", 1) for one in request.POST.getlist("approved") if "=" in one)
        operations.send(by=by, child_id=child_id, ident=page.id, version=version, approved=approved)
        return "sendt"
    if move == "drop":
        operations.drop(by=by, child_id=child_id, ident=page.id, version=version)
        return "opgivet"
    if move == "withdraw":
        operations.withdraw(by=by, child_id=child_id, ident=page.id, to=request.POST.get("to", ""))
        return "tilbage"
    if not form.is_valid():
        return ""
    operations.rewrite(by=by, child_id=child_id, ident=page.id, version=version, draft=form.draft)
    return "gemt"


def _number(text: str) -> int:
    return int(text) if is_number(text) else 0


# -- what was received, files, the print queue -------------------------------------------------------------------------


@require_GET
def received(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """A letter to the unit. Opening it is its receipt."""
    try:
        with open_book(request.scope, Lettering.READ, child_id) as book:
            child, copy = person(book, child_id), queries.copy(book, child_id, ident)
        operations.opened(by=request.scope, child_id=child_id, ident=ident)
    except NotFound:
        raise Http404 from None
    return render(request, "bog/letters/received.html", {**_context(child, child_id, request), "copy": copy})


@require_GET
def file(request: SignedIn, child_id: UUID, ident: UUID, number: int) -> HttpResponse:
    """The PDF of a letter, or one of its enclosures: each opening is in the log."""
    try:
        with open_book(request.scope, Lettering.PDF, child_id, copy=str(ident), file=number) as book:
            return attachment(queries.file(book, child_id, ident, number))
    except NotFound:
        raise Http404 from None


@require_GET
def preview(request: SignedIn, child_id: UUID, ident: UUID, to: UUID) -> HttpResponse:
    """A draft as one receiver would get it, on paper: each look is in the log."""
    _must_write(request.scope)
    try:
        with open_book(request.scope, Lettering.PREVIEW, child_id, letter=str(ident), to=str(to)) as book:
            return attachment(queries.preview_file(book, child_id, ident, to))
    except NotFound:
        raise Http404 from None


@require_GET
def printing(request: SignedIn) -> HttpResponse:
    """The unit's letters that are to be printed and posted."""
    _must_write(request.scope)
    with open_book(request.scope, Lettering.QUEUE) as book:
        found = queries.to_print(book)
    context = {"section": "printing", "rows": found, "done": DONE.get(request.GET.get("gjort", ""))}
    return render(request, "bog/letters/printing.html", context)


@require_POST
def posted(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    try:
        operations.posted(by=request.scope, child_id=child_id, ident=ident)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(f"{reverse('printing')}?gjort=postet")
