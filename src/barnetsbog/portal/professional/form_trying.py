"""A form before it is used: as each of those who answer it sees it, filled with what the book would know of a child
that does not exist, or with an answer to everything; and the test cases."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from barnetsbog.audit.encoding import without_numbers
from barnetsbog.contacts.model import Contact
from barnetsbog.forms import prefill, pretending, rules, samples
from barnetsbog.forms.answers import (
    asks,
    items_of,
    places,
    typed,
    values_at,
    with_one_more,
    with_values,
    without_one,
)
from barnetsbog.forms.local import put_together
from barnetsbog.forms.model import Answers, Form, Item, Part, Party
from barnetsbog.forms.pretending import CHILDREN, Invented
from barnetsbog.forms.response import Origin, Response, Source
from barnetsbog.forms.trying import Case, as_it_comes_out, failures
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.numbers import is_number
from barnetsbog.publishing import forms
from barnetsbog.record import instance
from barnetsbog.record.instance import today

from ..catalogue import now
from ..catalogue_forms import plain
from ..catalogue_words import PARTIES, ROLES
from ..form_fields import PRESENT, Sheet
from ..form_reading import IN_DANISH
from ..session import SignedIn
from ..versions import administrators_only, kept
from .form_catalogue import page, to

MOST = 20
"""Repetitions of a group that can be tried."""
LONGEST_TITLE = 120


@require_http_methods(["GET", "POST"])
def preview(request: SignedIn, form: str, part: str) -> HttpResponse:
    """One part of a form, as whoever answers it sees it. What is typed is tried and not kept, unless as a test case."""
    administrators_only(request)
    have = now()
    found = have.form(form)
    mine = next((one for one in found.parts if one.id == part), None)
    if mine is None:
        raise Http404
    begun = _begun(request, found, mine)
    answers, problem, status = begun.answers, "", 200
    if request.method == "POST":
        answers = _answered(request, found, answers)
        if "gem" in request.POST:
            problem, status = _case(request, found, answers, begun.answers)
            if status == 200:
                return to("form-cases")
    context = _preview(found, mine, begun, answers, request.method == "POST")
    return page(request, "preview", context | {"problem": problem, "titled": request.POST.get("titel", "")}, status)


class Begun(NamedTuple):
    """What a preview begins with. `child`, `role`: as whom, and with which child that does not exist; without one,
    every question is answered (or, `empty`, none). `people`: who is named; `read`: how many entries they may read, of
    how many."""

    answers: Answers
    origins: Mapping[str, Origin]
    people: Mapping[UUID, Contact]
    child: Invented | None = None
    role: str = ""
    read: tuple[int, int] = (0, 0)
    empty: bool = False


def _begun(request: SignedIn, form: Form, part: Part) -> Begun:
    asked = request.POST if request.method == "POST" else request.GET
    child, empty = CHILDREN.get(asked.get("barn", "")), "tom" in asked
    if child is None:
        answers = {} if empty else samples.answers(form)
        return Begun(answers, _origins(form, answers), {}, empty=empty)
    roles = pretending.roles_of(part.party)
    role = asked.get("rolle", "")
    role = role if role in roles else roles[0]
    seen = pretending.seen_by(child, role, at=instance.now(), today=today())
    filled = prefill.fill(form, seen.known, {part.id})
    return Begun(filled.answers, filled.origins, seen.people, child, role, seen.rows)


def _preview(form: Form, part: Part, begun: Begun, answers: Answers, tried: bool) -> dict[str, Any]:
    done = rules.worked_out(form, answers)
    wrong = [one for one in rules.faults(form, done, {part.id}) if not one.warning] if tried else []
    response = Response("", form.id, form.version, form.title, answers=done, origins=begun.origins)
    sheet = Sheet(form, response, today(), begun.people, part.party is Party.CHILD, tuple(wrong))
    sections = rules.asked_sections(form, done, {part.id})
    return {
        "form": form, "part": part, "party": PARTIES[part.party], "begun": begun, "tried": tried, "faults": wrong,
        "children": list(CHILDREN.values()), "roles": _roles(part),
        "sections": [(one, sheet.fields(one)) for one in sections], "sub": "h3", "side": "", "words": IN_DANISH,
        "others": [one for one in form.parts if one.id != part.id],
        "hidden": [one.title for one in form.sections if one.part == part.id and one not in sections],
    }  # fmt: skip


def _roles(part: Part) -> list[tuple[str, Any]]:
    """As whom the part can be looked at; one is no choice."""
    found = [(one, ROLES[one]) for one in pretending.roles_of(part.party)]
    return found if len(found) > 1 else []


def _origins(form: Form, answers: Answers) -> Mapping[str, Origin]:
    """What would be fetched from the book."""
    known = Source("invented", 1, "", today())
    return {
        one.path: Origin(known, tuple(said)) for one in places(form, answers)
        if one.item.fill in samples.CHILD and asks(one.item) and (said := _plain(answers, one.path))
    }  # fmt: skip


def _plain(answers: Answers, path: str) -> list[Any]:
    return [one for one in values_at(answers, path) if not isinstance(one, Mapping)]


def _answered(request: HttpRequest, form: Form, begun: Answers) -> Answers:
    """What was typed, laid over the answers that the page began with; and a repetition more or less."""
    items = {item.id: item for item in items_of(form)}
    known = {re.sub(r"\.\d+\.", ".", one) for one in _schema(form)}
    answers = begun
    for path in request.POST.getlist(PRESENT):
        if _is_place(path, known):
            item = items[path.rpartition(".")[2]]
            answers = with_values(answers, path, typed(item, request.POST.getlist(path)))
    more, less = request.POST.get("flere", ""), request.POST.get("fjern", "")
    if _is_place(more, known) and len(values_at(answers, more)) < MOST:
        answers = with_one_more(answers, items[more.rpartition(".")[2]], more)
    group, _dot, number = less.rpartition(".")
    if _is_place(group, known) and is_number(number):
        answers = without_one(answers, group, int(number))
    return answers


def _schema(form: Form) -> list[str]:
    """The places of a form, without the numbers of repetitions."""

    def inside(items: tuple[Item, ...], before: str) -> list[str]:
        return [
            path for item in items
            for path in (before + item.id, *inside(item.items, f"{before}{item.id}."))
        ]  # fmt: skip

    return [path for section in form.sections for path in inside(section.items, "")]


def _is_place(path: str, known: set[str]) -> bool:
    numbers = re.findall(r"\.(\d{1,9})\.", path)
    return re.sub(r"\.\d{1,9}\.", ".", path) in known and all(int(one) < MOST for one in numbers)


# -- test cases --------------------------------------------------------------------------------------------------------


def _case(request: SignedIn, form: Form, answers: Answers, begun: Answers) -> tuple[str, int]:
    """A case is kept for good, so no number of somebody real is: none but those that the page began with."""
    title = plain(request.POST.get("titel", ""))[:LONGEST_TITLE]
    if not title:
        return _("Skriv, hvad prøven hedder."), 422
    if {*_numbers(answers)} - {*_numbers(begun)}:
        return _("Der står et CPR-nummer i svarene. En prøve bliver gemt for altid. Skriv det opdigtede nummer."), 422

    def make(ident: str) -> Case:
        draft = put_together(forms.standing().content).forms.get(form.id)
        if draft is None:
            raise NotFound
        return as_it_comes_out(ident, title, draft, answers)

    return kept(lambda: forms.save_case(by=request.scope, make=make))


def _numbers(answers: Answers) -> Iterator[str]:
    """The digits of each text with a person's number in it."""
    for values in answers.values():
        for one in values:
            if isinstance(one, Mapping):
                yield from _numbers(one)
            elif isinstance(one, str) and without_numbers(one) != one:
                yield re.sub(r"\D", "", one)


@dataclass(frozen=True, slots=True)
class Tried:
    """A case, and what is wrong with how it comes out; nothing when it holds."""

    case: Case
    form: Form | None
    asked: int
    faults: tuple[str, ...]


@require_http_methods(["GET", "POST"])
def cases(request: SignedIn) -> HttpResponse:
    """Every test case, those that fail first."""
    administrators_only(request)
    error, status = "", 200
    if request.method == "POST":
        ident = request.POST.get("fjern", "")
        error, status = kept(lambda: forms.remove_case(by=request.scope, ident=ident))
        if status == 200:
            return to("form-cases")
    have = now()
    found = [_tried(one, have.tried.forms.get(one.form)) for one in have.standing.local.cases.values()]
    tried = sorted(found, key=lambda one: (not one.faults, one.case.id))
    return page(request, "cases", {"tried": tried, "error": error}, status)


def _tried(case: Case, form: Form | None) -> Tried:
    wrong = tuple(failures(form, case)) if form else (_("skemaet findes ikke mere"),)
    return Tried(case, form, len(case.shown), wrong)
