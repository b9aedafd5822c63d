"""Checkpoints: the log at one moment, as a few hashes.

A checkpoint in the database tells where damage must lie. One that was exported and signed by somebody else tells it
even if both the database and the key were in the wrong hands. The newest is also kept beside the database, so that the
end of the log can't be cut off by somebody who can write in the database only.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import transaction

from barnetsbog.kernel.folder import Made
from barnetsbog.kernel.ids import new_id
from barnetsbog.record.inserting import insert

from . import links
from .keys import chain
from .models import Checkpoint, Head
from .proofs import Frontier

FILE = Made.CHECKPOINT.value
FORMAT = "barnetsbog-audit-checkpoint/1"
EVERY_RECORDS = settings.CHECKPOINT_RECORDS
EVERY_SECONDS = settings.CHECKPOINT_SECONDS


@dataclass(frozen=True, slots=True)
class Mark:
    """A checkpoint as it leaves the database."""

    size: int
    root: bytes
    head: bytes
    previous: bytes
    at: int

    @property
    def digest(self) -> bytes:
        """What the next checkpoint names this one by."""
        values = [self.size, self.root.hex(), self.head.hex(), self.previous.hex(), self.at]
        return sha256(orjson.dumps(values)).digest()


def all_marks() -> Iterator[Mark]:
    return map(_mark, Checkpoint.objects.order_by("size").values_list(*_COLUMNS).iterator())


_COLUMNS = ("size", "root", "head", "previous", "at")


def _mark(row: tuple[Any, ...]) -> Mark:
    root, head, previous = map(links.as_bytes, row[1:4])
    return Mark(row[0], root, head, previous, row[4])


def newest() -> tuple[Mark, Frontier] | None:
    """The last checkpoint, and the tree to go on from."""
    row = Checkpoint.objects.order_by("-size").first()
    if row is None:
        return None
    return _mark(tuple(getattr(row, name) for name in _COLUMNS)), _frontier(row)


def _frontier(row: Checkpoint) -> Frontier:
    peaks = bytes(row.peaks)
    return Frontier(row.size, tuple(peaks[i : i + 32] for i in range(0, len(peaks), 32)))


def tree_between(low: int, high: int) -> Frontier | None:
    """The tree at the first checkpoint of a size from `low` to `high` (not included), if there is one."""
    row = Checkpoint.objects.filter(size__gte=low, size__lt=high).order_by("size").first()
    return _frontier(row) if row else None


class Step(NamedTuple):
    """A checkpoint, and how many lines had come since the one before."""

    mark: Mark
    new: int


def newest_first(*, below: int | None, limit: int) -> list[Step]:
    """A page of checkpoints: those of fewer lines than `below`, or from the newest on."""
    found = Checkpoint.objects.order_by("-size")
    found = found if below is None else found.filter(size__lt=below)
    marks = [_mark(row) for row in found.values_list(*_COLUMNS)[: limit + 1]]
    before = [one.size for one in marks[1:]] + [0] * (len(marks) <= limit)
    return [Step(mark, mark.size - earlier) for mark, earlier in zip(marks, before, strict=False)]


def of_size(size: int) -> Mark | None:
    row = Checkpoint.objects.filter(size=size).values_list(*_COLUMNS).first()
    return _mark(row) if row else None


def make(*, now: bool) -> Mark | None:
    """A checkpoint when one is due, or when there is anything new and it is wanted `now`."""
    if not _due(now):
        return None
    with transaction.atomic():
        end, last = links.lock_end(wait=False), newest()
        if end is None or (last and last[0].size >= end.size):
            return None
        frontier = last[1] if last else Frontier()
        frontier = frontier.extended(links.leaves(frontier.size, end.size))
        previous = last[0].digest if last else bytes(32)
        mark = Mark(end.size, frontier.root, end.hash, previous, time.time_ns() // 1000)
        insert(Checkpoint, [(mark.size, mark.root, mark.head, b"".join(frontier.peaks), mark.previous, mark.at)])
    keep(mark)
    return mark


def _due(now: bool) -> bool:
    size = Head.objects.values_list("size", flat=True).first() or 0
    last = Checkpoint.objects.order_by("-size").values_list("size", "at").first() or (0, 0)
    if size <= last[0]:
        return False
    waited = time.time_ns() // 1000 - last[1]  # below 0: the clock has been set back since
    return now or size - last[0] >= EVERY_RECORDS or not 0 <= waited < EVERY_SECONDS * 1_000_000


# -- files -------------------------------------------------------------------------------------------------------------


def exported(mark: Mark) -> dict[str, Any]:
    """A checkpoint as the JSON that is kept and signed elsewhere. It holds no word and no id of anybody."""
    return {
        "format": FORMAT, "log": chain().name, "size": mark.size, "root": mark.root.hex(), "head": mark.head.hex(),
        "previous": mark.previous.hex(), "at": mark.at,
    }  # fmt: skip


def imported(content: bytes) -> tuple[str, Mark]:
    """The name of the log and its checkpoint. Raises ValueError when the file is something else."""
    try:
        given = orjson.loads(content)
        if given["format"] != FORMAT:
            raise ValueError(given["format"])
        root, head, previous = (bytes.fromhex(given[name]) for name in ("root", "head", "previous"))
        return str(given["log"]), Mark(int(given["size"]), root, head, previous, int(given["at"]))
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def keep(mark: Mark) -> None:
    """The newest checkpoint beside the database. An older one never takes its place."""
    path = Path(settings.DATA) / FILE
    kept = kept_mark()
    if kept and kept[0] == chain().name and kept[1].size > mark.size:
        return
    draft = path.with_name(f"{FILE}.{new_id()}")
    try:
        with draft.open("wb") as file:
            file.write(orjson.dumps(exported(mark), option=orjson.OPT_INDENT_2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def kept_mark() -> tuple[str, Mark] | None:
    path = Path(settings.DATA) / FILE
    try:
        return imported(path.read_bytes()) if path.exists() else None
    except (OSError, ValueError):
        return None
