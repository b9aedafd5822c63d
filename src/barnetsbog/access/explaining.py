"""Why somebody sees what they see in a child's book: their own rights, in the words of the rules.

It tells of the reader's own rights only. What is closed, and whether anything is, is nobody's to know.
"""

from typing import NamedTuple
from uuid import UUID

from barnetsbog.law.rules import Rule
from barnetsbog.record.book import Book
from barnetsbog.record.shelves import block_of, class_of, numbers

from .law_in_force import law_in_use


class Reason(NamedTuple):
    """One right the reader has now: by which rule, for what, which blocks and classes, how much, until when."""

    rule: Rule
    purpose: str
    blocks: tuple[str, ...]
    classes: tuple[str, ...]
    level: int
    source_id: UUID | None
    lane: str
    until: int


def reasons(book: Book, child_id: UUID) -> list[Reason]:
    """The reader's rights in the child's book, the widest first; what was merely sent to them counts as one."""
    rules = law_in_use().book.rules
    found: dict[tuple[object, ...], Reason] = {}
    for grant in book.own_grants(child_id):
        shelves = numbers(grant.shelves & book.scope.shelves)
        blocks = tuple(dict.fromkeys(block_of(shelf) for shelf in shelves))
        classes = tuple(dict.fromkeys(class_of(shelf) for shelf in shelves))
        level = min(grant.level, book.scope.reach)
        reason = Reason(
            rules[grant.rule], grant.purpose, blocks, classes, level, grant.source_id, grant.lane, grant.valid_to
        )
        found.setdefault((grant.rule, blocks, classes, grant.source_id, grant.lane), reason)
    return sorted(found.values(), key=lambda one: -len(one.blocks) * len(one.classes))
