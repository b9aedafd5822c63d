"""What an answer would change: everybody's rights with it and without it, compared. Pure.

The same derivation is asked twice that writes the grants, so the preview can't say anything else than what happens.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from barnetsbog.access.deriving import Law, rights_of
from barnetsbog.access.facts import Facts, Right
from barnetsbog.law.model import Consent, Status
from barnetsbog.record.rights import HEADINGS
from barnetsbog.record.shelves import PART_OF, block_of, numbers


class Opened(NamedTuple):
    """What a unit can read of what a unit has written (`source` empty: of everybody)."""

    unit: str
    source: str
    blocks: tuple[str, ...]
    level: int


class Difference(NamedTuple):
    gained: tuple[Opened, ...]
    lost: tuple[Opened, ...]


def what_if(facts: Facts, changed: Consent, law: Law, at: int) -> Difference:
    """What would be opened and closed at a moment, if this record were in the book as it is here."""
    before, after = (_at(rights_of(one, law), at) for one in (facts, with_answer(facts, changed)))
    return Difference(_more(after, before), _more(before, after))


def with_answer(facts: Facts, changed: Consent) -> Facts:
    """The facts, with this record in place of the one it is a new version of."""
    others = tuple(one for one in facts.consents if one.id != changed.id)
    return facts._replace(consents=(*others, changed))


def taken_back(consent: Consent, at: int) -> Consent:
    return replace(consent, status=Status.WITHDRAWN, withdrawn_at=at)


def _at(rights: Iterable[Right], at: int) -> list[Right]:
    return [one for one in rights if not one.entry and one.level >= HEADINGS and one.start <= at < one.end]


def _more(these: list[Right], than: list[Right]) -> tuple[Opened, ...]:
    """What these open and those do not, a line for each unit and source."""
    blocks: dict[tuple[str, str, int], set[str]] = {}
    for right in these:
        for shelf in numbers(right.shelves):
            if not any(_covers(other, right, shelf) for other in than):
                block = block_of(shelf)
                blocks.setdefault((right.grantee, right.source, right.level), set()).add(PART_OF.get(block, block))
    order = ("IN", "TI", "AK", "KO", "ST", "SA")
    return tuple(
        Opened(*key[:2], tuple(b for b in order if b in found), key[2]) for key, found in sorted(blocks.items())
    )


def _covers(other: Right, right: Right, shelf: int) -> bool:
    """Whether another right opens the same shelf of the same source at least as far."""
    same = other.grantee == right.grantee and other.level >= right.level and bool(other.shelves >> shelf & 1)
    return same and other.source in ("", right.source) and other.lane in ("", right.lane)
