"""Writing the log."""

import json
from typing import Any
from uuid import UUID

from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
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
    person, unit, role, purpose = (by.role_id, by.unit_id, by.role, by.purpose) if by else (None, None, "", "")
    ids = [ident and ident.bytes for ident in (child_id, person, unit)]
    row = (new_id().bytes, at, action, allowed, *ids, role, purpose, reason[:300], json.dumps(detail))
    store.insert(Event, [row])
