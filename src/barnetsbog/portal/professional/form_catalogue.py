"""Skemaer for administrators: the catalogue as a table with its draft and versions, one form, and forms out and in as
FHIR Questionnaires."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from barnetsbog.audit.model import Action
from barnetsbog.audit.operations import note
from barnetsbog.forms import editing, loading
from barnetsbog.forms.assembling import base_form
from barnetsbog.forms.differences import Line as Beside
from barnetsbog.forms.differences import beside
from barnetsbog.forms.local import Sort, find, key_of, read_package
from barnetsbog.forms.model import Form
from barnetsbog.forms.parties import only_send
from barnetsbog.forms.questionnaire import exported
from barnetsbog.publishing import forms
from barnetsbog.publishing.forms import FORMS, mark
from barnetsbog.record.instance import today

from ..catalogue import Now, lines, names, now
from ..catalogue_words import PARTIES, RECEIVERS, SORTS
from ..session import SignedIn
from ..versions import Sending, Versions, administrators_only, done, kept, sending, versions


def page(request: SignedIn, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"bog/catalogue/{name}.html", {"section": "administration", **context}, status=status)


def to(name: str, *args: object) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=args))


# -- the catalogue -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that the draft changes."""

    key: str
    sort: str
    ident: str
    title: str
    own: bool
    """The program has none of that name."""
    seen: str
    """The mark of what it says."""


@require_http_methods(["GET", "POST"])
def index(request: SignedIn) -> HttpResponse:
    administrators_only(request)
    wish, error, status = sending(request), "", 200
    if request.method == "POST":
        error, status = _forgotten(request) if "glem" in request.POST else done(request, FORMS, wish)
        if status == 200:
            return to("form-catalogue")
    return page(request, "index", _index(request, wish, error), status)


def _forgotten(request: SignedIn) -> tuple[str, int]:
    key = request.POST["glem"]
    began = request.POST.get(f"set-{key}", "-")
    return kept(lambda: forms.forget_record(by=request.scope, key=key, began=began))


def _index(request: SignedIn, wish: Sending, error: str) -> dict[str, Any]:
    have, day = now(), today()
    asked = {name: request.GET.get(name, "") for name in ("familie", "fra", "til")}
    found = [one for one in lines(have, day) if _is_asked_for(one.form, asked)]
    return {
        "now": have, "v": versions(have.standing.history, request.scope, wish, error), "faults": have.faults,
        "lines": found, "asked": asked, "today": day,
        "changed": [_changed(key, text) for key, text in have.standing.local.records.items()],
        "coming": sorted(have.coming.values(), key=lambda one: one.id), "titles": _titles(have),
        "families": [(one, have.family(one)) for one in have.tried.sources.bases],
        "senders": list(PARTIES.items()), "receivers": list(RECEIVERS.items()),
    }  # fmt: skip


def _is_asked_for(form: Form, asked: dict[str, str]) -> bool:
    return (
        asked["familie"] in ("", form.family)
        and (not asked["fra"] or asked["fra"] in form.sender)
        and (not asked["til"] or asked["til"] in form.receiver)
    )


def _changed(key: str, text: str) -> Changed:
    sort, _, ident = key.partition("/")
    return Changed(key, sort, ident, str(SORTS[Sort(sort)]), find(read_package(), key) is None, mark(text))


def _titles(have: Now) -> dict[str, str]:
    return {one.id: one.title for one in (*loading.catalogue().values(), *have.tried.forms.values())}


# -- one form ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a form. `since` None: it came with the program; `by`: who sent it and who approved it."""

    version: int
    since: date | None
    used: bool
    withdrawn: bool
    why: str
    sent_by: str
    approved_by: str


@require_http_methods(["GET", "POST"])
def form(request: SignedIn, form: str) -> HttpResponse:
    administrators_only(request)
    have = now()
    found = have.form(form)
    error, status = "", 200
    if request.method == "POST" and "kopi" in request.POST:
        return _copied(request, have, found)
    if request.method == "POST":
        error, status = _arranged(request, have, found)
        if status == 200:
            return HttpResponseRedirect(f"{reverse('form-in-catalogue', args=[form])}#indhold")
    return page(request, "form", _form(request, have, found, error), status)


