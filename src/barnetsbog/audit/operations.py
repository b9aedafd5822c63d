"""Writing the log."""

from typing import Any
from uuid import UUID

from barnetsbog.kernel.ids import new_id
from barnetsbog.record.scope import Scope

from .models import Event


def note(
    action: str,
    *,
    at: int,
    by: Scope | None,
    allowed: bool = True,
    child_id: UUID | None = None,
    reason: str = "",
    **detail: Any,
) -> None:
    """One line of the log. `by` is None for the instance's own connectors and for log-in attempts.

    `detail` says what was read or searched: kinds, numbers and ids, never the words of an entry and never a full CPR
    number.
    """
    Event.objects.create(
        id=new_id(), at=at, action=action, allowed=allowed, child_id=child_id, reason=reason[:300], detail=detail,
        person_id=by.role_id if by else None, unit_id=by.unit_id if by else None, role=by.role if by else "",
        purpose=by.purpose if by else "",
    )  # fmt: skip
