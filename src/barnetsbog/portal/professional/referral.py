"""Referrals: writing one with the rules' advice and the law's answer beside it, and answering what was sent here."""

from typing import NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import UnitName
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.readiness import queries as readiness
from barnetsbog.readiness.model import Coming
from barnetsbog.record.scope import Scope
from barnetsbog.referrals import operations, queries
from barnetsbog.referrals.model import Enclosure, Move, Page, Referral, Referring, State, Urgency
from barnetsbog.routing.model import Advice, Verdict

from .. import upon
from ..difference import Piece, difference
from ..referral_forms import AnswerForm, Choices, ReferralForm, WorryForm, initial_of, units
from ..referral_words import AT_ONCE, BUTTONS, DONE, FIELDS, PACKAGE, STATES, TOLD, URGENCY, WAITS, WITH_WORDS
from ..routing.words import told, told_aloud
from ..session import SignedIn
from ..upon import said
from ..words import Word

RECEIVERS = frozenset(("ppr", "bup", "ltt", "family_dept", "gp", "health_visitor", "hospital", "adult", "other"))
"""Sectors that a child can be referred to."""


class Way(NamedTuple):
    """A door of the rules' advice in the language of the page, and the units that are it."""

    title: str
    verdict: Verdict
    reason: str
    instead: str
    units: tuple[UnitName, ...]


class Failed(NamedTuple):
    """An answer that was not given: the form as it was filled in, and what is the matter."""

    form: AnswerForm
    why: str
    conflict: bool = False


# -- lists -------------------------------------------------------------------------------------------------------------


@require_GET
def queue(request: SignedIn) -> HttpResponse:
    """What was sent to the unit and waits for its answer."""
    if "refer" not in role_named(request.scope.role).may:
        raise Http404
    with open_book(request.scope, Referring.QUEUE) as book:
        found = queries.waiting(book)
        ready = readiness.by_referral(book, {one.child.id for one in found})
    rows = [(one, STATES[one.summary.state], ready.get(one.summary.id)) for one in found]
    context = {"section": "referrals", "rows": rows, "done": DONE.get(request.GET.get("gjort", ""))}
    return render(request, "bog/referral/queue.html", context)


@require_GET
def referrals(request: SignedIn, child_id: UUID) -> HttpResponse:
    try:
        with open_book(request.scope, Referring.READ, child_id) as book:
            child, found = person(book, child_id), queries.referrals(book, child_id)
    except NotFound:
        raise Http404 from None
    rows = [(one, STATES[one.state], WAITS[one.waits_for] if one.waits_for else "") for one in found]
    context = {"child": child, "child_id": child_id, "tab": "referrals", "rows": rows}
    context["moves"] = "refer" in role_named(request.scope.role).may and bool(queries.elsewhere(request.scope))
    return render(request, "bog/referral/referrals.html", context | {"done": DONE.get(request.GET.get("gjort", ""))})


# -- writing one -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def begin(request: SignedIn, child_id: UUID) -> HttpResponse:
    """First what it is about; then the doors, the right one first; then the draft."""
    try:
        with open_book(request.scope, Referring.READ, child_id) as book:
            child = person(book, child_id)
            draft = Referral("", State.DRAFT, "")
            enclosures = tuple(queries.enclosures(book, child_id, draft, choose=True))
    except NotFound:
        raise Http404 from None
    if "refer" not in role_named(request.scope.role).may:
        raise Http404
    asked = WorryForm(request.GET or None)
    if request.method == "GET" and not asked.is_valid():
        context = {"child": child, "child_id": child_id, "tab": "referrals", "form": asked}
        return render(request, "bog/referral/begin.html", context)
    return _write(request, child_id, child, None, enclosures, asked)


