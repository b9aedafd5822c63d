"""What entries say and have said, word for word, by their ids: the part of the `Book` that the interfaces read.

An entry is there for them only when its contents may be read. A version that stood on a shelf that is closed to the
asker (a draft, a confidence that was shared later) is left out of the history, and the first that is not is told as
the one that the entry was made by. Its number, which is the book's and stays, would say that it was not: it is never
told.
"""

from collections.abc import Iterator, Sequence, Set
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import DIRECTORY

from .entries import ENTRY_COLUMNS, EntryRow
from .fields import maybe_uuid, uuid_of
from .joins import each, with_words
from .leading import leads_to, unled
from .outward import outward
from .promotion import is_restricted, standing
from .receipt import here_since
from .resting import Resting
from .rights import CONTENT, Condition, GrantRow, in_directory, mine, open_directory, over_children, reads
from .shelves import OUT, RESTRICTED, class_of, default_class, standing_as
from .unsigned import as_read

_COLUMNS = ", ".join(f'e."{name}"' for name in ENTRY_COLUMNS)
_VERSION = "v.number, v.body, v.recorded_at, v.by_id"
_MARKS = 500
"""Ids that are asked about at a time."""
_PAGE = 200
"""Versions read at a time while looking for those of a page."""


class Gone(LookupError):
    """It has been taken out of use, and the asker would read it otherwise. `number` and `at`: of its last version."""

    def __init__(self, number: int, at: int) -> None:
        super().__init__(number)
        self.number, self.at = number, at


class Told(NamedTuple):
    """What an entry says, or said in one version. `body` None: it was taken out of use in this version (`out`), or has
    been since. `by_id`: who registered it here, where the asker may know. `first`: no earlier one may be read."""

    row: EntryRow
    number: int
    body: bytes | None
    recorded_at: int
    by_id: UUID | None
    out: bool = False
    first: bool = False


class Said(NamedTuple):
    """What an entry says now, as the reader may know it, and no more than that."""

    id: UUID
    kind: str
    number: int
    recorded_at: int
    body: bytes


class Before(NamedTuple):
    """The last version on a page of a history, to go on from."""

    recorded_at: int
    id: UUID
    number: int


