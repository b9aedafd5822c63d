"""Who holds custody at a moment, and as what they answer.

A parent who is back takes over from a temporary holder, and a temporary holder from a representative: of the kinds that
are there, only the first one answers. The dead answer nothing.
"""

from collections.abc import Iterator

from barnetsbog.law import rules
from barnetsbog.law.model import Capacity, Custody, Holder, HolderKind

_PRECEDENCE = (HolderKind.PARENT, HolderKind.APPOINTED, HolderKind.TEMPORARY, HolderKind.REPRESENTATIVE)
RULE_OF = {
    HolderKind.PARENT: rules.JOINT_CUSTODY,
    HolderKind.APPOINTED: rules.APPOINTED_HOLDER,
    HolderKind.TEMPORARY: rules.TEMPORARY_HOLDER,
    HolderKind.REPRESENTATIVE: rules.REPRESENTATIVE,
}


def as_what(holder: Holder) -> Capacity:
    return Capacity.REPRESENTATIVE if holder.kind is HolderKind.REPRESENTATIVE else Capacity.HOLDER


def alive(holder: Holder, at: int) -> bool:
    return holder.deceased_at is None or at < holder.deceased_at


def registered(custody: Custody, at: int) -> list[Holder]:
    """Everybody who stands as a holder and is alive."""
    return [each for each in custody.holders if each.valid_from <= at < each.valid_to and alive(each, at)]


def holding(custody: Custody, at: int) -> list[Holder]:
    """Those who hold custody."""
    present = registered(custody, at)
    for kind in _PRECEDENCE:
        first = [each for each in present if each.kind is kind]
        if first:
            return first
    return []


def contradicts_itself(custody: Custody, at: int) -> bool:
    """Somebody is appointed because the parents are prevented (FAL § 28), and a parent still stands as a holder."""
    if HolderKind.APPOINTED not in [each.kind for each in custody.holders]:
        return False
    kinds = [each.kind for each in registered(custody, at)]
    return HolderKind.APPOINTED in kinds and HolderKind.PARENT in kinds


def changes(custody: Custody) -> Iterator[int]:
    """Every moment at which somebody begins or ceases to hold it."""
    for holder in custody.holders:
        yield from (holder.valid_from, holder.valid_to)
        if holder.deceased_at is not None:
            yield holder.deceased_at