@require_http_methods(["GET", "POST"])
def referral(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """One referral: to write on where it is a draft or lacks something, else to read and to answer."""
    child, page, coming = _read(request.scope, child_id, ident)
    if Move.WRITE in page.moves or Move.SUPPLEMENT in page.moves:
        if request.method == "POST" and request.POST.get("move") == Move.WITHDRAW.value:
            return _answer(request, child_id, ident, child, page, coming)
        return _write(request, child_id, child, page, page.enclosures, None)
    return _answer(request, child_id, ident, child, page, coming)


def _read(scope: Scope, child_id: UUID, ident: UUID) -> tuple[Person, Page, Coming | None]:
    """Who it is, the referral, and how the visit that comes of it stands."""
    try:
        with open_book(scope, Referring.READ, child_id) as book:
            child, page = person(book, child_id), queries.page(book, child_id, ident)
            coming = (one for one in readiness.of_child(book, child_id) if one.readiness.visit.referral == ident)
            return child, page, next(coming, None)
    except NotFound:
        raise Http404 from None


def _write(
    request: SignedIn, child_id: UUID, child: Person, page: Page | None, enclosures: tuple[Enclosure, ...],
    asked: WorryForm | None,
) -> HttpResponse:  # fmt: skip
    places = _places(request.scope)
    start = initial_of(page.referral) if page else _first(asked)
    form = ReferralForm(
        request.POST or None, places=units(places), enclosures=enclosures, initial=start,
        version=page.version if page else 0,
    )  # fmt: skip
    failed, conflict, theirs = "", False, []
    if form.is_valid():
        try:
            return _saved(request, child_id, page, form)
        except (Refused, Conflict) as why:
            failed, conflict = upon.told(why), isinstance(why, Conflict)
        except NotFound:
            raise Http404 from None
        if page:
            page = _read(request.scope, child_id, page.summary.id)[1]
            if conflict:
                form.moved_to(page.version)
                theirs = _theirs(page, form)
    suspicion = str(form["suspicion"].value() or "")
    advice = queries.advice(request.scope, child.name.born, suspicion, _urgency(form["urgency"].value()))
    context = {
        "child": child, "child_id": child_id, "tab": "referrals", "form": form, "page": page,
        "failed": failed, "conflict": conflict, "theirs": theirs,
        "ways": _ways(advice, places, request.scope),
        "history": [(TOLD[one.move], one) for one in page.history] if page else [],
        "done": DONE.get(request.GET.get("gjort", "")),
        "withdraw": _form(Move.WITHDRAW, page, None, places, [])[1] if page else None,
    }  # fmt: skip
    return render(request, "bog/referral/write.html", context, status=422 if form.is_bound else 200)


def _urgency(value: object) -> Urgency:
    return next((one for one in Urgency if one.value == value), Urgency.PLANNED)


def _first(asked: WorryForm | None) -> dict[str, object]:
    if asked is None or not asked.is_bound or not asked.is_valid():
        return {"urgency": Urgency.PLANNED.value}
    given = asked.cleaned_data
    return {"suspicion": given["hvad"], "urgency": given["haster"]}


def _saved(request: SignedIn, child_id: UUID, page: Page | None, form: ReferralForm) -> HttpResponse:
    """Saves the draft, and sends it when that was pressed. A draft that can't be sent is saved all the same."""
    by = request.scope
    if page is None:
        return HttpResponseRedirect(
            _address(child_id, operations.begin(by=by, child_id=child_id, draft=form.draft), "write")
        )
    ident, version, ground = page.summary.id, form.cleaned_data["version"], form.cleaned_data["ground"]
    version = operations.rewrite(
        by=by, child_id=child_id, ident=ident, version=version, draft=form.draft, ground=ground
    )  # fmt: skip
    form.moved_to(version)
    if "send" in request.POST:
        operations.send(by=by, child_id=child_id, ident=ident, version=version, ground=ground)
        return HttpResponseRedirect(_address(child_id, ident, "send"))
    return HttpResponseRedirect(_address(child_id, ident, "write" if page.referral.state is State.DRAFT else "more"))


def _theirs(now: Page, form: ReferralForm) -> list[tuple[Word, list[Piece]]]:
    """What stands in the draft now, field by field, beside what was typed: only where they differ."""
    standing, pairs = initial_of(now.referral), []
    for name, word in FIELDS.items():
        pairs.append((word, said(form[name], standing[name]), said(form[name], form[name].value())))
    chosen = "\n".join(one.title for one in now.enclosures if one.chosen)
    pairs.append((PACKAGE, chosen, "\n".join(one.title for one, ticked in form.rows if ticked)))
    return [(word, difference(there, typed)) for word, there, typed in pairs if there != typed]


def _address(child_id: UUID, ident: UUID, done: str) -> str:
    return f"{reverse('referral', args=[child_id, ident])}?gjort={done}"


def _places(scope: Scope) -> list[UnitName]:
    """The units a referral can go to: every one that is open, but one's own."""
    found = [one for one in directory.units().values() if one.sector in RECEIVERS and one.parent]
    out = {*directory.away((one.id for one in found), scope.at), *_of_no_child(found), scope.unit_id}
    return [one for one in found if one.id not in out]


def _of_no_child(found: list[UnitName]) -> set[UUID]:
    """Those of no sector in which people work, and none of them can answer a referral: they look after something else,
    as data protection does."""
    others = directory.roles_in(*(one.id for one in found if one.sector == "other"))
    answering = {one.unit_id for one in others if "refer" in role_named(one.code).may}
    return {one.unit_id for one in others if one.unit_id and one.unit_id not in answering}


def _ways(advice: Advice | None, places: list[UnitName], scope: Scope) -> list[Way]:
    """The advice, each door with the units that are it; of municipal ones those of the reader's municipality."""
    beside = {one.id for one in directory.units_beside(scope.unit_id)} if advice and scope.unit_id else set()
    found = []
    for one in advice.doors if advice else ():
        near = [unit for unit in places if not one.door.municipal or unit.id in beside]
        here = tuple(unit for unit in near if unit.sector in one.door.sectors)
        instead = told(one.instead.title) if one.instead else ""
        found.append(Way(told(one.door.title), one.verdict, told_aloud(one.reason), instead, here))
    return [one for one in found if one.units or one.verdict is Verdict.SHOULD]


# -- answering one -----------------------------------------------------------------------------------------------------


def _answer(
    request: SignedIn, child_id: UUID, ident: UUID, child: Person, page: Page, coming: Coming | None
) -> HttpResponse:
    places = _places(request.scope)
    own = _own(request.scope, places)
    failed = None
    late = request.method == "POST" and "move" not in request.POST  # the form of a draft, which was sent meanwhile
    if request.method == "POST" and not late:
        try:
            failed = _moved(request, child_id, ident, page, places, own)
        except NotFound:
            raise Http404 from None
        if failed is None:
            return _after(request, child_id, ident, own)
        _, page, coming = _read(request.scope, child_id, ident)
    context = {
        "child": child, "child_id": child_id, "tab": "referrals", "page": page, "referral": page.referral,
        "coming": coming,
        "state": STATES[page.referral.state], "urgency": URGENCY[page.referral.urgency], "failed": failed,
        "at_once": [(move.value, BUTTONS[move]) for move in AT_ONCE if move in page.moves],
        "forms": [_form(move, page, failed, places, own) for move in WITH_WORDS if move in page.moves],
        "history": [(TOLD[one.move], one) for one in page.history],
        "done": DONE.get(request.GET.get("gjort", "")),
        "late": late, "no_form": late or bool(failed and failed.form.kind not in page.moves),
    }  # fmt: skip
    return render(request, "bog/referral/referral.html", context, status=422 if failed or late else 200)


def _own(scope: Scope, places: list[UnitName]) -> Choices:
    """The units of one's own organisation and sector, one's own first: who may take a child on."""
    mine = directory.units([scope.unit_id]).get(scope.unit_id) if scope.unit_id else None
    if mine is None:
        return []
    beside = {one.id for one in directory.units_beside(mine.id)}
    alike = [one for one in places if (one.parent, one.sector) == (mine.parent, mine.sector)]
    others = [one for one in alike if one.id in beside]
    return [(f"Organization/{one.id}", one.name) for one in (mine, *others)]


def _form(
    move: Move, page: Page, failed: Failed | None, places: list[UnitName], own: Choices
) -> tuple[object, AnswerForm, bool]:
    if failed and failed.form.kind is move:
        if failed.conflict:
            failed.form.moved_to(page.version)
        return BUTTONS[move], failed.form, True
    return BUTTONS[move], AnswerForm(move=move, version=page.version, places=_offered(move, places, own)), False


def _offered(move: Move, places: list[UnitName], own: Choices) -> Choices:
    return own if move is Move.ACCEPT else units(places)


def _moved(
    request: SignedIn, child_id: UUID, ident: UUID, page: Page, places: list[UnitName], own: Choices
) -> Failed | None:
    move = next((one for one in (*AT_ONCE, *WITH_WORDS) if one.value == request.POST.get("move")), None)
    if move is None:
        raise NotFound
    form = AnswerForm(request.POST, move=move, version=page.version, places=_offered(move, places, own))
    if not form.is_valid():
        return Failed(form, "")
    try:
        version, answered = form.cleaned_data["version"], form.answered
        operations.act(by=request.scope, child_id=child_id, ident=ident, version=version, move=move, answered=answered)
    except (Refused, Conflict) as why:
        return Failed(form, upon.told(why), isinstance(why, Conflict))
    return None


def _after(request: SignedIn, child_id: UUID, ident: UUID, own: Choices) -> HttpResponse:
    """Back to the referral; or to the queue, where the child is not known here any more."""
    done = request.POST["move"]
    if done == Move.ACCEPT.value and request.POST.get("unit") not in ("", None, own[0][0] if own else ""):
        done = "accept-for"
    try:
        _read(request.scope, child_id, ident)
    except Http404:
        return HttpResponseRedirect(f"{reverse('referral-queue')}?gjort={done}")
    return HttpResponseRedirect(_address(child_id, ident, done))
