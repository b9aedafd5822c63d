"""The form of a package to a new municipality: what is typed is never lost."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.referrals.model import Draft, Enclosure

from .referral_forms import Choices

TITLE = "Familien er flyttet"
"""What stands in the book, whatever language its writer reads."""


class MovingForm(forms.Form):
    """To whom, the summary, and what goes with it."""

    to = forms.ChoiceField(error_messages={"required": gettext_lazy("Vælg en enhed i den nye kommune.")})
    summary = forms.CharField(
        max_length=8000, error_messages={"required": gettext_lazy("Skriv et resumé, så de ved, hvad der skal ske nu.")}
    )
    package = forms.MultipleChoiceField(required=False)
    ground = forms.CharField(required=False, max_length=2000)

    def __init__(self, data: Any = None, *, places: Choices, enclosures: list[Enclosure]) -> None:
        super().__init__(data)
        self.enclosures = enclosures
        self.fields["to"].choices = [("", _("Vælg")), *places]  # type: ignore[attr-defined]
        self.fields["package"].choices = [(one.reference, one.title) for one in enclosures]  # type: ignore[attr-defined]

    @property
    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(given["to"], TITLE, "", reason=given["summary"], package=tuple(given["package"]))

    @property
    def rows(self) -> list[tuple[Enclosure, bool]]:
        """What can go with it, and whether it is ticked."""
        ticked = set(self.data.getlist("package")) if self.is_bound else set()  # type: ignore[attr-defined]
        return [(one, one.reference in ticked) for one in self.enclosures]
