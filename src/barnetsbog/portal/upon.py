"""Forms that are written upon a version: nobody replaces what somebody else has written without having seen it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from barnetsbog.kernel.decisions import Refused


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

    @property
    def theirs(self) -> list[tuple[str, str]]:
        """After a conflict what stands now, field by field, where it is other than what was typed. Of what a form asks
        anew each time, such as a reason, nothing stands."""
        if self._newer is None:
            return []
        named = (one for one in self.visible_fields() if one.field.label and one.name in self.initial)
        pairs = [(str(one.field.label), said(one, one.initial), said(one, one.value())) for one in named]
        return [(label, stands) for label, stands, typed in pairs if stands != typed]


def told(why: Exception) -> str:
    """What somebody is told when something was not done: a reason as it was given, which may have its English with it
    (`kernel.sentences`)."""
    return why.reason if isinstance(why, Refused) else str(why)


def said(field: forms.BoundField, value: Any) -> str:
    """A value of a field as it is read; of a choice, also one in groups, its words; of several, each on its line."""
    if isinstance(value, list | tuple):
        return "\n".join(said(field, one) for one in value)
    if isinstance(value, bool):
        return str(_("Ja") if value else _("Nej"))
    text = "" if value is None else str(value)
    choices = getattr(field.field, "choices", ())
    groups = (inner if isinstance(inner, list | tuple) else [(code, inner)] for code, inner in choices)
    words = {str(code): str(word) for group in groups for code, word in group}
    return words.get(text, "\n".join(text.splitlines()))
