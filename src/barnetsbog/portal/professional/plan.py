"""The professionals' pages of the plan: the plan itself, goals, interventions, the child's words.

A form comes back with everything that was typed, whatever the reason. When somebody else has changed the same thing
meanwhile, it comes back with what they changed beside it, and the next press counts.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from barnetsbog.contacts.queries import names
from barnetsbog.intake.writing import CHANGED
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.numbers import is_number
from barnetsbog.kernel.time import local_day
from barnetsbog.overview.model import Person as Child
from barnetsbog.overview.queries import person
from barnetsbog.plan import operations, queries
from barnetsbog.plan.model import Item, Parts, Planning
from barnetsbog.record.book import Book
from barnetsbog.responsibility.queries import receivers

from ..content import named_in, plain
from ..difference import Piece, difference
from ..language import on_this_page
from ..plan_forms import (
    Choices,
    FrameForm,
    GoalChangeForm,
    GoalForm,
    InterventionChangeForm,
    InterventionForm,
    PlanForm,
    SayForm,
    ViewForm,
    day_text,
)
from ..plans import DONE, Names, conditions_shown, plan_shown
from ..session import SignedIn
from .consent import reading
from .entry import without_strangers


class Other(NamedTuple):
    """What somebody else has changed while this was typed."""

    by: str
    at: int
    changes: list[Piece]
    version: int


@require_GET
def plan(request: SignedIn, child_id: UUID) -> HttpResponse:
    return _plan(request, child_id, request.GET.get("gjort", ""))


def _plan(request: SignedIn, child_id: UUID, done: str, status: int = 200) -> HttpResponse:
    with reading(request.scope, Planning.READ, child_id) as book:
        found, child = queries.page(book, child_id), person(book, child_id)
    context = about(child, child_id) | {
        "p": found, "parts": found.parts, "shown": plan_shown(found), "done": DONE.get(done, ""),
        "names": Names(found.parts), "path": reverse("plan", args=[child_id]),
    }  # fmt: skip
    return render(request, "bog/plan/plan.html", context, status=status)


def about(child: Child, child_id: UUID) -> dict[str, Any]:
    return {"child": child, "child_id": child_id, "tab": "plan"}


@require_POST
def ready(request: SignedIn, child_id: UUID) -> HttpResponse:
    """ "Plan klar"; or the plan, which says what it lacks."""
    version = request.POST.get("version", "")
    try:
        operations.say_it_is_ready(
            by=request.scope, child_id=child_id, version=int(version) if is_number(version) else 0
        )
    except NotFound:
        raise Http404 from None
    except (Refused, Conflict):
        return _plan(request, child_id, "ikke-klar", status=422)
    return back(child_id, "klar")


def back(child_id: UUID, what: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("plan", args=[child_id]) + f"?gjort={what}")


# -- a form that comes back --------------------------------------------------------------------------------------------


class Writing(NamedTuple):
    """What a form needs around it."""

    child: Child
    parts: Parts
    who: Choices
    """Whom one can name: units with a task with the child, and their people."""
    item: Any = None

    def choices(self, *kept: str) -> dict[str, Choices]:
        """The choices of every form; `kept`: whoever is named already."""
        named = [(one, self.parts.people[one].line) for one in kept if one in self.parts.people]
        who: Choices = list(dict([*self.who, *named]).items())
        people: Choices = [(one, text) for one, text in self.who if one.startswith("PractitionerRole")]
        goals: Choices = [(one.reference, one.row.title) for one in queries.current_goals(self.parts)]
        return {
            "workers": who,
            "responsible": who,
            "to": people,
            "answers": conditions_shown(self.parts),
            "serves": goals,
        }


def opened(request: SignedIn, child_id: UUID, read: Callable[[Book, Parts], Any] = lambda book, parts: None) -> Writing:
    """The plan, for somebody who may write in it."""
    with reading(request.scope, Planning.READ, child_id) as book:
        if not queries.may_write(book.scope):
            raise NotFound
        parts = queries.parts(book, child_id)
        who: Choices = [(one.reference, one.contact.line) for one in receivers(book, child_id)]
        return Writing(person(book, child_id), parts, who, read(book, parts))


def send(request: SignedIn, form: PlanForm, act: Callable[[], object]) -> tuple[bool, bool]:
    """Whether it was stored, and whether somebody else was first. What can't be is said in the form."""
    if not form.is_valid():
        return False, False
    try:
        act()
    except NotFound:
        raise Http404 from None
    except Refused as why:
        form.add_error(None, why.reason)
        return False, False
    except Conflict:
        return False, True
    return True, False


def other_version(request: SignedIn, child_id: UUID, ident: UUID, form: PlanForm) -> Other:
    """What stood there when this was begun, beside what stands there now."""
    began = form.cleaned_data["version"]
    with reading(request.scope, Planning.READ, child_id) as book:
        found = queries.changed_since(book, child_id, ident, began)
        bodies = [orjson.loads(found.before), orjson.loads(found.now)]
        people = names(book, child_id, [found.by, *(one for body in bodies for one in named_in(body))])
        shown = without_strangers(book, book.entry(child_id, ident), bodies, people)
    before, now = (plain(body, shown) for body in bodies)
    by = people[found.by].line if found.by in people else ""
    return Other(by, found.at, difference(before, now), found.version)


