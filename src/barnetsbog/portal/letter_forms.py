"""The form of a letter: its own fields, who gets it and how, and what goes with it."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from barnetsbog.delivery.model import Channel
from barnetsbog.letters.filling import is_long
from barnetsbog.letters.model import Candidate, Draft, Enclosure, Envelope, Field, Template

from .fields import keepable
from .letter_words import CHANNELS
from .upon import UponForm

LONGEST = {True: 8000, False: 300}


class Receiver(NamedTuple):
    """One line of the receivers: whom, and the field that says how. None where they get no letter."""

    candidate: Candidate
    field: Any


class LetterForm(UponForm):
    def __init__(
        self, data: Any = None, *, template: Template, candidates: Iterable[Candidate], enclosures: Iterable[Enclosure],
        draft: Draft, version: int = 0,
    ) -> None:  # fmt: skip
        self.template, self.candidates, self.enclosures = template, list(candidates), list(enclosures)
        chosen = {_key(one.to): one.channel.value for one in draft.to}
        start = {**draft.answers, **chosen, "enclosure": [str(one) for one in draft.enclosures], "version": version}
        super().__init__(data, initial=start)
        self.fields["version"].required = False  # of a new one
        for one in template.fields:
            self.fields[one.id] = forms.CharField(
                label=one.label, required=False, max_length=LONGEST[is_long(one)], validators=[keepable]
            )
        for candidate in self.candidates:
            if candidate.standing.may:
                ways = [("", _("Får ikke brevet")), *((one.value, CHANNELS[one]) for one in candidate.channels)]
                person = candidate.person
                self.fields[_key(person.reference)] = forms.ChoiceField(label=person.name, required=False, choices=ways)
        self.fields["enclosure"] = forms.MultipleChoiceField(
            label=_("Bilag"), required=False, choices=[(str(one.id), one.title) for one in self.enclosures]
        )

    @property
    def answers(self) -> list[tuple[Field, Any, bool, str]]:
        """The letter's fields, each with its bound field, whether it takes several lines, and an example."""
        return [(one, self[one.id], is_long(one), hint_of(one)) for one in self.template.fields]

    @property
    def receivers(self) -> list[Receiver]:
        return [
            Receiver(one, self[key] if (key := _key(one.person.reference)) in self.fields else None)
            for one in self.candidates
        ]

    @property
    def rows(self) -> list[tuple[Enclosure, bool]]:
        ticked = self["enclosure"].value() or []
        return [(one, str(one.id) in ticked) for one in self.enclosures]

    @property
    def draft(self) -> Draft:
        given = self.cleaned_data
        references = [one.person.reference for one in self.candidates]
        to = [Envelope(one, Channel(given[_key(one)])) for one in references if given.get(_key(one))]
        answers = {one.id: given[one.id] for one in self.template.fields}
        return Draft(self.template.id, answers, tuple(to), tuple(UUID(one) for one in given["enclosure"]))


def hint_of(field: Field) -> str:
    """In Danish, as the letter is."""
    example = " / ".join(field.example.splitlines())
    return f"Fx: {example}" if field.required else f"Kan være tom. Fx: {example}"


def _key(reference: str) -> str:
    return f"til-{reference.rpartition('/')[2]}"
