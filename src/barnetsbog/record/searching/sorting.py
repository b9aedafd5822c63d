"""The order of a search, and where the next page begins.

Each value that is sorted by is a column of what is found, the lowest one of an entry (the highest, from above). What
says nothing comes last, and the id settles the rest. The next page is what comes after the last row (keyset), so that
what is written meanwhile neither repeats nor hides anything.
"""

from collections.abc import Sequence
from typing import NamedTuple

from barnetsbog.record.rights import Condition

from . import model as m
from .compiling import Compiler, both
from .dialect import Dialect
from .placing import may_lead_out

NOTHING: Condition = ("", [])


class Key(NamedTuple):
    """One value of the order: its column among what is found, and what must be joined for it."""

    name: str
    column: Condition
    join: Condition
    descending: bool


def keys(compiler: Compiler, kind: str, sort: Sequence[m.Sort]) -> list[Key]:
    return [_key(compiler, kind, one, f"s{number}") for number, one in enumerate(sort)]


def _key(compiler: Compiler, kind: str, one: m.Sort, name: str) -> Key:
    if one.param == "_lastUpdated":
        return Key(name, (f", e.recorded_at AS {name}", []), NOTHING, one.descending)
    if one.param == "_id":
        return Key(name, (f", {compiler.sql.text('e.id')} AS {name}", []), NOTHING, one.descending)
    table, (test, values) = compiler.test(kind, m.Missing(one.param, missing=False))
    best = f"{'MAX' if one.descending else 'MIN'}({_value(compiler.sql, table, one.param)})"
    only = compiler.place(kind).only
    if only:
        join = f""" LEFT JOIN (SELECT t.entry_id, {best} AS best FROM {table} t WHERE t.child_id = %s AND {test}
          GROUP BY t.entry_id) {name} ON {name}.entry_id = e.id"""
        return Key(name, _seen(compiler, kind, one, f"{name}.best", [], name), (join, [only, *values]), one.descending)
    value = f"(SELECT {best} FROM {table} t WHERE t.child_id = e.child_id AND t.entry_id = e.id AND {test})"
    return Key(name, _seen(compiler, kind, one, value, values, name), NOTHING, one.descending)


def _value(sql: Dialect, table: str, param: str) -> str:
    if table == "search_date":
        return "t.low"
    if table == "search_quantity":
        return "CASE WHEN t.low > -1e308 THEN t.low WHEN t.high < 1e308 THEN t.high END"
    if table == "search_string":
        return sql.letters(sql.place("t.text"))
    return sql.letters(f"NULLIF({'t.target' if table == 'search_reference' else 't.code'}, '')")


def _seen(compiler: Compiler, kind: str, one: m.Sort, value: str, values: list[object], name: str) -> Condition:
    """What could tell a place, or who has notified, is no place in an order either."""
    told = [compiler.unveiled("e")] if may_lead_out(kind, one.param) else []
    seen, more = both([*told, *compiler.signed("e", one.param)])
    if not more:
        return f", {value} AS {name}", values
    return f", CASE WHEN {seen} THEN {value} END AS {name}", [*more, *values]


def ordered(sort: Sequence[Key], of: str = "") -> str:
    parts = (f"{of}{key.name} IS NULL, {of}{key.name}{' DESC' if key.descending else ''}" for key in sort)
    return ", ".join([*parts, f"{of}id"])


def past(sort: Sequence[Key], after: m.Cursor | None) -> Condition:
    """True for what comes after the row where a page ended."""
    if after is None:
        return "1 = 1", []
    found: Condition = ("k.id > %s", [after.id])
    for key, value in reversed(list(zip(sort, after.values, strict=True))):
        found = _beyond(key, value, found)
    return found


def _beyond(key: Key, value: str | int | float | None, rest: Condition) -> Condition:
    if value is None:
        return both([(f"k.{key.name} IS NULL", []), rest])
    further = f"k.{key.name} {'<' if key.descending else '>'} %s"
    same = both([(f"k.{key.name} = %s", [value]), rest])
    return both([(further, [value]), (f"k.{key.name} IS NULL", []), same], " OR ")
