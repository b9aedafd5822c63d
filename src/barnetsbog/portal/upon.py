"""Forms that are written upon a version: nobody replaces what somebody else has written without having seen it."""

from typing import Any

from django import forms


class UponForm(forms.Form):
    """A form with the version that it is written upon. Its page prints `current`: after an error, or when the page is
    only drawn again, still the version that was posted. Not until the page tells of a conflict and shows what stands
    now is the new one handed out, by `moved_to`: the next press then replaces it knowingly."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    _newer: int | None = None

    @property
    def current(self) -> Any:
        return self["version"].value() if self._newer is None else self._newer

    def moved_to(self, version: int) -> None:
        self._newer = version
