"""Hvilken dør?, who may refer, and the notice to doctors."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from barnetsbog.directory import queries as directory
from barnetsbog.publishing.routing import rules_in_use
from barnetsbog.routing.model import Asker
from barnetsbog.routing.notice import notice
from barnetsbog.routing.rulebook import Rulebook
from barnetsbog.routing.rules import advise
from barnetsbog.routing.table import doors_of, who_may

from .asking import DoorForm
from .describing import Described, described
from .telling import answer
from .words import verdicts


@require_safe
def which_door(request: HttpRequest) -> HttpResponse:
    """The question, and once it is whole its answer. Everything stands in the address; nothing is kept."""
    book = rules_in_use()
    form = DoorForm(request.GET, book, directory.municipalities())
    asked = form.asked()
    context = {
        "form": form,
        "wants_answer": "svar" in request.GET,
        "answer": answer(asked, advise(asked.question, book), book) if asked else None,
    }
    return render(request, "bog/routing/which_door.html", context)


@dataclass(frozen=True, slots=True)
class RoleRow:
    """Somebody who sends children on: a row of the table, and what lies behind it."""

    asker: Asker
    cells: tuple[tuple[str, str], ...]
    """The door's short name, and what is said about it."""
    rules: tuple[Described, ...]


@require_safe
def who_may_refer(request: HttpRequest) -> HttpResponse:
    book = rules_in_use()
    doors = [book.doors[door].short for door in doors_of(book)]
    rows = role_rows(book, get_language() or "")
    return render(request, "bog/routing/who_may_refer.html", {"rows": rows, "doors": doors})


@lru_cache(maxsize=8)
def role_rows(book: Rulebook, language: str) -> tuple[RoleRow, ...]:
    """The table in one language: it changes only when the rules do."""
    doors = [book.doors[door].short for door in doors_of(book)]
    return tuple(
        RoleRow(row.asker, tuple(zip(doors, map(verdicts, row.cells), strict=True)), described(book, row.asker.id))
        for row in who_may(book)
    )


@require_safe
def notice_to_doctors(request: HttpRequest) -> HttpResponse:
    return render(request, "bog/routing/notice_to_doctors.html", {"notice": notice(rules_in_use())})
