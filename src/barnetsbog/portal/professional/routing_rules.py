"""Henvisningsregler: the rules as a table, changed one at a time, tried, approved by another person, rolled back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from barnetsbog.access.roles import role_named
from barnetsbog.audit.encoding import without_numbers
from barnetsbog.kernel.decisions import Conflict, NotFound
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.publishing import operations
from barnetsbog.publishing.model import Draft
from barnetsbog.publishing.routing import ROUTING
from barnetsbog.publishing.rules import may_approve
from barnetsbog.record.instance import today
from barnetsbog.routing.files import written
from barnetsbog.routing.loading import standard
from barnetsbog.routing.model import Change, Local, Rule

from ..routing.describing import Described, describe
from ..routing.words import told
from ..routing.working import Working, working
from ..session import SignedIn

CONFLICT = _("En anden har gemt imens. Intet af dit er gemt. Se siden igen, og prøv så.")


def administrators_only(request: SignedIn) -> None:
    if "administer" not in role_named(request.scope.role).may:
        raise Http404


class Sending(forms.Form):
    """A draft on its way to approval."""

    valid_from = forms.DateField(
        label=_("Fra hvilken dag?"), input_formats=["%d.%m.%Y", "%d/%m-%Y", "%Y-%m-%d"],
        error_messages={"required": _("Skriv en dag."), "invalid": _("Skriv dagen som 01.12.2026.")},
    )  # fmt: skip
    why = forms.CharField(
        label=_("Hvorfor ændrer I reglerne?"), max_length=500, widget=forms.Textarea,
        error_messages={"required": _("Skriv, hvorfor I ændrer reglerne.")},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def index(request: SignedIn) -> HttpResponse:
    administrators_only(request)
    sending, error, status = Sending(_sent(request)), "", 200
    if request.method == "POST":
        error, status = _done(request, sending)
        if status == 200:
            return HttpResponseRedirect(reverse("routing-rules"))
    return render(request, "bog/routing/rules.html", _page(request, sending, error), status=status)


def _sent(request: SignedIn) -> QueryDict | None:
    return request.POST if request.POST.get("gør") == "send" else None


def _page(request: SignedIn, sending: Sending, error: str) -> dict[str, Any]:
    now, asker = working(), request.GET.get("hvem", "")
    rules = [one for one in now.book.rules.values() if not asker or asker in one.askers]
    return {
        "section": "administration",
        "now": now,
        "mine": now.is_mine(request.scope),
        "may_approve": now.draft is not None and may_approve(now.draft, request.scope.person_id).allowed,
        "lines": [_line(now, one) for one in rules],
        "changed": [_line(now, now.book.rules[one]) for one in now.local.changes],
        "askers": [(one.id, told(one.title)) for one in now.book.askers.values()],
        "asker": asker,
        "sending": sending,
        "history": _history(now),
        "error": error,
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


@dataclass(frozen=True, slots=True)
class Past:
    """A draft that was sent or decided, as the history shows it."""

    draft: Draft
    state: str
    by: str
    decided_by: str


def _history(now: Working) -> list[Past]:
    """What was sent and what became of it, the newest first. What was only saved on the way is not shown."""
    told_of = [one for one in reversed(now.history) if one.decided or one.submitted]
    return [
        Past(one, _state(one), now.name_of(one.role_id), now.name_of(one.decided.role_id) if one.decided else "")
        for one in told_of
    ]


def _state(draft: Draft) -> str:
    if draft.decided is None:
        return gettext("Sendt")
    return gettext("Godkendt") if draft.decided.approved else gettext("Ikke godkendt")


def _done(request: SignedIn, sending: Sending) -> tuple[str, int]:
    """Does what the button says. What went wrong, if anything, and the status to say it with."""
    act = _ACTS.get(request.POST.get("gør", ""))
    number = request.POST.get("nummer", "")
    if act is None or not number.isdecimal():
        raise Http404
    if sending.is_bound and not sending.is_valid():
        return "", 422
    try:
        act(request, int(number), sending.cleaned_data if sending.is_bound else {})
    except Conflict:
        return str(CONFLICT), 409
    except NotFound:
        raise Http404 from None
    except (LawFileError, operations.NotAllowed) as fault:
        return str(fault), 422
    return "", 200


def _send(request: SignedIn, number: int, given: dict[str, Any]) -> None:
    operations.submit(ROUTING, by=request.scope, after=number, valid_from=given["valid_from"], why=given["why"])


def _approve(request: SignedIn, number: int, given: dict[str, Any]) -> None:
    operations.decide(ROUTING, by=request.scope, number=number, approved=True)


def _return(request: SignedIn, number: int, given: dict[str, Any]) -> None:
    remark = request.POST.get("remark", "").strip()
    if not remark:
        raise operations.NotAllowed(gettext("Skriv, hvorfor reglerne ikke skal bruges."))
    operations.decide(ROUTING, by=request.scope, number=number, approved=False, remark=remark)


def _take_up(request: SignedIn, number: int, given: dict[str, Any]) -> None:
    wanted = request.POST.get("igen", "")
    if not wanted.isdecimal():
        raise NotFound
    operations.take_up(ROUTING, by=request.scope, after=number, number=int(wanted))


_ACTS: dict[str, Callable[[SignedIn, int, dict[str, Any]], None]] = {
    "send": _send, "godkend": _approve, "afvis": _return, "igen": _take_up,
}  # fmt: skip


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
        label=_("Grund"), max_length=400, widget=forms.Textarea,
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
    if not number.isdecimal():
        raise Http404
    try:
        operations.save(ROUTING, by=request.scope, after=int(number), content=written(local))
    except Conflict:
        return str(CONFLICT), 409
    return "", 200
