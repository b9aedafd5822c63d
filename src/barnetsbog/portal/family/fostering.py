"""A foster carer's notes of medicine. For everybody else in the family they do not exist."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.fostering import operations, queries
from barnetsbog.fostering.model import Fostering
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.messages.operations import danger_in_use
from barnetsbog.overview.queries import person
from barnetsbog.record.instance import now, today

from .. import dates
from ..session import FamilySignedIn
from ..voice_forms import MedicineForm


@require_http_methods(["GET", "POST"])
def medicine(request: FamilySignedIn) -> HttpResponse:
    between = [str(request.scope.role_id)]
    try:
        with open_book(request.scope, Fostering.READ, request.child_id, between=between) as book:
            notes, child = queries.notes(book, request.child_id), person(book, request.child_id)
    except NotFound:
        raise Http404 from None
    first = {"day": f"{today():%d.%m.%Y}", "clock": dates.clock(now())}
    form = MedicineForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            operations.note_medicine(by=request.scope, child_id=request.child_id, given=form.given())
            return HttpResponseRedirect(f"{reverse('family-medicine')}?gjort=gemt")
        except Refused as why:
            form.add_error(None, why.reason)
    context = {
        "section": "medicine", "child": child, "notes": notes, "form": form, "done": request.GET.get("gjort", ""),
        "numbers": danger_in_use().numbers,
    }  # fmt: skip
    return render(request, "bog/family/medicine.html", context, status=422 if form.errors else 200)
