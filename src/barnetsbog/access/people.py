"""The people of a family who may open the child's book."""

from typing import NamedTuple
from uuid import UUID

from barnetsbog.record import store
from barnetsbog.record.instance import now
from barnetsbog.record.scope import Scope


class Relative(NamedTuple):
    """Somebody of a family with rights now: the child's book, their entry in it, what they are there, their name."""

    child_id: UUID
    person_id: UUID
    what: str
    name: str


def everybody_with_rights() -> list[Relative]:
    """For the list of log-ins of a demonstration, and for nothing else."""
    return [Relative(*row) for row in store.people_with_rights(now())]


def own_name(scope: Scope, child_id: UUID) -> str:
    """What somebody of the family is called, to greet them with."""
    return store.name_of(child_id.bytes, scope.role_id.bytes)
