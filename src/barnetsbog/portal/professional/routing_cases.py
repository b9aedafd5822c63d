"""The test cases of the routing rules: how each comes out with the draft, and the municipality's own."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from barnetsbog.audit.encoding import without_numbers
from barnetsbog.routing.checking import failures, said
from barnetsbog.routing.model import AGES, EMERGENCY, Case, Home, Local, Question, Urgency
from barnetsbog.routing.rulebook import Rulebook

from ..routing.asking import URGENCIES
from ..routing.words import told
from ..routing.working import Working, working
from ..session import SignedIn
from ..versions import administrators_only
from .routing_rules import keep

HOMES = {Home.HERE: _("Her i kommunen"), Home.ELSEWHERE: _("I en anden kommune")}


class CaseForm(forms.Form):
    """A case of the municipality's own."""

    title = forms.CharField(
        label=_("Hvad prøver I?"), max_length=120, error_messages={"required": _("Skriv, hvad prøven er.")}
    )
    asker = forms.ChoiceField(label=_("Hvem spørger?"))
    age = forms.TypedChoiceField(label=_("Barnets alder"), coerce=int, choices=[(age, str(age)) for age in AGES])
    suspicion = forms.ChoiceField(label=_("Bekymring"))
    urgency = forms.ChoiceField(label=_("Haster det?"), choices=list(URGENCIES.items()))
    home = forms.ChoiceField(label=_("Hvor bor barnet?"), choices=list(HOMES.items()))
    first = forms.ChoiceField(label=_("Hvilken dør skal stå først?"))

    def __init__(self, data: Any, book: Rulebook) -> None:
        super().__init__(data)
        choices = {
            "asker": [(one.id, told(one.title)) for one in book.askers.values()],
            "suspicion": [(one.id, told(one.title)) for one in book.suspicions.values()],
            "first": [(one.id, told(one.title)) for one in book.doors.values() if one.id != EMERGENCY],
        }
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = found

    def case(self, ident: str) -> Case:
        given = self.cleaned_data
        question = Question(
            given["asker"], given["age"], given["suspicion"], Urgency(given["urgency"]), Home(given["home"])
        )
        return Case(ident, without_numbers(given["title"]), question, given["first"])


@dataclass(frozen=True, slots=True)
class Tried:
    """A case, and what is wrong with how it comes out; nothing when it holds."""

    case: Case
    asked: str
    faults: tuple[str, ...]
    own: bool


@require_http_methods(["GET", "POST"])
def cases(request: SignedIn) -> HttpResponse:
    administrators_only(request)
    now = working()
    removes = request.POST.get("fjern", "")
    form = CaseForm(request.POST if request.method == "POST" and not removes else None, now.book)
    error, status = "", 422 if form.errors else 200
    if removes or form.is_valid():
        error, status = keep(request, _without(now.local, removes) if removes else _with(now.local, form))
        if status == 200:
            return HttpResponseRedirect(reverse("routing-cases"))
    context = {"section": "administration", "now": now, "form": form, "cases": _tried(now), "error": error}
    return render(request, "bog/routing/cases.html", context, status=status)


def _with(local: Local, form: CaseForm) -> Local:
    taken = [int(name.removeprefix("egen-")) for name in local.cases if name.removeprefix("egen-").isdecimal()]
    ident = f"egen-{max(taken, default=0) + 1}"
    return replace(local, cases={**local.cases, ident: form.case(ident)})


def _without(local: Local, ident: str) -> Local:
    return replace(local, cases={name: one for name, one in local.cases.items() if name != ident})


def _tried(now: Working) -> list[Tried]:
    """Every case, those that fail first."""
    found = [
        Tried(one, said(now.book, one.question), tuple(failures(now.book, one)), one.id in now.local.cases)
        for one in now.book.cases.values()
    ]
    return sorted(found, key=lambda one: (not one.faults, not one.own))
