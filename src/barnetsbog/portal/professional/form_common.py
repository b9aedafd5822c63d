"""Changing what several forms have in common: the base of a family, a shared section or question, answers to choose
from. What a change does to each form is shown before it is kept."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms as fields
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.forms import common, editing
from barnetsbog.forms.common import Common
from barnetsbog.forms.editing import Heading, Words
from barnetsbog.forms.local import Sort, Tried, find, keys
from barnetsbog.forms.model import Form, Item, Option, every
from barnetsbog.forms.parties import only_send
from barnetsbog.publishing import forms
from barnetsbog.publishing.forms import mark

from ..catalogue import Now, names, now
from ..catalogue_forms import (
    AddForm,
    AnswersForm,
    HeadingForm,
    SharedForm,
    WordsForm,
    condition,
    words_initial,
)
from ..catalogue_words import SORTS
from ..session import SignedIn
from ..versions import administrators_only
from .form_catalogue import page
from .form_editing import not_yet, posted, told_heading, told_words, tried, used_names

_PAGES = (Sort.FAMILY, Sort.SECTION)
"""What has a page of its own with everything in it."""


# -- a change is seen before it is kept --------------------------------------------------------------------------------


class Change(NamedTuple):
    """`make`: the record as it would be, of the catalogue as it stands; `saw`: what its editor looked at; `done`: where
    they go when it is kept."""

    one: Common
    make: Callable[[Tried], object]
    saw: Callable[[Tried], object]
    done: str


def settled(request: SignedIn, have: Now, typed: fields.Form, change: Change) -> tuple[HttpResponse | None, int]:
    """Shows what a change does; keeps it when that has been seen. Without an answer the page comes back with what was
    typed and the status: something is in the way, or somebody wants to go on typing."""
    began = request.POST.get("set", "-")
    if "ret" in request.POST:
        return None, 200
    if "gem" in request.POST:
        act = lambda: forms.change(  # noqa: E731
            by=request.scope, key=change.one.key, make=change.make, saw=change.saw, began=began
        )
        status = tried(typed, act)
        return (HttpResponseRedirect(change.done) if status == 200 else None), status
    if mark(change.saw(have.tried)) != began:
        return None, 409
    found: list[forms.Outcome] = []
    status = tried(typed, lambda: found.append(forms.outcome(key=change.one.key, make=change.make)))
    if status != 200:
        return None, status
    return page(request, "outcome", _outcome(request, have, change, found[0])), 200


def _outcome(request: SignedIn, have: Now, change: Change, found: forms.Outcome) -> dict[str, Any]:
    other = {one.form.id for one in found.effects}
    sent = [
        (name, value) for name in request.POST for value in request.POST.getlist(name) if name != "csrfmiddlewaretoken"
    ]  # fmt: skip
    return {
        "found": found, "sent": sent, "trail": trail_to(have, change.one), "address": request.path,
        "changed": [one for one in found.effects if not one.problem],
        "broken": [one for one in found.effects if one.problem],
        "only_send": {one.form.id: names(only_send(one.form)) for one in found.effects},
        "same": [one for one in common.used_by(have.tried, change.one) if one.id not in other],
    }  # fmt: skip


def trail_to(have: Now, one: Common) -> list[tuple[str, str]]:
    """The way to a record: addresses and words."""
    if one.sort is Sort.FORM:
        return [(address_of(one), have.form(one.ident).title)]
    found = [(reverse("form-sources"), _("Det, skemaerne er fælles om"))]
    if one.sort in _PAGES:
        found.append((address_of(one), _title(have, one)))
    return found


def address_of(one: Common) -> str:
    """The page of a form, a family or a shared section."""
    if one.sort is Sort.FORM:
        return reverse("form-in-catalogue", args=[one.ident])
    return reverse("form-common", args=[one.sort.value, one.ident])


def _title(have: Now, one: Common) -> str:
    record = find(have.tried.raw, one.key)
    if one.sort is Sort.FAMILY:
        return f"{one.ident} {record['title']}"
    if one.sort is Sort.SECTION:
        return str(record["title"])
    return one.ident


def record_in(have: Now, sort: str, ident: str, *sorts: Sort) -> Common:
    if sort not in set(sorts) or find(have.tried.raw, f"{sort}/{ident}") is None:
        raise Http404
    return Common(Sort(sort), ident)


# -- everything there is -----------------------------------------------------------------------------------------------


class Record(NamedTuple):
    """A line of the list: what it is called, where it is changed, and whether the draft changes it."""

    title: str
    address: str
    source: str
    changed: bool


@require_GET
def sources(request: SignedIn) -> HttpResponse:
    """Every record that is not a form's."""
    administrators_only(request)
    have = now()
    groups = [
        (str(SORTS[sort]), [_line(have, key) for key in keys(have.tried.raw) if key.startswith(f"{sort}/")])
        for sort in (Sort.FAMILY, Sort.SECTION, Sort.QUESTION, Sort.LIST)
    ]
    return page(request, "sources", {"groups": groups})


