"""What a child thinks of a matter that others are asked about, in its own words."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from barnetsbog.consent import operations, queries
from barnetsbog.consent.model import Question

from ..plan_forms import ViewForm
from ..session import SignedIn
from . import consent, plan


@require_http_methods(["GET", "POST"])
def hear(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    writing = plan.opened(request, child_id, lambda book, _: queries.question(book, child_id, ident))
    question: Question = writing.item
    if not operations.handles(request.scope, question.matter.disclosers, question.matter.recipient):
        raise Http404
    form = ViewForm(request.POST or None, choices=writing.choices(), initial=plan.said_here_today(request))
    stored, _ = plan.send(
        request, form, lambda: operations.hear(by=request.scope, child_id=child_id, ident=ident, said=form.said)
    )
    if stored:
        return consent.done(child_id, ident, "hoert")
    context = consent.about(writing.child, child_id) | {"form": form, "question": question, "ident": ident}
    return render(request, "bog/consent/hear.html", context, status=422 if form.errors else 200)
