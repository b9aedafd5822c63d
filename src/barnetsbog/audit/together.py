"""Reads whose lines in the log are written together (ADR 40).

A read that changes nothing need not hold the database until its line is on the disk. It reads in a transaction that
waits for nobody, and leaves it; then its lines are written with those of all who wait at the same moment, in one
transaction with one flush. Only when that has come to the disk may the answers leave, and if it can't be done none of
them does (`LogDown`).
"""

import os
import threading
from collections import deque
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from django.db import DatabaseError, transaction

from barnetsbog.kernel.decisions import LogDown

from . import spool
from .encoding import Line
from .operations import DOWN, write


class Look:
    """A read with its lines in the log, in which nothing else is written. `reading`: the transaction that it reads in
    (`record.sql.look`). `acute`: as of an `Act`."""

    def __init__(self, reading: AbstractContextManager[None], *, acute: bool = False) -> None:
        self._reading, self._acute = reading, acute
        self._lines: list[Line] = []

    def __enter__(self) -> Self:
        self._reading.__enter__()
        return self

    def keep(self, lines: list[Line]) -> None:
        self._lines += lines

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.__exit__(kind, error, trace)
        if kind is not None:
            return
        try:
            _together.write(self._lines)
        except LogDown:
            if not self._acute:
                raise
            spool.append(*self._lines)


class _Waiting:
    """The lines of one read, and what became of them."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.written = False
        self.failed: BaseException | None = None


class _Together:
    """Whoever has the turn writes for all who have come until then; the others find it done when theirs comes."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._waiting: deque[_Waiting] = deque()

    def write(self, lines: list[Line]) -> None:
        """Returns when the lines are on the disk; raises `LogDown` when they can't be written."""
        mine = _Waiting(lines)
        self._waiting.append(mine)
        with self._turn:
            if not mine.written and mine.failed is None:
                self._write_all()
        if mine.failed is not None:
            raise LogDown(str(mine.failed) if isinstance(mine.failed, LogDown) else DOWN) from mine.failed

    def _write_all(self) -> None:
        """In the order that they came. However it ends, everybody is told."""
        some = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            with transaction.atomic():
                write([line for one in some for line in one.lines])
        except BaseException as error:
            for one in some:
                one.failed = error
            if not isinstance(error, DatabaseError | LogDown):
                raise
        else:
            for one in some:
                one.written = True


_together = _Together()


def _begin_anew() -> None:
    """A process that was forked has none of the threads that waited."""
    global _together
    _together = _Together()


os.register_at_fork(after_in_child=_begin_anew)