def _line(have: Now, key: str) -> Record:
    sort, _slash, ident = key.partition("/")
    one = Common(Sort(sort), ident)
    source, changed = reverse("form-source", args=[sort, ident]), key in have.standing.local.records
    if one.sort is Sort.QUESTION:
        item = have.tried.sources.shared.items[ident]
        used = editing.used_in(have.tried.forms.values(), ident)
        return Record(item.ask, reverse("form-shared", args=[ident]) if used else source, source, changed)
    if one.sort is Sort.LIST:
        options = have.tried.sources.shared.options[ident]
        title = f"{ident}: {', '.join(option.text for option in options)}"
        return Record(title, reverse("form-answers", args=[sort, ident, ident]), source, changed)
    title = have.family(ident) if one.sort is Sort.FAMILY else _title(have, one)
    return Record(title, address_of(one), source, changed)


# -- a family, a shared section ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def record(request: SignedIn, sort: str, ident: str) -> HttpResponse:
    """A family or a shared section with everything in it. Buttons move and take away."""
    administrators_only(request)
    have = now()
    one = record_in(have, sort, ident, *_PAGES)
    typed, status = fields.Form(posted(request)), 200
    if request.method == "POST":
        answer, status = _arranged(request, have, typed, one)
        if answer:
            return answer
    form = common.as_form(have.tried, one)
    own = common.own_names(have.tried.raw, one)
    shown = [section for section in form.sections if section.id in own]
    context = {
        "one": one, "title": _title(have, one), "sections": shown, "own": own, "fields": typed,
        "seen": mark(_order(have.tried, one)), "conflict": status == 409, "theirs": [],
        "used": common.used_by(have.tried, one), "with_answers": _with_answers(have.tried, one, shown),
        "elsewhere": _elsewhere(have.tried, shown, own), "called": {part.id: part.title for part in form.parts},
        "trail": trail_to(have, one)[:1],
    }  # fmt: skip
    return page(request, "common", context, status)


def _order(have: Tried, one: Common) -> object:
    return find(have.raw, one.key)


def _every(sections: list[Any]) -> list[Item]:
    return [item for section in sections for item in every(section.items)]


def _with_answers(have: Tried, one: Common, sections: list[Any]) -> set[str]:
    """The questions whose answers are written in the record itself."""
    return {item.id for item in _every(sections) if isinstance(common.options_of(have.raw, one, item.id), dict)}


def _elsewhere(have: Tried, sections: list[Any], own: set[str]) -> dict[str, str]:
    """Where what is shown and not the record's own is changed: the shared section, or the shared question."""
    found = {}
    for section in sections:
        if section.id in have.sources.shared.topics:
            found[section.id] = address_of(Common(Sort.SECTION, section.id))
    for item in _every(sections):
        if item.id not in own and common.holder_of(have.raw, item.id):
            found[item.id] = reverse("form-shared", args=[item.id])
    return found


