"""Changing a form: a question, a section, what it says of itself, something new, and the source."""

from collections.abc import Callable
from typing import Any

from django import forms as fields
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from barnetsbog.forms import editing
from barnetsbog.forms.common import Common, answers_of, holder_of
from barnetsbog.forms.editing import About, Heading, Words
from barnetsbog.forms.local import Sort, Tried, find, key_of, read_package
from barnetsbog.forms.model import Form, Item
from barnetsbog.kernel.decisions import Conflict
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.publishing import forms
from barnetsbog.publishing.forms import mark

from ..catalogue import Now, now
from ..catalogue_forms import (
    AboutForm,
    AddForm,
    HeadingForm,
    SharedForm,
    SourceForm,
    WordsForm,
    asks_something,
    condition,
    words_initial,
)
from ..catalogue_words import SORTS
from ..sentences import marked
from ..session import SignedIn
from ..versions import administrators_only
from .form_catalogue import page, to

Saw = Callable[[Tried], object]


def tried(form: fields.Form, act: Callable[[], None]) -> int:
    """Does it; what stands in the way is a fault of the page. 200: it is done."""
    try:
        act()
    except Conflict:
        return 409
    except LawFileError as fault:
        for line in str(fault).splitlines():
            form.add_error(None, marked(line))
        return 422
    return 200


def _changes(request: SignedIn, key: str, make: Callable[[Tried], object], saw: Saw) -> Callable[[], None]:
    return lambda: forms.change(by=request.scope, key=key, make=make, saw=saw, began=request.POST.get("set", "-"))


def posted(request: SignedIn) -> Any:
    return request.POST if request.method == "POST" else None


# -- a question and a section ------------------------------------------------------------------------------------------


def _item(have: Tried, form: str, ident: str) -> Item:
    found = editing.item_in(have.forms[form], ident) if form in have.forms else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def question(request: SignedIn, form: str, ident: str) -> HttpResponse:
    """A question as one form asks it."""
    administrators_only(request)
    have = now()
    found, item = have.form(form), _item(have.tried, form, ident)
    said = Words.of(item)
    typed = WordsForm(posted(request), found, ident, said.when, initial=words_initial(said, found))
    status = 422 if typed.errors else 200
    if typed.is_valid() and not typed.more:
        wanted = typed.words()
        act = _changes(
            request, key_of(Sort.FORM, form), lambda have: editing.worded(have.raw, form, ident, wanted),
            lambda have: Words.of(_item(have, form, ident)),
        )  # fmt: skip
        status = tried(typed, act)
        if status == 200:
            return to("form-in-catalogue", form)
    answers = answers_of(have.tried, found, ident)
    context = {
        "form": found, "item": item, "fields": typed, "seen": mark(said), "conflict": status == 409,
        "theirs": told_words(said), "shared": holder_of(have.tried.raw, ident) is not None,
        "answers": answers and reverse("form-answers", args=[answers.sort, answers.ident, _named(answers, ident)]),
        "others": [one for one in editing.used_in(have.tried.forms.values(), ident) if one.id != form],
    }  # fmt: skip
    return page(request, "question", context, status)


def _named(answers: Common, ident: str) -> str:
    return answers.ident if answers.sort is Sort.LIST else ident


