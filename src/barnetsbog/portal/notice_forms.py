"""The forms by which somebody of the family says where they want to be told that there is something new."""

from django import forms
from django.utils.translation import gettext_lazy as _

from barnetsbog.notifications.model import Quiet, Wanted, Way

NONE = "ingen"
WAYS = [(Way.MAIL.value, _("På mail")), (Way.SMS.value, _("På SMS")), (NONE, _("Jeg vil ikke have besked"))]
HOURS = [(str(hour), f"{hour}.00") for hour in range(24)]


class NoticeForm(forms.Form):
    """`wanted` is None for somebody who wants none."""

    way = forms.ChoiceField(choices=WAYS, error_messages={"required": _("Vælg, om du vil have besked.")})
    address = forms.CharField(required=False, max_length=200)
    since = forms.ChoiceField(choices=HOURS)
    until = forms.ChoiceField(choices=HOURS)

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("way") in (Way.MAIL, Way.SMS) and not given.get("address"):
            self.add_error("address", _("Skriv din mail eller dit mobilnummer."))

    def wanted(self) -> Wanted | None:
        given = self.cleaned_data
        if given["way"] == NONE:
            return None
        return Wanted(Way(given["way"]), given["address"], Quiet(int(given["since"]), int(given["until"])))


class CodeForm(forms.Form):
    code = forms.CharField(max_length=12, error_messages={"required": _("Skriv koden.")})
