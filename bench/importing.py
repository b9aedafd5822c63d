"""How fast other systems' data is taken in: validated, indexed, durable, audited, in transactions of 61 entries.

Yardsticks in the same run, in turn with the import: the *ceiling*, what SQLite itself does with durable transactions of
61 rows that carry a body as long as ours, in one table with one index; a second, lower ceiling whose rows take as much
room on the disk as an entry does with everything around it (versions, search rows, indexes, the delivery word for
word); and, on request, another FHIR server that validates strictly.

On a machine that is shared with other work the clock measures that work too. So the processor time of the busiest
process is told beside it: how long it would take if nobody else were there and the disk took no time.
"""

import contextlib
import os
import resource
import sqlite3
import time
from pathlib import Path

import orjson

from . import peer, synthetic
from .figures import Figure, Result, Taken, rate, ratio

ENTRIES = 61
GOAL, FLOOR = 10.0, 5.0
CEILING = 0.20
PEER_SHARE = 6
"""The peer gets one child for every six of ours: it takes about as long."""


def measure(data: Path, children: int, *, runs: int, with_peer: bool) -> tuple[Result, Result]:
    """Entries a second of the import and of its yardsticks, in turn; and the bytes an entry takes."""
    before = _begin(data)
    taken: dict[str, list[Taken]] = {"ours": [], "body": [], "disk": [], "peer": []}
    others = max(20, children // PEER_SHARE)
    with peer.serving(data / "peer") if with_peer else contextlib.nullcontext() as server:
        for run in range(runs):
            taken["ours"].append(_import(run * children, children))
            room = (_size(data) - before) / ((run + 1) * children * ENTRIES)
            taken["body"].append(_ceiling(data / "ceiling.sqlite3", children, _body()))
            taken["disk"].append(_ceiling(data / "ceiling.sqlite3", children, int(room)))
            if server:
                taken["peer"].append(server.take(run * others, others))
        if server:
            server.prove_stored(runs * others)
    speed = _speed(taken, children * ENTRIES, others * ENTRIES)
    return speed, _room(room, peer.size(data / "peer") / (runs * others * ENTRIES) if with_peer else None)


def _begin(data: Path) -> int:
    from barnetsbog.intake.model import Unit
    from barnetsbog.intake.operations import receive

    receive([Unit("katalog", orjson.dumps(synthetic.directory()), "bench")], jobs=1)
    return _size(data)


def _import(first: int, children: int) -> Taken:
    from barnetsbog.intake.model import Unit
    from barnetsbog.intake.operations import receive

    numbers = range(first, first + children)
    units = [Unit(f"b{n}", orjson.dumps(synthetic.child(n, ENTRIES)), "bench") for n in numbers]
    started, writer, workers = time.perf_counter(), _used(), _used(resource.RUSAGE_CHILDREN)
    report = receive(units)
    busiest = max(_used() - writer, _used(resource.RUSAGE_CHILDREN) - workers)  # two cores: one writer and one worker
    taken = Taken(time.perf_counter() - started, busiest)
    if report.stored != children * ENTRIES:
        raise RuntimeError(f"stored {report.stored} of {children * ENTRIES}: {report.refusals[:1]}")
    return taken


def _used(who: int = resource.RUSAGE_SELF) -> float:
    """Processor seconds of this process, or of those that it has started and that have ended."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _speed(taken: dict[str, list[Taken]], ours: int, others: int) -> Result:
    imported, by_processor = _paces("import", ours, taken["ours"])
    bodies, bodies_by_processor = _paces("loft: SQLite alene, samme indhold", ours, taken["body"])
    disk, _ = _paces("loft: SQLite alene, samme plads på disken", ours, taken["disk"])
    found = Result([imported, by_processor, bodies, bodies_by_processor, disk])
    found.ratios.append(ratio("import / loft med samme indhold", imported, bodies, least=CEILING))
    found.ratios.append(ratio("det samme i processortid", by_processor, bodies_by_processor))
    found.ratios.append(ratio("import / loft med samme plads på disken", imported, disk))
    if taken["peer"]:
        sekmet, sekmet_by_processor = _paces("SEKMET 0.1.1 strengt", others, taken["peer"])
        found.figures += [sekmet, sekmet_by_processor]
        found.ratios.append(ratio(f"import / SEKMET (gulv {FLOOR:g})", imported, sekmet, least=GOAL))
        found.ratios.append(ratio("import / SEKMET i processortid", by_processor, sekmet_by_processor))
    return found


def _paces(name: str, entries: int, taken: list[Taken]) -> tuple[Figure, Figure]:
    """By the clock, and by the processor time of the busiest process."""
    return (
        Figure(f"{name}, poster i sekundet", "/s", rate(entries, [one.seconds for one in taken])),
        Figure(f"{name}, processortid", "/s", rate(entries, [one.processor for one in taken])),
    )


def _room(ours: float, others: float | None) -> Result:
    each = Figure("plads for hver post på disken", "B", (ours,))
    found = Result([each, Figure("heraf postens eget indhold", "B", (float(_body()),))])
    if others:
        theirs = Figure("SEKMET, plads for hver post på disken", "B", (others,))
        found.figures.append(theirs)
        found.ratios.append(ratio("plads / SEKMET", each, theirs))
    return found


def _body() -> int:
    """The mean length of what an entry says, as it is stored."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT avg(length(body)) FROM version")
        return int(cursor.fetchone()[0])


def _size(data: Path) -> int:
    """After the write-ahead log has been moved into the database, as it is at rest."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sum(path.stat().st_size for path in data.glob("bog.sqlite3*"))


def _ceiling(path: Path, transactions: int, size: int) -> Taken:
    """Durable transactions (WAL, synchronous=FULL) of 61 rows, keyed by child and id, with one further index."""
    database = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA cache_size=-65536"):
        database.execute(statement)
    database.execute("CREATE TABLE entry (child BLOB, id BLOB, at INTEGER, body BLOB, PRIMARY KEY (child, id))")
    database.execute("CREATE INDEX entry_at ON entry (child, at)")
    body = os.urandom(size)
    rows = [[(os.urandom(16), n, body) for n in range(ENTRIES)] for _ in range(transactions)]
    started, used = time.perf_counter(), _used()
    for some in rows:
        child = os.urandom(16)
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", [(child, *row) for row in some])
        database.execute("COMMIT")
    taken = Taken(time.perf_counter() - started, _used() - used)
    database.close()
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    return taken
