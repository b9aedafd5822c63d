"""The form in which somebody chooses a helper. What is typed is never lost, and every error says what to do."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.kernel.time import day_end
from barnetsbog.mandates.model import BLOCKS, Kind, Wanted

from .consent_forms import a_year_from
from .consents import BLOCKS as WORDS
from .fields import DayField
from .words import Word

KINDS: dict[Kind, Word] = {Kind.LAY: gettext_lazy("Min bisidder"), Kind.MANDATE: gettext_lazy("En med fuldmagt")}


class HelperForm(forms.Form):
    kind = forms.ChoiceField(error_messages={"required": gettext_lazy("Vælg, hvad personen skal være.")})
    name = forms.CharField(max_length=120, error_messages={"required": gettext_lazy("Skriv, hvad personen hedder.")})
    born = DayField(error_messages={"required": gettext_lazy("Skriv, hvornår personen er født.")})
    number = forms.CharField(max_length=20, required=False)
    phone = forms.CharField(max_length=30, required=False)
    blocks = forms.MultipleChoiceField(
        choices=[(one, WORDS[one]) for one in BLOCKS],
        error_messages={"required": gettext_lazy("Vælg mindst én ting.")},
    )
    until = DayField(error_messages={"required": gettext_lazy("Skriv, hvor længe det skal gælde.")})

    def __init__(self, data: Any = None, *, kinds: tuple[Kind, ...], day: date) -> None:
        super().__init__(data, initial={"kind": kinds[0].value, "until": f"{a_year_from(day):%d.%m.%Y}"})
        self.kinds = [(one.value, KINDS[one]) for one in kinds]
        self.fields["kind"].choices = self.kinds  # type: ignore[attr-defined]
        self.day = day

    def clean_born(self) -> date:
        born: date = self.cleaned_data["born"]
        if born > self.day:
            raise forms.ValidationError(_("Dagen ligger efter i dag. Skriv, hvornår personen er født."))
        return born

    @property
    def chosen_blocks(self) -> list[str]:
        return list(self.data.getlist("blocks")) if self.is_bound else []  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        blocks = frozenset(given["blocks"])
        return Wanted(
            given["name"], given["born"], Kind(given["kind"]), blocks, day_end(given["until"]), given["phone"],
            given["number"],
        )  # fmt: skip


class ExcludeForm(forms.Form):
    reason = forms.CharField(
        max_length=2000, error_messages={"required": gettext_lazy("Skriv, hvorfor. Barnet kan læse det.")}
    )
