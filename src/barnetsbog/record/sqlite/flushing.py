"""Turns at a database, and flushes of its write-ahead log that several transactions share.

In WAL mode a commit is durable once its frames in the log are on the disk, whoever puts them there. A transaction runs
with `synchronous=NORMAL`, which writes the frames and keeps the order that a crash needs (the log is flushed before the
database is written to), and then waits here for a flush that began after its commit: what `FULL` would have done, once
for all who wait.
"""

import os
import threading
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from sqlite3 import OperationalError

FAILED = "disk I/O error: the write-ahead log could not be flushed"


class Turn:
    """Whoever has it is the one in this process who writes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def take(self, seconds: float) -> bool:
        """False when it could not be had in that time."""
        return self._lock.acquire(timeout=seconds)

    def give(self) -> None:
        self._lock.release()


class Flushed:
    """The write-ahead log of a database on the disk."""

    def __init__(self, database: str) -> None:
        self.path = database
        self._name = Path(f"{database}-wal")
        self._file: int | None = None
        self._asking, self._flushing = threading.Lock(), threading.Lock()
        self._asked = self._done = 0

    def wait(self) -> None:
        """Returns when all that was committed before the call is on the disk. Raises `sqlite3.OperationalError` when
        that can't be had."""
        with self._asking:
            self._asked += 1
            mine = self._asked
        with self._flushing:
            if self._done >= mine:
                return
            upto = self._asked
            try:
                os.fdatasync(self._opened())
            except OSError as error:
                raise OperationalError(f"{FAILED}: {error}") from error
            self._done = upto

    def _opened(self) -> int:
        """The log is the same file until the last connection closes; then it may be another one."""
        there = self._name.stat()
        if self._file is not None:
            ours = os.fstat(self._file)
            if (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino):
                return self._file
            with suppress(OSError):
                os.close(self._file)
            self._file = None
        self._file = os.open(self._name, os.O_RDONLY | os.O_CLOEXEC)
        return self._file


@lru_cache(maxsize=16)
def flushed(database: str) -> Flushed:
    """One for a database and process."""
    return Flushed(database)


@lru_cache(maxsize=16)
def turn(database: str) -> Turn:
    """One for a database and process."""
    return Turn()


def _begin_anew() -> None:
    """A process that was forked has no threads that would give back what they had."""
    flushed.cache_clear()
    turn.cache_clear()


os.register_at_fork(after_in_child=_begin_anew)
