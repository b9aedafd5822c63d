"""What letters' channels, states and receipts are called on pages."""

from django.utils.translation import gettext_lazy as _

from barnetsbog.delivery.model import Channel
from barnetsbog.delivery.model import State as Sending
from barnetsbog.letters.model import Audience, Event, State

from .words import Word

CHANNELS: dict[Channel, Word] = {
    Channel.IN_APP: _("I Barnets Bog"), Channel.DIGITAL_POST: _("Digital Post"), Channel.PRINT: _("På papir"),
}  # fmt: skip

STATES: dict[State, Word] = {State.DRAFT: _("Kladde"), State.SENT: _("Sendt"), State.DROPPED: _("Opgivet")}

SENDING: dict[Sending, Word] = {
    Sending.WAITING: _("Venter på at blive sendt"), Sending.SENT: _("Sendt"), Sending.STOPPED: _("Ikke sendt"),
    Sending.WITHDRAWN: _("Trukket tilbage"), Sending.DEAD: _("Kunne ikke sendes"),
}  # fmt: skip

EVENTS: dict[Event, Word] = {Event.DELIVERED: _("afleveret"), Event.POSTED: _("postet"), Event.READ: _("læst")}

AUDIENCES: dict[Audience, Word] = {
    Audience.CHILD: _("barnet"), Audience.HOLDER: _("forældre"), Audience.CARER: _("plejefamilie"),
    Audience.UNIT: _("fagfolk"),
}  # fmt: skip

FAMILIES: dict[str, Word] = {
    "W1": _("Netværk og tovholder"), "W2": _("Kvittering og svar"), "W3": _("Afgørelser og høring"),
    "W4": _("Anmodninger og rykkere"), "W5": _("Aftaler i BUP"), "W6": _("Beskeder mellem behandlere"),
    "W7": _("Beskeder, der senere går elektronisk"),
}  # fmt: skip

DONE: dict[str, Word] = {
    "gemt": _("Kladden er gemt. Ingen andre end jeres enhed kan se den."),
    "sendt": _("Brevet er på vej. Her står det, når det er kommet frem."),
    "tilbage": _("Brevet er trukket tilbage."), "opgivet": _("Kladden er opgivet."), "postet": _("Brevet er postet."),
}  # fmt: skip
