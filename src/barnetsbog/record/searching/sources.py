"""Where a search begins: the few rows that are looked at before the grants and the other conditions are asked.

Only a question of speed: whatever is chosen, every condition is asked of every entry. Children's rows are led by their
child, so a search over many children goes from child to child, but for what finds a child: its number, its birth date,
an id.
"""

from typing import NamedTuple

from barnetsbog.fhir import parameter_code
from barnetsbog.fhir.searching import kinds_of
from barnetsbog.record.entries import DIRECTORY_TYPES, THINGS
from barnetsbog.record.joins import each
from barnetsbog.record.rights import Condition

from . import model as m
from .compiling import Compiler, both


class Source(NamedTuple):
    """What stands after FROM, and the conditions that tie it together. `many`: an entry may come more than once;
    `known`: only the books that the asker may know of are looked into."""

    tables: str
    values: list[object]
    tie: Condition
    many: bool = False
    known: bool = False


ALL: Condition = ("1 = 1", [])
_NUMBER = parameter_code("Patient.identifier")


def source(compiler: Compiler, level: m.Level, *, through: bool = True) -> Source:
    """Where to begin looking for the entries (`e`) of a level. `through`: perhaps at the far end of a chain."""
    only = compiler.place(level.kind).only
    if only:
        return Source("entry e", [], ("e.child_id = %s", [only]))
    if any(isinstance(one, m.Ids) and not one.but for one in level.conditions):
        return Source("entry e", [], ALL)
    found = _of_child(compiler, level) or (_through(compiler, level) if through else None)
    return found or _child_by_child(compiler, level)


def _of_child(compiler: Compiler, level: m.Level) -> Source | None:
    """What finds a child has indexes that are not led by one."""
    if level.kind != "Patient":
        return None
    for one in level.conditions:
        if (
            isinstance(one, m.Dates)
            and one.param == "birthdate"
            and all(v.prefix is m.Prefix.EQUAL for v in one.values)
        ):
            born = both([("e.start BETWEEN %s AND %s", [low, high]) for _, low, high in one.values], " OR ")
            return Source("entry e", [], both([("e.what = 'child'", []), born]))
    for one in level.conditions:
        if isinstance(one, m.Tokens) and one.param == "identifier" and not one.but and all(v.code for v in one.values):
            found = compiler.rows(m.Tokens(one.param, tuple(m.Coded(None, v.code) for v in one.values)), level.kind)
            tie = both([(f"t.param = {_NUMBER}", []), found, _JOINED])
            return Source("search_token t CROSS JOIN entry e", [], tie, many=True)
    return None


_JOINED: Condition = ("e.child_id = t.child_id AND e.id = t.entry_id", [])


def _through(compiler: Compiler, level: m.Level) -> Source | None:
    """What is in a book refers to what is in the same book, but for the directory and things: the children that the far
    end of a chain is found in."""
    for one in level.conditions if level.kind not in THINGS else ():
        inner = (
            one.to[0] if isinstance(one, m.Chained) and len(one.to) == 1 else one.of if isinstance(one, m.Has) else None
        )
        if inner is not None and inner.kind not in DIRECTORY_TYPES | THINGS and inner.conditions:
            begin, (where, values) = source(compiler, inner, through=False), compiler.where(inner)
            found = f"SELECT DISTINCT e.child_id FROM {begin.tables} WHERE {begin.tie[0]} AND {where}"
            return _over(compiler, level, f"({found}) b", [*begin.values, *begin.tie[1], *values])
    return None


def _child_by_child(compiler: Compiler, level: m.Level) -> Source:
    return _over(compiler, level, *compiler.books(shelf=level.kind in THINGS))._replace(known=True)


def _over(compiler: Compiler, level: m.Level, books: str, values: list[object]) -> Source:
    """From book to book, and in each by the condition that leaves fewest."""
    best = min(level.conditions, key=lambda one: _breadth(one, level.kind), default=None)
    if best is None or _breadth(best, level.kind) == _NO_ROWS:
        of_kind = f"e.child_id = b.child_id AND e.kind = '{level.kind}'"
        return Source(f"{books} {each('entry', 'e', of_kind)}", values, ALL)
    table, (test, more) = compiler.test(level.kind, best)
    rows = each(table, "t", f"t.child_id = b.child_id AND {test}")
    return Source(f"{books} {rows} {each('entry', 'e', _JOINED[0])}", [*values, *more], ALL, many=True)


_NO_ROWS = 9


def _breadth(one: m.Condition, kind: str) -> int:
    """How many entries a condition leaves, roughly: the fewer the sooner."""
    match one:
        case m.References():
            return 1
        case m.Tokens(but=False):
            return 4 if kinds_of(kind, one.param) <= {"code", "boolean"} else 2
        case m.Strings():
            return 3
        case m.Amounts():
            return 5
        case m.Dates():
            return 6
        case m.Uris():
            return 7
        case m.Missing(missing=False):
            return 8
        case _:
            return _NO_ROWS
