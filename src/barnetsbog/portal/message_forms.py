"""The form of a message."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from barnetsbog.messages.model import Wanted

NO_READER = gettext_lazy("Vælg, hvem der skal læse det.")


class TextForm(forms.Form):
    """What is typed is kept as it is, spaces and all; lines end as everywhere else in the book."""

    text = forms.CharField(strip=False)

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class WrongForm(TextForm):
    """What is wrong with an entry, and how it should be."""

    text = forms.CharField(
        strip=False, error_messages={"required": gettext_lazy("Skriv, hvad der er forkert, og hvordan det skal være.")}
    )

    def wanted(self, about: UUID) -> Wanted:
        return Wanted(self.cleaned_data["text"], about=about)


class MessageForm(TextForm):
    """`readers`: reference and name; empty in a conversation. The first of them is suggested, unless one has to
    `choose`: what is written to one of a family the others may not read."""

    to = forms.ChoiceField(error_messages={"required": NO_READER, "invalid_choice": NO_READER})
    text = forms.CharField(strip=False, error_messages={"required": gettext_lazy("Skriv din besked.")})
    holders = forms.BooleanField(required=False)

    def __init__(self, *args: Any, readers: Sequence[tuple[str, Any]] = (), choose: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        nobody = [("", gettext_lazy("Vælg"))] if choose and len(readers) > 1 else []
        self.fields["to"].choices = [*nobody, *readers]  # type: ignore[attr-defined]
        if nobody:
            return
        if readers:
            self.fields["to"].initial = readers[0][0]
        else:
            del self.fields["to"]

    def wanted(self, **more: Any) -> Wanted:
        given = self.cleaned_data
        return Wanted(given["text"], given.get("to", ""), given["holders"], **more)
