"""Asking for a consent: what, from whom to whom, until when. Who will be asked and what it means is shown first."""

from typing import NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.roles import role_named
from barnetsbog.consent import operations
from barnetsbog.consent.model import Consenting, Place
from barnetsbog.consent.operations import Ask
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import UnitName
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.time import day_end, local_day
from barnetsbog.law.givers import Givers
from barnetsbog.law.model import Block, Class, Sharing
from barnetsbog.law.rules import Act
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import default_class

from .. import consents
from ..consent_forms import AskForm, Choices
from ..session import SignedIn
from .consent import reading

GIVES, GETS = "giver", "faar"


class Preview(NamedTuple):
    """Whom the question goes to, and what it says."""

    people: list[str]
    reason: str
    says: str
    until: str


@require_http_methods(["GET", "POST"])
def ask(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Two steps: what is asked is shown with who gets the question; then it is sent."""
    seen, units = None, directory.units()
    with reading(request.scope, Consenting.READ, child_id) as book:
        form = _form(request, units)
        child = person(book, child_id)
        if form.is_valid():
            seen = _seen(form, book, child_id, units)
    step = request.POST.get("trin", "")
    if seen and step == "send" and _sent(request, child_id, form, units):
        return HttpResponseRedirect(reverse("consent", args=[child_id]) + "?gjort=spurgt")
    shown = seen if step == "vis" else None
    context = {"child": child, "child_id": child_id, "tab": "consent", "form": form, "seen": shown}
    return render(request, "bog/consent/ask.html", context, status=422 if form.errors else 200)


def _form(request: SignedIn, units: dict[UUID, UnitName]) -> AskForm:
    scope = request.scope
    own = units.get(scope.unit_id) if scope.unit_id else None
    if own is None or "consent" not in role_named(scope.role).may:
        raise NotFound
    others = sorted((one for one in units.values() if one.id != own.id and one.sector != "other"), key=_name)
    choices: Choices = [(str(one.id), one.name) for one in others]
    return AskForm(request.POST or None, acts=_acts(own), others=choices, day=local_day(scope.at))


def _name(unit: UnitName) -> str:
    return unit.name


def _acts(own: UnitName) -> Choices:
    """What this kind of unit may ask about, as the one that gives or the one that gets."""
    acts = sorted(law_in_use().book.acts.values(), key=lambda one: one.title)
    gives = [(f"{one.id}:{GIVES}", one.title) for one in acts if own.sector in _sectors(one.from_sectors)]
    gets = [(f"{one.id}:{GETS}", one.title) for one in acts if own.sector in _sectors(one.to_sectors)]
    groups = [(_("Vi giver oplysninger"), gives), (_("Vi får oplysninger eller går i gang"), gets)]
    return [(name, some) for name, some in groups if some]


def _sectors(names: tuple[str, ...]) -> frozenset[str]:
    """The sectors of the law's acts are those of the directory, written otherwise."""
    return frozenset("family_dept" if one == "family-department" else one.replace("-", "_") for one in names)


def _wanted(form: AskForm, scope: Scope, units: dict[UUID, UnitName]) -> Ask:
    """The question that the form asks; `Refused` when its parts don't fit together."""
    given = form.cleaned_data
    name, _colon, way = given["act"].partition(":")
    act, own, other = law_in_use().book.acts[name], str(scope.unit_id), given["other"]
    source, recipient = (own, other) if way == GIVES else (other if act.from_sectors else "", own)
    _must_fit(act, source, recipient, units)
    shelves = _shelves(form.chosen_blocks, units[UUID(source)].sector) if source else frozenset()
    if source and not shelves:
        raise Refused(_("Vælg mindst én ting, der skal deles."))
    disclosers = frozenset((source,)) if source else frozenset()
    sharing = Sharing(shelves, form.sharing_level)
    return Ask(name, disclosers, recipient, sharing, day_end(given["until"]), act.title, given["why"])


def _must_fit(act: Act, source: str, recipient: str, units: dict[UUID, UnitName]) -> None:
    for unit, sectors in ((source, act.from_sectors), (recipient, act.to_sectors)):
        if sectors and (not unit or units[UUID(unit)].sector not in _sectors(sectors)):
            raise Refused(_("Det sted passer ikke til det, der spørges om. Vælg et andet sted."))


def _shelves(blocks: list[str], sector: str) -> frozenset[tuple[Block, Class]]:
    """Ordinary matters, and those that this sector writes."""
    classes = {Class.ORDINARY, Class(default_class("observation", sector))}
    return frozenset((Block(block), letter) for block in blocks for letter in classes)


def _seen(form: AskForm, book: Book, child_id: UUID, units: dict[UUID, UnitName]) -> Preview | None:
    """The preview, or None with the reason among the form's errors."""
    try:
        wanted = _wanted(form, book.scope, units)
        found = operations.whom(by=book.scope, child_id=child_id, wanted=wanted)
    except Refused as why:
        form.add_error(None, why.reason)
        return None
    names = book.titles([UUID(one.person) for one in found.people])
    people = [names.get(UUID(one.person), str(consents.CAPACITIES[one.capacity])) for one in found.people]
    return Preview(people, found.reason, _says(wanted, units, found), consents.last_day(wanted.until))


def _says(wanted: Ask, units: dict[UUID, UnitName], found: Givers) -> str:
    def place(ident: str) -> str:
        unit = units[UUID(ident)]
        return consents.place(Place(ident, unit.name, unit.sector))

    to = place(wanted.recipient)
    if not wanted.sharing.shelves:
        return _("Må %(to)s gå i gang med dette: %(act)s?") % {"to": to, "act": wanted.title}
    blocks = tuple(one for one in consents.BLOCKS if any(shelf[0].value == one for shelf in wanted.sharing.shelves))
    may = consents.may(blocks, wanted.sharing.level, consents.listed([place(one) for one in sorted(wanted.disclosers)]))
    return _("Må %(to)s %(may)s?") % {"to": to, "may": may}


def _sent(request: SignedIn, child_id: UUID, form: AskForm, units: dict[UUID, UnitName]) -> bool:
    """Sends the question; False, with the reason among the form's errors, when it can't be asked."""
    try:
        operations.ask(by=request.scope, child_id=child_id, wanted=_wanted(form, request.scope, units))
    except NotFound:
        raise Http404 from None
    except Refused as why:
        form.add_error(None, why.reason)
        return False
    return True
