"""Running a typed search: one query for a page, one for each step of what comes along.

What no search row answers (`judging`) is settled first: the few resources that the rest leaves are read, and the
condition becomes the ids of those that meet it. Rows, order, total and the next page are then the database's, of what
the asker may read and of nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.record.entries import ENTRY_COLUMNS
from barnetsbog.record.rights import Condition

from . import model as m
from .coming_along import steps, wanted
from .compiling import Asker, Compiler, both
from .judging import hint, is_late, meets
from .sorting import Key, keys, ordered, past
from .sources import source

READ_AT_MOST = 5_000
"""So many resources are read for a condition that must be judged on them."""

ALONG_AT_MOST = 1_000
"""So many resources come along with a page."""

_COLUMNS = ", ".join(f'e."{name}"' for name in ENTRY_COLUMNS)
_WORDS = "JOIN version v ON v.child_id = e.child_id AND v.entry_id = e.id AND v.number = e.version"

_WIDTH = len(ENTRY_COLUMNS) + 2

Rows = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Reader:
    """What a search needs of the book."""

    rows: Rows
    hits: Callable[[list[tuple[Any, ...]]], list[m.Hit]]
    """Raw rows (columns, 1, body) as the asker may read them."""
    shown: Callable[[Sequence[m.Hit]], None]
    """Remembers what was shown, for the log."""


class Run:
    """One search of one asker."""

    def __init__(self, asker: Asker, reader: Reader) -> None:
        self.asker, self.reader = asker, reader
        self.compiler = Compiler(asker)

    def page(self, search: m.Search) -> m.Found:
        level = self._settled(search.level)
        if not search.count:
            return m.Found((), (), self._count(level, search.after), None)
        sort = keys(self.compiler, level.kind, search.sort)
        rows = self.reader.rows(*self._page(level, sort, search))
        shown, more = rows[: search.count], len(rows) > search.count
        hits = self.reader.hits([row[:_WIDTH] for row in shown])
        cursor = m.Cursor(self.asker.moment, tuple(shown[-1][_WIDTH:]), hits[-1].row.id) if more else None
        included, cut = self._along(hits, search.includes)
        self.reader.shown([*hits, *included])
        return m.Found(hits, included, self._total(level, search, len(rows), more), cursor, cut)

    # -- a page ------------------------------------------------------------------------------------------------------

    def _page(self, level: m.Level, sort: Sequence[Key], search: m.Search) -> tuple[str, list[Any]]:
        sql, values = self._found(level, sort, search.after)
        after, more = past(sort, search.after)
        said = "".join(f", p.{key.name}" for key in sort)
        page = f"SELECT * FROM ({sql}) k WHERE {after} ORDER BY {ordered(sort)} LIMIT {search.count + 1}"
        whole = f"""SELECT {_COLUMNS}, 1, v.body{said} FROM ({page}) p CROSS JOIN entry e {_WORDS}
          WHERE e.child_id = p.child_id AND e.id = p.id ORDER BY {ordered(sort, "p.")}"""
        return whole, [*values, *more]

    def _found(self, level: m.Level, sort: Sequence[Key], after: m.Cursor | None) -> tuple[str, list[Any]]:
        """Everything on all pages: child, id, and what it is sorted by."""
        begin = source(self.compiler, level)
        where = self.compiler.where(level, known=begin.known)
        joins, more = _side_by_side([key.join for key in sort])
        columns, of_columns = _side_by_side([key.column for key in sort])
        since: Condition = ("NOT (e.version = 1 AND e.recorded_at > %s)", [after.moment]) if after else ("1 = 1", [])
        text, values = both([begin.tie, where, since])
        distinct = "DISTINCT " if begin.many else ""
        sql = f"SELECT {distinct}e.child_id, e.id{columns} FROM {begin.tables}{joins} WHERE {text}"
        return sql, [*of_columns, *begin.values, *more, *values]

    def _count(self, level: m.Level, after: m.Cursor | None) -> int:
        sql, values = self._found(level, (), after)
        (found,) = self.reader.rows(f"SELECT COUNT(*) FROM ({sql}) k", values)[0]
        return int(found)

    def _total(self, level: m.Level, search: m.Search, rows: int, more: bool) -> int | None:
        if search.total == "none":
            return None
        if not search.after and not more:
            return rows
        return self._count(level, search.after) if search.total else None

    # -- what comes along --------------------------------------------------------------------------------------------

    def _along(self, hits: Sequence[m.Hit], includes: Sequence[m.Include]) -> tuple[list[m.Hit], bool]:
        """What comes along, and whether that is not all of it."""
        anywhere = Compiler(replace(self.asker, child=None))
        known, found, newest = {hit.row.id for hit in hits}, list[m.Hit](), hits
        asked = list(includes)
        for _ in range(steps(includes)):
            query = wanted(anywhere, newest, asked) if newest else None
            if query is None:
                break
            newest = [hit for hit in self._read(*query) if hit.row.id not in known]
            found += newest
            known |= {hit.row.id for hit in newest}
            asked = [one for one in includes if one.iterate]
            if len(found) > ALONG_AT_MOST:
                return found[:ALONG_AT_MOST], True
        return found, False

    def _read(self, sql: str, values: Sequence[Any]) -> list[m.Hit]:
        whole = f"""SELECT {_COLUMNS}, 1, v.body FROM ({sql}) p CROSS JOIN entry e {_WORDS}
          WHERE e.child_id = p.child_id AND e.id = p.id ORDER BY e.id LIMIT {2 * ALONG_AT_MOST}"""
        return self.reader.hits(self.reader.rows(whole, values))

    # -- what is settled first ---------------------------------------------------------------------------------------

    def _settled(self, level: m.Level) -> m.Level:
        """The level with the ids of what meets them, for conditions that must be judged on resources."""
        plain = [self._inner(one) for one in level.conditions if not is_late(one)]
        late = [one for one in level.conditions if is_late(one)]
        if not late:
            return replace(level, conditions=tuple(plain))
        hints = [also for one in late for also in hint(one, level.kind)]  # type: ignore[arg-type]
        found = self._judged(m.Level(level.kind, tuple(plain + hints)), late)
        return replace(level, conditions=(*plain, m.Ids(tuple(found))))

    def _inner(self, one: m.Condition) -> m.Condition:
        if isinstance(one, m.Chained):
            return replace(one, to=tuple(self._settled(level) for level in one.to))
        return replace(one, of=self._settled(one.of)) if isinstance(one, m.Has) else one

    def _judged(self, level: m.Level, late: list[Any]) -> Iterator[UUID]:
        sql, values = self._found(level, (), None)
        whole = f"""SELECT {_COLUMNS}, 1, v.body FROM ({sql} LIMIT {READ_AT_MOST + 1}) p CROSS JOIN entry e {_WORDS}
          WHERE e.child_id = p.child_id AND e.id = p.id"""
        rows = self.reader.rows(whole, values)
        if len(rows) > READ_AT_MOST:
            raise m.TooCostly(late[0].param)
        for hit in self.reader.hits(rows):
            resource = orjson.loads(hit.body)
            if all(meets(resource, one, self.asker.moment) for one in late):
                yield hit.row.id


def _side_by_side(parts: Sequence[Condition]) -> Condition:
    return "".join(text for text, _ in parts), [value for _, values in parts for value in values]
