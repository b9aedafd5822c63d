"""Running a typed search: one query for a page, one for each step of what comes along.

What no search row answers (`judging`) is judged on the resources that the rest leaves, in the order of the answer and
no further than the page goes; at the far end of a chain it becomes the ids of those that meet it. Either way rows,
order, total and the next page are of what the asker may read and of nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import orjson

from barnetsbog.record.entries import ENTRY_COLUMNS
from barnetsbog.record.fields import uuid_of
from barnetsbog.record.receipt import new_after
from barnetsbog.record.rights import Condition

from . import model as m
from .coming_along import steps, wanted
from .compiling import Asker, Compiler, both
from .judging import Late, hint, is_late, meets
from .sorting import Key, keys, ordered, past
from .sources import source

READ_AT_ONCE, READ_AT_MOST = 1_000, 100_000
"""So many resources are read at first for conditions that must be judged on them, then more, and in one request."""

ALONG_AT_MOST = 1_000
"""So many resources come along with a page."""

_COLUMNS = ", ".join(f'e."{name}"' for name in ENTRY_COLUMNS)
_WORDS = "JOIN version v ON v.child_id = e.child_id AND v.entry_id = e.id AND v.number = e.version"

_WIDTH, _ID = len(ENTRY_COLUMNS) + 2, ENTRY_COLUMNS.index("id")

Row = tuple[Any, ...]
Rows = Callable[[str, Sequence[Any]], list[Row]]


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
        self.judged = 0

    def page(self, search: m.Search) -> m.Found:
        level, late = self._settled(search.level)
        if not search.count:
            return m.Found((), (), self._count(level, late, search.after), None)
        sort = keys(self.compiler, level.kind, search.sort)
        rows = self._first(level, late, sort, search)
        shown, more = rows[: search.count], len(rows) > search.count
        hits = self.reader.hits([row[:_WIDTH] for row in shown])
        cursor = self._behind(shown[-1], hits[-1]) if more else None
        included, cut = self._along(hits, search.includes)
        self.reader.shown([*hits, *included])
        return m.Found(hits, included, self._total(level, late, search, len(rows), more), cursor, cut)

    def _behind(self, row: Row, hit: m.Hit) -> m.Cursor:
        return m.Cursor(self.asker.moment, tuple(row[_WIDTH:]), hit.row.id)

    # -- a page ------------------------------------------------------------------------------------------------------

    def _first(self, level: m.Level, late: Sequence[Late], sort: Sequence[Key], search: m.Search) -> list[Row]:
        """The rows of a page, and one more when there is one."""
        since, size = search.after, search.count + 1
        if not late:
            return self._stretch(level, sort, since, since, size)
        return list(islice(self._meeting(level, late, sort, since, since), size))

    def _meeting(
        self,
        level: m.Level,
        late: Sequence[Late],
        sort: Sequence[Key] = (),
        since: m.Cursor | None = None,
        after: m.Cursor | None = None,
    ) -> Iterator[Row]:
        """The rows after one, in their order, whose resources meet what must be judged on them."""
        size = READ_AT_ONCE
        while True:
            rows = self._stretch(level, sort, since, after, size)
            self.judged += len(rows)
            if self.judged > READ_AT_MOST:
                raise m.TooCostly(late[0].param)
            hits = self.reader.hits([row[:_WIDTH] for row in rows])
            for row, hit in zip(rows, hits, strict=True):
                resource = orjson.loads(hit.body)
                if all(meets(resource, one, self.asker.moment) for one in late):
                    yield row
            if len(rows) < size:
                return
            after, size = self._behind(rows[-1], hits[-1]), min(size * 4, READ_AT_ONCE * 16)

    def _stretch(
        self, level: m.Level, sort: Sequence[Key], since: m.Cursor | None, after: m.Cursor | None, size: int
    ) -> list[Row]:
        """So many rows after one, with their words and what they are sorted by. `since`: without what is new since the
        first page of that cursor."""
        sql, values = self._found(level, sort, since)
        beyond, more = past(sort, after)
        said = "".join(f", p.{key.name}" for key in sort)
        page = f"SELECT * FROM ({sql}) k WHERE {beyond} ORDER BY {ordered(sort)} LIMIT {size}"
        whole = f"""SELECT {_COLUMNS}, 1, v.body{said} FROM ({page}) p CROSS JOIN entry e {_WORDS}
          WHERE e.child_id = p.child_id AND e.id = p.id ORDER BY {ordered(sort, "p.")}"""
        return self.reader.rows(whole, [*values, *more])

    def _found(self, level: m.Level, sort: Sequence[Key], after: m.Cursor | None) -> tuple[str, list[Any]]:
        """Everything on all pages: child, id, and what it is sorted by."""
        begin = source(self.compiler, level)
        where = self.compiler.where(level, known=begin.known)
        joins, more = _side_by_side([key.join for key in sort])
        columns, of_columns = _side_by_side([key.column for key in sort])
        parts = [begin.tie, where]
        if after:
            new, moment = new_after(after.moment)
            parts.append((f"NOT {new}", moment))
        text, values = both(parts)
        distinct = "DISTINCT " if begin.many else ""
        sql = f"SELECT {distinct}e.child_id, e.id{columns} FROM {begin.tables}{joins} WHERE {text}"
        return sql, [*of_columns, *begin.values, *more, *values]

    def _count(self, level: m.Level, late: Sequence[Late], after: m.Cursor | None) -> int:
        """How many are on all pages: what is new since the first page is on none."""
        if late:
            return sum(1 for _ in self._meeting(level, late, since=after))
        sql, values = self._found(level, (), after)
        (found,) = self.reader.rows(f"SELECT COUNT(*) FROM ({sql}) k", values)[0]
        return int(found)

    def _total(self, level: m.Level, late: Sequence[Late], search: m.Search, rows: int, more: bool) -> int | None:
        if search.total == "none":
            return None
        if not search.after and not more:
            return rows
        return self._count(level, late, search.after) if search.total else None

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

    def _settled(self, level: m.Level) -> tuple[m.Level, list[Late]]:
        """The level as far as search rows answer it, and what must be judged on the resources that are left."""
        plain = [self._inner(one) for one in level.conditions if not is_late(one)]
        late: list[Any] = [one for one in level.conditions if is_late(one)]
        hints = [also for one in late for also in hint(one)]
        return replace(level, conditions=(*plain, *hints)), late

    def _inner(self, one: m.Condition) -> m.Condition:
        if isinstance(one, m.Chained):
            return replace(one, to=tuple(map(self._judged, one.to)))
        return replace(one, of=self._judged(one.of)) if isinstance(one, m.Has) else one

    def _judged(self, level: m.Level) -> m.Level:
        """A level at the far end of a chain, with the ids of those that meet what no row answers."""
        plain, late = self._settled(level)
        if not late:
            return plain
        found = m.Ids(tuple(uuid_of(row[_ID]) for row in self._meeting(plain, late)))
        return replace(plain, conditions=(*plain.conditions, found))


def _side_by_side(parts: Sequence[Condition]) -> Condition:
    return "".join(text for text, _ in parts), [value for _, values in parts for value in values]
