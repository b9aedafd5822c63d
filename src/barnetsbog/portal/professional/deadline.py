"""Starting a deadline of the law by hand: which, since when, and who has the ball."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.deadlines.operations import start, startable
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.overview.queries import person
from barnetsbog.responsibility import queries
from barnetsbog.responsibility.model import Acting

from ..ball_forms import StartForm, grouped
from ..session import SignedIn


@require_http_methods(["GET", "POST"])
def start_deadline(request: SignedIn, child_id: UUID) -> HttpResponse:
    wanted = startable(request.scope)
    try:
        with open_book(request.scope, Acting.READ, child_id) as book:
            child, receivers = person(book, child_id), grouped(tuple(queries.receivers(book, child_id)))
        if not wanted:
            raise NotFound
    except NotFound:
        raise Http404 from None
    me = (queries.actor_of(request.scope).job, _("Mig selv"))
    form = StartForm(request.POST or None, deadlines=wanted, receivers=[me, *receivers], at=request.scope.at)
    if form.is_valid():
        try:
            ident = start(by=request.scope, child_id=child_id, **form.cleaned_data)
            return HttpResponseRedirect(f"{reverse('ball', args=[child_id, ident])}?gjort=open")
        except Refused as why:
            form.add_error(None, why.reason)
        except NotFound:
            raise Http404 from None
    context = {"child": child, "child_id": child_id, "tab": "balls", "form": form, "deadlines": wanted}
    return render(request, "bog/deadlines/start.html", context, status=422 if form.is_bound else 200)
