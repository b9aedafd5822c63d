"""Somebody else's form taken in: a FHIR Questionnaire, what of it can be used, and what can't."""

from collections.abc import Iterable
from typing import Any

import orjson
from django.core.files import File
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from barnetsbog.fhir.own import Resource
from barnetsbog.forms import editing
from barnetsbog.forms.answersets import resources_of, with_answers
from barnetsbog.forms.checking import items_of
from barnetsbog.forms.local import Sort, Tried, key_of, put_together
from barnetsbog.forms.model import Form
from barnetsbog.forms.reading import Reading, read
from barnetsbog.forms.sourcing import Known, Told, source
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.publishing import forms

from ..catalogue_forms import ImportForm, plain
from ..sentences import marked
from ..session import SignedIn
from ..versions import CONFLICT, administrators_only, kept
from .form_catalogue import page

LARGEST = 2_000_000
"""Bytes of a file."""


class NoForm(ValueError):
    """The files are no form. The sentence says why."""


@require_http_methods(["GET", "POST"])
def take_in(request: SignedIn) -> HttpResponse:
    """A Questionnaire becomes a form of the draft, and everything that can't be used of it is told."""
    administrators_only(request)
    typed = ImportForm(request.POST if request.method == "POST" else None)
    status, found = 422 if typed.errors else 200, Reading(None, ())
    if typed.is_valid():
        try:
            found = _read(request.FILES.getlist("filer"))
            if found.form is not None:
                return _taken_in(request, found.form, found.unsupported, typed)
            typed.add_error(None, _("Der er intet i skemaet, som kan bruges. Se hvorfor nedenfor."))
        except NoForm as why:
            typed.add_error(None, str(why))
        status = 422
    return page(request, "import", {"fields": typed, "unsupported": found.unsupported}, status)


def _read(files: Iterable["File[bytes]"]) -> Reading:
    resources = [one for file in files for one in resources_of(_json(file))]
    questionnaires = [one for one in resources if one.get("resourceType") == "Questionnaire"]
    if len(questionnaires) != 1:
        raise NoForm(
            _("Vælg en fil med et Questionnaire.") if not questionnaires
            else _("Der er flere skemaer i filerne. Tag et ad gangen.")
        )  # fmt: skip
    try:
        return read(_complete(questionnaires[0], resources))
    except RecursionError:
        raise NoForm(_("Skemaet er for dybt til at kunne læses.")) from None


def _complete(questionnaire: Resource, resources: list[Resource]) -> Resource:
    """With the answers of the value sets that came with it. What is no valid FHIR is left to `read`, which
    says what is wrong."""
    try:
        return with_answers(questionnaire, [one for one in resources if one is not questionnaire])
    except (KeyError, TypeError, AttributeError):
        return questionnaire


def _json(file: "File[bytes]") -> Any:
    if (file.size or 0) > LARGEST:
        raise NoForm(_("Filen er for stor. Den må højst fylde 2 MB."))
    try:
        return orjson.loads(file.read())
    except orjson.JSONDecodeError as fault:
        raise NoForm(_("Filen kan ikke læses som JSON") + f" ({fault}).") from None


def _taken_in(request: SignedIn, form: Form, unsupported: tuple[str, ...], typed: ImportForm) -> HttpResponse:
    """The form into the draft, and the page that says what became of it."""
    told: list[str] = []
    tried = _draft(typed)
    if tried is None:
        return page(request, "import", {"fields": typed, "unsupported": unsupported}, 422)
    given = typed.cleaned_data
    ident = editing.ident_of(form.id or form.title, set(tried.forms))

    def make(have: Tried) -> object:
        known = Known(
            have.sources.shared.items, {item.id: item for one in have.forms.values() for item in items_of(one)}
        )
        said = Told(
            editing.next_number(have.raw), plain(given["purpose"]), plain(given["law_text"]), tuple(given["sender"]),
            tuple(given["receiver"]), tuple(given["blocks"]),
        )  # fmt: skip
        content, renamed = source(form, ident, known, said)
        told.extend(renamed)
        return {**content, "title": plain(given["title"])} if given["title"] else content

    error, status = kept(lambda: forms.change(by=request.scope, key=key_of(Sort.FORM, ident), make=make))
    if status != 200:
        typed.add_error(None, error or str(CONFLICT))
        return page(request, "import", {"fields": typed, "unsupported": unsupported}, status)
    return page(
        request, "imported", {"ident": ident, "title": given["title"] or form.title, "told": (*unsupported, *told)}
    )


def _draft(typed: ImportForm) -> Tried | None:
    """The draft, when it can be put together; a form can't be laid in one that can't."""
    try:
        return put_together(forms.standing().content)
    except LawFileError as fault:
        typed.add_error(None, marked(str(fault)))
        return None
