"""The consent centre of professionals: who has said yes to what, and writing down what a giver has said.

What would follow is shown before anybody presses. Whether a unit may ask and register is the operations' to say; the
pages only leave out buttons that would lead nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.consent import operations, queries
from barnetsbog.consent.answering import Yes
from barnetsbog.consent.model import Consenting, Person, Question, Reply, Told
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.law.duties import CHILD_VIEW_MISSING
from barnetsbog.mandates import queries as mandates
from barnetsbog.mandates.operations import may_exclude
from barnetsbog.overview.model import Person as Child
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from .. import consents
from ..consent_forms import PaperForm, WithdrawForm, day_text
from ..session import SignedIn


class Cell(NamedTuple):
    """One giver's place in the matrix."""

    person: Person
    reply: Reply | None
    needed: bool


class Row(NamedTuple):
    question: Question
    cells: list[Cell]
    may: bool


class Line(NamedTuple):
    """One giver's record on the page of a matter: what it has said, and what would follow if it changed."""

    reply: Reply
    name: str
    history: list[Told]
    effect: list[str]
    may_remind: bool


@contextmanager
def reading(scope: Scope, act: str, child_id: UUID, **detail: Any) -> Iterator[Book]:
    """A child's book, or the page of what does not exist."""
    try:
        with open_book(scope, act, child_id, **detail) as book:
            yield book
    except NotFound:
        raise Http404 from None


@require_GET
def matrix(request: SignedIn, child_id: UUID) -> HttpResponse:
    with reading(request.scope, Consenting.READ, child_id) as book:
        found, child = queries.sharings(book, child_id), person(book, child_id)
        lay = mandates.lay(book, child_id) if may_exclude(request.scope) else []
    columns = _columns(found.questions)
    rows = [_row(one, columns, request.scope) for one in found.questions]
    context = about(child, child_id) | {
        "rows": rows, "columns": columns, "unread": found.unread, "done": request.GET.get("gjort", ""),
        "lay": lay, "waiting": [row for row in rows if row.question.waits],
    }  # fmt: skip
    return render(request, "bog/consent/matrix.html", context)


def about(child: Child, child_id: UUID) -> dict[str, object]:
    return {"child": child, "child_id": child_id, "tab": "consent"}


def _columns(questions: tuple[Question, ...]) -> list[Person]:
    """Everybody who must answer or has answered, once, those who must first."""
    found: dict[str, Person] = {}
    for one in sorted((p for q in questions for p in q.people), key=lambda p: (not p.needed, p.capacity, p.name)):
        found.setdefault(one.id, one)
    return list(found.values())


def _row(question: Question, columns: list[Person], scope: Scope) -> Row:
    needed = {one.id for one in question.people if one.needed}
    cells = [Cell(one, question.reply_of(one.id), one.id in needed) for one in columns]
    return Row(question, cells, operations.handles(scope, question.matter.disclosers, question.matter.recipient))


