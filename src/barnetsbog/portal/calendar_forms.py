"""The forms of the calendar: what is typed is never lost, and every error says what to do."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnetsbog.calendar.model import Meeting, Slot, Wanted
from barnetsbog.calendar.rules import MOST_SLOTS, ORDER, TWICE, span
from barnetsbog.kernel.decisions import Decision

from . import dates
from .contact_forms import Choices
from .fields import Area, DayField
from .upon import UponForm

_TEXT = {"class": "form-input", "autocomplete": "off"}
_SHORT = {"class": "form-input bog-short", "autocomplete": "off"}
_SELECT = {"class": "form-select"}
_AREA = {"class": "form-input", "rows": 3}
BOOK, PROPOSE, WAIT = "aftal", "foreslaa", "venteliste"
_LATER = [("", _("Almindelig nat")), ("nej", _("Den første (sommertid)")), ("ja", _("Den anden (vintertid)"))]


class ClockField(forms.CharField):
    """A clock time as Danes write it: 9, 9.30, 09:30 or 0930."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=5, widget=forms.TextInput({**_SHORT, "inputmode": "numeric"}), **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace(":", ".").strip()
        if not text:
            return None
        hour, _dot, minute = text.partition(".")
        if not minute and len(hour) > 2:
            hour, minute = hour[:-2], hour[-2:]
        try:
            return time(int(hour), int(minute or "0"))
        except ValueError:
            raise forms.ValidationError(_("Skriv klokken som 9.30.")) from None