def _new(
    request: SignedIn, child_id: UUID, template: str, form: PlanForm, child: Child, act: Callable[[], object], done: str
) -> HttpResponse:
    stored, late = send(request, form, act) if form.is_bound else (False, False)
    if stored:
        return back(child_id, done)
    if late:
        form.add_error(None, CHANGED)
    return render(request, template, about(child, child_id) | {"form": form}, status=422 if form.errors else 200)


# -- what the child says -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def say(request: SignedIn, child_id: UUID) -> HttpResponse:
    """A goal in the child's own words."""
    found = opened(request, child_id)
    form = SayForm(request.POST or None, choices=found.choices(), initial=said_here_today(request))

    def act() -> object:
        return operations.write_down(by=request.scope, child_id=child_id, said=form.said)

    return _new(request, child_id, "bog/plan/say.html", form, found.child, act, "barnets-maal")


@require_http_methods(["GET", "POST"])
def view(request: SignedIn, child_id: UUID) -> HttpResponse:
    """What the child says of the plan."""
    found = opened(request, child_id)
    form = ViewForm(request.POST or None, choices=found.choices(), initial=said_here_today(request))

    def act() -> object:
        return operations.tell_view(by=request.scope, child_id=child_id, said=form.said)

    return _new(request, child_id, "bog/plan/view.html", form, found.child, act, "barnets-syn")


def said_here_today(request: SignedIn) -> dict[str, str]:
    """To whoever writes it down, today, until somebody says otherwise."""
    return {"to": f"PractitionerRole/{request.scope.role_id}", "day": day_text(local_day(request.scope.at))}


# -- goals and interventions -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new_goal(request: SignedIn, child_id: UUID) -> HttpResponse:
    found = opened(request, child_id)
    form = GoalForm(request.POST or None, choices=found.choices())

    def act() -> object:
        return operations.set_goal(by=request.scope, child_id=child_id, wanted=form.goal)

    return _new(request, child_id, "bog/plan/new_goal.html", form, found.child, act, "maal")


@require_http_methods(["GET", "POST"])
def goal(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """One goal: what was said, the scale over time, and what is new."""
    found = opened(request, child_id, lambda book, parts: queries.goal(book, child_id, ident))
    item, today = found.item, local_day(request.scope.at)
    choices = found.choices(*item.said.workers)
    form = GoalChangeForm(request.POST or None, item=item, today=today, choices=choices)

    def act() -> None:
        version = form.cleaned_data["version"]
        operations.change_goal(by=request.scope, child_id=child_id, ident=ident, version=version, change=form.change)

    return _changed(request, child_id, "bog/plan/goal.html", form, found, act, "maal")


@require_http_methods(["GET", "POST"])
def try_out(request: SignedIn, child_id: UUID) -> HttpResponse:
    found = opened(request, child_id)
    start = {"since": day_text(local_day(request.scope.at))}
    form = InterventionForm(request.POST or None, choices=found.choices(), initial=start)

    def act() -> object:
        return operations.try_out(by=request.scope, child_id=child_id, wanted=form.intervention)

    return _new(request, child_id, "bog/plan/try_out.html", form, found.child, act, "indsats")


@require_http_methods(["GET", "POST"])
def intervention(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """One intervention: what it is, how it has worked, and what is new."""
    found = opened(request, child_id, lambda book, parts: queries.intervention(book, child_id, ident))
    item, today = found.item, local_day(request.scope.at)
    choices = found.choices(*item.said.responsible)
    form = InterventionChangeForm(request.POST or None, item=item, today=today, choices=choices)

    def act() -> None:
        version = form.cleaned_data["version"]
        operations.change_intervention(
            by=request.scope, child_id=child_id, ident=ident, version=version, change=form.change
        )

    return _changed(request, child_id, "bog/plan/intervention.html", form, found, act, "indsats")


def _changed(
    request: SignedIn,
    child_id: UUID,
    template: str,
    form: PlanForm,
    found: Writing,
    act: Callable[[], object],
    done: str,
) -> HttpResponse:
    item: Item[Any] = found.item
    stored, late = send(request, form, act) if form.is_bound else (False, False)
    if stored:
        return back(child_id, done)
    other = other_version(request, child_id, item.id, form) if late else None
    version = other.version if other else form["version"].value()
    context = about(found.child, child_id) | {
        "form": form, "item": item, "parts": found.parts, "other": other, "version": version,
        "names": Names(found.parts),
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors or late else 200)


# -- the overall plan --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def frame(request: SignedIn, child_id: UUID) -> HttpResponse:
    """The coordinator's words about the plan, and when it is looked at again."""
    found = opened(request, child_id, lambda book, parts: _leading(book, child_id, parts))
    form = FrameForm(request.POST or None, item=found.item, called=on_this_page(found.child.name.called))

    def act() -> None:
        if found.item is None:
            operations.make_plan(by=request.scope, child_id=child_id, frame=form.frame)
        else:
            version = form.cleaned_data["version"] or 0
            operations.change_plan(by=request.scope, child_id=child_id, version=version, frame=form.frame)

    if found.item is None:
        return _new(request, child_id, "bog/plan/frame.html", form, found.child, act, "plan")
    return _changed(request, child_id, "bog/plan/frame.html", form, found, act, "plan")


def _leading(book: Book, child_id: UUID, parts: Parts) -> Item[Any] | None:
    if not queries.leads(book, child_id):
        raise NotFound
    return parts.overall
