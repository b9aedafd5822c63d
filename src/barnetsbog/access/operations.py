"""Keeping the grants in step with what they follow from."""

from collections.abc import Sequence
from typing import NamedTuple

from barnetsbog.record import store
from barnetsbog.record.models import Grant

from . import rules


class CareChange(NamedTuple):
    """A care relation as it is now. Ids are the 16 bytes of a UUID; `is_new`: it was not there before."""

    child_id: bytes
    basis_id: bytes
    unit_id: bytes | None
    status: str | None
    start: str | None
    end: str | None
    is_new: bool


def cares_changed(changes: Sequence[CareChange]) -> None:
    """Recomputes the grants that follow from these care relations, in the caller's transaction."""
    store.delete_grants([(one.child_id, one.basis_id) for one in changes if not one.is_new])
    rows = []
    for one in changes:
        period = rules.opened_by_care(one.status, one.start, one.end)
        if period and one.unit_id:
            rows.append((one.child_id, one.unit_id, one.basis_id, rules.CARE, period.start, period.end))
    store.insert(Grant, rows)
