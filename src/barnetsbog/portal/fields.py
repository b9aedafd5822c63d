"""Fields that several forms have."""

from datetime import date
from typing import Any

from django import forms

from barnetsbog.record.instance import today

from . import dates


def cleaned_day(text: str) -> date | None:
    """A day in a form, where none may be given."""
    try:
        return dates.read_day(text, today()) if text else None
    except ValueError:
        raise forms.ValidationError(dates.NO_DAY) from None


class DayField(forms.CharField):
    """A day as Danes write it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=10, **more)

    def clean(self, value: Any) -> Any:
        return cleaned_day(super().clean(value))