def told_words(said: Words) -> list[tuple[str, str]]:
    """What a question says now, to stand beside what somebody has typed."""
    return [
        (_("Spørgsmålet"), said.ask), (_("Hjælp under spørgsmålet"), said.help),
        (_("Det samme med et barns ord"), said.child), (_("Der skal svares"), _("Ja") if said.required else _("Nej")),
        (_("Højst så mange tegn"), str(said.limit or "")), (_("Betingelse"), said.content["when"]),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def section(request: SignedIn, form: str, ident: str) -> HttpResponse:
    administrators_only(request)
    have = now()
    found = have.form(form)
    topic = editing.section_in(found, ident)
    if topic is None:
        raise Http404
    said = Heading.of(topic)
    initial = {**said._asdict(), **condition(said.when, found)}
    typed = HeadingForm(posted(request), found, ident, said.when, initial=initial)
    status = 422 if typed.errors else 200
    if typed.is_valid() and not typed.more:
        wanted = typed.heading()
        status = tried(typed, _changes(
            request, key_of(Sort.FORM, form), lambda have: editing.worded(have.raw, form, ident, wanted),
            lambda have: _heading(have, form, ident),
        ))  # fmt: skip
        if status == 200:
            return to("form-in-catalogue", form)
    context = {
        "form": found, "topic": topic, "fields": typed, "seen": mark(said), "conflict": status == 409,
        "theirs": told_heading(said),
    }  # fmt: skip
    return page(request, "section", context, status)


def told_heading(said: Heading) -> list[tuple[str, str]]:
    return [
        (_("Overskrift"), said.title), (_("Hjælp under overskriften"), said.help),
        (_("Betingelse"), said.content["when"]),
    ]  # fmt: skip


def _heading(have: Tried, form: str, ident: str) -> Heading | None:
    found = editing.section_in(have.forms[form], ident)
    return Heading.of(found) if found else None


# -- something new -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def add(request: SignedIn, form: str) -> HttpResponse:
    """A question or a section more: one's own, or one that other forms have."""
    administrators_only(request)
    have = now()
    found = have.form(form)
    shares = request.method == "POST" and "shared" in request.POST
    own = AddForm(posted(request) if not shares else None, found, initial={"after": request.GET.get("efter", "")})
    shared = SharedForm(posted(request) if shares else None, found, not_yet(have, found))
    typed: fields.Form = shared if shares else own
    status = 422 if typed.errors else 200
    if typed.is_valid():
        status = tried(typed, lambda: forms.change(
            by=request.scope, key=key_of(Sort.FORM, form),
            make=lambda have: _with_shared(have, form, shared) if shares else _with_own(have, form, own),
        ))  # fmt: skip
        if status == 200:
            return to("form-in-catalogue", form)
    context = {"form": found, "fields": own, "shared": shared, "typed": typed, "conflict": status == 409}
    return page(request, "add", context, status)


def not_yet(have: Now, form: Form) -> list[tuple[str, Any]]:
    """What there is to share that the form doesn't have."""
    taken = editing.names_in([form])
    topics = have.tried.sources.shared.topics.values()
    questions = asks_something(have.tried.sources.shared.items)
    return [
        (_("Afsnit"), [(one.id, one.title) for one in topics if one.id not in taken]),
        (_("Spørgsmål"), [(ident, title) for ident, title in questions if ident not in taken]),
    ]


def used_names(have: Tried) -> set[str]:
    """The names that something new can't have."""
    return editing.names_in(have.forms.values()) | set(have.sources.shared.items)


def _with_own(have: Tried, form: str, typed: AddForm) -> object:
    given, names = typed.cleaned_data, used_names(have)
    if given["title"]:
        return editing.with_section(have.raw, form, typed.section(), given["after"], names)
    return editing.with_new(have.raw, form, typed.new(), given["after"], names)


def _with_shared(have: Tried, form: str, typed: SharedForm) -> object:
    given = typed.cleaned_data
    return editing.with_shared(have.raw, form, given["shared"], given["shared_after"])


# -- what a form says of itself ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def about(request: SignedIn, form: str) -> HttpResponse:
    administrators_only(request)
    have = now()
    found = have.form(form)
    said = _about(have.tried, form)
    own = find(read_package(), key_of(Sort.FORM, form)) is None
    typed = AboutForm(posted(request), said, needs_title=not found.family, own=own)
    status = 422 if typed.errors else 200
    if typed.is_valid():
        wanted = typed.about()
        status = tried(typed, _changes(
            request, key_of(Sort.FORM, form), lambda have: editing.about(have.raw, form, wanted),
            lambda have: _about(have, form),
        ))  # fmt: skip
        if status == 200:
            return to("form-in-catalogue", form)
    theirs = [
        (_("Navn"), said.title),
        (_("Hvad er det til?"), said.purpose),
        (_("Hvorfor må I bruge det?"), said.law_text),
    ]
    context = {"form": found, "fields": typed, "seen": mark(said), "conflict": status == 409, "theirs": theirs}
    return page(request, "about", context, status)


def _about(have: Tried, form: str) -> About:
    found = have.forms[form]
    title = str((find(have.raw, key_of(Sort.FORM, form)) or {}).get("title", ""))
    return About(
        title, found.purpose, found.law_text, found.months, tuple(map(str, found.sender)), found.receiver,
        tuple(sorted(found.blocks)), found.one_page,
    )  # fmt: skip


# -- the source --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def source(request: SignedIn, sort: str, ident: str) -> HttpResponse:
    """A record as its file would have it."""
    administrators_only(request)
    key = f"{sort}/{ident}"
    text = forms.standing().text(key)
    if sort not in set(Sort) or text is None:
        raise Http404
    typed = SourceForm(posted(request), initial={"text": text})
    status = 422 if typed.errors else 200
    if typed.is_valid():
        wanted, began = typed.cleaned_data["text"].replace("\r\n", "\n"), request.POST.get("set", "-")
        status = tried(typed, lambda: forms.save_record(by=request.scope, key=key, text=wanted, began=began))
        if status == 200:
            return to("form-catalogue")
    context = {
        "key": key, "title": SORTS[Sort(sort)], "ident": ident, "fields": typed, "seen": mark(text),
        "conflict": status == 409, "theirs": text, "back": _back(sort, ident),
    }  # fmt: skip
    return page(request, "source", context, status)


def _back(sort: str, ident: str) -> str:
    return reverse("form-in-catalogue", args=[ident]) if sort == Sort.FORM else reverse("form-sources")