class Telling(Resting):
    """The part of the Book that this is."""

    def told(self, child_id: UUID, kind: str, ident: UUID) -> Told:
        """What an entry of a type says now. `NotFound`, or `Gone` for those who would read it were it in use."""
        opened, values = self._of(child_id).content
        sql = f"""SELECT {_COLUMNS}, 1, {_VERSION} FROM {with_words()}
          WHERE e.child_id = %s AND e.id = %s AND e.kind = %s AND {opened}"""
        found = list(self._tell(self._rows(sql, [child_id, ident, kind, *values])))
        if not found:
            self._gone(child_id, kind, ident)
            raise NotFound
        return found[0]

    def history(self, child_id: UUID, kind: str, ident: UUID, *, since: int = 0) -> list[Told]:
        """Every version of an entry that the asker may read, the newest first. Of one that has been taken out of use,
        only that there were versions. `since`: received or registered at or after."""
        before = self._taken_out(child_id, kind, ident)
        opened, values = ("1 = 1", []) if before else self._of(child_id).content
        sql = f"""SELECT {_COLUMNS}, 1, {_VERSION} FROM version v JOIN entry e
          ON e.child_id = v.child_id AND e.id = v.entry_id
          WHERE v.child_id = %s AND v.entry_id = %s AND e.kind = %s AND {opened} ORDER BY v.number DESC"""
        found = list(self._tell(self._rows(sql, [child_id, ident, kind, *values])))
        if not found:
            raise NotFound
        found[-1] = found[-1]._replace(first=True)
        return self._came(found, since) if since else found

    def _came(self, found: Sequence[Told], since: int) -> list[Told]:
        """Those of one entry's versions that were received or registered at or after a moment."""
        came, values = here_since(since)
        row = found[0].row
        sql = f"SELECT v.number FROM version v WHERE v.child_id = %s AND v.entry_id = %s AND {came}"
        numbers = {number for (number,) in self._rows(sql, [row.child_id, row.id, *values])}
        return [one for one in found if one.number in numbers]

    def histories_of(self, kinds: Sequence[str], *, since: int, limit: int, after: Before | None) -> list[Told]:
        """The versions of all entries of these types that the asker may read, the newest first. `since`: received or
        registered at or after; `after`: older than the last of another page. What has been taken out of use is not
        among them."""
        found: list[Told] = []
        while kinds and len(found) < limit:
            rows = self._rows(*self._versions(kinds, since, after))
            told = list(self._tell(rows))
            found += told
            if len(rows) < _PAGE:
                break
            after = _last(rows)
        return self._with_first(found[:limit])

    def _with_first(self, found: Sequence[Told]) -> list[Told]:
        """Which of these versions, of different entries, are the first that may be read. Hardly any entry has hidden
        ones: the others are known by their first, read at once."""
        later = {(one.row.child_id, one.row.id): one.row.kind for one in found if one.number > 1}
        begun = {(one.row.child_id, one.row.id) for one in self._first_versions(list(later))}
        firsts = {key: self.history(key[0], kind, key[1])[-1].number for key, kind in later.items() if key not in begun}
        return [one._replace(first=one.number == firsts.get((one.row.child_id, one.row.id), 1)) for one in found]

    def _first_versions(self, entries: Sequence[tuple[UUID, UUID]]) -> Iterator[Told]:
        """The first version of each of these entries (child, entry) whose present words may be read, where it may be
        read too."""
        for at in range(0, len(entries), _MARKS):
            some = entries[at : at + _MARKS]
            sql = f"""SELECT {_COLUMNS}, 1, {_VERSION} FROM entry e CROSS JOIN version v
              WHERE e.id IN ({", ".join(["%s"] * len(some))}) AND v.child_id = e.child_id AND v.entry_id = e.id
              AND v.number = 1"""
            yield from self._tell(self._rows(sql, [ident for _, ident in some]))

    def all_said(
        self, child_id: UUID, kinds: Sequence[str], *, since: int, limit: int, after: UUID | None = None
    ) -> list[Said]:
        """What every entry of these types in a child's book says now, in the order of their ids. `since`: received or
        registered at or after; `after`: the last of another page."""
        if not kinds:
            return []
        (opened, values), (came, moments) = self._of(child_id).content, _here(since)
        return self._said(
            child_id,
            f"""e.id > %s AND e.kind IN ({", ".join(["%s"] * len(kinds))}) AND {opened} AND {came}
              ORDER BY e.id LIMIT {int(limit)}""",
            [after or UUID(int=0), *kinds, *values, *moments],
        )  # fmt: skip

    def those_said(self, child_id: UUID, kinds: Sequence[str], idents: Sequence[UUID], *, since: int = 0) -> list[Said]:
        """The same of some entries."""
        (opened, values), (came, moments) = self._of(child_id).content, _here(since)
        found: list[Said] = []
        for at in range(0, len(idents) if kinds else 0, _MARKS):
            some = idents[at : at + _MARKS]
            found += self._said(
                child_id,
                f"""e.id IN ({", ".join(["%s"] * len(some))})
                  AND e.kind IN ({", ".join(["%s"] * len(kinds))}) AND {opened} AND {came} ORDER BY e.id""",
                [*some, *kinds, *values, *moments],
            )  # fmt: skip
        return found

    def _said(self, child_id: UUID, condition: str, values: Sequence[Any]) -> list[Said]:
        """Nothing is read of an entry but what is told of it and what a veil must know: a book has hundreds."""
        sql = f"""SELECT e.id, e.kind, e.version, e.recorded_at, v.body, e.what, e.shelf, e.unit_id, e.author_id
          FROM {with_words()}
          WHERE e.child_id = %s AND {condition}"""
        rows = [row for row in self._rows(sql, [child_id, *values]) if row[6] < OUT]
        found = [Said(uuid_of(row[0]), row[1], row[2], row[3], bytes(row[4])) for row in rows]
        self.trail.children.add(child_id) if found else None
        self.trail.entries.update(one.id for one in found)
        self.trail.kinds.update(row[5] for row in rows)
        read = [as_read(one.body, row[5], maybe_uuid(row[8]), self.scope) for one, row in zip(found, rows, strict=True)]
        found = [one._replace(body=body) for one, body in zip(found, self.fitted(read), strict=True)]
        if not self.veiled(child_id):
            return found
        own = self.scope.unit_id
        return [
            one if own is not None and maybe_uuid(row[7]) == own else one._replace(body=self._outward(one.body))
            for one, row in zip(found, rows, strict=True)
        ]

    def fitted(self, bodies: Sequence[bytes]) -> list[bytes]:
        """What entries say, without what leads to something whose contents the asker may not read."""
        if self.scope.complete:
            return list(bodies)
        led = [leads_to(body) for body in bodies]
        hidden = self._hidden({address for some in led for address in some})
        return [
            body if some.isdisjoint(hidden) else unled(body, some & hidden)
            for body, some in zip(bodies, led, strict=True)
        ]

    def _hidden(self, addresses: Set[str]) -> set[str]:
        """Those of these addresses (`Type/id`) that lead to an entry which the asker may not read; one that has been
        taken out of use may be known of by those who would read it otherwise."""
        named = {UUID(address.rpartition("/")[2]): address for address in addresses}
        idents, found = [*named], set[str]()
        for at in range(0, len(idents), _MARKS):
            some = idents[at : at + _MARKS]
            sql = f"""SELECT e.id, e.child_id, e.shelf, e.unit_id, e.lane FROM entry e
              WHERE e.id IN ({", ".join(["%s"] * len(some))})"""
            for ident, child, shelf, unit, lane in self._rows(sql, some):
                if not self.would_read(uuid_of(child), uuid_of(ident), shelf % OUT, maybe_uuid(unit), lane):
                    found.add(named[uuid_of(ident)])
        return found

    def as_served(self, row: EntryRow, body: bytes) -> bytes:
        """A body of an entry that the asker may read, as it is told to them."""
        (found,) = self.fitted([as_read(body, row.what, row.author_id, self.scope)])
        return found

    def readable(self, child_id: UUID, idents: Sequence[UUID]) -> dict[UUID, str]:
        """The types of those of these entries whose contents the asker may read."""
        if not idents:
            return {}
        opened, values = self._of(child_id).content
        sql = f"""SELECT e.id, e.kind FROM entry e
          WHERE e.child_id = %s AND e.id IN ({", ".join(["%s"] * len(idents))}) AND {opened}"""
        return {uuid_of(ident): kind for ident, kind in self._rows(sql, [child_id, *idents, *values])}

    def anew(self, child_id: UUID) -> None:
        """What has just been written may have changed the asker's rights: they are read again when they are needed."""
        self._rights.pop(child_id, None)

    def grants(self, child_id: UUID) -> tuple[GrantRow, ...]:
        """The asker's rights in a child's book that count now."""
        return self._of(child_id).grants

    def _versions(self, kinds: Sequence[str], since: int, after: Before | None) -> Condition:
        """From book to book that the asker may know of, and the directory: nobody else's entries are looked at. What is
        sorted is short; the words are read of those that are chosen."""
        known, who = mine(self.scope)
        (read, values), (common, shelf) = over_children(self.scope, CONTENT, among_mine=True), in_directory(self.scope)
        (came, moments), (older, more) = _here(since), _older(after)
        order = "recorded_at DESC, entry_id DESC, number DESC"
        some, newer = ", ".join(["%s"] * len(kinds)), f"{older} AND {came}"
        opened = f"e.child_id = b.child_id AND e.kind IN ({some}) AND ({common} OR ({read}))"
        chosen = f"""SELECT v.child_id, v.entry_id, v.number, v.recorded_at FROM (
            SELECT g.child_id FROM access_grant g WHERE {known} AND g.entry_id IS NULL UNION
            SELECT %s) b
          {each("entry", "e", opened)}
          {each("version", "v", f"v.child_id = e.child_id AND v.entry_id = e.id AND {newer}")}
          ORDER BY {", ".join(f"v.{one}" for one in order.split(", "))} LIMIT {_PAGE}"""
        sql = f"""SELECT {_COLUMNS}, 1, {_VERSION} FROM ({chosen}) p CROSS JOIN entry e CROSS JOIN version v
          WHERE e.child_id = p.child_id AND e.id = p.entry_id AND v.child_id = p.child_id AND v.entry_id = p.entry_id
          AND v.number = p.number ORDER BY {", ".join(f"p.{one}" for one in order.split(", "))}"""
        return sql, [*who, DIRECTORY, *kinds, *shelf, *values, *more, *moments]

    # -- what has been taken out of use ------------------------------------------------------------------------------

    def _gone(self, child_id: UUID, kind: str, ident: UUID) -> None:
        if last := self._taken_out(child_id, kind, ident):
            raise Gone(*last)

    def _taken_out(self, child_id: UUID, kind: str, ident: UUID) -> tuple[int, int] | None:
        """The last version of an entry that has been taken out of use and that the asker would read otherwise, and
        when it was registered."""
        sql = f"""SELECT e.version, e.recorded_at, e.shelf, e.unit_id, e.lane FROM entry e
          WHERE e.child_id = %s AND e.id = %s AND e.kind = %s AND e.shelf >= {OUT}"""
        for number, at, shelf, unit, lane in self._rows(sql, [child_id, ident, kind]):
            if self.would_read(child_id, ident, shelf - OUT, maybe_uuid(unit), lane):
                return int(number), int(at)
        return None

    def was_open(self, row: EntryRow, said: dict[str, Any]) -> bool:
        """Whether the asker, who may read an entry, may read what it said in a version where that stood."""
        stands = row.shelf % OUT
        stood = _stood(stands, row.what, row.lane, said)
        return stood == stands or self.would_read(row.child_id, row.id, stood, row.unit_id, row.lane)

    def would_read(self, child_id: UUID, ident: UUID, shelf: int, unit: UUID | None, lane: str) -> bool:
        """Whether the asker would read the contents of an entry that stood on this shelf."""
        if child_id == DIRECTORY:
            return bool(open_directory(self.scope) >> shelf & 1)
        known = self._of(child_id)
        return reads(known, self.scope, entry_id=ident, shelf=shelf, unit_id=unit, lane=lane)

    # -- rows --------------------------------------------------------------------------------------------------------

    def _tell(self, rows: Sequence[tuple[Any, ...]]) -> Iterator[Told]:
        shown = self._shown(self._read([row[:-4] for row in rows]))
        told = [
            one
            for row, (number, body, recorded_at, by_id) in zip(shown, (row[-4:] for row in rows), strict=True)
            if (one := self._as_told(Told(row, int(number), bytes(body), int(recorded_at), maybe_uuid(by_id))))
        ]
        bodies = self.fitted([one.body or b"" for one in told])
        return (one._replace(body=one.body and body) for one, body in zip(told, bodies, strict=True))

    def _as_told(self, told: Told) -> Told | None:
        row, body = told.row, told.body
        assert body is not None
        body, by_id = as_read(body, row.what, row.author_id, self.scope), told.by_id
        veiled = self.reads_through_a_veil(row)
        if veiled or self.reads_unsigned(row):  # who registered it tells where the child is, or who has notified
            by_id = None
        told = told._replace(body=body, by_id=by_id)
        if told.number != row.version:
            said = orjson.loads(body)
            if not self.was_open(row, said):
                return None
            if is_restricted(said):
                return told._replace(body=None, by_id=by_id, out=True)
        if class_of(row.shelf) == RESTRICTED:
            return told._replace(body=None, by_id=by_id, out=told.number == row.version)
        return told._replace(body=self._outward(body), by_id=None) if veiled else told

    def _outward(self, body: bytes) -> bytes:
        return outward(self._drawn().body(body))


def _stood(shelf: int, what: str, lane: str, said: dict[str, Any]) -> int:
    """The shelf that an earlier version stood on: its block as now, its class as it said."""
    return standing_as(shelf, standing(said).sensitivity or default_class(what, lane))


def _here(since: int) -> Condition:
    """True for a version `v` that a client which has all up to a moment (nought: nothing) has not got."""
    return here_since(since) if since else ("1 = 1", [])


def _older(after: Before | None) -> Condition:
    """True for a version `v` that comes after the last one of a page."""
    if after is None:
        return "1 = 1", []
    sql = """(v.recorded_at < %s OR (v.recorded_at = %s AND (v.entry_id < %s
      OR (v.entry_id = %s AND v.number < %s))))"""
    return sql, [after.recorded_at, after.recorded_at, after.id, after.id, after.number]


def _last(rows: Sequence[tuple[Any, ...]]) -> Before:
    row = rows[-1]
    ident = maybe_uuid(row[ENTRY_COLUMNS.index("id")])
    assert ident
    return Before(int(row[-2]), ident, int(row[-4]))
