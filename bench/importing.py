"""How fast other systems' data is taken in: validated, indexed, durable, audited, in transactions of 61 entries.

Two yardsticks in the same run: the *ceiling*, what SQLite itself does with durable transactions of 61 rows of the size
that an entry takes in our files, and, on request, another FHIR server that validates strictly.
"""

import os
import sqlite3
import time
from pathlib import Path

import orjson

from . import synthetic
from .figures import Figure, rate

ENTRIES = 61
RUNS = 3


def measure(data: Path, children: int) -> tuple[list[Figure], dict[str, float]]:
    """Entries a second of the import and of the ceiling, in turn, and bytes an entry."""
    from barnetsbog.intake.model import Unit
    from barnetsbog.intake.operations import receive

    receive([Unit("katalog", orjson.dumps(synthetic.directory()), "bench")], jobs=1)
    before = _size(data)
    ours, ceiling, first = [], [], 0
    for run in range(RUNS):
        units = [Unit(f"b{n}", orjson.dumps(synthetic.child(n)), "bench") for n in range(first, first + children)]
        first += children
        started = time.perf_counter()
        report = receive(units)
        ours.append(time.perf_counter() - started)
        if report.stored != children * ENTRIES:
            raise RuntimeError(f"stored {report.stored} of {children * ENTRIES}: {report.refusals[:1]}")
        size = (_size(data) - before) / (first * ENTRIES)
        ceiling.append(_ceiling(data / f"ceiling-{run}.sqlite3", children, int(size)))
    done = children * ENTRIES
    imported = Figure("import, poster i sekundet", "/s", rate(done, ours))
    bare = Figure("loftet: SQLite alene, rækker i sekundet", "/s", rate(done, ceiling))
    each = Figure("bytes for hver post på disken", "B", (size,))
    return [imported, bare, each], {"import / loft": imported.median / bare.median}


def _size(data: Path) -> int:
    """After the write-ahead log has been moved into the database, as it is at rest."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sum(path.stat().st_size for path in data.glob("bog.sqlite3*"))


def _ceiling(path: Path, transactions: int, size: int) -> float:
    """Seconds for durable transactions (WAL, synchronous=FULL) of 61 rows, keyed by child and id, one further index."""
    database = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA cache_size=-65536"):
        database.execute(statement)
    database.execute("CREATE TABLE entry (child BLOB, id BLOB, at INTEGER, body BLOB, PRIMARY KEY (child, id))")
    database.execute("CREATE INDEX entry_at ON entry (child, at)")
    body = os.urandom(size)
    rows = [[(os.urandom(16), n, body) for n in range(ENTRIES)] for _ in range(transactions)]
    started = time.perf_counter()
    for some in rows:
        child = os.urandom(16)
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", [(child, *row) for row in some])
        database.execute("COMMIT")
    taken = time.perf_counter() - started
    database.close()
    return taken
