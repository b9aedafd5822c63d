"""What the child's own pages are called and say: the rooms of the house, and rights, in words that a child can read."""

from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from barnetsbog.directory.queries import child
from barnetsbog.law.ages import ADULT_AGE, turned
from barnetsbog.record.scope import Scope
from barnetsbog.voice.model import HOUSE, Room

from .words import Word

OWN_LOG_IN = 13
"""From when a child has MitID, and reads alone (screens.md §1). Before that a grown-up sits beside it."""


class Words(NamedTuple):
    name: Word
    question: Word


ROOMS: dict[str, Words] = {
    Room.WORRY: Words(_("Det, der gør mig ked af det"), _("Hvad er du ked af eller bange for?")),
    Room.GOOD: Words(_("Det gode"), _("Hvad er godt? Hvem gør dig glad?")),
    Room.WISH: Words(_("Det, jeg ønsker"), _("Hvad ønsker du dig? Hvad skal være anderledes?")),
    Room.NOTE: Words(_("Mine noter"), _("Hvad vil du skrive?")),
}
RIGHTS: dict[str, Word] = {
    "speak": _("Du må sige, hvad du synes. De voksne skal spørge dig først. Du må også sige nej til at svare."),
    "talk-alone": _("Du må tale alene med en voksen fra kommunen. Din mor og far skal ikke sige ja først."),
    "bisidder": _("Du må have en voksen med, som du selv vælger. Det hedder en bisidder."),
    "party": _("Kommunen skal høre dig, før den bestemmer noget om dig. Du skal selv have brev om det. Du må klage."),
    "informed": _("Lægen skal sige det, så du kan forstå det. Du må spørge om alt."),
    "answer": _("Du siger selv ja eller nej til hjælp fra læge og BUP. Dine forældre skal stadig have noget at vide."),
    "access": _("Du siger selv, hvem der må læse om dit helbred. Du må selv læse, hvad der står."),
    "youth-plan": _("Kommunen skal tale med dig om en plan for tiden, til du er 18."),
    "seen": _("Du må se, hvem der har læst om dig, og hvorfor."),
    "adult": _("Du er voksen. Du siger selv ja og nej til alt."),
}  # fmt: skip
"""By `voice.rules.RIGHTS`."""
ENDS: dict[str, Word] = {
    "speak": _("Det er ikke længere loven om børn, der gælder for dig. Spørg, hvad der gælder så."),
    "bisidder": _("Din bisidder kan ikke læse med mere. Du kan i stedet give en fuldmagt."),
}
"""What is told of a right that ends with a birthday; of the others nothing that matters to a child."""


class Stage(NamedTuple):
    """How old the reader is, who is the one whom the book is about; of anybody else nothing is true. `young`: too young
    to have a log-in of their own; `adult`: 18."""

    young: bool = False
    adult: bool = False


def stage(scope: Scope, child_id: UUID) -> Stage:
    if not scope.own:
        return Stage()
    known = child(child_id)
    born = known.born if known else None
    return Stage(not turned(born, OWN_LOG_IN, scope.at), turned(born, ADULT_AGE, scope.at))


def rooms(*, young: bool, used: set[Room]) -> tuple[Room, ...]:
    """The house for a child, notes for somebody older; and whatever stands in another room already."""
    first = HOUSE if young else (Room.NOTE,)
    return (*first, *(one for one in Room if one in used and one not in first))
