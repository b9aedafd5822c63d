"""Coming first visits: what each still lacks, who can supply it, tasks for it, and doing without."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.overview.queries import person
from barnetsbog.readiness import operations, queries
from barnetsbog.readiness.model import Preparing

from ..pages import number
from ..readiness_words import DONE, rows
from ..session import SignedIn
from ..upon import told


@require_GET
def visits(request: SignedIn) -> HttpResponse:
    """Every coming first visit at the reader's unit."""
    if not role_named(request.scope.role).shelves or request.scope.unit_id is None:
        raise Http404
    with open_book(request.scope, Preparing.LIST) as book:
        found = queries.page_of_unit(book, number(request.GET.get("side", "1")))
    pages = range(1, found.pages + 1) if found.pages > 1 else ()
    return render(request, "bog/readiness/visits.html", {"section": "readiness", "found": found, "pages": pages})


@require_http_methods(["GET", "POST"])
def visit(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """One of them. What could not be done is told, and what was typed stands where it was."""
    failed = ""
    if request.method == "POST":
        try:
            done = _done(request, child_id, ident)
            return HttpResponseRedirect(f"{reverse('visit', args=[child_id, ident])}?gjort={done}")
        except (Refused, Conflict) as why:
            failed = told(why)
        except NotFound:
            raise Http404 from None
    try:
        with open_book(request.scope, Preparing.READ, child_id) as book:
            child, found = person(book, child_id), queries.one(book, child_id, ident)
    except NotFound:
        raise Http404 from None
    context = {
        "child": child, "child_id": child_id, "tab": "referrals", "one": found, "rows": rows(found), "failed": failed,
        "typed": request.POST, "may": "ball" in role_named(request.scope.role).may,
        "may_ask": any(item.may_ask for item in found.readiness.lacking),
        "done": DONE.get(request.GET.get("gjort", "")),
    }  # fmt: skip
    return render(request, "bog/readiness/visit.html", context, status=422 if failed else 200)


def _done(request: SignedIn, child_id: UUID, ident: UUID) -> str:
    by, given = request.scope, request.POST
    if "ask" in given:
        wanted = frozenset((given["ask"],)) if given["ask"] else frozenset()
        return "ask" if operations.ask(by=by, child_id=child_id, visit=ident, requirements=wanted) else "none"
    if "without" in given:
        operations.do_without(
            by=by, child_id=child_id, visit=ident, requirement=given["without"], reason=given.get("reason", "")
        )
        return "without"
    if "back" in given:
        version = number(given.get("version", ""))
        operations.take_back(by=by, child_id=child_id, visit=ident, ident=_uuid(given["back"]), version=version)
        return "back"
    raise NotFound


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
