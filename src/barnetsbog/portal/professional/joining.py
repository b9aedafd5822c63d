"""To bøger om samme barn: for whoever knows the registers. Master data is compared, and no book is read. Whoever works
with a child tells them what they have seen."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from barnetsbog.access.reading import open_book
from barnetsbog.audit.model import Action
from barnetsbog.joining import operations, queries, telling
from barnetsbog.joining.model import Doubt, Pair, Sighting, Sign, Sort, State
from barnetsbog.joining.reach import has_administrator
from barnetsbog.joining.rules import FOR_TWINS, SHORTEST
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.overview.queries import person

from ..session import SignedIn
from ..words import Word

SORTS: dict[Sort, Word] = {
    Sort.SAME: _("Meget taler for, at det er samme barn"), Sort.LIKELY: _("Det kan være samme barn"),
    Sort.TWINS: _("Det kan være tvillinger, eller ét barn med et nyt nummer"),
    Sort.OTHER: _("Lidt taler for, at det er samme barn"),
}  # fmt: skip
SIGNS: dict[Sign, Word] = {
    Sign.BORN: _("Født samme dag"), Sign.NAME: _("Samme navn"), Sign.NEAR_NAME: _("Næsten samme navn"),
    Sign.PARENTS: _("Samme forælder"), Sign.ADDRESS: _("Samme adresse"),
    Sign.NO_CPR: _("Mindst en af dem mangler CPR-nummer"),
}  # fmt: skip
DOUBTS: dict[Doubt, Word] = {
    Doubt.BORN: _("Født på hver sin dag"), Doubt.NAME: _("Forskelligt navn"), Doubt.GENDER: _("Forskelligt køn"),
    Doubt.PARENTS: _("Ingen fælles forælder"), Doubt.TWO_NUMBERS: _("Hver sit CPR-nummer"),
}  # fmt: skip
STATES: dict[State, Word] = {
    State.OPEN: _("Venter på en kollega"), State.REFUSED: _("Afvist"), State.JOINED: _("Samlet"),
    State.APART: _("Skilt ad igen"),
}  # fmt: skip
BEHIND = _("En anden var hurtigere, eller en af bøgerne er ændret imens. Se, hvordan det står nu.")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two books in words."""

    pair: Pair
    sort: Word
    signs: list[Word]
    doubts: list[Word]
    surely: bool
    """That they are no twins must be vouched for."""

    @property
    def faces(self) -> tuple[object, object]:
        return self.pair.one, self.pair.other


def _compared(found: Pair) -> Compared:
    sort, signs, doubts = found.likeness
    return Compared(
        found, SORTS[sort], [SIGNS[one] for one in signs], [DOUBTS[one] for one in doubts],
        sort in (Sort.TWINS, Sort.OTHER),
    )  # fmt: skip


@sensitive_post_parameters("one", "other")
@require_http_methods(["GET", "POST"])
def index(request: SignedIn) -> HttpResponse:
    """What may be one child, what is proposed, and two numbers to compare. By POST, so that none stands in an
    address."""
    given = [request.POST.get(name, "")[:20] for name in ("one", "other")]
    try:
        if request.method == "POST":
            return HttpResponseRedirect(reverse("joining-pair", args=queries.by_numbers(request.scope, *given)))
    except NotFound:
        pass
    try:
        likely, known = queries.likely(request.scope), queries.proposals(request.scope)
        told = queries.sightings(request.scope)
    except NotFound:
        raise Http404 from None
    context = {
        "section": "administration", "likely": [_compared(one) for one in likely], "given": given,
        "proposals": [(one, STATES[one.state]) for one in known], "missing": request.method == "POST",
        "refused": "afvist" in request.GET, "answered": "svaret" in request.GET,
        "told": [(one, _beside(one, likely)) for one in told],
    }  # fmt: skip
    return render(request, "bog/joining/index.html", context, status=404 if context["missing"] else 200)


def _beside(told: Sighting, likely: list[Pair]) -> list[Pair]:
    """The books that are like the one somebody has told of."""
    return [one for one in likely if told.child_id in (one.one.child_id, one.other.child_id)]


