"""The ball: who has it, handing it on, and its history. One press where nothing has to be said, else one short form."""

from typing import NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.cases.queries import own_tasks
from barnetsbog.contacts.model import Contact
from barnetsbog.deadlines.operations import startable
from barnetsbog.deadlines.queries import of_child, rule_of
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import operations, queries
from barnetsbog.responsibility.model import Acting, Move, Page

from ..ball_forms import Choices, MoveForm, NewBallForm, grouped
from ..ball_words import AT_ONCE, BUTTONS, DONE, STATES, TOLD, WITH_WORDS
from ..session import SignedIn
from ..upon import told

LATELY = 10
"""Ended tasks that the list shows."""


class Line(NamedTuple):
    """One line of the history, with what was done in words."""

    what: object
    told: object


class Failed(NamedTuple):
    """A move that was not made: the form as it was filled in, and what is the matter."""

    form: MoveForm
    why: str
    conflict: bool = False


@require_GET
def balls(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Everything that is open around a child, the coordinator's part first."""
    try:
        with open_book(request.scope, Acting.READ, child_id) as book:
            coordination = queries.coordination(book, child_id)
            context = {
                "child": person(book, child_id), "balls": queries.balls(book, child_id),
                "ended": queries.finished(book, child_id, LATELY), "coordination": coordination,
                "vacant": queries.is_vacant(coordination), "clocks": of_child(book, child_id),
                "can_start": startable(request.scope), "ours": own_tasks(book, child_id),
            }  # fmt: skip
    except NotFound:
        raise Http404 from None
    return render(request, "bog/ball/balls.html", context | {"child_id": child_id, "tab": "balls"})


@require_http_methods(["GET", "POST"])
def ball(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """One ball. A move that could not be made shows the ball as it is now, with what was typed."""
    failed = None
    if request.method == "POST":
        try:
            failed = _moved(request, child_id, ident)
        except NotFound:
            raise Http404 from None
        if failed is None:
            return _done(request, child_id, ident)
    child, page = _read(request.scope, child_id, ident)
    if page.about and page.elsewhere and page.ball.asks_me:
        return HttpResponseRedirect(reverse("referral", args=[child_id, page.about]))
    receivers = grouped(page.receivers)
    context = {
        "child": child, "child_id": child_id, "tab": "balls", "page": page, "ball": page.ball,
        "state": STATES[page.state], "done": DONE.get(request.GET.get("gjort", "")), "failed": failed,
        "at_once": [(move.value, BUTTONS[move]) for move in AT_ONCE if move in page.moves],
        "forms": [_form(move, page, receivers, failed) for move in WITH_WORDS if move in page.moves],
        "rule": rule_of(page.deadline),
        "history": [Line(TOLD[one.move], one) for one in page.history],
        "no_form": failed and failed.form.kind not in page.moves,
    }  # fmt: skip
    return render(request, "bog/ball/ball.html", context, status=422 if failed else 200)


def _read(scope: Scope, child_id: UUID, ident: UUID) -> tuple[Person, Page]:
    try:
        with open_book(scope, Acting.READ, child_id) as book:
            return person(book, child_id), queries.page(book, child_id, ident)
    except NotFound:
        raise Http404 from None


def _form(move: Move, page: Page, receivers: Choices, failed: Failed | None) -> tuple[object, MoveForm, bool]:
    """The form of a move, as it was filled in when it was this one that failed, and whether it stands open."""
    if failed and failed.form.kind is move:
        if failed.conflict:
            failed.form.moved_to(page.ball.version)
        return BUTTONS[move], failed.form, True
    return BUTTONS[move], MoveForm(move=move, version=page.ball.version, receivers=receivers), False


def _moved(request: SignedIn, child_id: UUID, ident: UUID) -> Failed | None:
    """Makes the move; None when it was made."""
    move = next((one for one in Move if one.value == request.POST.get("move")), None)
    if move is None or move is Move.OPEN:
        raise NotFound
    page = _read(request.scope, child_id, ident)[1]
    form = MoveForm(request.POST, move=move, version=page.ball.version, receivers=grouped(page.receivers))
    if not form.is_valid():
        return Failed(form, "")
    try:
        version = form.cleaned_data["version"]
        operations.move(by=request.scope, child_id=child_id, ident=ident, version=version, wish=form.wish)
    except (Refused, Conflict) as why:
        return Failed(form, told(why), isinstance(why, Conflict))
    return None


def _done(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    move = request.POST.get("move", "")
    if request.POST.get("til") == "liste":
        return HttpResponseRedirect(f"{reverse('work-list')}?gjort={move}")
    if _still_sees(request.scope, child_id, ident):
        return HttpResponseRedirect(f"{reverse('ball', args=[child_id, ident])}?gjort={move}")
    return HttpResponseRedirect(f"{reverse('work-list')}?gjort={move}")


def _still_sees(scope: Scope, child_id: UUID, ident: UUID) -> bool:
    """Whoever gives a ball back may have known of it only while it was offered to them."""
    try:
        _read(scope, child_id, ident)
    except Http404:
        return False
    return True


@require_http_methods(["GET", "POST"])
def open_ball(request: SignedIn, child_id: UUID) -> HttpResponse:
    """A new task: kept, offered, asked of the family, or left to whoever takes it."""
    try:
        with open_book(request.scope, Acting.READ, child_id) as book:
            child = person(book, child_id)
            receivers = grouped(tuple(queries.receivers(book, child_id)))
            family = [(f"RelatedPerson/{one.id}", _named(one, reads)) for one, reads in queries.family(book, child_id)]
    except NotFound:
        raise Http404 from None
    me = queries.actor_of(request.scope).job
    choices: Choices = [(me, _("Mig selv")), ("", _("Ingen endnu (vises med rødt, til nogen tager den)")), *receivers]
    if family:
        choices.append((_("Familien"), family))
    form = NewBallForm(request.POST or None, receivers=choices, me=me, at=request.scope.at)
    if form.is_valid():
        try:
            ident = operations.open_ball(by=request.scope, child_id=child_id, wanted=form.wanted)
            return HttpResponseRedirect(f"{reverse('ball', args=[child_id, ident])}?gjort=open")
        except Refused as why:
            form.add_error(None, why.reason)
        except NotFound:
            raise Http404 from None
    context = {"child": child, "child_id": child_id, "tab": "balls", "form": form}
    return render(request, "bog/ball/open.html", context, status=422 if form.is_bound else 200)


def _named(one: Contact, reads: bool) -> str:
    return one.name if reads else _("%(name)s (læser ikke bogen)") % {"name": one.name}


@require_http_methods(["GET", "POST"])
def coordinator(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Where a child has no coordinator, or one who will not come back: take the part, or ask somebody."""
    try:
        with open_book(request.scope, Acting.READ, child_id) as book:
            child, present = person(book, child_id), queries.coordination(book, child_id)
            receivers = grouped(tuple(queries.receivers(book, child_id)))
    except NotFound:
        raise Http404 from None
    if present and (present.offered_to or not queries.is_vacant(present)):
        return HttpResponseRedirect(reverse("ball", args=[child_id, present.id]))
    me = queries.actor_of(request.scope).job
    form = MoveForm(request.POST or None, move=Move.OFFER, version=1, receivers=[(me, _("Mig selv")), *receivers])
    if form.is_valid():
        try:
            to = form.cleaned_data["to"]
            ident = operations.appoint(by=request.scope, child_id=child_id, to=to)
            return HttpResponseRedirect(f"{reverse('ball', args=[child_id, ident])}?gjort=offer")
        except Refused as why:
            form.add_error(None, why.reason)
        except NotFound:
            raise Http404 from None
    context = {"child": child, "child_id": child_id, "tab": "balls", "form": form}
    return render(request, "bog/ball/coordinator.html", context, status=422 if form.is_bound else 200)
