"""Merkle trees in the manner of certificate transparency (RFC 6962): what a checkpoint promises, and how it is proved.

A root speaks for every record of the log and their order. Somebody who holds an old root can be shown that a record
was there (inclusion) and that the log has only grown since (consistency) without being given the rest of it. Pure:
hashes in, hashes out.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

EMPTY = sha256(b"").digest()
LEAF, NODE = b"\x00", b"\x01"
"""Prefixes that keep a record from being passed off as a node of the tree."""


def leaf_hash(content: bytes) -> bytes:
    return sha256(LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


class Frontier(NamedTuple):
    """A tree that can grow without its leaves: the roots of its full subtrees, the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extended(self, leaves: Iterable[bytes]) -> "Frontier":
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            size += 1
            level = size
            while not level & 1:  # two subtrees of the same size become one
                leaf = sha256(NODE + peaks.pop() + leaf).digest()
                level >>= 1
            peaks.append(leaf)
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        return folded(self.peaks)

    def peak(self, low: int, high: int) -> bytes | None:
        """The root of the leaves in this range, when it is one of the full subtrees."""
        begins = 0
        for peak in self.peaks:
            ends = begins + (1 << (self.size - begins).bit_length() - 1)
            if (begins, ends) == (low, high):
                return peak
            begins = ends
        return None


def folded(peaks: Sequence[bytes]) -> bytes:
    """The root above a row of subtrees."""
    if not peaks:
        return EMPTY
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node_hash(peak, found)
    return found


def root(leaves: Sequence[bytes]) -> bytes:
    return Frontier().extended(leaves).root


def inclusion(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of `leaves`, from the bottom up (RFC 6962 §2.1.1)."""
    return [root(leaves[low:high]) for low, high in beside(index, len(leaves))]


Range = tuple[int, int]
"""The leaves of a subtree: the first, and the one behind the last."""


def beside(index: int, size: int) -> list[Range]:
    """The subtrees whose roots prove that leaf `index` is in the tree of `size`, from the bottom up."""
    if not 0 <= index < size:
        raise IndexError(index)
    path: list[Range] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` proves that `leaf` is number `index` of the tree of `size` with the root `expected`."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(other, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == expected


def consistency(old: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that prove that the tree of `old` leaves is the beginning of this one (RFC 6962 §2.1.2)."""
    return [root(leaves[low:high]) for low, high in grown(old, len(leaves))]


def grown(old: int, size: int) -> list[Range]:
    """The subtrees whose roots prove that the tree of `old` leaves is the beginning of the tree of `size`."""
    if not 0 < old <= size:
        raise IndexError(old)
    path: list[Range] = []
    low, high, whole = 0, size, True
    while old != high:
        middle = low + split(high - low)
        if old <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low, whole = middle, False
    return [*([] if whole else [(low, high)]), *path[::-1]]


def is_continued(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the tree of `new` leaves begins with the tree of `old` leaves."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    rest = list(path) if old & (old - 1) else [old_root, *path]
    if not rest:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    earlier = later = rest[0]
    for other in rest[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            earlier, later = node_hash(other, earlier), node_hash(other, later)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            later = node_hash(later, other)
        at, last = at >> 1, last >> 1
    return last == 0 and earlier == old_root and later == new_root


def split(size: int) -> int:
    """Where a tree of `size` leaves parts: the largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1