def _arranged(request: SignedIn, have: Now, typed: fields.Form, one: Common) -> tuple[HttpResponse | None, int]:
    act = next((name for name in ("op", "ned", "udelad") if name in request.POST), None)
    if act is None or request.POST[act] not in common.own_names(have.tried.raw, one):
        raise Http404
    target = request.POST[act]
    makers: dict[str, Callable[[Tried], object]] = {
        "op": lambda have: common.moved(have.raw, one, target, up=True),
        "ned": lambda have: common.moved(have.raw, one, target, up=False),
        "udelad": lambda have: common.without(have.raw, one, target),
    }
    return settled(request, have, typed, Change(one, makers[act], lambda have: _order(have, one), address_of(one)))


# -- a question and a section ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def shared(request: SignedIn, ident: str) -> HttpResponse:
    """A question that several forms ask, in all of them at once; one in a shared group too."""
    administrators_only(request)
    have = now()
    one = common.holder_of(have.tried.raw, ident)
    used = editing.used_in(have.tried.forms.values(), ident)
    if one is None or not used:
        raise Http404
    return _question(request, have, one, ident, used[0], reverse("form-sources"))


@require_http_methods(["GET", "POST"])
def question(request: SignedIn, sort: str, ident: str, target: str) -> HttpResponse:
    """A question as a family, or a shared section, asks it."""
    administrators_only(request)
    have = now()
    one = record_in(have, sort, ident, *_PAGES)
    form = common.as_form(have.tried, one)
    if target not in common.own_names(have.tried.raw, one) or editing.item_in(form, target) is None:
        raise Http404
    return _question(request, have, one, target, form, address_of(one))


def _question(request: SignedIn, have: Now, one: Common, target: str, form: Form, done: str) -> HttpResponse:
    item = _said(have.tried, one, target)
    said = Words.of(item)
    typed = WordsForm(posted(request), form, target, said.when, initial=words_initial(said, form))
    status = 422 if typed.errors else 200
    if typed.is_valid() and not typed.more:
        wanted = typed.words()
        answer, status = settled(request, have, typed, Change(
            one, lambda have: common.worded(have, one, target, wanted),
            lambda have: Words.of(_said(have, one, target)), done,
        ))  # fmt: skip
        if answer:
            return answer
    own = common.options_of(have.tried.raw, one, target)
    context = {
        "item": item, "fields": typed, "seen": mark(said), "conflict": status == 409, "theirs": told_words(said),
        "others": common.used_by(have.tried, one), "trail": trail_to(have, one), "common": one,
        "answers": reverse("form-answers", args=_answers_of(one, target, own)) if own else "",
        "everywhere": reverse("form-shared", args=[target]) if _is_shared(have.tried, one, target) else "",
    }  # fmt: skip
    return page(request, "question", context, status)


def _said(have: Tried, one: Common, target: str) -> Item:
    """A question as a record asks it."""
    if one.sort is Sort.QUESTION:
        items = every([have.sources.shared.items[one.ident]])
        return next(item for item in items if item.id == target)
    found = editing.item_in(common.as_form(have, one), target)
    if found is None:
        raise Http404
    return found


def _is_shared(have: Tried, one: Common, target: str) -> bool:
    return one.sort is not Sort.QUESTION and target in have.sources.shared.items


def _answers_of(one: Common, target: str, own: object) -> list[str]:
    """Where the answers of a question are changed: in its list, or in the record."""
    return [Sort.LIST.value, own, own] if isinstance(own, str) else [one.sort.value, one.ident, target]


@require_http_methods(["GET", "POST"])
def section(request: SignedIn, sort: str, ident: str, target: str) -> HttpResponse:
    administrators_only(request)
    have = now()
    one = record_in(have, sort, ident, *_PAGES)
    form = common.as_form(have.tried, one)
    topic = editing.section_in(form, target)
    if topic is None or target not in common.own_names(have.tried.raw, one):
        raise Http404
    said = Heading.of(topic)
    initial = {**said._asdict(), **condition(said.when, form)}
    typed = HeadingForm(posted(request), form, target, said.when, initial=initial)
    status = 422 if typed.errors else 200
    if typed.is_valid() and not typed.more:
        wanted = typed.heading()
        answer, status = settled(request, have, typed, Change(
            one, lambda have: common.worded(have, one, target, wanted), lambda have: _heading(have, one, target),
            address_of(one),
        ))  # fmt: skip
        if answer:
            return answer
    context = {
        "topic": topic, "fields": typed, "seen": mark(said), "conflict": status == 409, "theirs": told_heading(said),
        "trail": trail_to(have, one), "common": one,
    }  # fmt: skip
    return page(request, "section", context, status)


