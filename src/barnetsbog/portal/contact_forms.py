"""The forms of the contacts: what is typed is never lost, and every error says what to do."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from barnetsbog.contacts.model import Choice, Description, Involvement, Kin, NetworkPerson, Picture, Worker
from barnetsbog.responsibility.model import Receiver

from .people import INVOLVEMENTS, PICTURES
from .upon import UponForm

_TEXT = {"class": "form-input", "autocomplete": "off"}
_SELECT = {"class": "form-select"}
Choices = list[tuple[Any, Any]]


class PersonForm(UponForm):
    """One of the child's own people. For those who come from a register only the child's choice can be written."""

    name = forms.CharField(
        label=_("Navn"), max_length=300, widget=forms.TextInput(_TEXT), error_messages={"required": _("Skriv et navn.")}
    )
    relation = forms.CharField(
        label=_("Hvad er personen for barnet?"), max_length=300, widget=forms.TextInput(_TEXT),
        help_text=_("For eksempel moster, nabo eller træner."),
        error_messages={"required": _("Skriv, hvad personen er for barnet.")},
    )  # fmt: skip
    phone = forms.CharField(label=_("Telefon"), required=False, max_length=30, widget=forms.TextInput(_TEXT))
    picture = forms.ChoiceField(
        label=_("Barnets billede af personen"), required=False, widget=forms.Select(_SELECT),
        choices=[("", _("Intet billede")), *PICTURES.items()],
    )  # fmt: skip
    order = forms.IntegerField(
        label=_("Barnets rækkefølge"), required=False, min_value=1, max_value=99,
        help_text=_("1 står først. Spørg barnet."), widget=forms.NumberInput(_TEXT),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, person: Kin | None = None) -> None:
        super().__init__(data, initial=_told(person) if person else {"version": 0})
        if person is None:
            self.fields["version"].required = False
        if person and not person.network:
            for name in ("name", "relation", "phone"):
                del self.fields[name]

    @property
    def choice(self) -> Choice:
        given = self.cleaned_data
        return Choice(Picture(given["picture"]) if given["picture"] else None, given["order"])

    @property
    def wanted(self) -> NetworkPerson:
        given = self.cleaned_data
        return NetworkPerson(given["name"], given["relation"], given["phone"], self.choice)


def _told(one: Kin) -> dict[str, Any]:
    return {
        "name": one.contact.name, "relation": one.contact.title, "phone": one.contact.phone, "version": one.version,
        "picture": one.choice.picture or "", "order": one.choice.order,
    }  # fmt: skip


class WorkerForm(UponForm):
    """What a professional does with the child."""

    involvement = forms.ChoiceField(
        label=_("Hvor meget er du eller personen med?"), choices=[*INVOLVEMENTS.items()], widget=forms.Select(_SELECT)
    )
    task = forms.CharField(label=_("Opgave med barnet"), required=False, max_length=300, widget=forms.TextInput(_TEXT))
    hours = forms.CharField(
        label=_("Hvornår kan familien ringe?"), required=False, max_length=300, widget=forms.TextInput(_TEXT),
        help_text=_("For eksempel mandag og torsdag kl. 8-10."),
    )  # fmt: skip
    stand_in = forms.ChoiceField(label=_("Hvem svarer ellers?"), required=False, widget=forms.Select(_SELECT))

    def __init__(self, data: Any = None, *, worker: Worker, colleagues: Choices, version: int) -> None:
        said = worker.said
        super().__init__(data, initial={
            "involvement": worker.involvement.value, "task": said.task, "hours": said.hours,
            "stand_in": said.stand_in, "version": version,
        })  # fmt: skip
        self.fields["stand_in"].choices = [("", _("Ingen bestemt")), *colleagues]  # type: ignore[attr-defined]

    @property
    def said(self) -> Description:
        given = self.cleaned_data
        return Description(Involvement(given["involvement"]), given["task"], given["hours"], given["stand_in"])


class LeaveForm(forms.Form):
    """To whom what one has is offered."""

    to = forms.ChoiceField(
        label=_("Hvem skal have det, du har?"), widget=forms.Select(_SELECT),
        error_messages={"required": _("Vælg, hvem der skal have dine bolde.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, receivers: tuple[Receiver, ...], needed: bool) -> None:
        super().__init__(data)
        self.fields["to"].required = needed
        found = [(one.reference, one.contact.line) for one in receivers if one.away is None]
        self.fields["to"].choices = [("", _("Vælg")), *found]  # type: ignore[attr-defined]
