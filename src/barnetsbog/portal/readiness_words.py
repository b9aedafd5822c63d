"""Readiness in words: how things stand, and who can supply them."""

from typing import NamedTuple

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.readiness.model import Coming, Item, Readiness, State, Supplier

from .words import Word

STATES: dict[State, tuple[Word, str]] = {
    State.THERE: (_("Er der"), ""), State.NOT_NEEDED: (_("Ikke nødvendigt"), ""),
    State.OVERRIDDEN: (_("Undværes"), "badge-info"), State.WAITS: (_("Venter"), "badge-warning"),
    State.MISSING: (_("Mangler"), "badge-error"), State.REFUSED: (_("Sagt nej"), "badge-error"),
    State.UNSEEN: (_("Kan ikke ses herfra"), "badge-info"),
}  # fmt: skip
"""What each state is called, and the badge it has; none where nothing needs to be done."""

SUPPLIERS: dict[Supplier, Word] = {
    Supplier.GIVERS: _("Dem, der skal svare"), Supplier.REFERRER: _("Henviseren"),
    Supplier.RECEIVER: _("Stedet, barnet kommer til"),
    Supplier.FAMILY: _("Familien"), Supplier.SCHOOL: _("Skolen eller dagtilbuddet"), Supplier.PPR: _("PPR"),
    Supplier.GP: _("Egen læge"),
}  # fmt: skip

DONE: dict[str, Word] = {
    "ask": _("Opgaverne er oprettet. Du har dem, og fristen ligger før besøget."),
    "none": _("Der var intet nyt at oprette. Alt, der mangler, er der en opgave for."),
    "without": _("Det er skrevet ned, at besøget kan holdes uden."), "back": _("Det skal være der alligevel."),
}  # fmt: skip


_IN_A_LINE = 3


def how_ready(readiness: Readiness) -> tuple[str, str]:
    """Ready, or how much is lacking, with the badge it has."""
    if readiness.ready:
        return gettext("Klar"), "badge-success"
    lacking = len(readiness.lacking)
    return ngettext("Mangler %(n)s ting", "Mangler %(n)s ting", lacking) % {"n": lacking}, "badge-warning"


def lacks(readiness: Readiness) -> str:
    """The first of what is lacking, in a line."""
    titles = [one.requirement.title for one in readiness.lacking]
    return ", ".join(titles[:_IN_A_LINE]) + (" …" if len(titles) > _IN_A_LINE else "")


class Row(NamedTuple):
    """An item, in words. `who`: who can supply it, by name where somebody's answer is lacking."""

    item: Item
    state: Word
    badge: str
    who: tuple[object, ...]


def rows(found: Coming) -> list[Row]:
    """Everything that a visit needs: what is lacking first."""
    ordered = sorted(found.readiness.items, key=lambda one: one.settled)
    return [Row(one, *STATES[one.state], _who(one, found)) for one in ordered]


def _who(item: Item, found: Coming) -> tuple[object, ...]:
    if item.settled or item.state in (State.REFUSED, State.UNSEEN):
        return ()
    named = tuple(found.people[one].name for one in item.people if one in found.people)
    return named or (SUPPLIERS[item.requirement.supplier],)
