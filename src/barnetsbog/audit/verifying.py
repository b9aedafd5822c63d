"""Checking the whole log, on all cores.

The chain is cut into ranges of 2^14 records. A range begins with the hash that its predecessor is stored with, and the
predecessor's own check vouches for that, so ranges can be checked side by side; and because each is a whole subtree of
the Merkle tree, their roots make the tree of all. A log that grows meanwhile is checked as it was when the check began.
"""

import gc
import multiprocessing
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from time import time_ns
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from . import checkpoints, diagnosis, links, spool
from .chain import START
from .checkpoints import Mark
from .diagnosis import Bare, Damage, Kind, Linked, Walked, walk
from .encoding import from_text, leaf_of
from .keys import chain
from .links import as_bytes
from .proofs import Frontier, folded

RANGE = 1 << 14
WORTH_A_PROCESS = 4
"""Ranges below which starting other processes costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `oldest`: for how many seconds the oldest unsealed event has waited."""

    size: int
    head: bytes
    root: bytes
    checkpoints: int
    unsealed: int
    oldest: int
    spooled: int
    damage: Damage | None


@dataclass(slots=True)
class _State:
    """What has been found to be in order so far."""

    good: int = 0
    last: bytes = b""
    tree: Frontier = field(default_factory=Frontier)
    roots: dict[int, bytes] = field(default_factory=dict)


class _Part(NamedTuple):
    start: int
    end: int
    sizes: Sequence[int]


class _Counts(NamedTuple):
    events: int
    links: int
    unsealed: int
    limit: int
    head: tuple[int, bytes, bytes] | None


def verify(*, jobs: int | None = None, against: Sequence[Mark] = ()) -> Verdict:
    """Checks every record, the end, all checkpoints here and those in `against`."""
    marks, kept = list(checkpoints.all_marks()), checkpoints.kept_mark()
    others = [*against, *([kept[1]] if kept and kept[0] == chain().name else [])]
    waiting, counts = spool.read(), _counts()  # later than the checkpoints, so that none is of a longer log
    state = _walked(counts.limit, sorted({mark.size for mark in (*marks, *others)}), jobs)
    damage = _first_damage(state, counts, marks, others)
    if damage is None and waiting.damaged:
        damage = Damage(Kind.SPOOL, waiting.damaged)
    return Verdict(
        counts.links, state.last, state.tree.root, len(marks), counts.unsealed, _oldest(), len(waiting.lines), damage
    )


def _counts() -> _Counts:
    """Taken by one statement, so that they are of one moment."""
    sql = """SELECT (SELECT count(*) FROM audit_event), (SELECT count(*) FROM audit_link),
      (SELECT count(*) FROM audit_unsealed), (SELECT coalesce(max(seq), -1) + 1 FROM audit_link), h.size, h.hash, h.mac
      FROM (SELECT 1 AS one) o LEFT JOIN audit_head h ON h.id = o.one"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        events, linked, unsealed, limit, size, last, mac = cursor.fetchone()
    return _Counts(events, linked, unsealed, limit, None if size is None else links.as_head((size, last, mac)))


# -- the chain ---------------------------------------------------------------------------------------------------------


def _walked(limit: int, sizes: Sequence[int], jobs: int | None) -> _State:
    """The records as far as they are in order."""
    state = _State(last=START)
    for walked in _ranges(_parts(limit, sizes), jobs):
        for size, peaks in walked.marks.items():
            state.roots[size] = folded((*state.tree.peaks, *peaks))
        wanted = min(RANGE, limit - state.good)
        state.tree = _joined(state.tree, walked.tree)
        state.good, state.last = state.good + walked.good, walked.last
        if walked.good < wanted:
            break
    return state


def _joined(tree: Frontier, more: Frontier) -> Frontier:
    """A tree of whole ranges and the tree of the next range: whole subtrees of the same size become one."""
    if more.size < RANGE:
        return Frontier(tree.size + more.size, (*tree.peaks, *more.peaks))
    ranges = Frontier(tree.size // RANGE, tree.peaks).extended(more.peaks)
    return Frontier(ranges.size * RANGE, ranges.peaks)


def _parts(limit: int, sizes: Sequence[int]) -> list[_Part]:
    """The ranges, each with the checkpoints that fall in it."""
    starts = range(0, limit, RANGE)
    ends = [min(start + RANGE, limit) for start in starts]
    return [
        _Part(start, end, sizes[bisect_right(sizes, start) : bisect_right(sizes, end)])
        for start, end in zip(starts, ends, strict=True)
    ]


def _ranges(parts: Sequence[_Part], jobs: int | None) -> Iterator[Walked]:
    workers = multiprocessing.cpu_count() if jobs is None else jobs
    if workers < 2 or len(parts) < WORTH_A_PROCESS:
        yield from map(_range, parts)
        return
    chain()
    connection.close()  # an open connection must not be shared with a child process
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), initializer=gc.disable) as pool:
        try:
            yield from pool.map(_range, parts)
        finally:
            pool.shutdown(cancel_futures=True)  # behind the first fault nothing matters


def _range(part: _Part) -> Walked:
    return walk(chain(), links.linked(part.start, part.end), part.start, links.hash_before(part.start), part.sizes)


# -- what is wrong -----------------------------------------------------------------------------------------------------


def _first_damage(state: _State, counts: _Counts, marks: Sequence[Mark], against: Sequence[Mark]) -> Damage | None:
    if counts.links != counts.limit and _stands_before_the_first():
        return Damage(Kind.INSERTED, 0)
    if state.good < counts.limit:
        return _diagnosed(state, counts)
    if damage := diagnosis.at_end(chain(), state.good, state.last, counts.head):
        return damage
    for damage in (*_at_checkpoints(state, marks, chained=True), *_at_checkpoints(state, against, chained=False)):
        return damage
    return _unplaced(counts)


def _diagnosed(state: _State, counts: _Counts) -> Damage:
    rows = [_linked(row) for row in _from(state.good)]
    if not rows:
        return Damage(Kind.TRUNCATED, state.good)
    if state.good == 0 and _other_key(counts, rows[0]):
        return Damage(Kind.KEY, None)
    end = counts.head[1] if counts.head else b""
    second = rows[1] if len(rows) > 1 else None
    return diagnosis.diagnose(chain(), state.last, state.good, rows[0], second, end, _everyone)


def has_other_key() -> bool:
    """Whether the log was written with another key than this instance's, as far as both its ends tell."""
    rows = _from(0)
    return bool(rows) and _other_key(_counts(), _linked(rows[0]))


