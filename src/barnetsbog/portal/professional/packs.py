"""Meeting packs: making one, a leader's approval, and the page where what was sent is read.

A pack is read in a scope of its own (`session.PACKS`): nothing but what was put in it, until the meeting is over.
"""

from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.audit.model import Action
from barnetsbog.contacts.queries import names
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import UnitName
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.time import day_end
from barnetsbog.overview.queries import person
from barnetsbog.packs import operations, queries
from barnetsbog.packs.model import FOLLOW_UP, SSD, SSP
from barnetsbog.packs.operations import Wanted
from barnetsbog.packs.rules import may_tell, sectors
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.scope import Scope

from ..content import Line, lines, named_in
from ..fields import DayField
from ..session import SignedIn

ACTS = (
    (SSD, _("SSD-møde")), (FOLLOW_UP, _("Et SSD-møde mere, i særlige tilfælde")), (SSP, _("SSP: politiet og andre")),
)  # fmt: skip


MOST = 60
"""Entries to choose among at first: the newest."""


def _must(what: Any) -> dict[str, Any]:
    return {"required": what}


class PackForm(forms.Form):
    act = forms.ChoiceField(
        label=_("Hvilken slags møde?"),
        error_messages=_must(_("Vælg en slags møde.")) | {"invalid_choice": _("Vælg en slags møde.")},
    )
    title = forms.CharField(
        label=_("Hvad handler mødet om? Skriv det kort"), max_length=200,
        error_messages=_must(_("Skriv, hvad mødet handler om.")),
    )  # fmt: skip
    meeting = DayField(label=_("Hvilken dag holdes mødet?"), error_messages=_must(_("Skriv dagen for mødet.")))
    reason = forms.CharField(label=_("Særlig grund eller formål"), required=False, max_length=500)
    to = forms.MultipleChoiceField(label=_("Hvem skal have pakken?"), error_messages=_must(_("Vælg mindst ét sted.")))
    entries = forms.MultipleChoiceField(
        label=_("Hvad skal med? Kun det, der er nødvendigt"), error_messages=_must(_("Vælg mindst én post."))
    )

    def __init__(self, data: Any, units: list[UnitName], rows: list[EntryRow], acts: list[tuple[str, Any]]) -> None:
        super().__init__(data)
        self.fields["act"].choices = acts  # type: ignore[attr-defined]
        self.fields["to"].choices = [(str(one.id), one.name) for one in units]  # type: ignore[attr-defined]
        self.fields["entries"].choices = [(str(one.id), one.title) for one in rows]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        to, entries = ([UUID(one) for one in given[name]] for name in ("to", "entries"))
        return Wanted(given["act"], day_end(given["meeting"]), to, entries, given["title"], given["reason"])


@require_http_methods(["GET", "POST"])
def make(request: SignedIn, child_id: UUID) -> HttpResponse:
    """The packs of the own unit, and the form for another one."""
    scope, may = request.scope, role_named(request.scope.role).may
    try:
        with open_book(scope, Action.PACK, child_id) as book:
            if not may & {"pack", "approve-pack"}:
                raise NotFound
            made, rows, child = queries.made(book, child_id), queries.tellable(book, child_id), person(book, child_id)
    except NotFound:
        raise Http404 from None
    first = rows[:MOST] if request.method == "GET" and "alle" not in request.GET else rows
    form = PackForm(request.POST or None, _places(scope), first, _acts(scope.unit_id))
    if "pack" in may and form.is_valid():
        try:
            operations.make(by=scope, child_id=child_id, wanted=form.wanted)
            return HttpResponseRedirect(reverse("pack-make", args=[child_id]) + "?gjort=lavet")
        except Refused as why:
            form.add_error(None, str(why))
    context = {
        "child": child, "child_id": child_id, "tab": "pack", "form": form, "made": made, "may": may,
        "shown": len(first), "number": len(rows),
        "done": request.GET.get("gjort", ""), "now": scope.at,
    }  # fmt: skip
    return render(request, "bog/packs/make.html", context, status=422 if form.errors else 200)


def _acts(own: UUID | None) -> list[tuple[str, Any]]:
    """The meetings at which the own unit can tell something."""
    here = directory.sectors([own]).get(own, "") if own else ""
    return [(act, name) for act, name in ACTS if may_tell(here, act, law_in_use().book)]


def _places(scope: Scope) -> list[UnitName]:
    """Every open unit of an organisation that can take part in one of the meetings, the same for every child."""
    able = frozenset().union(*(sectors(act, law_in_use().book) for act, _name in ACTS))
    found = [one for one in directory.units().values() if one.id != scope.unit_id and one.parent and one.sector in able]
    closed = directory.away((one.id for one in found), scope.at)
    return sorted((one for one in found if one.id not in closed), key=lambda one: one.name)


@require_POST
def approve(request: SignedIn, child_id: UUID, entry_id: UUID) -> HttpResponse:
    try:
        operations.approve(by=request.scope, child_id=child_id, ident=entry_id)
    except NotFound:
        raise Http404 from None
    return HttpResponseRedirect(reverse("pack-make", args=[child_id]) + "?gjort=godkendt")


@require_GET
def received(request: SignedIn) -> HttpResponse:
    """The packs that the own unit may read now."""
    with open_book(request.scope, Action.PACK) as book:
        found = queries.received(book)
    return render(request, "bog/packs/received.html", {"section": "packs", "found": found})


class Told(NamedTuple):
    """One entry of a pack, with its words."""

    row: EntryRow
    lines: list[Line]


def _told(book: Book, rows: tuple[EntryRow, ...]) -> list[Told]:
    resources = {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}
    ids = [ident for resource in resources.values() for ident in named_in(resource)]
    people = names(book, rows[0].child_id, ids) if rows else {}
    return [Told(row, lines(resources[row.id], people)) for row in rows if row.id in resources]


@require_GET
def opened(request: SignedIn, child_id: UUID, entry_id: UUID) -> HttpResponse:
    try:
        with open_book(request.scope, Action.PACK, child_id, pack=str(entry_id)) as book:
            found = queries.opened(book, child_id, entry_id)
            told = _told(book, found.told)
    except NotFound:
        raise Http404 from None
    return render(request, "bog/packs/opened.html", {"section": "packs", "found": found, "told": told})
