"""Proofs for somebody who holds a checkpoint and nothing else of the log (`proofs` says how they are checked)."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from barnetsbog.kernel.decisions import NotFound

from . import checkpoints, links, proofs
from .checkpoints import Mark
from .models import Link
from .proofs import Frontier, Range


def consistency(old: Mark, new: Mark) -> list[str]:
    """That the log of `new` begins with the log of `old`."""
    if not 0 < old.size <= new.size:
        return []
    return _roots(proofs.grown(old.size, new.size))


_FEW = 2_048
"""Leaves that are read one by one."""


def _roots(ranges: Iterable[Range]) -> list[str]:
    return [_root(low, high).hex() for low, high in ranges]


def _root(low: int, high: int) -> bytes:
    """The root of a subtree. A log may be of many million lines, so what a checkpoint knows of it is not read again:
    the left half of a tree is a peak from when it is full until the right half is. A peak that was changed makes a
    proof that proves nothing."""
    size = high - low
    known = None
    if size > _FEW and not size & (size - 1) and not low % (2 * size):
        tree = checkpoints.tree_between(high, high + size)
        known = tree.peak(low, high) if tree else None
    if known is not None:
        return known
    if size <= _FEW:
        return Frontier().extended(links.leaves(low, high)).root
    middle = low + proofs.split(size)
    return proofs.node_hash(_root(low, middle), _root(middle, high))


def continued(old: Mark) -> dict[str, Any]:
    """The newest checkpoint, and that the log it was taken of begins with the log of `old`. NotFound when there is no
    checkpoint."""
    found = checkpoints.newest()
    if found is None:
        raise NotFound
    proof = {"size": old.size, "root": old.root.hex(), "proof": consistency(old, found[0])}
    return {**checkpoints.exported(found[0]), "continues": proof}


def provable(events: Collection[UUID]) -> set[UUID]:
    """Those of the events that stand in a checkpoint."""
    found = checkpoints.newest()
    if found is None or not events:
        return set()
    rows = Link.objects.filter(event_id__in=events, seq__lt=found[0].size)
    return set(rows.values_list("event_id", flat=True))


def inclusion(event_id: UUID) -> dict[str, Any]:
    """That an event stands in the newest checkpoint. `content` is what its leaf is the hash of; NotFound when it has
    no place there yet."""
    seq = Link.objects.filter(event_id=event_id).values_list("seq", flat=True).first()
    found = checkpoints.newest()
    if seq is None or found is None or seq >= found[0].size:
        raise NotFound
    (row,) = links.linked(seq, seq + 1)
    return {
        "format": "barnetsbog-audit-proof/1", "seq": seq, "content": list(row[3:]), "leaf": bytes(row[1]).hex(),
        "proof": _roots(proofs.beside(seq, found[0].size)), "checkpoint": checkpoints.exported(found[0]),
    }  # fmt: skip
