"""Requests for what the unit has written: the list, writing one down, deciding on it and sending the answer."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.directory.queries import roles_in
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.numbers import is_number
from barnetsbog.letters import queries as letters
from barnetsbog.letters.model import Page as Letter
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.record.scope import Scope
from barnetsbog.requests import operations, queries
from barnetsbog.requests.model import Ground, Page, Requesting, State

from ..consent_forms import Choices
from ..letter_words import CHANNELS
from ..request_forms import DecideForm, RegisterForm
from ..request_words import ADVICE, ANSWERS, DONE, GROUNDS, STATES
from ..session import SignedIn
from ..upon import told


@require_GET
def index(request: SignedIn, child_id: UUID) -> HttpResponse:
    """What has been asked of the unit about one child."""
    _must_answer(request.scope)
    try:
        with open_book(request.scope, Requesting.READ, child_id) as book:
            child, found = person(book, child_id), queries.of_child(book, child_id)
    except NotFound:
        raise Http404 from None
    rows = [(one, STATES[one.request.state]) for one in found]
    return render(request, "bog/requests/requests.html", {**_context(request, child, child_id), "rows": rows})


def _must_answer(scope: Scope) -> None:
    if not queries.may_answer(scope):
        raise Http404


def _context(request: SignedIn, child: Person, child_id: UUID) -> dict[str, object]:
    done = DONE.get(request.GET.get("gjort", ""))
    return {"child": child, "child_id": child_id, "tab": "letters", "done": done}


@require_http_methods(["GET", "POST"])
def register(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Somebody has asked: who, about what, since when, and who answers."""
    by = request.scope
    _must_answer(by)
    try:
        with open_book(by, Requesting.READ, child_id) as book:
            child, askers = person(book, child_id), queries.askers(book, child_id)
    except NotFound:
        raise Http404 from None
    form = RegisterForm(request.POST or None, askers=askers, colleagues=_colleagues(by), at=by.at)
    if form.is_valid():
        try:
            ident = operations.register(by=by, child_id=child_id, **form.cleaned_data)
            return _to(child_id, ident, "skrevet")
        except Refused as why:
            form.add_error(None, why.reason)
        except NotFound:
            raise Http404 from None
    context = {**_context(request, child, child_id), "form": form, "askers": askers}
    return render(request, "bog/requests/register.html", context, status=422 if form.is_bound else 200)


def _colleagues(by: Scope) -> Choices:
    """Those of the own unit, oneself first."""
    assert by.unit_id
    me = f"PractitionerRole/{by.role_id}"
    others = [(f"PractitionerRole/{one.id}", one.name) for one in roles_in(by.unit_id) if one.id != by.role_id]
    return [(me, _("Mig selv")), *others]


def _to(child_id: UUID, ident: UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('request', args=[child_id, ident])}?gjort={done}")


@require_http_methods(["GET", "POST"])
def one(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """One request: what the unit has written, what is decided, and the very letter that will be sent."""
    _must_answer(request.scope)
    child, page, letter = _read(request.scope, child_id, ident)
    deciding = request.method == "POST" and request.POST.get("move") != "send"
    form = _form(page, request.POST if deciding else None)
    failed = ""
    if request.method == "POST":
        try:
            if done := _moved(request, child_id, ident, form):
                return _to(child_id, ident, done)
        except (Refused, Conflict) as why:
            failed = told(why)
            child, page, letter = _read(request.scope, child_id, ident)
            if isinstance(why, Conflict):
                form.moved_to(page.version)
        except NotFound:
            raise Http404 from None
    asked = page.line.request
    context = {
        **_context(request, child, child_id), "page": page, "asked": asked, "letter": letter, "form": form,
        "failed": failed, "ground": GROUNDS[asked.ground], "state": STATES[asked.state],
        "answer": ANSWERS[asked.verdict.answer] if asked.verdict else "", "over": asked.state is State.ANSWERED,
        "waits": asked.state is not State.ANSWERED, "orientation": asked.ground is Ground.ORIENTATION,
        "papers": [(paper, ticked, ADVICE[paper.advice.outcome]) for paper, ticked in form.rows],
        "previews": [(one, CHANNELS[one.channel]) for one in letter.previews] if letter else [],
        "to": ident_of(asked.asker),
    }  # fmt: skip
    return render(request, "bog/requests/request.html", context, status=422 if failed or form.errors else 200)


def _form(page: Page, data: object) -> DecideForm:
    verdict = page.line.request.verdict
    return DecideForm(data, papers=page.papers, verdict=verdict, version=page.version)


def _read(scope: Scope, child_id: UUID, ident: UUID) -> tuple[Person, Page, Letter | None]:
    try:
        with open_book(scope, Requesting.READ, child_id, request=str(ident)) as book:
            child, page = person(book, child_id), queries.page(book, child_id, ident)
            draft = page.line.request.letter
            return child, page, letters.page(book, child_id, draft) if draft else None
    except NotFound:
        raise Http404 from None


def _moved(request: SignedIn, child_id: UUID, ident: UUID, form: DecideForm) -> str:
    """What was pressed, done; empty when something is wrong with what was typed."""
    if request.POST.get("move") == "send":
        version, letter = (_number(request.POST.get(name, "")) for name in ("version", "letter"))
        approved = dict(one.rsplit("=", 1) for one in request.POST.getlist("approved") if "=" in one)
        operations.answer(
            by=request.scope, child_id=child_id, ident=ident, version=version, letter=letter, approved=approved
        )  # fmt: skip
        return "svaret"
    if not form.is_valid():
        return ""
    version = form.cleaned_data["version"]
    operations.decide(by=request.scope, child_id=child_id, ident=ident, version=version, verdict=form.verdict)
    return "afgjort"


def _number(text: str) -> int:
    return int(text) if is_number(text) else 0
