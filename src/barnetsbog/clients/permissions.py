"""What SMART scopes allow: a token narrows what its client's role may do and never widens it. Pure.

SMART App Launch 2.2 §3 (`system/Observation.rs`); of version 1 `.read`, `.write` and `.*` are understood.
"""

from collections.abc import Mapping
from dataclasses import dataclass

EVERY = "*"
LETTERS = "cruds"
"""create, read, update, delete, search: the acts of a scope, in the order that the standard demands."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which acts on which types a token allows. What its bearer may *see* is for the grants to say."""

    acts: Mapping[str, frozenset[str]]
    """Acts by resource type, `*` for every type."""

    def may(self, kind: str, act: str) -> bool:
        """Whether an act (one of `cruds`) on a resource type is allowed."""
        return act in self.acts.get(kind, ()) or act in self.acts.get(EVERY, ())
