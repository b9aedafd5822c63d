"""The page of a plan meeting: who is there, the agenda from the plan, minutes, what the child says, and agreements.

All of it is sent at once and kept at once. An agreement that can't be kept brings the whole page back, with the reason
at its row and everything else as it was typed.
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.time import local_day
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.plan import operations, queries
from barnetsbog.plan.model import Meeting, Planning, RowRefused

from ..language import on_this_page
from ..plan_forms import Choices, MeetingForm, Rows, day_text
from ..plans import Names
from ..session import SignedIn
from .consent import reading
from .plan import about, back


class Table(NamedTuple):
    """The meeting and the two halves of its page."""

    meeting: Meeting
    child: Person
    form: MeetingForm
    rows: Rows


@require_http_methods(["GET", "POST"])
def meeting(request: SignedIn, child_id: UUID) -> HttpResponse:
    found = _opened(request, child_id)
    more = "flere" in request.POST
    if request.method == "POST" and not more and _kept(request, child_id, found):
        return back(child_id, "moede")
    if more:  # another row: what is typed stays, and nothing is said to lack
        found.form.errors.clear()
        for form in found.rows.forms:
            form.errors.clear()
    errors = bool(found.form.errors or found.rows.errors) if found.form.is_bound else False
    context = about(found.child, child_id) | {
        "m": found.meeting, "form": found.form, "rows": found.rows, "names": Names(found.meeting.parts),
        "errors": found.rows.errors if errors else (),
    }  # fmt: skip
    return render(request, "bog/plan/meeting.html", context, status=422 if errors else 200)


def _opened(request: SignedIn, child_id: UUID) -> Table:
    with reading(request.scope, Planning.READ, child_id) as book:
        if not queries.may_write(book.scope):
            raise NotFound
        found, child = queries.meeting(book, child_id), person(book, child_id)
    people: Choices = [
        (one.reference, one.contact.line) for one in found.receivers if one.reference.startswith("PractitionerRole")
    ]
    relatives: Choices = [(f"RelatedPerson/{one.id}", one.line) for one in found.relatives]
    choices = {"people": people, "family": [(MeetingForm.CHILD, child.name.called), *relatives]}
    start = {
        "day": day_text(local_day(request.scope.at)),
        "people": [f"PractitionerRole/{request.scope.role_id}"],
        "title": _("Planmøde om %(name)s") % {"name": on_this_page(child.name.called)},
    }  # fmt: skip
    form = MeetingForm(request.POST or None, choices=choices, initial=start)
    if not (found.leads and found.parts.overall):
        del form.fields["follow_up"]
    who: Choices = [*((one.reference, one.contact.line) for one in found.receivers), *relatives]
    goals = [one for one in queries.current_goals(found.parts) if one.said]
    tried = [one for one in queries.current_interventions(found.parts) if one.said]
    return Table(found, child, form, Rows(request.POST or None, goals, tried, who))


def _kept(request: SignedIn, child_id: UUID, found: Table) -> bool:
    rows, form = found.rows, found.form
    if not (rows.are_valid() & form.is_valid()):
        return False
    minutes: Any = form.minutes_with(rows)
    try:
        operations.hold_meeting(by=request.scope, child_id=child_id, minutes=minutes)
        return True
    except NotFound:
        raise Http404 from None
    except RowRefused as why:
        rows.kept[why.row].add_error("who" if "Vælg" in why.reason else None, why.reason)
    except (Refused, Conflict) as why:
        form.add_error(None, str(why))
    return False
