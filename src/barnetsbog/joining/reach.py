"""Which books somebody may compare: those of the children that their own organisation has a task with.

Of two books it must be one at least. Who a child is may then be compared with the other, for it may be the same child;
nothing else of either is told, and not who works with it.
"""

from collections.abc import Collection
from uuid import UUID

from barnetsbog.access.roles import role_named
from barnetsbog.directory.queries import roles_in, units_beside
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record import store
from barnetsbog.record.scope import Scope


def must_join(by: Scope) -> None:
    """`NotFound` in every other role."""
    if "join" not in role_named(by.role).may or by.unit_id is None:
        raise NotFound


def own_units(by: Scope) -> set[UUID]:
    """The units of the own organisation."""
    must_join(by)
    return _organisation(by)


def has_administrator(by: Scope) -> bool:
    """Whether somebody in the asker's own organisation joins books."""
    return any("join" in role_named(one.code).may for one in roles_in(*_organisation(by)))


def _organisation(by: Scope) -> set[UUID]:
    assert by.unit_id
    return {by.unit_id, *(one.id for one in units_beside(by.unit_id))}


def own_children(by: Scope) -> set[UUID]:
    """The children that the own organisation has a task with."""
    return set(store.known_to([unit.bytes for unit in own_units(by)], by.at))


def may_see(by: Scope, children: Collection[UUID]) -> None:
    """`NotFound` unless one of these at least is the own organisation's."""
    if own_children(by).isdisjoint(children):
        raise NotFound
