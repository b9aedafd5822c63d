"""Taking files in: read, prepare on all cores, file, store, count.

Units are stored in the order they were given, each whole or not at all and several in a transaction (ADR 21), so that a
process that is killed leaves a consistent book and the import can be repeated. What can't be filed because its child
has not arrived yet waits until everything else is in, and is tried again until nothing more comes of it.
"""

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

import orjson
from django.db import connection, transaction

from barnetsbog.access.gathering import RIGHTS_FOLLOW_FROM
from barnetsbog.access.operations import rights_follow, sector_changed
from barnetsbog.audit.operations import write
from barnetsbog.directory.places import Places
from barnetsbog.record import store
from barnetsbog.record.instance import id_key
from barnetsbog.record.promotion import promote, stands

from .model import Item, Prepared, Refusal, Report, Unit
from .packing import pack, unpack
from .preparing import prepare
from .reading import read
from .storing import DIRECTORY_KINDS, Keep, Registrar, Stored, Storing

Progress = Callable[[Report], None]

_BATCH = 256 * 1024
"""Bytes that one message to another process carries."""

_TOGETHER = 1_000
"""Entries after which a transaction ends: enough to share one flush of the disk, and a tenth of a second at most in
which others who write must wait."""

_MANY = 500
"""Entries after which the database looks anew at how full its tables are."""

_WORTH_A_PROCESS = 512 * 1024
"""Bytes below which starting other processes costs more than it saves."""


