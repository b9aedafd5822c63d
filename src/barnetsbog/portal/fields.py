"""Fields that several forms have."""

from typing import Any

from django import forms

from barnetsbog.record.instance import today

from . import dates


class DayField(forms.CharField):
    """A day as Danes write it; None where none has to be given."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return dates.read_day(text, today()) if text else None
        except ValueError:
            raise forms.ValidationError(dates.NO_DAY) from None
