"""The form of one letter to many children."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from barnetsbog.directory.model import ChildName
from barnetsbog.kernel.ids import new_id
from barnetsbog.letters.filling import is_long
from barnetsbog.letters.model import Audience, Batch, Field, Template

from .letter_forms import LONGEST, hint_of
from .letter_words import AUDIENCES


class BatchForm(forms.Form):
    """Its own fields, once for all; who gets it; and which children. `batch`: by which pressing twice is known."""

    batch = forms.UUIDField(widget=forms.HiddenInput)
    audience = forms.MultipleChoiceField(error_messages={"required": _("Vælg, hvem der skal have brevet.")})
    child = forms.MultipleChoiceField(error_messages={"required": _("Vælg mindst ét barn.")})

    def __init__(self, data: Any = None, *, template: Template, children: Iterable[ChildName]) -> None:
        self.template, self.children = template, list(children)
        super().__init__(data, initial={"batch": new_id(), "audience": [one.value for one in template.to]})
        for one in template.fields:
            missing = _("Udfyld feltet: %(field)s") % {"field": one.label}
            self.fields[one.id] = forms.CharField(
                required=one.required, max_length=LONGEST[is_long(one)], error_messages={"required": missing}
            )
        self.fields["audience"].choices = [(one.value, AUDIENCES[one]) for one in template.to]  # type: ignore[attr-defined]
        self.fields["child"].choices = [(str(one.id), one.full) for one in self.children]  # type: ignore[attr-defined]

    @property
    def answers(self) -> list[tuple[Field, Any, bool, str]]:
        """As in `LetterForm`."""
        return [(one, self[one.id], is_long(one), hint_of(one)) for one in self.template.fields]

    @property
    def wanted(self) -> Batch:
        given = self.cleaned_data
        answers = {one.id: given[one.id] for one in self.template.fields}
        return Batch(given["batch"], self.template.id, answers, frozenset(map(Audience, given["audience"])))

    @property
    def chosen(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["child"]]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was typed and chosen, but for the children, for the page that is pressed next."""
        given = self.cleaned_data
        told = [("batch", str(given["batch"])), *(("audience", one) for one in given["audience"])]
        return [*told, *((one.id, given[one.id]) for one in self.template.fields)]
