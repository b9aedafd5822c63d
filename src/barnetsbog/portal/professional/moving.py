"""The family has moved: what is necessary is sent to the new municipality, once."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.overview.queries import person
from barnetsbog.referrals import operations, queries
from barnetsbog.referrals.model import Referring

from ..moving_forms import MovingForm
from ..referral_forms import units
from ..session import SignedIn


@require_http_methods(["GET", "POST"])
def moving(request: SignedIn, child_id: UUID) -> HttpResponse:
    """Choosing what is sent. It goes at once, and whoever sends it has the ball until it is received."""
    places = queries.elsewhere(request.scope)
    try:
        with open_book(request.scope, Referring.READ, child_id) as book:
            child, enclosures = person(book, child_id), queries.tellable(book, child_id)
            consents = queries.left_behind(book, child_id)
    except NotFound:
        raise Http404 from None
    if "refer" not in role_named(request.scope.role).may or not places:
        raise Http404
    form = MovingForm(request.POST or None, places=units(places), enclosures=enclosures)
    if form.is_valid():
        try:
            ident = operations.move_away(
                by=request.scope, child_id=child_id, draft=form.draft, ground=form.cleaned_data["ground"]
            )
            return HttpResponseRedirect(f"{reverse('referral', args=[child_id, ident])}?gjort=moved")
        except Refused as why:
            form.add_error(None, why.reason)
        except NotFound:
            raise Http404 from None
    context = {"child": child, "child_id": child_id, "tab": "referrals", "form": form, "consents": consents}
    return render(request, "bog/referral/moving.html", context, status=422 if form.is_bound else 200)
