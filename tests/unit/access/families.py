"""A child and those around it, in few words: the tests of rights say only what differs from this.

What stands in a book is written `TI/H@bup`: a block, a class, and the sector (or the unit, when it has a dash) that wrote
it. Alma was born on 1 October 2013, so she is 13 on the day that the tests look at (`NOW`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from barnetsbog.access import relations
from barnetsbog.access.deriving import Law, rights_of
from barnetsbog.access.facts import Care, Facts, Right
from barnetsbog.kernel.time import FOREVER
from barnetsbog.law.model import Consent, Custody, Holder, Matter, Status
from barnetsbog.law.rulebook import Rulebook, standard
from barnetsbog.record.rights import GrantRow, opens
from barnetsbog.record.shelves import BLOCKS, CLASSES, shelf
from tests.unit.law.family import ALMA, FATHER, JOINT, MOTHER, NOW, PPR, SCHOOL, answer, child, sharing

_NAMES = UUID(int=7)
BUP = "bup-unit"
ENTRY = "an-entry"


def ident(name: str) -> UUID:
    return uuid5(_NAMES, name)


@cache
def table(book: Rulebook | None = None) -> relations.Relations:
    return relations.read(relations.FILE.read_text(encoding="utf-8"), book or standard())


def law(**changes: Any) -> Law:
    """The law in use, perhaps with rules switched off or ended."""
    return Law(standard().with_changes(**changes) if changes else standard(), table())


LAW = law()


def facts(*, born: str = "2013-10-01", custody: Custody = JOINT, **more: Any) -> Facts:
    about = {name: more.pop(name) for name in ("died_at", "placements", "capacity_decisions") if name in more}
    return Facts(more.pop("who", child(born, **about)), custody, **more)


def derived(*, using: Law = LAW, **more: Any) -> list[Right]:
    return rights_of(facts(**more), using)


def care(sector: str, start: int = 0, end: int = FOREVER, unit: str = "", task: str = "") -> Care:
    return Care(f"care-{sector}{unit}", unit or f"{sector}-unit", sector, start, end, task)


def level(rights: Iterable[Right], who: str, what: str, at: int = NOW, *, entry: str = "") -> int:
    """How much of an entry somebody is let into by these rights: 0 nothing, 2 headings, 3 contents."""
    where, _, writer = what.partition("@")
    block, _, letter = where.partition("/")
    lane, unit = (writer.partition("-")[0], writer) if "-" in writer else (writer or "other", f"some-{writer}")
    found = [one for one in rights if one.start <= at < one.end]
    if any(one.level == 0 and one.entry and one.entry == entry for one in found):
        return 0
    return max(
        (
            one.level
            for one in found
            if one.grantee == who
            and opens(
                _row(one), entry_id=ident(entry or ENTRY), shelf=shelf(block, letter), unit_id=ident(unit), lane=lane
            )
        ),
        default=0,
    )


def _row(right: Right) -> GrantRow:
    source, entry = (ident(name) if name else None for name in (right.source, right.entry))
    return GrantRow(right.shelves, right.level, source, right.lane, entry, right.rule)


def opened(
    rights: Sequence[Right], who: str, at: int = NOW, *, writers: Iterable[str] = ("", "bup", "ppr")
) -> set[str]:
    """Every shelf that somebody is let into, by writer."""
    places = [f"{block}/{letter}@{writer}" for block in BLOCKS for letter in CLASSES for writer in writers]
    return {place for place in places if level(rights, who, place, at)}


def known(rights: Iterable[Right], who: str, at: int = NOW) -> bool:
    """Whether somebody may know that there is a book."""
    return any(one.grantee == who and one.start <= at < one.end and not one.entry and one.level for one in rights)


SHARED = sharing("IN/O", "TI/H", "AK/O")
TO_BUP = Matter("ppr-to-bup", frozenset({PPR}), BUP, SHARED)


def yes(giver: str, matter: Matter = TO_BUP, **more: Any) -> Consent:
    return answer(matter, giver, **more)


def both(matter: Matter = TO_BUP, **more: Any) -> tuple[Consent, ...]:
    return yes(MOTHER, matter, **more), yes(FATHER, matter, **more)


def withdrawn(consent: Consent, at: int) -> Consent:
    return replace(consent, status=Status.WITHDRAWN, withdrawn_at=at)


def held(person: str, **more: Any) -> Holder:
    return Holder(person, **more)


__all__ = ["ALMA", "FATHER", "JOINT", "MOTHER", "NOW", "PPR", "SCHOOL", "answer", "child", "sharing"]