def _heading(have: Tried, one: Common, target: str) -> Heading | None:
    found = editing.section_in(common.as_form(have, one), target)
    return Heading.of(found) if found else None


# -- something new -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def add(request: SignedIn, sort: str, ident: str) -> HttpResponse:
    """A question or a section more, in all the forms that have it."""
    administrators_only(request)
    have = now()
    one = record_in(have, sort, ident, *_PAGES)
    form, among = common.as_form(have.tried, one), _places(have.tried, one)
    shares = request.method == "POST" and "shared" in request.POST
    own = AddForm(posted(request) if not shares else None, form, among)
    offered = not_yet(have, form)[0 if one.sort is Sort.FAMILY else 1 :]
    shared = SharedForm(posted(request) if shares else None, form, offered, among)
    if one.sort is Sort.SECTION:
        del own.fields["title"]
    typed: fields.Form = shared if shares else own
    status = 422 if typed.errors else 200
    if typed.is_valid():
        answer, status = settled(request, have, typed, Change(
            one, lambda have: _with_shared(have, one, shared) if shares else _with_own(have, one, own),
            lambda have: _order(have, one), address_of(one),
        ))  # fmt: skip
        if answer:
            return answer
    context = {
        "fields": own, "shared": shared, "typed": typed, "conflict": status == 409, "theirs": [],
        "seen": mark(_order(have.tried, one)), "trail": trail_to(have, one), "common": one,
    }  # fmt: skip
    return page(request, "add", context, status)


def _places(have: Tried, one: Common) -> set[str]:
    """What something new can stand beside: what is the record's own, and not a section that is only used."""
    return common.own_names(have.raw, one) - (set(have.sources.shared.topics) if one.sort is Sort.FAMILY else set())


def _with_own(have: Tried, one: Common, typed: AddForm) -> object:
    given, names = typed.cleaned_data, used_names(have)
    if given.get("title"):
        return common.with_section(have.raw, one, typed.section(), given["after"], names)
    return common.with_new(have.raw, one, typed.new(), given["after"], names)


def _with_shared(have: Tried, one: Common, typed: SharedForm) -> object:
    given = typed.cleaned_data
    return common.with_shared(have.raw, one, given["shared"], given["shared_after"])


# -- answers to choose from --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def answers(request: SignedIn, sort: str, ident: str, target: str) -> HttpResponse:
    """The answers of a list, or those that are written with a question."""
    administrators_only(request)
    have = now()
    one = record_in(have, sort, ident, *Sort)
    said = _options(have.tried, one, target)
    typed = AnswersForm(posted(request), said)
    status = 422 if typed.errors and not typed.more else 200
    if typed.is_valid() and not typed.more:
        wanted = typed.answers()
        answer, status = settled(request, have, typed, Change(
            one, lambda have: common.answers(have.raw, one, target, wanted),
            lambda have: _options(have, one, target), _back(one),
        ))  # fmt: skip
        if answer:
            return answer
    name = target if one.sort is Sort.LIST else _said(have.tried, one, target).ask
    context = {
        "name": name, "fields": typed, "seen": mark(said), "conflict": status == 409,
        "theirs": [(option.code, option.text) for option in said], "trail": trail_to(have, one),
        "others": common.used_by(have.tried, one),
    }  # fmt: skip
    return page(request, "answers", context, status)


def _options(have: Tried, one: Common, target: str) -> tuple[Option, ...]:
    if one.sort is Sort.LIST:
        if target != one.ident:
            raise Http404
        return have.sources.shared.options[target]
    if not isinstance(common.options_of(have.raw, one, target), dict):
        raise Http404
    return _said(have, one, target).options


def _back(one: Common) -> str:
    return address_of(one) if one.sort in (*_PAGES, Sort.FORM) else reverse("form-sources")
