"""*Ja og nej*: what waits for one's own answer, what one has answered, and taking it back.

A giver sees their own answers and what they lead to, and never what another one said. What would follow is shown before
anybody presses, by the same derivation that will make it so.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.consent import operations, queries
from barnetsbog.consent.answering import NOT_YOURS
from barnetsbog.consent.model import Consenting, Question, Reply
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.law.ages import YOUNG_AGE
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book

from .. import consents
from ..consent_forms import AnswerForm, WithdrawForm
from ..language import in_ones_own
from ..session import FamilySignedIn


@contextmanager
def _reading(request: FamilySignedIn, act: Consenting = Consenting.READ) -> Iterator[Book]:
    try:
        with open_book(request.scope, act, request.child_id) as book:
            if "answer" not in role_named(request.scope.role).may:
                raise NotFound
            yield book
    except NotFound:
        raise Http404 from None


@require_GET
@in_ones_own
def index(request: FamilySignedIn) -> HttpResponse:
    with _reading(request) as book:
        child = person(book, request.child_id)
        questions = queries.sharings(book, request.child_id).questions
        messages = queries.messages(book, request.child_id)
        about = queries.matters_about(book, request.child_id) if request.scope.own and _too_young(child.age) else ()
    waiting = _with_reply((one for one in questions if one.waits), lambda one: one.waits)
    answered = sorted(_with_reply(questions, lambda one: one.answered), key=lambda pair: -(pair[1].when or 0))
    over = _with_reply((one for one in questions if not one.waits), lambda one: not one.answered)
    context = {
        "section": "consent", "child": child, "waiting": waiting, "answered": answered, "over": over,
        "about": about, "messages": messages if waiting else [],
        "not_yet": NOT_YOURS if request.scope.own and _too_young(child.age) else "",
    }  # fmt: skip
    return render(request, "bog/family/consent.html", context)


def _too_young(age: int | None) -> bool:
    return age is None or age < YOUNG_AGE


def _with_reply(questions: Iterable[Question], sort: Callable[[Reply], bool]) -> list[tuple[Question, Reply]]:
    """Each question with the newest of one's own replies of a sort, where there is one. Whoever is asked about more
    than they have said yes to has two: one to answer, and one to take back."""
    found = ((one, [reply for reply in one.replies if sort(reply)]) for one in questions)
    return [(one, max(some, key=lambda reply: (reply.when or 0, str(reply.id)))) for one, some in found if some]


def _mine(book: Book, child_id: UUID, ident: UUID) -> tuple[Question, Reply]:
    question = queries.question(book, child_id, ident)
    return question, next(one for one in question.replies if one.id == ident)


@require_http_methods(["GET", "POST"])
@in_ones_own
def question(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """One question in plain words, and the answer to it."""
    with _reading(request) as book:
        found, reply = _mine(book, request.child_id, ident)
        child, why_not = person(book, request.child_id), queries.why_not(book, request.child_id, ident)
        history = queries.history(book, request.child_id, ident)
    form = AnswerForm(request.POST or None, question=found, version=reply.version)
    conflict = ""
    if form.is_valid():
        try:
            operations.answer(
                by=request.scope, child_id=request.child_id, ident=ident, yes=form.yes,
                version=form.cleaned_data["version"], language=get_language() or "da",
            )  # fmt: skip
            return HttpResponseRedirect(reverse("family-receipt", args=[ident]))
        except Refused as why:
            form.add_error(None, why.reason)
        except Conflict as why:
            conflict = str(why)
            form.moved_to(reply.version)
    context = {
        "section": "consent", "child": child, "question": found, "reply": reply, "form": form, "conflict": conflict,
        "why_not": why_not, "history": history,
    }  # fmt: skip
    return render(request, "bog/family/question.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@in_ones_own
def withdraw(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """Who will lose what, before pressing."""
    with _reading(request, Consenting.PREVIEW) as book:
        found, reply = _mine(book, request.child_id, ident)
        child = person(book, request.child_id)
        effect = consents.effect(queries.preview_withdrawal(book, request.child_id, ident), found)
    form = WithdrawForm(request.POST or None, noted=False, version=reply.version)
    problem = ""
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            operations.withdraw(by=request.scope, child_id=request.child_id, ident=ident, version=version)
            return HttpResponseRedirect(reverse("family-receipt", args=[ident]))
        except (Refused, Conflict) as why:
            problem = str(why)
            if isinstance(why, Conflict):
                form.moved_to(reply.version)
    context = {
        "section": "consent", "child": child, "question": found, "reply": reply, "effect": effect, "form": form,
        "problem": problem,
    }  # fmt: skip
    return render(request, "bog/family/withdraw.html", context, status=422 if form.is_bound else 200)


@require_GET
@in_ones_own
def receipt(request: FamilySignedIn, ident: UUID) -> HttpResponse:
    """What was answered, to print or keep."""
    with _reading(request) as book:
        found, reply = _mine(book, request.child_id, ident)
        child = person(book, request.child_id)
    context = {"section": "consent", "child": child, "question": found, "reply": reply}
    return render(request, "bog/family/receipt.html", context)
