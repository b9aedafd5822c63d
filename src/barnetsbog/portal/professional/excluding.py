"""The municipality's decision that somebody may not be a child's bisidder: what follows, and why."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.mandates import operations, queries
from barnetsbog.mandates.model import Choosing, Helper
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book

from ..helper_forms import ExcludeForm
from ..session import SignedIn
from .consent import reading


@require_http_methods(["GET", "POST"])
def exclude(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    with reading(request.scope, Choosing.READ, child_id, helper=str(ident)) as book:
        found, child = _lay(book, child_id, ident), person(book, child_id)
    form = ExcludeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            operations.exclude(by=request.scope, child_id=child_id, person_id=ident, reason=reason)
            return HttpResponseRedirect(f"{reverse('consent', args=[child_id])}?gjort=udelukket")
        except NotFound:
            raise Http404 from None
        except (Refused, Conflict) as why:
            form.add_error(None, str(why))
    context = {"child": child, "child_id": child_id, "tab": "consent", "one": found, "form": form}
    return render(request, "bog/consent/exclude.html", context, status=422 if form.errors else 200)


def _lay(book: Book, child_id: UUID, ident: UUID) -> Helper:
    """One of the child's bisidders now, for a unit that may exclude one."""
    for one in queries.lay(book, child_id) if operations.may_exclude(book.scope) else ():
        if one.id == str(ident):
            return one
    raise NotFound
