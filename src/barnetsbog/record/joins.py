"""How what is across children is looked up: child by child, on both databases (ADR 45).

Such a query begins with the asker's own children and finds the rest by narrow indexes that begin with the child. SQLite
does as it is written. PostgreSQL guesses that little in the instance is open, of a kind or of a time, reads all of it,
and picks out what is the asker's: the page is right, and takes longer for each child that somebody else knows.
"""

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

SETTINGS = ("jit = off", "random_page_cost = 1.1", "max_parallel_workers_per_gather = 0")
"""To compile a query, or to start helpers for it, takes longer than to answer it, and others ask at the same time; no
disk of today is slower at what lies apart."""


def each(table: str, alias: str, condition: str) -> str:
    """Joins what stands before, row by row, to the rows of a table that meet a condition. PostgreSQL looks into a query
    with an offset for one row at a time; SQLite keeps the order of a cross join."""
    if connection.vendor == "postgresql":
        return f"CROSS JOIN LATERAL (SELECT {alias}.* FROM {table} {alias} WHERE {condition} OFFSET 0) {alias}"
    return f"CROSS JOIN {table} {alias} ON {condition}"


def beside(table: str, alias: str, condition: str) -> str:
    """The same where there may be no such row."""
    if connection.vendor == "postgresql":
        return f"LEFT JOIN LATERAL (SELECT {alias}.* FROM {table} {alias} WHERE {condition} OFFSET 0) {alias} ON TRUE"
    return f"LEFT JOIN {table} {alias} ON {condition}"


def words(where: str = "TRUE") -> str:
    """What each entry `e` says now, `v`; of those alone for which a condition is true."""
    its_own = "v.child_id = e.child_id AND v.entry_id = e.id AND v.number = e.version"
    return beside("version", "v", f"{its_own} AND {where}")


def with_words(where: str = "TRUE") -> str:
    """Entries with what each says now (`words`). Every entry has its version; the join is a left one so that SQLite
    finds the few entries first, and never reads through the words of a whole book to look for theirs (forty times
    slower)."""
    return f"entry e {words(where)}"


def entries_of_mine(condition: str) -> str:
    """Joins `mine`, rows with a `child_id`, to the entries `e` of each that meet a condition."""
    return each("entry", "e", f"e.child_id = mine.child_id AND {condition}")


def suit(database: BaseDatabaseWrapper) -> None:
    """Tells PostgreSQL, for as long as a connection lasts. Here and not at its log-in: a pool in front of it refuses
    what it does not know there."""
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("; ".join(f"SET {one}" for one in SETTINGS))
