"""What a patch answers when it can't be carried out, and how much one may do."""

from typing import Any

import orjson

MOST = 500
"""Operations in one patch."""

LARGEST = 4 * 1024 * 1024
"""Bytes that a patched resource may have: an operation that copies doubles what there is."""


class PatchFault(ValueError):
    """`place`: where in the patch; `malformed`: it is no patch at all (400), else it can't be done here (422)."""

    def __init__(self, place: str, reason: str, *, malformed: bool = False) -> None:
        super().__init__(reason)
        self.place, self.reason, self.malformed = place, reason, malformed


def within_bounds(content: Any, place: str) -> None:
    """Raises when what has been made of a resource is too large."""
    try:
        size = len(orjson.dumps(content))
    except TypeError:  # deeper than anything a person needs
        raise PatchFault(place, "Ressourcen ville blive indlejret i for mange lag.") from None
    if size > LARGEST:
        raise PatchFault(place, f"Ressourcen ville blive større end {LARGEST // 1024 // 1024} MB.")
