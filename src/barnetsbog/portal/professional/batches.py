"""One letter to many children: which, to whom, what each gets, and what became of each."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.directory.model import ChildName
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.letters import batching, queries
from barnetsbog.letters.files import catalogue
from barnetsbog.letters.model import Lettering, Template
from barnetsbog.record.scope import Scope

from ..batch_forms import BatchForm
from ..letter_words import AUDIENCES, CHANNELS, FAMILIES
from ..session import SignedIn

SECTION = {"section": "printing"}


@require_GET
def choose(request: SignedIn) -> HttpResponse:
    """Which letter: those of which one text can go to many; what others usually send last."""
    _must_write(request.scope)
    mine, others = (
        [(one, FAMILIES[one.family], [AUDIENCES[to] for to in one.to]) for one in some if one.for_many]
        for some in queries.to_write(request.scope)
    )
    return render(request, "bog/letters/batch_choose.html", {**SECTION, "templates": mine, "others": others})


def _must_write(scope: Scope) -> None:
    if not queries.may_write(scope):
        raise Http404


@require_http_methods(["GET", "POST"])
def batch(request: SignedIn, template: str) -> HttpResponse:
    """Filling it in, looking through what each gets, and sending."""
    _must_write(request.scope)
    wanted = catalogue().get(template)
    if wanted is None or not wanted.for_many:
        raise Http404
    with open_book(request.scope, Lettering.BATCH) as book:
        children = batching.own_children(book)
    data = request.POST if request.method == "POST" else None
    form = BatchForm(data, template=wanted, children=children)
    move, failed = request.POST.get("move", ""), ""
    if move != "back" and form.is_valid():
        try:
            if move == "send":
                return _sent(request, wanted, form, children)
            return _look(request, wanted, form, children)
        except Refused as why:
            failed = str(why)
        except NotFound:
            raise Http404 from None
    wrong = bool(failed or (move != "back" and form.errors))
    context = {**SECTION, "template": wanted, "form": form, "failed": failed, "wrong": wrong, "most": batching.MOST}
    return render(request, "bog/letters/batch.html", context, status=422 if wrong else 200)


def _look(request: SignedIn, template: Template, form: BatchForm, children: list[ChildName]) -> HttpResponse:
    rows = batching.looked_through(by=request.scope, batch=form.wanted, chosen=form.chosen)
    names = {one.id: one for one in children}
    told = [(one, names[one.child_id], [(each, CHANNELS[each.channel]) for each in one.previews]) for one in rows]
    letters = sum(len(one.previews) for one in rows)
    context = {
        **SECTION, "template": template, "rows": told, "carried": form.carried, "letters": letters,
        "going": sum(1 for one in rows if one.previews), "all": len(rows),
    }  # fmt: skip
    return render(request, "bog/letters/batch_look.html", context)


def _sent(request: SignedIn, template: Template, form: BatchForm, children: list[ChildName]) -> HttpResponse:
    names = {one.id: one for one in children}
    marks = dict(one.split("=", 1) for one in request.POST.getlist("approved") if "=" in one)
    approved = {child: marks.get(str(child), "") for child in form.chosen}
    found = batching.send(by=request.scope, batch=form.wanted, approved=approved)
    done = [one for one in found if not one.why]
    context = {
        **SECTION, "template": template, "rows": [(one, names[one.child_id]) for one in found], "done": len(done),
        "all": len(found), "before": bool(done) and all(one.before for one in done),
    }  # fmt: skip
    return render(request, "bog/letters/batch_sent.html", context)
