"""What can be consented to, as the record of a consent names it: the acts of `law/acts.yaml` and their kinds."""

from collections.abc import Mapping

from barnetsbog.law.model import Kind
from barnetsbog.law.rulebook import standard

ACTS: Mapping[str, Kind] = {act.id: act.kind for act in standard().acts.values()}

MOVES = frozenset((Kind.DISCLOSURE, Kind.RETRIEVAL))
"""Kinds of act that move something from somebody to somebody: such a consent must name both."""
