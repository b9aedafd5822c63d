"""What the family department reads of a suspicion. To anybody else there is no such page."""

from uuid import UUID

import orjson

from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.roles import role_named
from barnetsbog.directory.queries import sectors
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.promotion import HONOUR_CONFLICT
from barnetsbog.record.scope import Scope

from . import mapping, rules
from .model import Pages, Told

_WRONG = "entered-in-error"


def pages(book: Book, child_id: UUID) -> Pages:
    """`NotFound` for whoever does not assess the risk."""
    facts = facts_of(child_id)
    if not may_assess(book.scope, facts):
        raise NotFound
    return Pages(tuple(_suspicions(book, child_id)), facts.child.parents_wait)


def _suspicions(book: Book, child_id: UUID) -> list[Told]:
    """What may be read, the newest first."""
    found = book.entries(child_id, Filter(what=(HONOUR_CONFLICT,), on_timeline=False))
    rows = [row for row in found if row.status != _WRONG]
    bodies = book.bodies(rows)
    return [
        Told(row.id, row.version, mapping.suspicion_of(orjson.loads(bodies[row.id])), row.recorded_at)
        for row in rows if row.id in bodies
    ]  # fmt: skip


def holds(book: Book, child_id: UUID) -> bool | None:
    """Whether nothing goes to parents and network now; None for whoever does not assess the risk."""
    facts = facts_of(child_id)
    return facts.child.parents_wait if may_assess(book.scope, facts) else None


def may_assess(scope: Scope, facts: Facts) -> bool:
    """Whether somebody writes what the risk is: a role that works with children, in a unit that does."""
    if scope.unit_id is None or "ball" not in role_named(scope.role).may:
        return False
    sector = sectors((scope.unit_id,)).get(scope.unit_id, "")
    return rules.may_assess(facts, str(scope.unit_id), sector, scope.at)
