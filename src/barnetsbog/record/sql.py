"""Plain SQL for what every request asks, whichever database."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def fetch(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query. `%s` stands for a value, and nothing else in it has a percent sign.

    On SQLite it goes past Django's cursor, which reads each statement anew for its marks and costs as much as the
    query; but not where somebody listens to what is asked.
    """
    database = connections[DEFAULT_DB_ALIAS]
    found: list[tuple[Any, ...]]
    if database.vendor == "sqlite" and not database.queries_logged and not database.execute_wrappers:
        database.ensure_connection()
        with database.wrap_database_errors:
            found = database.connection.execute(_marked(sql), values).fetchall()
    else:
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
    return found


def fetch_one(sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """The only row, or None."""
    rows = fetch(sql, values)
    return rows[0] if rows else None


@lru_cache(maxsize=2_000)
def _marked(sql: str) -> str:
    return sql.replace("%s", "?")
