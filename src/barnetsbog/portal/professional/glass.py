"""Nødadgang: opening a book without consent because it is necessary now, and the review of it afterwards."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from barnetsbog.access.breakglass import (
    LONGEST_REMARK,
    SHORTEST,
    Broken,
    LookUp,
    break_glass,
    lasted_until,
    review,
    to_review,
)
from barnetsbog.access.overseeing import staff
from barnetsbog.access.roles import role_named
from barnetsbog.audit.queries import read_by
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import RoleName
from barnetsbog.fhir.texts import Fault, unfit
from barnetsbog.kernel.cpr import normalise
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record.scope import Scope

from ..fields import Area
from ..session import GLASS, SignedIn


class GlassForm(forms.Form):
    number = forms.CharField(
        label=_("CPR-nummer"), max_length=20, error_messages={"required": _("Skriv barnets CPR-nummer.")}
    )
    reason = forms.CharField(
        label=_("Hvorfor er det nødvendigt nu?"), max_length=500, widget=Area,
        error_messages={"required": _("Skriv, hvorfor det er nødvendigt nu.")},
    )  # fmt: skip
    address = forms.BooleanField(label=_("Jeg skal også se det, der kan vise en beskyttet adresse"), required=False)
    address_reason = forms.CharField(label=_("Hvorfor skal du se det?"), max_length=500, required=False, widget=Area)

    def clean_number(self) -> str:
        number = normalise(self.cleaned_data["number"])
        if len(number) != 10:
            raise forms.ValidationError(_("CPR-nummeret skal have ti cifre, for eksempel 670517-9902."))
        return number

    def clean_reason(self) -> str:
        return _long_enough(self.cleaned_data["reason"])

    def clean(self) -> None:
        given = self.cleaned_data
        if not given.get("address"):
            given["address_reason"] = ""
            return
        try:
            _long_enough(given.get("address_reason", ""))
        except forms.ValidationError:
            self.add_error("address_reason", _("Skriv, hvorfor du skal se det, med mindst ti tegn."))


def _long_enough(reason: str) -> str:
    if len(reason.strip()) < SHORTEST:
        raise forms.ValidationError(_("Skriv grunden med mindst ti tegn, så en anden kan forstå den."))
    return reason


@sensitive_post_parameters("number")
@require_http_methods(["GET", "POST"])
def open_without_consent(request: SignedIn) -> HttpResponse:
    """A role that may not is answered as if there were no such page; what it posts is logged all the same."""
    may, form = "break-glass" in role_named(request.scope.role).may, GlassForm(_posted(request))
    if request.method == "POST" and (form.is_valid() or not may):
        broken = _broken(request.scope, form)
        if broken:
            request.session[GLASS] = {"child": str(broken.child_id), "until": broken.until}
            return HttpResponseRedirect(reverse("overview", args=[broken.child_id]))
    if not may:
        raise Http404
    context = {"section": "find", "form": form, "missing": form.is_bound and form.is_valid()}
    status = 404 if context["missing"] else 422 if form.is_bound else 200
    return render(request, "bog/glass.html", context, status=status)


def _posted(request: SignedIn) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _broken(scope: Scope, form: GlassForm) -> Broken | None:
    given = form.cleaned_data if form.is_valid() else {}
    number = str(given.get("number") or form.data.get("number", ""))
    reason = str(given.get("reason") or form.data.get("reason", "")).strip()
    try:
        return break_glass(
            by=scope, number=number, reason=reason.ljust(SHORTEST, "."),
            address_reason=str(given.get("address_reason", "")),
        )  # fmt: skip
    except NotFound:
        return None


# -- review ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """A look-up that waits for its review, as the reviewer reads it."""

    look_up: LookUp
    who: RoleName | None
    whose: str
    """The child's initials: enough to ask about, and no more."""
    times: int
    entries: int

    @property
    def ident(self) -> str:
        return str(self.look_up.id)


@require_http_methods(["GET", "POST"])
def queue(request: SignedIn) -> HttpResponse:
    scope = request.scope
    if "review" not in role_named(scope.role).may:
        raise Http404
    error = ""
    if request.method == "POST":
        error = _reviewed(request)
        if not error:
            return HttpResponseRedirect(reverse("glass-queue"))
    context = {"section": "review", "waiting": waiting(scope), "error": error, "given": request.POST}
    context["wrong"] = request.POST.get("look-up", "") if error else ""
    return render(request, "bog/glass_queue.html", context, status=422 if error else 200)


def _reviewed(request: SignedIn) -> str:
    """Writes the judgement. What is wrong with it, if anything: a remark is asked for when it was not justified."""
    try:
        ident = UUID(request.POST.get("look-up", ""))
    except ValueError:
        raise Http404 from None
    judgement, remark = request.POST.get("judgement", ""), request.POST.get("remark", "").strip()
    if judgement not in ("justified", "unjustified"):
        return str(_("Vælg, om opslaget var i orden."))
    if judgement == "unjustified" and not remark:
        return str(_("Skriv, hvorfor opslaget ikke var i orden, og hvad der sker nu."))
    if (wrong := unfit(remark, LONGEST_REMARK)) and wrong.fault is not Fault.EMPTY:
        return wrong.reason
    try:
        review(by=request.scope, ident=ident, justified=judgement == "justified", remark=remark)
    except NotFound:
        raise Http404 from None
    return ""


def waiting(scope: Scope) -> list[Waiting]:
    """All that waits, the oldest first."""
    found = to_review(scope)
    people = staff(scope, [(one.role_id, one.child_id) for one in found])
    children = directory.children({one.child_id for one in found})
    return [
        Waiting(
            one, people.get((one.role_id, one.child_id)),
            children[one.child_id].initials if one.child_id in children else "",
            *read_by(one.role_id, one.child_id, since=one.at, until=lasted_until(one)),
        )
        for one in found
    ]  # fmt: skip
