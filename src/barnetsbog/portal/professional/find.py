"""Finding a child: by number, or by exact name and birth date, and always with a reason."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from barnetsbog.access.finding import find_by_name, find_by_number
from barnetsbog.access.roles import role_named
from barnetsbog.directory.queries import children
from barnetsbog.kernel.cpr import normalise
from barnetsbog.record.scope import Scope

from .. import log_words
from ..fields import DayField
from ..session import SignedIn


class FindForm(forms.Form):
    number = forms.CharField(label=_("CPR-nummer"), required=False, max_length=20)
    name = forms.CharField(label=_("Barnets fulde navn"), required=False, max_length=200)
    born = DayField(label=_("Fødselsdato"), required=False)
    reason = forms.ChoiceField(
        label=_("Hvorfor søger du?"), choices=[*log_words.SOUGHT.items()],
        error_messages={"required": _("Vælg, hvorfor du søger.")},
    )  # fmt: skip
    more = forms.CharField(label=_("Skriv kort hvorfor"), required=False, max_length=200)

    def clean_number(self) -> str:
        number = normalise(self.cleaned_data["number"])
        if number and len(number) != 10:
            raise forms.ValidationError(_("CPR-nummeret skal have ti cifre, for eksempel 670517-9902."))
        return number

    def clean(self) -> None:
        given = self.cleaned_data
        if self.errors.keys() & {"number", "name", "born"}:
            return
        if not given.get("number") and not (given.get("name") and given.get("born")):
            empty = not given.get("name") and not given.get("born")
            self.add_error(
                "number" if empty else "born" if given.get("name") else "name",
                _("Skriv CPR-nummer, eller både navn og fødselsdato."),
            )
        if given.get("reason") == "other" and not given.get("more"):
            self.add_error("more", _("Skriv kort, hvorfor du søger."))


@sensitive_post_parameters("number", "name", "born")
@require_http_methods(["GET", "POST"])
def find(request: SignedIn) -> HttpResponse:
    """A form by POST, so that no number stands in an address."""
    if "find" not in role_named(request.scope.role).may:
        raise Http404
    form = FindForm(request.POST or None)
    searched = request.method == "POST" and form.is_valid()
    found = list(children(_search(request.scope, form)).values()) if searched else []
    context = {"section": "find", "form": form, "searched": searched, "found": found}
    return render(request, "bog/find.html", context, status=422 if request.method == "POST" and not searched else 200)


def _search(scope: Scope, form: FindForm) -> list[UUID]:
    given = form.cleaned_data
    why = given["reason"], given["more"]
    if given["number"]:
        return find_by_number(scope, given["number"], *why)
    return find_by_name(scope, given["name"], given["born"], *why)