class SlotForm(forms.Form):
    """A day, from when to when; where it is needed also the day on which it ends, and which of two hours on the night
    when there are two."""

    day = DayField(label=_("Dag"), required=False, widget=forms.TextInput(_SHORT))
    start = ClockField(label=_("Fra kl."), required=False)
    end = ClockField(label=_("Til kl."), required=False)
    last = DayField(label=_("Slutter den en anden dag? Skriv den dag"), required=False, widget=forms.TextInput(_SHORT))
    later = forms.ChoiceField(
        label=_("Natten, hvor uret stilles tilbage"), required=False, choices=_LATER, widget=forms.Select(_SELECT)
    )
    slot: Slot | None = None

    def __init__(self, data: Any = None, *, needed: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        self.needed = needed
        self.asks_which, self.asks_last = (bool(self[name].value()) for name in ("later", "last"))

    def clean(self) -> None:
        given = self.cleaned_data
        if self.errors:
            return
        parts = [given.get(name) for name in ("day", "start", "end", "last")]
        if not any(part is not None for part in parts) and not self.needed:
            return
        for name in ("day", "start", "end"):
            if given.get(name) is None:
                self.add_error(name, _("Skriv dag, fra og til."))
                return
        later = {"ja": True, "nej": False}.get(given.get("later", ""))
        found = span(given["day"], given["start"], given["end"], last=given.get("last"), later=later)
        if isinstance(found, Decision):
            self.asks_which = self.asks_which or TWICE in found.rules
            self.asks_last = self.asks_last or ORDER in found.rules
            self.add_error("start", found.reason)
        else:
            self.slot = found


class NewForm(forms.Form):
    """A new appointment, with one or several times."""

    title = forms.CharField(
        label=_("Hvad er aftalen?"), max_length=300, widget=forms.TextInput(_TEXT),
        error_messages={"required": _("Skriv, hvad aftalen er.")},
    )  # fmt: skip
    act = forms.ChoiceField(label=_("Er det et første besøg?"), required=False, widget=forms.Select(_SELECT))
    how = forms.ChoiceField(
        label=_("Hvordan?"), widget=forms.Select(_SELECT), initial=BOOK,
        choices=[
            (BOOK, _("Aftal tiden nu")), (PROPOSE, _("Foreslå en eller flere tider")),
            (WAIT, _("Skriv på venteliste uden en tid")),
        ],
    )  # fmt: skip
    guests = forms.MultipleChoiceField(required=False)
    intervention = forms.ChoiceField(
        label=_("Er aftalen en del af noget, der er sat i gang?"), required=False, widget=forms.Select(_SELECT)
    )
    place = forms.CharField(label=_("Sted"), required=False, max_length=300, widget=forms.TextInput(_TEXT))
    preparation = forms.CharField(
        label=_("Hvad skal familien gøre inden?"), required=False, max_length=2000, widget=Area(_AREA)
    )
    text = forms.CharField(
        label=_("Andet, som de, der kommer, skal vide"), required=False, max_length=2000, widget=Area(_AREA)
    )
    interpreter = forms.BooleanField(label=_("Der er bestilt tolk"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, guests: Choices, acts: Choices, tried: Choices, language: str) -> None:
        super().__init__(data)
        self.language = language
        self.fields["guests"].choices = guests  # type: ignore[attr-defined]
        self.fields["act"].choices = [("", _("Nej")), *acts]  # type: ignore[attr-defined]
        if not acts:
            del self.fields["act"]
        self.fields["intervention"].choices = [("", _("Nej")), *tried]  # type: ignore[attr-defined]
        if not tried:
            del self.fields["intervention"]
        if not language:
            del self.fields["interpreter"]
        self.slots = [SlotForm(data, prefix=f"tid{number}") for number in range(1, MOST_SLOTS + 1)]

    @property
    def every(self) -> Iterator[forms.Form]:
        yield from (self, *self.slots)

    def clean(self) -> None:
        given = self.cleaned_data
        for one in self.slots:
            one.is_valid()
        if any(one.errors for one in self.slots):
            self.add_error(None, _("Se på tiderne."))
        elif given.get("how") != WAIT and not self.chosen:
            self.add_error(None, _("Vælg mindst én tid."))

    @property
    def chosen(self) -> tuple[Slot, ...]:
        return tuple(one.slot for one in self.slots if one.slot)

    @property
    def chosen_guests(self) -> list[str]:
        return list(self.data.getlist("guests")) if self.is_bound else []  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        waits = given["how"] == WAIT
        return Wanted(
            given["title"], () if waits else self.chosen, tuple(given["guests"]), given["how"] == BOOK, given["place"],
            given["preparation"], given["text"], self.language if given.get("interpreter") else "",
            given.get("act", ""), given.get("intervention", ""),
        )  # fmt: skip


class MoveForm(SlotForm, UponForm):
    """Another time, and why."""

    reason = forms.CharField(
        label=_("Hvorfor flyttes aftalen?"), max_length=2000, widget=Area(_AREA),
        help_text=_("Familien kan læse det."), error_messages={"required": _("Skriv hvorfor. Familien kan læse det.")},
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, meeting: Meeting) -> None:
        first, last = dates.full_date(meeting.start), dates.full_date(meeting.end)
        super().__init__(data, needed=True, initial={
            "day": first, "start": dates.clock(meeting.start), "end": dates.clock(meeting.end),
            "last": last if last != first else "", "version": meeting.version,
        })  # fmt: skip


class CancelForm(UponForm):
    reason = forms.CharField(
        label=_("Hvorfor bliver aftalen ikke til noget?"), max_length=2000, widget=Area(_AREA),
        help_text=_("Familien kan læse det."), error_messages={"required": _("Skriv hvorfor. Familien kan læse det.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, meeting: Meeting) -> None:
        super().__init__(data, initial={"version": meeting.version})


class FileForm(forms.Form):
    """A file from another calendar."""

    file = forms.FileField(
        label=_("Kalenderfil (.ics)"),
        help_text=_(
            "Højst 512 kB. Der hentes intet fra nettet. Af en aftale, der gentages, kommer det næste år med."
        ),
        error_messages={"required": _("Vælg en fil."), "empty": _("Filen er tom.")},
    )  # fmt: skip
