"""What a child thinks of a matter that the grown-ups are asked about, in its own words."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.consent import operations, queries
from barnetsbog.consent.model import Consenting
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.record.instance import today

from ..sentences import marked
from ..session import FamilySignedIn
from ..voice_forms import SayForm


@require_http_methods(["GET", "POST"])
def say(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    try:
        with open_book(request.scope, Consenting.READ, request.child_id) as book:
            about = queries.matters_about(book, request.child_id)
    except NotFound:
        raise Http404 from None
    question = next((one for one in about if one.id == ident), None)
    if question is None:
        raise Http404
    form = SayForm(request.POST or None)
    if form.is_valid():
        try:
            said = form.said(today())
            operations.say_itself(by=request.scope, child_id=request.child_id, ident=ident, said=said)
            return HttpResponseRedirect(reverse("family-consent"))
        except Refused as why:
            form.add_error("words", marked(why.reason))
        except NotFound:
            raise Http404 from None
    context = {"section": "consent", "question": question, "form": form}
    return render(request, "bog/family/say.html", context, status=422 if form.errors else 200)
