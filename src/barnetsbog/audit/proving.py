"""Proofs for somebody who holds a checkpoint and nothing else of the log (`proofs` says how they are checked)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from barnetsbog.kernel.decisions import NotFound

from . import checkpoints, links, proofs
from .checkpoints import Mark
from .models import Link


def consistency(old: Mark, new: Mark) -> list[str]:
    """That the log of `new` begins with the log of `old`."""
    if not 0 < old.size <= new.size:
        return []
    return [one.hex() for one in proofs.consistency(old.size, list(links.leaves(0, new.size)))]


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
    leaves = list(links.leaves(0, found[0].size))
    return {
        "format": "barnetsbog-audit-proof/1", "seq": seq, "content": list(row[3:]), "leaf": leaves[seq].hex(),
        "proof": [one.hex() for one in proofs.inclusion(seq, leaves)], "checkpoint": checkpoints.exported(found[0]),
    }  # fmt: skip
