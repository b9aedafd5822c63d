"""Which packs the law lets be read, and by whom (law-and-access §3, rows 9 and 10). Pure.

SSD: once, at one meeting; one more in special cases, with the reason in writing. Those who take part are the school,
the health visitors and the authority: a doctor outside the municipality and psychiatry never. Police and others (RPL
§ 115): never for an investigation, and not before a leader has approved it. What doesn't fit tells nobody anything.
"""

from collections.abc import Iterable, Iterator

from barnetsbog.law.rulebook import Rulebook

from .model import FOLLOW_UP, SSD, SSP, Pack

_SECTORS = {"family-department": "family_dept", "health-visitor": "health_visitor", "day-care": "school"}
"""The sectors of the law's acts, as the directory writes them."""

ALREADY = "Der har været et SSD-møde om barnet. Et møde mere kræver en særlig grund på skrift."
NO_MORE = "Der har været to SSD-møder om barnet. Loven giver ikke flere."
NO_PURPOSE = "Skriv formålet."
INVESTIGATION = "Oplysninger må aldrig gives til efterforskning."
NOT_ALLOWED_THERE = "Det sted kan ikke være med til den slags møde."
NOT_ALLOWED_HERE = "Jeres sted kan ikke give oplysninger til den slags møde."
OFF = "Reglen, som mødet hviler på, er ikke i kraft. Spørg jeres jurist."


def sectors(act: str, book: Rulebook) -> frozenset[str]:
    """Who can take part, and be told."""
    return frozenset(_SECTORS.get(one, one) for one in book.act(act).to_sectors)


def may_tell(sector: str, act: str, book: Rulebook) -> bool:
    """Whether a unit of a sector can tell something at such a meeting."""
    return sector in {_SECTORS.get(one, one) for one in book.act(act).from_sectors}


def counting(packs: Iterable[Pack], book: Rulebook) -> Iterator[Pack]:
    """Those packs of one child that may be read, each with the units that may read it."""
    in_order = sorted(packs, key=lambda one: (one.made_at, one.id))
    meetings = [one for one in in_order if one.act in (SSD, FOLLOW_UP)]
    kept = [one for number, one in enumerate(meetings) if number == 0 or (number == 1 and _is_special(one))]
    for one in (*kept, *(pack for pack in in_order if _is_approved(pack, book))):
        to = tuple((unit, sector) for unit, sector in one.to if sector in sectors(one.act, book))
        yield Pack(one.id, one.act, one.made_at, one.until, to, one.entries, one.reason, one.approved_by)


def _is_special(pack: Pack) -> bool:
    return pack.act == FOLLOW_UP and bool(pack.reason)


def _is_approved(pack: Pack, book: Rulebook) -> bool:
    return pack.act == SSP and bool(pack.approved_by) and bool(pack.reason) and not is_investigation(pack.reason, book)


def is_investigation(purpose: str, book: Rulebook) -> bool:
    return any(word in purpose.casefold() for word in book.act(SSP).forbidden_purposes)


def why_not(wanted: Pack, before: Iterable[Pack], at: int, book: Rulebook, *, by: str) -> str:
    """Why a pack may not be made; empty when it may. `by`: the sector of the unit that would make it."""
    meetings = sum(one.act in (SSD, FOLLOW_UP) for one in before)
    if not book.in_force(book.act(wanted.act).basis, at):
        return OFF
    if not may_tell(by, wanted.act, book):
        return NOT_ALLOWED_HERE
    if any(sector not in sectors(wanted.act, book) for _, sector in wanted.to):
        return NOT_ALLOWED_THERE
    if wanted.act == SSP:
        return NO_PURPOSE if not wanted.reason else INVESTIGATION if is_investigation(wanted.reason, book) else ""
    if meetings > 1:
        return NO_MORE
    return ALREADY if meetings == 1 and not _is_special(wanted) else ""
