"""The forms of the consent centre: what is typed is never lost, and every error says what to do."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.consent.answering import Yes
from barnetsbog.consent.model import Question
from barnetsbog.consent.operations import Paper
from barnetsbog.kernel.files import NoScan, Scan
from barnetsbog.kernel.time import day_end, day_start, local_day
from barnetsbog.law.model import Level

from .consents import BLOCKS, LEVELS
from .fields import DayField
from .sentences import said
from .uploads import scan_in
from .upon import UponForm

Choices = list[tuple[Any, Any]]
YES, PART, NO = "ja", "delvist", "nej"
_LEVEL = {"at": Level.AT, "overskrifter": Level.HEADINGS, "indhold": Level.CONTENT}


def a_year_from(day: date) -> date:
    """The last day of a year that begins on this day."""
    later = date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
    return later - timedelta(days=1)


class AnswerForm(UponForm):
    """Yes, no, or yes to some of it."""

    answer = forms.ChoiceField(
        choices=[(YES, YES), (PART, PART), (NO, NO)],
        error_messages={"required": gettext_lazy("Vælg et svar."), "invalid_choice": gettext_lazy("Vælg et svar.")},
    )
    blocks = forms.MultipleChoiceField(required=False)
    level = forms.ChoiceField(required=False)
    until = DayField(required=False)

    def __init__(self, data: Any = None, files: Any = None, *, question: Question, version: int) -> None:
        super().__init__(data, files, initial={"version": version})
        self.question = question
        self.fields["blocks"].choices = [(one, BLOCKS[one]) for one in question.blocks]  # type: ignore[attr-defined]
        reach = question.level or Level.AT
        self.levels = [(code, LEVELS[level]) for code, level in _LEVEL.items() if level <= reach]
        self.fields["level"].choices = self.levels  # type: ignore[attr-defined]

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("answer") != PART or self.errors.keys() & {"until"}:
            return
        if self.question.blocks and not given.get("blocks"):
            self.add_error("blocks", _("Vælg mindst én ting, der må deles, eller vælg nej."))

    @property
    def yes(self) -> Yes | None:
        """What is said yes to; None for a no."""
        given = self.cleaned_data
        if given["answer"] == NO:
            return None
        if given["answer"] == YES:
            return Yes()
        until, level = given.get("until"), _LEVEL.get(given.get("level", ""))
        chosen = frozenset(given["blocks"]) if self.question.blocks else None
        return Yes(chosen, level, day_end(until) if until else None)

    @property
    def chosen_blocks(self) -> list[str]:
        """What is ticked: what was sent, or everything at first."""
        return list(self.data.getlist("blocks")) if self.is_bound else list(self.question.blocks)  # type: ignore[attr-defined]


class PaperForm(AnswerForm):
    """The same, for an answer that came on paper or aloud."""

    day = DayField(error_messages={"required": gettext_lazy("Skriv, hvilken dag der blev svaret.")})
    scan = forms.FileField(required=False)
    note = forms.CharField(required=False, max_length=2000)

    def clean_scan(self) -> Scan | None:
        found = self.cleaned_data.get("scan")
        if not found:
            return None
        try:
            return scan_in(found)
        except NoScan as why:
            raise forms.ValidationError(said(str(why), {})[0]) from None

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        if "scan" not in self.errors and not given.get("scan") and not given.get("note", "").strip():
            self.add_error("note", _("Vedlæg en scanning af papiret, eller skriv, hvad der blev sagt, og til hvem."))

    @property
    def paper(self) -> Paper:
        given = self.cleaned_data
        return Paper(day_start(given["day"]), given.get("scan"), given.get("note", ""))


class WithdrawForm(UponForm):
    """A yes is taken back; registered by a professional it needs a note."""

    note = forms.CharField(required=False, max_length=2000)

    def __init__(self, data: Any = None, *, noted: bool, version: int) -> None:
        super().__init__(data, initial={"version": version})
        self.noted = noted

    def clean_note(self) -> str:
        note = str(self.cleaned_data["note"]).strip()
        if self.noted and not note:
            raise forms.ValidationError(_("Skriv, hvem der har sagt det, hvornår og hvordan."))
        return note


class AskForm(forms.Form):
    """What is to be asked about."""

    act = forms.ChoiceField(error_messages={"required": gettext_lazy("Vælg, hvad der skal spørges om.")})
    other = forms.ChoiceField(required=False)
    blocks = forms.MultipleChoiceField(required=False, choices=[(code, word) for code, word in BLOCKS.items()])
    level = forms.ChoiceField(choices=[(code, LEVELS[level]) for code, level in _LEVEL.items()])
    until = DayField(error_messages={"required": gettext_lazy("Skriv, hvor længe det skal gælde.")})
    why = forms.CharField(required=False, max_length=200)

    def __init__(
        self, data: Any = None, *, acts: list[tuple[Any, Any]], others: list[tuple[Any, Any]], day: date
    ) -> None:
        start = {"level": "indhold", "until": f"{a_year_from(day):%d.%m.%Y}"}
        super().__init__(data, initial=start)
        self.fields["act"].choices = [("", _("Vælg")), *acts]  # type: ignore[attr-defined]
        self.fields["other"].choices = [("", _("Ingen")), *others]  # type: ignore[attr-defined]

    @property
    def chosen_blocks(self) -> list[str]:
        return list(self.data.getlist("blocks")) if self.is_bound else []  # type: ignore[attr-defined]

    @property
    def sharing_level(self) -> Level:
        return _LEVEL[self.cleaned_data["level"]]


def day_text(at: int) -> str:
    return f"{local_day(at):%d.%m.%Y}"