@require_POST
def answer(request: SignedIn, ident: UUID) -> HttpResponse:
    """Somebody has looked into what they were told: whoever told it learns that and no more."""
    try:
        telling.answer(ident, by=request.scope)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(f"{reverse('joining')}?svaret")


@require_http_methods(["GET", "POST"])
def tell(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Er der to bøger om barnet? The page says the same whether there are."""
    scope, seen, why = request.scope, request.POST.get("seen", ""), ""
    try:
        if request.method == "POST":
            telling.tell(child_id, by=scope, seen=seen)
            return HttpResponseRedirect(f"{reverse('joining-tell', args=[child_id])}?sendt")
    except Refused as refused:
        why = refused.reason
    except NotFound:
        raise Http404 from None
    try:
        with open_book(scope, Action.OVERVIEW, child_id) as book:
            child, told = person(book, child_id), queries.told_by(book, child_id)
    except NotFound:
        raise Http404 from None
    somebody = has_administrator(scope)
    context = {
        "child": child, "child_id": child_id, "tab": "", "told": told, "seen": seen, "why": why, "somebody": somebody,
        "asks": somebody and all(one.answered_at for one in told), "done": "sendt" in request.GET,
    }  # fmt: skip
    return render(request, "bog/joining/tell.html", context, status=422 if why else 200)


@require_http_methods(["GET", "POST"])
def pair(request: SignedIn, kept: UUID, other: UUID) -> HttpResponse:
    """Two books beside each other, and the proposal that they are one."""
    why, given = "", request.POST
    try:
        if request.method == "POST":
            ident = operations.propose(
                kept, other, by=request.scope, why=given.get("why", ""), certain="certain" in given,
                wrong="wrong" in given,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("joining-proposal", args=[ident]))
    except Refused as refused:
        why = refused.reason
    except Conflict:
        why = str(BEHIND)
    except NotFound:
        raise Http404 from None
    try:
        found = _compared(queries.compared(request.scope, kept, other))
    except NotFound:
        raise Http404 from None
    context = {
        "section": "administration", "one": found, "kept": kept, "other": other, "why": why, "given": given,
        "shortest": FOR_TWINS if found.surely else SHORTEST,
    }  # fmt: skip
    return render(request, "bog/joining/pair.html", context, status=422 if why else 200)


@require_http_methods(["GET", "POST"])
def proposal(request: SignedIn, ident: UUID) -> HttpResponse:
    """A proposal: what becomes of it before somebody else decides, and taking the books apart again."""
    why = ""
    try:
        if request.method == "POST":
            return _decided(request, ident)
    except Refused as refused:
        why = refused.reason
    except Conflict:
        why = str(BEHIND)
    except NotFound:
        raise Http404 from None
    try:
        found = queries.proposal(request.scope, ident)
        effects = queries.effects(request.scope, ident) if found.state is State.OPEN else None
        written = queries.written_since(request.scope, ident) if found.state is State.JOINED else None
    except NotFound:
        raise Http404 from None
    context = {
        "section": "administration", "proposal": found, "state": STATES[found.state], "effects": effects, "why": why,
        "one": _compared(found.pair) if found.pair else None, "given": request.POST, "written": written,
        "done": request.GET.get("gjort", ""),
    }  # fmt: skip
    return render(request, "bog/joining/proposal.html", context, status=422 if why else 200)


def _decided(request: SignedIn, ident: UUID) -> HttpResponse:
    step, remark = request.POST.get("step", ""), request.POST.get("remark", "")
    if step == "part":
        operations.part(ident, by=request.scope, why=remark)
        return HttpResponseRedirect(f"{reverse('joining-proposal', args=[ident])}?gjort=skilt")
    operations.decide(ident, by=request.scope, approved=step == "approve", remark=remark)
    if step == "approve":
        return HttpResponseRedirect(f"{reverse('joining-proposal', args=[ident])}?gjort=samlet")
    return HttpResponseRedirect(f"{reverse('joining')}?afvist")