def receive_files(
    paths: list[Path],
    *,
    source: str,
    by: Registrar | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Takes in files and folders. Every resource read is stored, unchanged or refused; `Report` says which and why."""
    size = sum(
        p.stat().st_size for path in paths for p in ([path] if path.is_file() else path.rglob("*")) if p.is_file()
    )
    return receive(read(paths, source), by=by, jobs=jobs if size > _WORTH_A_PROCESS else 1, progress=progress)


def receive(
    units: Iterable[Unit | Refusal],
    *,
    by: Registrar | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    places: Places | None = None,
    keep: Keep = write,
) -> Report:
    """Takes in units of work, wherever they come from. `places`: where authors work; all of them without it. `keep`:
    takes their lines of the log, for whoever writes more in the same transaction."""
    storing = Storing(places or Places(), by or Registrar(), keep=keep)
    total, waiting = Report(), list[Prepared]()
    with _preparer(jobs) as prepared:
        for group in _groups(prepared(units)):
            if isinstance(group, Refusal):
                total.add(Report(read=1, refusals=[group]))
                continue
            for one, stored in zip(group, _store(storing, group, last=False), strict=True):
                total.add(stored.report)
                if stored.waiting:
                    waiting.append(_left(one, stored))
            if progress:
                progress(total)
    _store_waiting(storing, waiting, total)
    if total.stored >= _MANY:
        store.refresh_statistics()
    return total


def _groups(prepared: Iterable[Prepared | Refusal]) -> Iterator[list[Prepared] | Refusal]:
    """What is stored in one transaction. What changes the directory ends it, for the next must know of that."""
    alone = not store.one_writer()
    group: list[Prepared] = []
    entries = 0
    for one in prepared:
        if isinstance(one, Refusal):
            yield from (group, one) if group else (one,)
            group, entries = [], 0
            continue
        group.append(one)
        entries += one.read
        if alone or entries >= _TOGETHER or _directory(one):
            yield group
            group, entries = [], 0
    if group:
        yield group


def _directory(prepared: Prepared) -> list[Item]:
    return [item for item in prepared.items if item.kind in DIRECTORY_KINDS]


def _store(storing: Storing, group: list[Prepared], *, last: bool) -> list[Stored]:
    """Stores units; what changed in the directory is known to the next ones."""
    stored = storing.store(group, last=last)
    directory = _directory(group[-1])
    before = storing.places
    if directory and stored[-1].report.stored:
        storing.places = Places()
    if directory:
        _place_earlier(storing, directory)
    if storing.places is not before:
        sector_changed(storing.places.other_sectors(before))
    return stored


def _place_earlier(storing: Storing, items: list[Item]) -> None:
    """Entries that came before their author's unit get their lane and shelf now, and rights follow. So do those whose
    author came in an import that was stopped before it could see to them, when that is repeated."""
    authors = {
        author: kind for item in items for author, kind in storing.places.placed_by(item.kind, item.entry_id).items()
    }
    for author in sorted(store.unplaced_authors(sorted(authors))):
        unit_id, lane = storing.places.of(authors[author], author)
        if not unit_id or not storing.places.knows(unit_id):
            continue
        waiting = store.unplaced(author)
        with transaction.atomic():
            children = sorted({child for child, _, what, _ in waiting if what in RIGHTS_FOLLOW_FROM})
            for child in children:
                store.lock_book(child)
            store.place([(unit_id, lane, _shelf(body, lane), child, ident) for child, ident, _, body in waiting])
            for child in children:
                rights_follow(UUID(bytes=child))


def _shelf(body: bytes, lane: str) -> int:
    return stands(promote(orjson.loads(body)), lane)


def _left(prepared: Prepared, stored: Stored) -> Prepared:
    """The part of a unit that still waits, as a unit of its own: what has been stored of it is no sign that it came
    before."""
    left = stored.waiting
    return replace(prepared, items=left, refusals=[], warnings=[], read=len(left), replay=stored.replay)


def _store_waiting(storing: Storing, waiting: list[Prepared], total: Report) -> None:
    """Tries again while it helps; then what is left is refused with its reason."""
    while waiting:
        still: list[Prepared] = []
        for prepared in waiting:
            (stored,) = _store(storing, [prepared], last=False)
            total.add(stored.report)
            if stored.waiting:
                still.append(_left(prepared, stored))
        if _count(still) == _count(waiting):
            for prepared in still:
                total.add(_store(storing, [prepared], last=True)[0].report)
            return
        waiting = still


def _count(waiting: list[Prepared]) -> int:
    return sum(len(one.items) for one in waiting)


@contextmanager
def _preparer(jobs: int | None) -> Iterator[Callable[[Iterable[Unit | Refusal]], Iterator[Prepared | Refusal]]]:
    """A function that prepares units in order, here or on other cores. One core is left to the writer."""
    key = id_key()
    workers = (multiprocessing.cpu_count() if jobs is None else jobs) - 1
    with _seldom_collected():
        if workers < 1:
            yield lambda units: (prepare(unit, key) if isinstance(unit, Unit) else unit for unit in units)
            return
        connection.close()  # an open connection must not be shared with a child process
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            yield partial(_on_other_cores, pool, key, workers * 3)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """A unit makes tens of thousands of objects and no circles; looking for circles takes a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _on_other_cores(
    pool: ProcessPoolExecutor, key: bytes, ahead: int, units: Iterable[Unit | Refusal]
) -> Iterator[Prepared | Refusal]:
    """In order, in batches that are worth a message between processes, never more than `ahead` of them in memory."""
    queue: deque[Future[list[bytes | Refusal]]] = deque()
    for batch in _batches(units):
        queue.append(pool.submit(_prepare_all, batch, key))
        if len(queue) > ahead:
            yield from _unpacked(queue.popleft())
    for one in queue:
        yield from _unpacked(one)


def _unpacked(done: "Future[list[bytes | Refusal]]") -> Iterator[Prepared | Refusal]:
    return (unpack(one) if isinstance(one, bytes) else one for one in done.result())


def _batches(units: Iterable[Unit | Refusal]) -> Iterator[list[Unit | Refusal]]:
    batch: list[Unit | Refusal] = []
    size = 0
    for unit in units:
        batch.append(unit)
        size += len(unit.payload) if isinstance(unit, Unit) else 0
        if size > _BATCH or len(batch) >= 64:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _prepare_all(units: list[Unit | Refusal], key: bytes) -> list[bytes | Refusal]:
    return [pack(prepare(unit, key)) if isinstance(unit, Unit) else unit for unit in units]
