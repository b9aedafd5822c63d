"""Henvisningsregler: the rules as a table, changed one at a time, tried, approved by another person, rolled back."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from barnetsbog.audit.encoding import without_numbers
from barnetsbog.kernel.numbers import is_number
from barnetsbog.publishing import operations
from barnetsbog.publishing.model import NOTHING
from barnetsbog.publishing.routing import ROUTING, rules_in_use
from barnetsbog.record.instance import today
from barnetsbog.routing.files import written
from barnetsbog.routing.loading import standard
from barnetsbog.routing.model import Change, Local, Rule

from ..fields import Area
from ..routing.describing import Described, describe
from ..routing.words import told
from ..routing.working import Working, working
from ..session import SignedIn
from ..versions import Sending, administrators_only, done, kept, sending, versions


@require_http_methods(["GET", "POST"])
def index(request: SignedIn) -> HttpResponse:
    administrators_only(request)
    wish, error, status = sending(request), "", 200
    if request.method == "POST":
        error, status = done(request, ROUTING, wish)
        if status == 200:
            return HttpResponseRedirect(reverse("routing-rules"))
    return render(request, "bog/routing/rules.html", _page(request, wish, error), status=status)


def _page(request: SignedIn, wish: Sending, error: str) -> dict[str, Any]:
    now, asker = working(), request.GET.get("hvem", "")
    rules = [one for one in now.book.rules.values() if not asker or asker in one.askers]
    found = versions(now.history, request.scope, wish, error)
    unusable = found.in_force.number if rules_in_use() is standard() else 0  # a version the program has outgrown
    return {
        "section": "administration",
        "now": now,
        "v": replace(found, in_force=NOTHING) if unusable else found,
        "unusable": unusable,
        "lines": [_line(now, one) for one in rules],
        "changed": [_line(now, now.book.rules[one]) for one in now.local.changes],
        "askers": [(one.id, told(one.title)) for one in now.book.askers.values()],
        "asker": asker,
        "today": today(),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in the table. `changed`: not as the program comes with it."""

    told: Described
    who: str
    changed: bool


def _line(now: Working, rule: Rule) -> Line:
    doors = tuple(door for door in now.book.doors if door in rule.doors)
    everybody = rule.askers == frozenset(now.book.askers)
    names = (told(one.title) for one in now.book.askers.values() if one.id in rule.askers)
    who = gettext("Alle") if everybody else ", ".join(names)
    return Line(describe(now.book, rule, doors), who, rule.id in now.local.changes)


# -- one rule --------------------------------------------------------------------------------------------------------


class RuleForm(forms.Form):
    """What an instance may change about a rule."""

    on = forms.BooleanField(label=_("Reglen er tændt"), required=False)
    rank = forms.IntegerField(
        label=_("Plads i svaret"), min_value=1, max_value=99, widget=forms.TextInput,
        error_messages={
            "required": _("Skriv et tal fra 1 til 99."), "invalid": _("Skriv et tal fra 1 til 99."),
            "min_value": _("Skriv et tal fra 1 til 99."), "max_value": _("Skriv et tal fra 1 til 99."),
        },
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Grund"), max_length=400, widget=Area,
        error_messages={"required": _("Skriv grunden, som alle kan læse den.")},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def rule(request: SignedIn, rule: str) -> HttpResponse:
    administrators_only(request)
    now = working()
    if rule not in now.book.rules:
        raise Http404
    found = now.book.rules[rule]
    form = RuleForm(
        request.POST if request.method == "POST" else None,
        initial={"on": found.on, "rank": found.rank, "reason": found.reason},
    )
    error, status = "", 422 if form.errors else 200
    if form.is_valid():
        error, status = keep(request, _changed(now.local, found.id, form.cleaned_data))
        if status == 200:
            return HttpResponseRedirect(reverse("routing-rules"))
    context = {
        "section": "administration", "now": now, "line": _line(now, found), "form": form, "error": error,
        "standard": standard().rules[rule],
    }  # fmt: skip
    return render(request, "bog/routing/rule.html", context, status=status)


def _changed(local: Local, rule: str, given: dict[str, Any]) -> Local:
    """The changes with this rule as it was given; what is as the program has it is no change."""
    base = standard().rules[rule]
    on, rank, reason = given["on"] or base.fixed, given["rank"], without_numbers(given["reason"])
    change = Change(
        rule, None if on == base.on else on, None if rank == base.rank else rank,
        None if reason == base.reason else reason,
    )  # fmt: skip
    others = {name: one for name, one in local.changes.items() if name != rule}
    return replace(local, changes=others if change == Change(rule) else {**others, rule: change})


def keep(request: SignedIn, local: Local) -> tuple[str, int]:
    """Saves the changes as a draft after the one the page was made from. What went wrong, and the status."""
    number = request.POST.get("nummer", "")
    if not is_number(number):
        raise Http404
    return kept(lambda: operations.save(ROUTING, by=request.scope, after=int(number), content=written(local)))
