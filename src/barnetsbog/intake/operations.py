"""Taking files in: read, prepare on all cores, file, store, count.

Units are stored in the order they were given, each in a transaction of its own, so that a process that is killed
leaves a consistent book and the import can be repeated. What can't be filed because its child has not arrived yet
waits until everything else is in, and is tried again until nothing more comes of it.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.db import connection

from barnetsbog.directory.places import Places
from barnetsbog.record import store
from barnetsbog.record.instance import id_key

from .model import Item, Prepared, Refusal, Report, Unit
from .preparing import prepare
from .reading import read
from .storing import Registrar, Storing

Progress = Callable[[Report], None]

_DIRECTORY_KINDS = frozenset(("Organization", "PractitionerRole"))
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
) -> Report:
    """Takes in units of work, wherever they come from."""
    storing = Storing(Places(), by or Registrar())
    total, waiting = Report(), list[tuple[Prepared, list[Item]]]()
    with _preparer(jobs) as prepared:
        for one in prepared(units):
            if isinstance(one, Refusal):
                total.add(Report(read=1, refusals=[one]))
                continue
            report, left = _store(storing, one, last=False)
            total.add(report)
            if left:
                waiting.append((_only(one, left), left))
            if progress:
                progress(total)
    _store_waiting(storing, waiting, total)
    return total


def _store(storing: Storing, prepared: Prepared, *, last: bool) -> tuple[Report, list[Item]]:
    """Stores a unit; what changed in the directory is known to the next one."""
    directory = [item for item in prepared.items if item.kind in _DIRECTORY_KINDS]
    report, left = storing.store(prepared, last=last)
    if directory and report.stored:
        storing.places = Places()
        _place_earlier(storing, directory)
    return report, left


def _place_earlier(storing: Storing, items: list[Item]) -> None:
    """Entries that came before their author's unit get their lane now."""
    for item in items:
        unit_id, lane = storing.places.of(item.kind, item.entry_id)
        if unit_id:
            store.place_authored(item.entry_id, unit_id, lane)


def _only(prepared: Prepared, items: list[Item]) -> Prepared:
    """The part of a unit that still waits, as a unit of its own."""
    return replace(prepared, items=items, refusals=[], warnings=[], read=len(items))


def _store_waiting(storing: Storing, waiting: list[tuple[Prepared, list[Item]]], total: Report) -> None:
    """Tries again while it helps; then what is left is refused with its reason."""
    while waiting:
        still: list[tuple[Prepared, list[Item]]] = []
        for prepared, _ in waiting:
            report, left = _store(storing, prepared, last=False)
            total.add(report)
            if left:
                still.append((_only(prepared, left), left))
        if _count(still) == _count(waiting):
            for prepared, _ in still:
                total.add(_store(storing, prepared, last=True)[0])
            return
        waiting = still


def _count(waiting: list[tuple[Prepared, list[Item]]]) -> int:
    return sum(len(items) for _, items in waiting)


@contextmanager
def _preparer(jobs: int | None) -> Iterator[Callable[[Iterable[Unit | Refusal]], Iterator[Prepared | Refusal]]]:
    """A function that prepares units in order, here or on other cores."""
    key = id_key()
    count = multiprocessing.cpu_count() if jobs is None else jobs
    if count <= 1:
        yield lambda units: (prepare(unit, key) if isinstance(unit, Unit) else unit for unit in units)
        return
    connection.close()  # an open connection must not be shared with a child process
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("fork")) as pool:
        yield partial(_on_other_cores, pool, key, count * 4)


def _on_other_cores(
    pool: ProcessPoolExecutor, key: bytes, ahead: int, units: Iterable[Unit | Refusal]
) -> Iterator[Prepared | Refusal]:
    """In order, and never more than `ahead` units in memory."""
    queue: list[Future[Prepared] | Refusal] = []
    for unit in units:
        queue.append(unit if isinstance(unit, Refusal) else pool.submit(prepare, unit, key))
        if len(queue) > ahead:
            yield _done(queue.pop(0))
    yield from map(_done, queue)


def _done(one: "Future[Prepared] | Refusal") -> Prepared | Refusal:
    return one if isinstance(one, Refusal) else one.result()
