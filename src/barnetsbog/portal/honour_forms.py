"""The forms of a suspicion of an honour-related conflict, and of the assessment of its risk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .plan_forms import Words
from .upon import UponForm
from .words import HONOUR_STANDS


class SuspectForm(forms.Form):
    seen = Words(
        label=_("Hvad bygger mistanken på?"), error_messages={"required": _("Skriv, hvad mistanken bygger på.")}
    )


class AssessForm(UponForm):
    """What the assessment shows, and whether parents and network may be involved. Nothing is chosen beforehand."""

    found = Words(label=_("Hvad viser vurderingen?"), error_messages={"required": _("Skriv, hvad vurderingen viser.")})
    stand = forms.ChoiceField(
        label=_("Må forældre og netværk inddrages nu?"),
        choices=[("", _("Vælg")), *HONOUR_STANDS.items()],
        error_messages={"required": _("Vælg, om forældre og netværk må inddrages.")},
    )
