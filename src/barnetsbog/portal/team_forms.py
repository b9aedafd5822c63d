"""The forms of the unit's page: being away, and handing several balls on."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.kernel.time import day_end, day_start
from barnetsbog.responsibility.model import Held
from barnetsbog.responsibility.operations import Handed

from .fields import DayField

Choices = list[tuple[str, str]]


class LateForm(forms.Form):
    """A form that is filled only when it was this one of a page that was sent."""

    def fill(self, data: Any) -> None:
        self.data, self.is_bound = data, True


class AbsenceForm(LateForm):
    """From and including, to and including, and who does the work meanwhile."""

    first = DayField(error_messages={"required": gettext_lazy("Skriv første dag.")})
    last = DayField(error_messages={"required": gettext_lazy("Skriv sidste dag.")})
    substitute = forms.ChoiceField(required=False)

    def __init__(self, *, colleagues: Choices) -> None:
        super().__init__(auto_id="vaek-%s")
        self.fields["substitute"].choices = [("", _("Alle i enheden")), *colleagues]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> tuple[int, int, UUID | None]:
        given = self.cleaned_data
        substitute = UUID(given["substitute"]) if given["substitute"] else None
        return day_start(given["first"]), day_end(given["last"]), substitute


_KEY = re.compile(r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:){2}[0-9]{1,9}")


class Balls(forms.MultipleChoiceField):
    """Some of several balls, each as child, ball and version. One that somebody has moved since is a choice as well:
    whoever offers it is told why it can't be, and the others go."""

    def valid_value(self, value: Any) -> bool:
        return bool(_KEY.fullmatch(str(value)))


class HandOnForm(LateForm):
    """Which balls, and to whom."""

    to = forms.ChoiceField(error_messages={"required": gettext_lazy("Vælg, hvem der skal have bolden.")})
    reason = forms.CharField(required=False, max_length=2000)
    balls = Balls(error_messages={"required": gettext_lazy("Vælg mindst én opgave.")})

    def __init__(self, *, held: list[Held], colleagues: Choices) -> None:
        super().__init__(auto_id="giv-%s")
        self.held = held
        self.refused: list[tuple[Held, str]] = []
        self.fields["to"].choices = [("", _("Vælg")), *colleagues]  # type: ignore[attr-defined]

    @property
    def keys(self) -> list[str]:
        return [f"{one.child.id}:{one.ball.id}:{one.ball.version}" for one in self.held]

    @property
    def rows(self) -> list[tuple[Held, str, bool]]:
        """Each ball with its key and whether it is ticked."""
        ticked = set(self.data.getlist("balls")) if self.is_bound else set()  # type: ignore[attr-defined]
        return [(one, key, key in ticked) for one, key in zip(self.held, self.keys, strict=True)]

    @property
    def chosen(self) -> list[tuple[UUID, UUID, int]]:
        parts = (key.split(":") for key in self.cleaned_data["balls"])
        return [(UUID(child), UUID(ball), int(version)) for child, ball, version in parts]


def with_reasons(held: list[Held], handed: Iterable[Handed]) -> list[tuple[Held, str]]:
    """Those that could not be offered, and why."""
    known = {one.ball.id: one for one in held}
    return [(known[one.ident], one.why_not) for one in handed if one.why_not and one.ident in known]
