"""Fields that several forms have."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from barnetsbog.fhir.texts import Fault, unfit
from barnetsbog.record.instance import today

from . import dates


class Area(forms.Textarea):
    """Room for several lines. Of what is pasted a browser cuts off nothing: it would do so without a word. What is too
    long comes back whole, with what there is room for."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        found = super().build_attrs(base_attrs, extra_attrs)
        return {name: value for name, value in found.items() if name != "maxlength"}


def keepable(text: str) -> None:
    """For a field whose words go into a text with others: what is in them that no text can keep is said of the field,
    and at once."""
    if (wrong := unfit(text, len(text))) and wrong.fault is Fault.SIGNS:
        raise forms.ValidationError(_("Der er et tegn i teksten, som ikke kan gemmes. Skriv det igen."))


class DayField(forms.CharField):
    """A day as Danes write it; None where none has to be given."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return dates.read_day(text, today()) if text else None
        except ValueError:
            raise forms.ValidationError(dates.NO_DAY) from None