@require_GET
def sharing(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """One matter: what it means, who has said what, and what would happen if."""
    with reading(request.scope, Consenting.READ, child_id) as book:
        question, child = queries.question(book, child_id, ident), person(book, child_id)
        lines = [_line(book, child_id, question, reply) for reply in question.replies]
    names = {one.id: one for one in question.people}
    unasked = [one for one in question.people if one.needed and question.reply_of(one.id) is None]
    missing = [names[one] for one in question.standing.missing if one in names]
    may = operations.handles(request.scope, question.matter.disclosers, question.matter.recipient)
    context = about(child, child_id) | {
        "question": question, "lines": lines, "unasked": unasked, "missing": missing, "done": request.GET.get(
        "gjort", ""), "may": may,
        "may_hear": may and (bool(question.heard) or CHILD_VIEW_MISSING in question.standing.duties),
    }  # fmt: skip
    return render(request, "bog/consent/sharing.html", context)


def _line(book: Book, child_id: UUID, question: Question, reply: Reply) -> Line:
    name = next((one.name for one in question.people if one.id == reply.giver), "")
    effect = _told(book, child_id, reply.id, question, "back" if reply.yes else "yes")
    remindable = reply.waits and question.standing.may_remind and reply.giver in question.standing.missing
    return Line(reply, name, queries.history(book, child_id, reply.id), effect, remindable)


@require_GET
def paper(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """The signed paper, to be saved and not shown in the page: it comes from outside."""
    with reading(request.scope, Consenting.READ, child_id) as book:
        found = queries.scan(book, child_id, ident)
    ending = found.kind.rpartition("/")[2]
    disposition = f'attachment; filename="samtykke.{ending}"'
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(found.content, content_type=found.kind, headers=headers)


# -- registering -------------------------------------------------------------------------------------------------------


_ANSWERS = {True: ("back",), False: ("yes", "no")}


class Open(NamedTuple):
    """A record that is about to be changed: its matter, itself, whose it is, and the child."""

    question: Question
    reply: Reply
    name: str
    child: Child
    effects: tuple[list[str], ...]


def _opened(request: SignedIn, child_id: UUID, ident: UUID, *, withdrawal: bool) -> Open:
    """The record with what would follow; the page of what does not exist when this unit may not register here."""
    with reading(request.scope, Consenting.PREVIEW, child_id) as book:
        question, child = queries.question(book, child_id, ident), person(book, child_id)
        matter = question.matter
        if not operations.handles(request.scope, matter.disclosers, matter.recipient):
            raise NotFound
        reply = next(one for one in question.replies if one.id == ident)
        effects = tuple(_told(book, child_id, ident, question, one) for one in (_ANSWERS[withdrawal]))
    name = next((one.name for one in question.people if one.id == reply.giver), "")
    return Open(question, reply, name, child, effects)


def _told(book: Book, child_id: UUID, ident: UUID, question: Question, answer: str) -> list[str]:
    """What would follow, or why it can't be."""
    try:
        if answer == "back":
            return consents.effect(queries.preview_withdrawal(book, child_id, ident), question)
        yes = Yes() if answer == "yes" else None
        return consents.effect(queries.preview(book, child_id, ident, yes, form="paper"), question)
    except Refused as why:
        return [why.reason]


@require_http_methods(["GET", "POST"])
def register(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """What a giver has answered on paper or aloud."""
    found = _opened(request, child_id, ident, withdrawal=False)
    version = found.reply.version
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PaperForm(*data, question=found.question, version=version)
    conflict = ""
    if form.is_valid():
        try:
            operations.register_paper(
                by=request.scope, child_id=child_id, ident=ident, yes=form.yes, paper=form.paper,
                version=form.cleaned_data["version"],
            )  # fmt: skip
            return done(child_id, ident, "svar")
        except Refused as why:
            form.add_error(None, why.reason)
        except Conflict as why:
            conflict = str(why)
            form.moved_to(version)
    context = _changing(found, child_id) | {"form": form, "conflict": conflict, "day": day_text(request.scope.at)}
    return _page(request, "bog/consent/register.html", context, failed=form.is_bound)


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """A giver has said that they take their yes back."""
    found = _opened(request, child_id, ident, withdrawal=True)
    form = WithdrawForm(request.POST or None, noted=True, version=found.reply.version)
    conflict = ""
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.withdraw(
                by=request.scope, child_id=child_id, ident=ident, version=given["version"], note=given["note"]
            )
            return done(child_id, ident, "tilbage")
        except Refused as why:
            form.add_error(None, why.reason)
        except Conflict as why:
            conflict = str(why)
            form.moved_to(found.reply.version)
    context = _changing(found, child_id) | {"form": form, "conflict": conflict}
    return _page(request, "bog/consent/withdraw.html", context, failed=form.is_bound)


@require_http_methods(["GET", "POST"])
def remind(request: SignedIn, child_id: UUID, ident: UUID) -> HttpResponse:
    """The message is shown before it is sent; after a no, why none is."""
    found = _opened(request, child_id, ident, withdrawal=False)
    refused = ""
    if request.method == "POST":
        try:
            operations.remind(by=request.scope, child_id=child_id, ident=ident)
            return done(child_id, ident, "mindet")
        except Refused as why:
            refused = why.reason
    context = _changing(found, child_id) | {
        "refused": refused, "title": operations.REMINDER, "text": operations.REMINDER_TEXT,
    }  # fmt: skip
    return _page(request, "bog/consent/remind.html", context, failed=bool(refused))


def _changing(found: Open, child_id: UUID) -> dict[str, object]:
    return about(found.child, child_id) | {
        "question": found.question, "reply": found.reply, "name": found.name, "effects": found.effects,
    }  # fmt: skip


def done(child_id: UUID, ident: UUID, what: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("consent-sharing", args=[child_id, ident]) + f"?gjort={what}")


def _page(request: SignedIn, template: str, context: dict[str, object], *, failed: bool) -> HttpResponse:
    return render(request, template, context, status=422 if failed else 200)
