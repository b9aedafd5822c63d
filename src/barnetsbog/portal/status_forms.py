"""The form of the short status: its words are counted by the server, so that the count needs no JavaScript."""

from typing import Any

from django import forms

from barnetsbog.overview.rules import WORDS, is_a_status, words_in

from .upon import UponForm


class StatusForm(UponForm):
    """`version`: that of the status it is written upon, 0 when there is none."""

    text = forms.CharField(required=False, max_length=4000)

    def __init__(self, data: Any = None, *, version: int) -> None:
        super().__init__(data, initial={"version": version})

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        decision = is_a_status(text)
        if not decision.allowed:
            raise forms.ValidationError(decision.reason)
        return text

    @property
    def count(self) -> int:
        return words_in(str(self["text"].value() or ""))

    @property
    def limit(self) -> int:
        return WORDS
