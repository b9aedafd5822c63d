"""What somebody may see of each of the six blocks, decided and explained, for as many children as a list has.

Children with the same sort of relation have the same sort of grants, so a decision is made once for each pattern of
grants and looked up for the rest. It is the same reading of a grant that the queries have: a block is open as far as
any of its shelves is.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from barnetsbog.law.model import Block
from barnetsbog.record.book import Book
from barnetsbog.record.rights import FORBIDDEN
from barnetsbog.record.shelves import CLASSES, class_of, mask, numbers

NOTHING = "Ingen regel åbner det for dig."
"""The same words whether there is something or not."""

Pattern = tuple[tuple[int, int, str, bool], ...]
"""Of each grant: shelves, level, rule, and whether it is limited to what somebody certain has written."""


class BlockDecision(NamedTuple):
    """One block: how much of it (0 nothing, 2 headings, 3 contents), which classes, by which rules, and why."""

    block: str
    level: int
    classes: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str


_SHELVES = {block.value: mask([block.value], CLASSES) for block in Block}


@lru_cache(maxsize=4096)
def decide(pattern: Pattern, shelves: int, reach: int) -> tuple[BlockDecision, ...]:
    """The six blocks. `shelves` and `reach`: what the asker's role can use at most."""
    return tuple(_block(block, on & shelves, pattern, reach) for block, on in _SHELVES.items())


def _block(block: str, on: int, pattern: Pattern, reach: int) -> BlockDecision:
    opening = [grant for grant in pattern if grant[0] & on and grant[1] > FORBIDDEN]
    if not opening:
        return BlockDecision(block, 0, (), (), NOTHING)
    level = min(reach, max(grant[1] for grant in opening))
    opened = 0
    for grant in opening:
        opened |= grant[0] & on
    classes = tuple(dict.fromkeys(class_of(number) for number in numbers(opened)))
    rules = tuple(dict.fromkeys(grant[2] for grant in opening))
    partly = " Kun det, bestemte steder har skrevet." if all(grant[3] for grant in opening) else ""
    return BlockDecision(block, level, classes, rules, f"Åbnet efter {', '.join(rules)}.{partly}")


def decisions(
    book: Book, children: Iterable[UUID], *, whoever_wrote_it: bool = False
) -> dict[UUID, tuple[BlockDecision, ...]]:
    """For each of these children that the asker may know of: one query, whatever their number. `whoever_wrote_it`:
    leaves out what is open only as far as somebody certain has written it, the own unit above all."""
    patterns, scope = book.grant_patterns(), book.scope
    found = {}
    for child in children:
        pattern = patterns.get(book.key(child))
        if pattern is not None:
            counted = tuple(grant for grant in pattern if not grant[3]) if whoever_wrote_it else pattern
            found[child] = decide(counted, scope.shelves, scope.reach)
    return found
