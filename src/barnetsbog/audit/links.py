"""The chain in the database: adding links, and reading them with their events as plain rows.

Whoever extends the chain holds the row of its head, so there is never a second chain. On SQLite the transaction that
writes an event holds the whole database anyway and extends the chain itself; on PostgreSQL that would make all
transactions wait for each other's commit, so there the sealer does it for many at a time.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection

from barnetsbog.kernel.decisions import LogDown
from barnetsbog.record import store
from barnetsbog.record.inserting import insert
from barnetsbog.record.sql import change, fetch_one

from .chain import START
from .keys import chain
from .models import Head, Link

BROKEN = "Loggens ende er ikke, som den blev skrevet. Intet føjes til, før den er set efter: ./bog audit verify."
BUSY = "Loggen er optaget."


class End(NamedTuple):
    """Where the chain ends."""

    size: int
    hash: bytes


def own_chain() -> bool:
    """Whether a transaction chains its own events: where there is only one writer at a time."""
    return store.one_writer()


def lock_end(*, wait: bool = True) -> End | None:
    """The end of the chain, ours until the transaction ends; None when somebody else has it and we don't `wait`."""
    row = _head(" FOR UPDATE" if wait else " FOR UPDATE SKIP LOCKED")
    if row is None:
        if not wait and Head.objects.exists():
            return None
        _begin()
        row = _head(" FOR UPDATE")
    if row is None:
        raise LogDown(BUSY)
    return _vouched(*row)


def _head(lock: str) -> tuple[int, bytes, bytes] | None:
    row = fetch_one("SELECT size, hash, mac FROM audit_head" + ("" if own_chain() else lock))
    return as_head(row) if row else None


def _begin() -> None:
    """The first record of all. A log whose head has gone but whose links are there is not begun anew. (Somebody else
    may begin it in the same moment: whoever sees their links sees their head too.)"""
    if Link.objects.exists() and not Head.objects.exists():
        raise LogDown(BROKEN)
    insert(Head, [(1, 0, START, chain().head(0, START))], ignore=True)


def _vouched(size: int, last: bytes, mac: bytes) -> End:
    if chain().head(size, last) != mac:
        raise LogDown(BROKEN)
    return End(size, last)


def extend(end: End, leaves: Sequence[tuple[bytes, bytes]]) -> End:
    """Gives events (id and leaf) the next places in the chain. The caller holds the end."""
    ours, size, last = chain(), end.size, end.hash
    rows = []
    for ident, leaf in leaves:
        last = ours.after(last, leaf)
        rows.append((size, ident, leaf, last))
        size += 1
    insert(Link, rows)
    change("UPDATE audit_head SET size = %s, hash = %s, mac = %s", [size, last, ours.head(size, last)])
    return End(size, last)


# -- reading -----------------------------------------------------------------------------------------------------------

_IDS = "id", "child_id", "person_id", "unit_id"


def as_bytes(value: Any) -> bytes:
    """A hash as it stands in the database; nothing when it is none. SQLite lets anything be written anywhere."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def as_head(row: Sequence[Any]) -> tuple[int, bytes, bytes]:
    """Size, hash and what vouches for them; a size below 0 when it is none."""
    size, last, mac = row
    return size if isinstance(size, int) else -1, as_bytes(last), as_bytes(mac)


def columns(vendor: str = "") -> str:
    """An event's values as `encoding.as_text` has them, made by the database. No time: there is no such event."""
    if (vendor or connection.vendor) == "sqlite":
        ids = " || '.' || ".join(f"hex(e.{name})" for name in _IDS)
    else:
        ids = " || '.' || ".join(f"coalesce(e.{name}::text, '')" for name in _IDS)
        ids = f"upper(replace({ids}, '-', ''))"
    return f"{ids}, e.at, CAST(e.allowed AS integer), e.action, e.role, e.purpose, e.reason, e.detail"


def linked(low: int, high: int) -> Iterator[tuple[Any, ...]]:
    """seq, leaf and hash of the links in a range, each followed by its event's values. A few at a time: rows that
    stay in the processor's cache are read faster."""
    sql = f"""SELECT l.seq, l.leaf, l.hash, {columns()} FROM audit_link l LEFT JOIN audit_event e ON e.id = l.event_id
      WHERE l.seq >= %s AND l.seq < %s ORDER BY l.seq"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [low, high])
        while rows := cursor.fetchmany(200):
            yield from rows


def hash_before(seq: int) -> bytes:
    """The hash that record `seq` is chained to; nothing when it isn't there."""
    if seq == 0:
        return START
    found = Link.objects.filter(seq=seq - 1).values_list("hash", flat=True).first()
    return as_bytes(found)


def leaves(low: int, high: int) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for start in range(low, high, 20_000):
            cursor.execute(
                "SELECT leaf FROM audit_link WHERE seq >= %s AND seq < %s ORDER BY seq",
                [start, min(high, start + 20_000)],
            )
            for (leaf,) in cursor.fetchall():
                yield as_bytes(leaf)
