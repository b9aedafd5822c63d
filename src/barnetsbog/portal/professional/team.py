"""The unit: who has how much, who is away, and handing several balls on at once. For its leader, and for one's own
absence."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.responsibility import operations, queries
from barnetsbog.responsibility.model import Acting, Held, Load

from ..session import SignedIn
from ..team_forms import AbsenceForm, HandOnForm, with_reasons

DONE = {
    "vaek": _("Fraværet er skrevet."),
    "tilbage": _("Fraværet er slut."),
    "stoppet": _("Jobbet er lukket. Opgaverne kan nu overtages i enheden."),
    "givet": _("Opgaverne er tilbudt. De bliver, hvor de er, til der bliver sagt ja."),
}


@require_GET
def team(request: SignedIn) -> HttpResponse:
    """The colleagues by name, for the unit's leader. Others come to their own page."""
    if "ball" not in role_named(request.scope.role).may:
        raise Http404
    if not queries.actor_of(request.scope).leads:
        return HttpResponseRedirect(reverse("colleague", args=[request.scope.role_id]))
    with open_book(request.scope, Acting.TEAM) as book:
        found, come_up = queries.team(book), queries.come_up(book)
    context = {"section": "team", "team": found, "come_up": come_up, "done": DONE.get(request.GET.get("gjort", ""))}
    return render(request, "bog/team/team.html", context)


@require_http_methods(["GET", "POST"])
def colleague(request: SignedIn, role_id: UUID) -> HttpResponse:
    """One colleague, or oneself: absences, and what they have, to be handed on."""
    try:
        load, held, others = _read(request, role_id)
        absence = AbsenceForm(colleagues=[(str(one.who.id), one.who.name) for one in others])
        hand_on = HandOnForm(held=held, colleagues=[(f"{queries.JOB}/{one.who.id}", one.who.name) for one in others])
        answer = _act(request, role_id, absence, hand_on)
        if hand_on.refused:  # the others have been offered, and stand as they are now
            load, held, _others = _read(request, role_id)
            hand_on.held = held
    except NotFound:
        raise Http404 from None
    if answer:
        return answer
    context = {
        "section": "team", "load": load, "held": held, "absence": absence, "hand_on": hand_on,
        "refused": hand_on.refused, "leads": queries.actor_of(request.scope).leads,
        "is_me": role_id == request.scope.role_id, "done": DONE.get(request.GET.get("gjort", "")),
    }  # fmt: skip
    failed = absence.is_bound or hand_on.is_bound
    return render(request, "bog/team/colleague.html", context, status=422 if failed else 200)


def _read(request: SignedIn, role_id: UUID) -> tuple[Load, list[Held], list[Load]]:
    """The colleague, what they have, and the others of the unit; nobody for one who may not know."""
    actor = queries.actor_of(request.scope)
    if "ball" not in role_named(request.scope.role).may or not (actor.leads or role_id == request.scope.role_id):
        raise NotFound
    with open_book(request.scope, Acting.TEAM) as book:
        load, held = queries.colleague(book, role_id)
        others = [one for one in queries.team(book) if one.who.id != role_id]
    return load, held, others


def _act(request: SignedIn, role_id: UUID, absence: AbsenceForm, hand_on: HandOnForm) -> HttpResponse | None:
    """What was pressed, done; None when there is something to put right, or nothing was pressed."""
    if request.method != "POST":
        return None
    if "tilbage" in request.POST:
        operations.be_back(by=request.scope, role_id=role_id, absence=_ident(request.POST["tilbage"]))
        return _to(role_id, "tilbage")
    if "stoppet" in request.POST:
        operations.has_stopped(by=request.scope, role_id=role_id)
        return HttpResponseRedirect(f"{reverse('team')}?gjort=stoppet")
    if "giv" in request.POST:
        return _to(role_id, "givet") if _handed_on(request, hand_on) else None
    return _to(role_id, "vaek") if _away(request, role_id, absence) else None


def _ident(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _to(role_id: UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('colleague', args=[role_id])}?gjort={done}")


def _away(request: SignedIn, role_id: UUID, form: AbsenceForm) -> bool:
    form.fill(request.POST)
    if not form.is_valid():
        return False
    try:
        start, end, substitute = form.wanted
        operations.be_away(by=request.scope, role_id=role_id, start=start, end=end, substitute=substitute)
    except Refused as why:
        form.add_error(None, why.reason)
        return False
    return True


def _handed_on(request: SignedIn, form: HandOnForm) -> bool:
    """Offers what was chosen. What could not be offered stands with its reason; the rest is offered all the same."""
    form.fill(request.POST)
    if not form.is_valid():
        return False
    found = operations.offer_many(
        by=request.scope, chosen=form.chosen, to=form.cleaned_data["to"], reason=form.cleaned_data["reason"]
    )
    form.refused = with_reasons(form.held, found)
    return not form.refused
