"""*Få en kopi*: the book and the log, to read on paper or to give to another system. Each copy is in the log."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from barnetsbog.access.people import own_name
from barnetsbog.access.reading import open_book
from barnetsbog.audit.model import Action
from barnetsbog.contacts.queries import names
from barnetsbog.copies.queries import as_bundle, copy_of, may_have
from barnetsbog.delivery.model import File
from barnetsbog.kernel import exact
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview.queries import person
from barnetsbog.record.instance import today

from .. import copies
from ..content import named_in
from ..downloads import attachment
from ..language import on_this_page
from ..seen import told
from ..session import FamilySignedIn
from .seen import PERIODS, all_names, read_log

PDF, FHIR = "application/pdf", "application/fhir+json"


@require_GET
def index(request: FamilySignedIn) -> HttpResponse:
    try:
        with open_book(request.scope, "overview", request.child_id) as book:
            if not may_have(book):
                raise NotFound
            child = person(book, request.child_id)
    except NotFound:
        raise Http404 from None
    return render(request, "bog/family/copies.html", {"section": "book", "child": child})


@require_POST
def whole(request: FamilySignedIn) -> HttpResponse:
    """The book, as PDF or as FHIR."""
    as_fhir = request.POST.get("som") == "fhir"
    try:
        with open_book(request.scope, Action.EXPORT, request.child_id, own=True, fhir=as_fhir) as book:
            copied = copy_of(book, request.child_id)
            wanted = {ident for _, resource in copied if resource for ident in named_in(resource)}
            people, child = names(book, request.child_id, wanted), person(book, request.child_id)
    except NotFound:
        raise Http404 from None
    if as_fhir:
        return attachment(File("bog", FHIR, exact.dumps(as_bundle(copied, request.scope.at))), name="bog")
    made = copies.book(copied, people, child=on_this_page(child.name.called), to=_me(request), day=today())
    return attachment(File("bog", PDF, made), name="bog")


@require_POST
def log(request: FamilySignedIn) -> HttpResponse:
    """Who has seen, all of it, as PDF."""
    found, child = read_log(request, PERIODS["alt"][1], whole=True)
    lines = told(found, all_names(found), request.scope.role_id)
    made = copies.log(lines, child=on_this_page(child.name.called), to=_me(request), day=today())
    return attachment(File("log", PDF, made), name="log")


def _me(request: FamilySignedIn) -> str:
    return own_name(request.scope, request.child_id)
