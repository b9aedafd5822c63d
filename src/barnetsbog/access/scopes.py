"""Making a scope: the one place where somebody's rights begin."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from barnetsbog.directory.queries import role
from barnetsbog.kernel.time import SECOND
from barnetsbog.record.instance import now
from barnetsbog.record.models import Grant
from barnetsbog.record.scope import LoginLevel, Scope, Seal

_SEAL = Seal()

PURPOSES = {
    "psychologist": "ppr", "consultant": "ppr", "teacher": "skole", "school_leader": "skole", "pedagogue": "skole",
    "caseworker": "barnets-lov", "gp": "behandling", "bup_clinician": "behandling", "bup_secretary": "visitation",
    "nurse": "behandling", "ltt": "ltt", "health_visitor": "sundhedspleje", "manager": "ledelse",
}  # fmt: skip
"""What each role uses the book for. No purpose, no access."""


def scope_for(role_id: UUID, *, level: LoginLevel, purpose: str | None = None) -> Scope | None:
    """The scope of a professional who acts in a role now; None when the role is not (any longer) theirs or has no
    purpose."""
    found = role(role_id)
    why = purpose or (PURPOSES.get(found.code, "opgave") if found else "")
    if found is None or not found.active or found.unit_id is None or not why:
        return None
    return Scope(role_id, found.professional_id, found.unit_id, found.code, why, level, now(), _SEAL)


OPERATOR = UUID(int=1)
"""The unit of whoever runs the instance. It has no grants of its own."""


@contextmanager
def operator_scope(child_ids: list[UUID], *, purpose: str) -> Iterator[Scope]:
    """The operator at the command line, who may read these books, whole, for one act.

    The right is a grant like any other and is gone again when the act ends: the operator has no standing access.
    """
    at = now()
    with transaction.atomic():
        for child_id in child_ids:
            Grant.objects.create(
                child_id=child_id,
                unit_id=OPERATOR,
                basis_id=OPERATOR,
                basis=purpose,
                valid_from=at,
                valid_to=at + 600 * SECOND,
            )
        yield Scope(OPERATOR, None, OPERATOR, "operator", purpose, LoginLevel.HIGH, at, _SEAL, complete=True)
        for child_id in child_ids:
            Grant.objects.filter(child_id=child_id, unit_id=OPERATOR, basis_id=OPERATOR).delete()
