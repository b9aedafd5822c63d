"""What somebody of the family was asked to do: what, by whom and by when; and that it is done."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.responsibility import operations, queries
from barnetsbog.responsibility.model import Acting, Move, Page, State
from barnetsbog.responsibility.rules import Wish

from ..pages import number
from ..session import FamilySignedIn


@require_http_methods(["GET", "POST"])
def ball(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """A ball of the reader's own. Anybody else's is not found here."""
    page, failed = _own(request, ident), ""
    if request.method == "POST":
        failed = "" if page.state is State.DONE else _finished(request, ident)
        if not failed:
            return HttpResponseRedirect(request.path)
        page = _own(request, ident)
    context = {"section": "front", "page": page, "ball": page.ball, "failed": failed, "over": page.state is State.DONE}
    return render(request, "bog/family/ball.html", context, status=422 if failed else 200)


def _own(request: FamilySignedIn, ident: UUID) -> Page:
    try:
        with open_book(request.scope, Acting.READ, request.child_id) as book:
            page = queries.page(book, request.child_id, ident)
            if not page.ball.mine or page.state is State.CANCELLED:
                raise NotFound
    except NotFound:
        raise Http404 from None
    return page


def _finished(request: FamilySignedIn, ident: UUID) -> str:
    """Says that it is done; why not, if it could not be said."""
    version = number(request.POST.get("version", ""))
    try:
        operations.move(
            by=request.scope, child_id=request.child_id, ident=ident, version=version, wish=Wish(Move.FINISH)
        )
    except (Refused, Conflict) as why:
        return str(why)
    except NotFound:
        raise Http404 from None
    return ""
