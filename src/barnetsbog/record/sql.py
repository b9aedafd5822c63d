"""Plain SQL for what every request asks, whichever database."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from .sqlite.base import DatabaseWrapper


def fetch(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query. `%s` stands for a value, and nothing else in it has a percent sign.

    On SQLite it goes past Django's cursor, which reads each statement anew for its marks and costs as much as the
    query; but not where somebody listens to what is asked.
    """
    database = connections[DEFAULT_DB_ALIAS]
    found: list[tuple[Any, ...]]
    if _is_plain(database):
        with database.wrap_database_errors:
            found = database.connection.execute(_marked(sql), values).fetchall()
    else:
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
    return found


def change(sql: str, values: Sequence[Any]) -> None:
    """One statement that changes rows, as directly."""
    database = connections[DEFAULT_DB_ALIAS]
    if _is_plain(database):
        with database.wrap_database_errors:
            database.connection.execute(_marked(sql), values)
    else:
        with database.cursor() as cursor:
            cursor.execute(sql, values)


def fetch_one(sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """The only row, or None."""
    rows = fetch(sql, values)
    return rows[0] if rows else None


def look() -> AbstractContextManager[None] | None:
    """A transaction in which nothing can be written, and that therefore waits for no writer. None where a transaction
    has begun already, and on PostgreSQL, where writers don't wait for each other."""
    database = connections[DEFAULT_DB_ALIAS]
    return database.look() if isinstance(database, DatabaseWrapper) and database.looks else None


def _is_plain(database: Any) -> bool:
    """Whether statements go past Django's cursor: with the connection open."""
    if database.vendor != "sqlite" or database.queries_logged or database.execute_wrappers:
        return False
    database.ensure_connection()
    return True


@lru_cache(maxsize=2_000)
def _marked(sql: str) -> str:
    return sql.replace("%s", "?")
