"""Whose ball it is. Pure."""

from collections.abc import Hashable

from .model import Tab


def tab_of(holder_id: Hashable, asker: frozenset[Hashable]) -> Tab:
    """Which tab a ball stands in for somebody who goes by the ids `asker` (role, person, and the unit itself)."""
    if holder_id is None:
        return Tab.NOBODY
    return Tab.MINE if holder_id in asker else Tab.WAITING


def is_overdue(due: int | None, at: int) -> bool:
    return due is not None and due < at