def _form(request: SignedIn, have: Now, found: Form, error: str) -> dict[str, Any]:
    v = versions(have.standing.history, request.scope, Sending(None), error)
    return {
        "now": have, "form": found, "v": v, "seen": mark(_order(found)), "editions": _editions(have, found, v),
        "sender": names(found.sender), "receiver": ", ".join(str(RECEIVERS.get(one, one)) for one in found.receiver),
        "family": have.tried.sources.bases.get(found.family), "parts": found.parts,
        "only_send": names(only_send(found)), "called": {one.id: one.title for one in found.parts},
        "dropped": [(one, _ask_of(have, one)) for one in editing.dropped(have.tried.raw, found)],
        "beside": _beside(have, found), "faults": [one for one in have.faults if one.startswith(f"{found.number:02}-")],
    }  # fmt: skip


def _order(form: Form) -> tuple[object, ...]:
    """What one sees of a form when one moves and drops."""
    return tuple((section.id, tuple(one.id for one in section.items)) for section in form.sections)


def _ask_of(have: Now, ident: str) -> str:
    """What a form has dropped, in words: a question or a section of the program's own form, or a shared one."""
    for form in (*loading.program().values(), *have.tried.forms.values()):
        if item := editing.item_in(form, ident):
            return item.ask
        if section := editing.section_in(form, ident):
            return section.title
    return ident


def _beside(have: Now, found: Form) -> list[Beside]:
    """What the family says, beside what the form does; of a form without a family, the program's own."""
    variant = next(one for one in have.tried.sources.variants if one.id == found.id)
    if found.family:
        return beside(base_form(variant, have.tried.sources), found)
    theirs = loading.program().get(found.id)
    return beside(theirs, found) if theirs else []


def _editions(have: Now, found: Form, v: Versions) -> list[Edition]:
    """Every version of a form that can be answered or has been, the newest first."""
    used = loading.catalogue().get(found.id)
    past = {one.draft.number: one for one in v.history}
    own = []
    for one in reversed(have.releases.get(found.id, [])):
        told = past[one.draft]
        own.append(
            Edition(
                one.version, one.valid_from, used is not None and used.version == one.version, one.withdrawn,
                told.draft.why, told.by, told.decided_by,
            )
        )  # fmt: skip
    theirs = loading.program().get(found.id)
    if theirs is None:
        return own
    return [*own, Edition(theirs.version, None, used is not None and used.version == theirs.version, False, "", "", "")]


def _arranged(request: SignedIn, have: Now, found: Form) -> tuple[str, int]:
    """A question or a section goes up or down, is dropped or taken in again."""
    act = next((name for name in ("op", "ned", "udelad", "igen") if name in request.POST), None)
    if act is None:
        raise Http404
    target, ident = request.POST[act], found.id
    there = editing.dropped(have.tried.raw, found) if act == "igen" else editing.names_in([found])
    if target not in there:
        raise Http404
    makers = {
        "op": lambda have: editing.moved(have.raw, have.forms[ident], target, up=True),
        "ned": lambda have: editing.moved(have.raw, have.forms[ident], target, up=False),
        "udelad": lambda have: editing.without(have.raw, ident, target),
        "igen": lambda have: editing.again(have.raw, ident, target),
    }
    seen = request.POST.get("set", "-")
    return kept(
        lambda: forms.change(
            by=request.scope, key=key_of(Sort.FORM, ident), make=makers[act],
            saw=lambda have: _order(have.forms[ident]), began=seen,
        )
    )  # fmt: skip


def _copied(request: SignedIn, have: Now, found: Form) -> HttpResponse:
    """A form of the instance's own that begins as this one, and its first page: what it says of itself."""
    ident = editing.ident_of(f"egen-{found.id}", set(have.tried.forms))
    error, status = kept(
        lambda: forms.change(
            by=request.scope, key=key_of(Sort.FORM, ident), make=lambda now: editing.copied(now.raw, found, ident)
        )
    )  # fmt: skip
    if status == 200:
        return to("form-about", ident)
    return page(request, "form", _form(request, have, found, error), status)


# -- as FHIR -----------------------------------------------------------------------------------------------------------


@require_GET
def export(request: SignedIn, form: str, version: int) -> HttpResponse:
    """A version of a form as a Questionnaire; version 0: as the draft has it."""
    administrators_only(request)
    try:
        found = loading.form(form, version) if version else now().form(form)
    except KeyError:
        raise Http404 from None
    note(Action.FORM_CATALOGUE, at=request.scope.at, by=request.scope, step="export", form=form, version=version)
    content = orjson.dumps(exported(found), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    name = f"Questionnaire-{found.id}-{version or gettext('kladde')}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/fhir+json", headers=headers)
