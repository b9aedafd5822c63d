"""*Mine mål*: what a child writes of its goals and its plan in its own words, and how close it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.plan import operations, queries
from barnetsbog.plan.model import Planning
from barnetsbog.record.book import Book
from barnetsbog.record.instance import today

from ..plans import Names
from ..sentences import marked
from ..session import FamilySignedIn
from ..voice_forms import OwnGoalForm, SayForm

GOAL, VIEW, CHANGED = "maal", "syn", "rettet"


@contextmanager
def _reading(request: FamilySignedIn) -> Iterator[Book]:
    try:
        with open_book(request.scope, Planning.READ, request.child_id) as book:
            if not request.scope.own:
                raise NotFound
            yield book
    except NotFound:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
def index(request: FamilySignedIn) -> HttpResponse:
    """The child's goals and what it thinks of the plan; a new one of either."""
    with _reading(request) as book:
        found = queries.parts(book, request.child_id)
    about = request.POST.get("om", GOAL)
    form = SayForm(request.POST or None)
    if form.is_valid():
        write = operations.write_own_view if about == VIEW else operations.write_own_goal
        try:
            write(by=request.scope, child_id=request.child_id, said=form.said(today()))
            return HttpResponseRedirect(f"{reverse('family-goals')}?gjort={about if about == VIEW else GOAL}")
        except Refused as why:
            form.add_error("words", marked(why.reason))
    context = {
        "section": "goals", "parts": found, "names": Names(found), "form": form, "done": request.GET.get("gjort", ""),
        "goal_form": SayForm(auto_id="maal_%s") if about == VIEW else form,
        "view_form": form if about == VIEW else SayForm(auto_id="syn_%s"),
    }  # fmt: skip
    return render(request, "bog/family/goals.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def goal(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """One of the child's goals: a number from 0 to 10, whether it is reached, and who may read it."""
    with _reading(request) as book:
        item = queries.goal(book, request.child_id, ident)
        if item.said is None or not item.said.own:
            raise NotFound
        parts = queries.parts(book, request.child_id)
    initial = {"state": item.said.state.value, "shared": bool(item.said.may_be_shared), "version": item.row.version}
    form, conflict = OwnGoalForm(request.POST or None, initial=initial), ""
    if form.is_valid():
        try:
            operations.change_own_goal(
                by=request.scope, child_id=request.child_id, ident=ident, version=form.cleaned_data["version"],
                change=form.change(),
            )  # fmt: skip
            return HttpResponseRedirect(f"{reverse('family-goals')}?gjort={CHANGED}")
        except Conflict as why:
            conflict = str(why)
            form.moved_to(item.row.version)
        except Refused as why:
            form.add_error(None, marked(why.reason))
    context = {
        "section": "goals", "item": item, "form": form, "conflict": conflict, "names": Names(parts),
    }  # fmt: skip
    return render(request, "bog/family/goal.html", context, status=422 if form.errors or conflict else 200)