def _other_key(counts: _Counts, first: Linked) -> bool:
    """Whether what needs no key is in order at both ends of the log, and what needs it is not."""
    head = counts.head
    return (
        head is not None
        and head[0] == counts.limit
        and chain().head(head[0], head[1]) != head[2]
        and (first.seq, first.actual) == (0, first.leaf)
        and links.hash_before(counts.limit) == head[1]
    )


def _from(seq: int) -> list[tuple[Any, ...]]:
    """The two links that now stand from `seq` on, with their events."""
    sql = f"""SELECT l.seq, l.event_id, l.leaf, l.hash, {links.columns()} FROM audit_link l
      LEFT JOIN audit_event e ON e.id = l.event_id WHERE l.seq >= %s ORDER BY l.seq LIMIT 2"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [seq])
        return list(cursor.fetchall())


def _linked(row: tuple[Any, ...]) -> Linked:
    seq, ident, leaf, mark, *event = row
    actual, at = _event(event) if event[1] is not None else (None, None)
    return Linked(seq, _uuid(ident), as_bytes(leaf), as_bytes(mark), actual, at)


def _event(values: list[Any]) -> tuple[bytes, int | None]:
    """Its leaf and time; no leaf when somebody has made it what no event is."""
    try:
        line = from_text(values)
        return leaf_of(line), line.at
    except (ValueError, TypeError, OverflowError):
        return b"", None


def _uuid(value: Any) -> UUID | None:
    """An id; None when it is none."""
    if isinstance(value, UUID):
        return value
    content = as_bytes(value)
    return UUID(bytes=content) if len(content) == 16 else None


def _everyone() -> Iterator[Bare]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, leaf, hash FROM audit_link ORDER BY seq")
        while rows := cursor.fetchmany(5000):
            yield from (Bare(seq, as_bytes(leaf), as_bytes(mark)) for seq, leaf, mark in rows)


def _stands_before_the_first() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_link WHERE seq < 0")
        return bool(cursor.fetchone()[0])


def _at_checkpoints(state: _State, marks: Iterable[Mark], *, chained: bool) -> Iterator[Damage]:
    since, previous = 0, bytes(32)
    for mark in sorted(marks, key=lambda one: one.size):
        damage = diagnosis.at_checkpoint(mark.size, mark.root, state.roots, state.good, since)
        if damage is None and chained and mark.previous != previous:
            damage = Damage(Kind.CHECKPOINT, mark.size - 1, since=since)
        if damage:
            yield damage
        since, previous = mark.size, mark.digest


def _unplaced(counts: _Counts) -> Damage | None:
    """Events outside the chain: those that wait must be as `note` wrote them, and there must be no others."""
    sql = f"""SELECT u.event_id, u.mac, {links.columns()} FROM audit_unsealed u
      LEFT JOIN audit_event e ON e.id = u.event_id ORDER BY u.event_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for ident, mac, *event in cursor.fetchall():
            if event[1] is None:
                return Damage(Kind.MISSING, None, _uuid(ident))
            leaf, at = _event(event)
            if chain().unsealed(leaf) != as_bytes(mac):
                return Damage(Kind.CHANGED, None, _uuid(ident), at)
    return _stranger() if counts.events != counts.links + counts.unsealed else None


def _stranger() -> Damage | None:
    sql = """SELECT e.id, e.at FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id
      LEFT JOIN audit_unsealed u ON u.event_id = e.id WHERE l.seq IS NULL AND u.event_id IS NULL
      ORDER BY e.at, e.id LIMIT 1"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return Damage(Kind.INSERTED, None, _uuid(row[0]), row[1]) if row else None


def _oldest() -> int:
    """By the time in the event's own id, because a demonstration's clock stands still."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(event_id::text) FROM audit_unsealed"
            if not links.own_chain()
            else "SELECT min(event_id) FROM audit_unsealed"
        )
        (found,) = cursor.fetchone()
    if found is None:
        return 0
    ident = UUID(found) if isinstance(found, str) and not links.own_chain() else _uuid(found)
    return max(0, time_ns() // 1_000_000 - (ident.int >> 80)) // 1000 if ident else 0
