"""What is wrong with a log: the first record that is not as it was written, and what was done to it.

`walk` goes fast through records that are in order and stops at the first that is not. `diagnose` then looks at that one
and its surroundings at leisure. Both are pure; `verifying` brings them the rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from .chain import Chain
from .proofs import Frontier


class Kind(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    OUT_OF_ORDER = "out-of-order"
    TRUNCATED = "truncated"
    HEAD = "head"  # the row that says where the log ends
    CHECKPOINT = "checkpoint"  # the log is another than the one a checkpoint was taken of
    SPOOL = "spool"
    KEY = "key"  # nothing fits: this is not the key that the log was written with


@dataclass(frozen=True, slots=True)
class Damage:
    """The first bad record. `seq` is its place counted from 0; None when it has none. `since`: for a checkpoint that
    does not fit, the last size at which all is known to be well."""

    kind: Kind
    seq: int | None
    event_id: UUID | None = None
    at: int | None = None
    since: int | None = None


class Walked(NamedTuple):
    """A range of records, as far as they are in order. `marks`: the range's own tree at the sizes that were asked
    for."""

    good: int
    last: bytes
    tree: Frontier
    marks: dict[int, tuple[bytes, ...]]


Row = Sequence[Any]
"""seq, leaf, hash, and the values of the event (`links.linked`)."""


def walk(chain: Chain, rows: Iterable[Row], first: int, previous: bytes, sizes: Iterable[int]) -> Walked:
    """Checks records from number `first` on, the hash before which is `previous`."""
    leaves: list[bytes] = []
    keep, seq, base, dumps, digest = leaves.append, first, chain.base, orjson.dumps, sha256
    try:
        for row in rows:
            leaf = digest(b"\x00" + dumps(row[3:])).digest()
            hashed = base.copy()
            hashed.update(previous + leaf)
            if row[0] != seq or row[1] != leaf or row[2] != (mark := hashed.digest()):
                break
            previous = mark
            keep(leaf)
            seq += 1
    except orjson.JSONEncodeError:  # SQLite keeps whatever it is given: what is no text where one belongs was changed
        pass
    tree, marks = _tree(leaves, [size - first for size in sizes if first < size <= seq])
    return Walked(seq - first, previous, tree, {first + size: peaks for size, peaks in marks.items()})


def _tree(leaves: list[bytes], sizes: list[int]) -> tuple[Frontier, dict[int, tuple[bytes, ...]]]:
    tree, marks = Frontier(), {}
    for size in sorted(sizes):
        tree = tree.extended(leaves[tree.size : size])
        marks[size] = tree.peaks
    return tree.extended(leaves[tree.size :]), marks


# -- the first bad record ----------------------------------------------------------------------------------------------


class Linked(NamedTuple):
    """A link, and its event as it is now: `actual` is its leaf, None when the event is gone, and nothing when it is no
    event any more. `event_id` is None when it is no id."""

    seq: int
    event_id: UUID | None
    leaf: bytes
    hash: bytes
    actual: bytes | None
    at: int | None


class Bare(NamedTuple):
    """What the chain itself says of a record."""

    seq: int
    leaf: bytes
    hash: bytes


Everyone = Callable[[], Iterable[Bare]]


def diagnose(
    chain: Chain, previous: bytes, expected: int, first: Linked, second: Linked | None, end: bytes, everyone: Everyone
) -> Damage:
    """What happened at number `expected`, where `first` now stands and `second` follows. `end`: the hash that the log
    is said to end with; `everyone`: all links there are."""
    fits = chain.after(previous, first.leaf) == first.hash
    if first.seq != expected:
        kind = Kind.CHANGED if fits else Kind.MISSING
        return Damage(kind, expected, *((first.event_id, first.at) if fits else (None, None)))
    if fits:  # the chain holds, so it is the event that does not
        kind = Kind.MISSING if first.actual is None else Kind.CHANGED
    else:
        kind = _unchained(chain, previous, first, second, end, everyone)
    gone = kind is Kind.MISSING and not fits
    return Damage(kind, expected, None if gone else first.event_id, None if gone else first.at)


def _unchained(
    chain: Chain, previous: bytes, first: Linked, second: Linked | None, end: bytes, everyone: Everyone
) -> Kind:
    """The link does not continue the chain."""
    actual = first.actual or first.leaf
    proper = chain.after(previous, actual)  # what would stand here if only the link had been changed
    if proper in (first.hash, end if second is None else None) or _leads_to(chain, proper, second):
        return Kind.CHANGED
    genuine = successor = False
    for other in everyone():
        if other.seq != first.seq:
            genuine |= first.hash in (chain.after(other.hash, first.leaf), chain.after(previous, other.leaf))
            successor |= other.hash == chain.after(previous, other.leaf)
    if genuine:
        return Kind.OUT_OF_ORDER
    if successor:
        return Kind.INSERTED
    goes_on = first.hash == end if second is None else _leads_to(chain, first.hash, second)
    return Kind.MISSING if goes_on else Kind.CHANGED


def _leads_to(chain: Chain, last: bytes, second: Linked | None) -> bool:
    return second is not None and chain.after(last, second.leaf) == second.hash


# -- the end, and checkpoints ------------------------------------------------------------------------------------------


def at_end(chain: Chain, size: int, last: bytes, head: tuple[int, bytes, bytes] | None) -> Damage | None:
    """Whether a log of `size` records ends where it says. `head`: size, hash and what vouches for them."""
    if head is None:
        return Damage(Kind.HEAD, None) if size else None
    if head[0] > size:
        return Damage(Kind.TRUNCATED, size)
    if head[:2] != (size, last) or head[2] != chain.head(head[0], head[1]):
        return Damage(Kind.HEAD, None)
    return None


def at_checkpoint(size: int, root: bytes, found: Mapping[int, bytes], whole: int, since: int) -> Damage | None:
    """Whether the log, of `whole` records, was what a checkpoint says when it had `size`."""
    if size > whole:
        return Damage(Kind.TRUNCATED, whole, since=since)
    return None if found.get(size) == root else Damage(Kind.CHECKPOINT, size - 1, since=since)
