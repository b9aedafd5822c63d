"""Choosing who comes along to an appointment: a wish, sent to whoever arranged it. It invites nobody by itself."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.calendar import queries as calendar
from barnetsbog.calendar.model import Meeting, Planning
from barnetsbog.contacts.circle import circle
from barnetsbog.contacts.model import Circle
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.messages import operations, queries
from barnetsbog.messages.model import Wanted
from barnetsbog.messages.operations import danger_in_use
from barnetsbog.voice.rules import asked

from .. import dates
from ..dialogue import DANGER, SENT
from ..sentences import marked
from ..session import FamilySignedIn
from ..voice_forms import CompanyForm


@require_http_methods(["GET", "POST"])
def company(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    try:
        with open_book(request.scope, Planning.READ, request.child_id) as book:
            if not request.scope.own:
                raise NotFound
            meeting = calendar.meeting(book, request.child_id, ident)
            reader = asked(meeting, queries.readers(book, request.child_id))
            people = _people(circle(book, request.child_id))
    except NotFound:
        raise Http404 from None
    form = CompanyForm(request.POST or None, people=people)
    if reader and form.is_valid():
        wanted = Wanted(_wish(meeting, form.wish, form.cleaned_data["words"]), reader.reference)
        try:
            sent = operations.send(by=request.scope, child_id=request.child_id, wanted=wanted)
            done = DANGER if sent.danger else SENT
            return HttpResponseRedirect(f"{reverse('family-message', args=[sent.thread])}?gjort={done}")
        except Refused as why:
            form.add_error("words", marked(why.reason))
    context = {
        "section": "appointments", "m": meeting, "reader": reader, "form": form, "numbers": danger_in_use().numbers,
    }  # fmt: skip
    return render(request, "bog/family/company.html", context, status=422 if form.errors else 200)


def _people(around: Circle) -> list[str]:
    own = [one.contact.name for one in (*around.family, *around.network)]
    return list(dict.fromkeys([*own, *(one.contact.line for one in around.workers if one.left_at is None)]))


def _wish(meeting: Meeting, who: str, words: str) -> str:
    """What is sent: it is to a grown-up, so it is Danish; and the child's own words stand as they are."""
    with translation.override("da"):
        when = dates.when(meeting.start, meeting.whole_day)
    wish = f"Til aftalen »{meeting.title}« {when} vil jeg gerne have, at den her kommer med: {who}."
    return f"{wish}\n\n{words}" if words.strip() else wish
