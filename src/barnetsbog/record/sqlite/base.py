"""The database engine `barnetsbog.record.sqlite`: what Django asks a module of this name for.

Two things are done here that SQLite does less well for several threads of one process. It lets a writer that must wait
sleep and look again, up to a tenth of a second; here the threads stand in a queue. And it flushes the disk for each
transaction while it holds the database; here that is let go first, and whoever is waiting for the disk at the same time
is served by one flush.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from .flushing import Flushed, Turn, flushed, turn

BUSY = "database is locked"
WRITTEN = "something was written while nothing but reading was to be done"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin in turn and end durably."""

    _turn: Turn | None = None
    _log: Flushed | None = None
    """The write-ahead log, where there is one: a database in memory has none."""

    def get_connection_params(self) -> dict[str, Any]:
        """Without types found out from how a column was declared, which is asked of every column of every query: the
        fields of the models know what they are."""
        return {**super().get_connection_params(), "detect_types": 0}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        self._log = flushed(str(conn_params["database"])) if mode == "wal" else None
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        if self._log is None:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        if self.connection.in_transaction:  # a `look`
            raise RuntimeError(WRITTEN)
        waited = turn(self._log.path)
        if not waited.take(self.settings_dict["OPTIONS"].get("timeout", 5)):
            raise OperationalError(BUSY)
        self._turn = waited
        try:
            self.connection.execute("PRAGMA synchronous=NORMAL")  # `_commit` flushes, and for many at once
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    @property
    def looks(self) -> bool:
        """Whether `look` can be had now: no transaction has begun, and reading keeps nobody from writing."""
        self.ensure_connection()
        return self._log is not None and not self.in_atomic_block

    @contextmanager
    def look(self) -> Iterator[None]:
        """What is read in the block is of one moment. It waits for no turn, and nothing can be written in it."""
        connection = self.connection
        with self.wrap_database_errors:
            connection.execute("BEGIN")
        before = connection.total_changes
        try:
            yield
            if connection.total_changes != before:
                raise RuntimeError(WRITTEN)
        finally:
            connection.execute("ROLLBACK")

    def _commit(self) -> None:
        """Durable when it returns. The next writer begins meanwhile."""
        super()._commit()  # type: ignore[misc]
        if self._turn is None:
            return
        self._end_turn()
        assert self._log
        with self.wrap_database_errors:
            self._log.wait()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _end_turn(self) -> None:
        if self._turn is None:
            return
        try:
            self.connection.execute("PRAGMA synchronous=FULL")
        finally:
            self._give_turn()

    def _give_turn(self) -> None:
        if self._turn is not None:
            mine, self._turn = self._turn, None
            mine.give()
