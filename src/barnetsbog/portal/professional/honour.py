"""*Æreskonflikt*: what is suspected, and what the assessment of its risk says. The family department's page alone."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.honour import operations, queries
from barnetsbog.honour.model import Honour, Pages, Stand
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person

from ..honour_forms import AssessForm, SuspectForm
from ..session import SignedIn


def _read(request: SignedIn, child_id: UUID) -> tuple[Pages, Person]:
    """The log tells nobody of the family that there is something to read."""
    try:
        with open_book(request.scope, Honour.READ, child_id, between=[]) as book:
            return queries.pages(book, child_id), person(book, child_id)
    except NotFound:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
def honour(request: SignedIn, child_id: UUID) -> HttpResponse:
    found, child = _read(request, child_id)
    suspects = "mistanke" in request.POST
    suspect = SuspectForm(request.POST if suspects else None)
    data = request.POST if request.method == "POST" and not suspects else None
    assess = AssessForm(data, initial=_stands(found))
    conflict = ""
    try:
        if suspect.is_valid():
            operations.suspect(by=request.scope, child_id=child_id, seen=suspect.cleaned_data["seen"])
            return _done(child_id, "mistanke")
        if assess.is_valid():
            told = assess.cleaned_data
            operations.assess(
                by=request.scope, child_id=child_id, stand=Stand(told["stand"]), found=told["found"],
                version=told["version"],
            )  # fmt: skip
            return _done(child_id, "vurdering")
    except Conflict as why:
        conflict = str(why)
        found, child = _read(request, child_id)
        assess.initial = _stands(found)
        assess.moved_to(found.version)
    except Refused as why:
        (suspect if suspects else assess).add_error(None, why.reason)
        found, child = _read(request, child_id)
    except NotFound:
        raise Http404 from None
    context = {
        "child": child, "child_id": child_id, "tab": "contacts", "found": found, "suspect": suspect, "assess": assess,
        "form": suspect if suspects else assess, "conflict": conflict, "done": request.GET.get("gjort", ""),
    }  # fmt: skip
    failed = bool(conflict or suspect.errors or assess.errors)
    context["no_form"] = failed and suspects is found.hold
    return render(request, "bog/honour/honour.html", context, status=422 if failed else 200)


def _stands(found: Pages) -> dict[str, object]:
    """What is assessed so far."""
    last = next((one.suspicion for one in found.waiting if one.suspicion.found), None)
    return {"version": found.version, "found": last.found if last else "", "stand": last.stand.value if last else ""}


def _done(child_id: UUID, what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('honour', args=[child_id])}?gjort={what}")
