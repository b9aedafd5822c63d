"""*Hvem hjælper mig*: choosing a bisidder or giving a mandate, seeing whom one has chosen, and ending it.

What follows is told before anybody presses. For whoever may choose nobody these pages do not exist.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.mandates import operations, queries
from barnetsbog.mandates.model import Choosing, Helper, Kind, Wanted
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.instance import today

from .. import consents
from ..helper_forms import HelperForm
from ..sentences import marked
from ..session import FamilySignedIn

SEND = "send"


@contextmanager
def _reading(request: FamilySignedIn) -> Iterator[Book]:
    """The book, for somebody who may choose a helper."""
    try:
        with open_book(request.scope, Choosing.READ, request.child_id) as book:
            if not queries.kinds(request.scope, request.child_id):
                raise NotFound
            yield book
    except NotFound:
        raise Http404 from None


@require_GET
def index(request: FamilySignedIn) -> HttpResponse:
    with _reading(request) as book:
        found, child = queries.helpers(book, request.child_id), person(book, request.child_id)
    context = {
        "section": "helpers", "child": child, "now": [one for one in found if one.now], "over": [
        one for one in found if not one.now], "done": request.GET.get("gjort", ""),
        "lay": Kind.LAY in queries.kinds(request.scope, request.child_id),
    }  # fmt: skip
    return render(request, "bog/family/helpers.html", context)


@sensitive_post_parameters("number")
@require_http_methods(["GET", "POST"])
def choose(request: FamilySignedIn) -> HttpResponse:
    """Who, what and how long; then what it means; then it is so."""
    with _reading(request) as book:
        child = person(book, request.child_id)
    kinds = queries.kinds(request.scope, request.child_id)
    form = HelperForm(request.POST or None, kinds=kinds, day=today())
    means: list[str] = []
    if form.is_valid():
        try:
            if request.POST.get("trin") == SEND:
                operations.choose(by=request.scope, child_id=request.child_id, wanted=form.wanted)
                return HttpResponseRedirect(f"{reverse('family-helpers')}?gjort=valgt")
            operations.must_fit(form.wanted, request.scope.at)
            means = follows(
                form.wanted, queries.until(request.scope, form.wanted, request.child_id),
                reads=queries.may_read(request.child_id),
            )  # fmt: skip
        except Refused as why:
            form.add_error(None, marked(why.reason))
    context = {"section": "helpers", "child": child, "form": form, "means": means}
    return render(request, "bog/family/helper_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def stop(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    with _reading(request) as book:
        found = queries.helper(book, request.child_id, ident)
    problem = ""
    if request.method == "POST":
        try:
            operations.end(by=request.scope, child_id=request.child_id, person_id=ident)
            return HttpResponseRedirect(f"{reverse('family-helpers')}?gjort=stoppet")
        except (Refused, Conflict) as why:
            problem = str(why)
        except NotFound:
            raise Http404 from None
    context = {"section": "helpers", "one": found, "problem": problem, "means": stopping(found)}
    return render(request, "bog/family/helper_stop.html", context, status=422 if problem else 200)


# -- what follows, in words --------------------------------------------------------------------------------------------


def follows(wanted: Wanted, until: int, *, reads: bool) -> list[str]:
    """What it means that somebody is chosen, until when (not included). `reads`: helpers read in this book at all."""
    name = " ".join(wanted.name.split())
    what = consents.blocks(tuple(one for one in consents.BLOCKS if one in wanted.blocks))
    opens = _("%(name)s må læse om %(what)s, men kan ikke logge ind uden et CPR-nummer.")
    if not reads:
        opens = _(
            "%(name)s kan ikke logge ind og læse noget i denne bog. Spørg familieafdelingen, hvis det skal ændres."
        )
    elif wanted.number.strip():
        opens = _("%(name)s kan logge ind og læse om %(what)s.")
    told = [
        opens % {"name": name, "what": what},
        _("%(name)s ser aldrig mere, end du selv må se.") % {"name": name},
        _("%(name)s ser ikke noget om helbred. Det samme gælder det, barnet har sagt i fortrolighed.") % {"name": name},
        _("%(name)s må ikke sige det videre.") % {"name": name},
        _("Det gælder til og med %(date)s. Så slutter det af sig selv.") % {"date": consents.last_day(until)},
        _("Du kan stoppe det, når du vil."),
    ]
    if wanted.kind is Kind.LAY:
        told.append(_("Dine forældre skal ikke sige ja. Kommunen kan sige nej. Så skal den skrive hvorfor."))
    return told


def stopping(found: Helper) -> list[str]:
    return [
        _("%(name)s kan ikke længere læse noget.") % {"name": found.name},
        _("Det, der er læst, kan vi ikke gøre ulæst."), _("Du kan vælge en ny, når du vil."),
    ]  # fmt: skip
