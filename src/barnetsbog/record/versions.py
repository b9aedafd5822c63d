"""What an entry has said: its versions, how each came here, and what deliveries brought."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from .entries import EntryRow, Received, VersionRow
from .fields import maybe_uuid, uuid_of
from .receipt import CAME, ENTRY_CAME
from .told import Telling
from .unsigned import unsigned_version
from .verbatim import cut


class Versions(Telling):
    """The part of the Book that reads further back than the present version."""

    def versions(self, row: EntryRow) -> list[VersionRow]:
        """Everything the entry has said, oldest first. Not what it said on a shelf that is closed to the asker: a
        draft, or a confidence that was shared later."""
        opened, values = self._of(row.child_id).content
        sql = f"""SELECT v.number, v.body, v.recorded_at, {CAME}, v.by_id, v.on_behalf_of_id, v.delivery_id, v.place
          FROM version v JOIN entry e ON e.child_id = v.child_id AND e.id = v.entry_id
          WHERE v.child_id = %s AND v.entry_id = %s AND {opened} ORDER BY v.number"""
        found = [version_of(one) for one in self._rows(sql, [row.child_id, row.id, *values])]
        return self._open_versions(row, found)

    def _open_versions(self, row: EntryRow, found: Iterable[VersionRow]) -> list[VersionRow]:
        told = [one for one in found if one.number == row.version or self.was_open(row, orjson.loads(one.body))]
        told = [unsigned_version(one) for one in told] if self.reads_unsigned(row) else told
        return [replace(one, body=self._seen(row, one.body)) for one in told]

    def histories(self, rows: Sequence[EntryRow]) -> dict[UUID, list[VersionRow]]:
        """The same of several entries of one child, in one query. None of those of which the asker may see the heading
        only."""
        if not rows:
            return {}
        (child_id,) = {row.child_id for row in rows}
        marks = ", ".join(["%s"] * len(rows))
        opened, values = self._of(child_id).content
        sql = f"""SELECT v.entry_id, v.number, v.body, v.recorded_at, {CAME}, v.by_id, v.on_behalf_of_id, v.delivery_id,
            v.place FROM version v JOIN entry e ON e.child_id = v.child_id AND e.id = v.entry_id
          WHERE v.child_id = %s AND v.entry_id IN ({marks}) AND {opened} ORDER BY v.number"""
        by_id: dict[UUID, list[VersionRow]] = {}
        for ident, *version in self._rows(sql, [child_id, *(row.id for row in rows), *values]):
            by_id.setdefault(uuid_of(ident), []).append(version_of(tuple(version)))
        return {row.id: self._open_versions(row, by_id[row.id]) for row in rows if row.id in by_id}

    def came(self, rows: Sequence[EntryRow]) -> dict[UUID, int]:
        """When what these entries of one child say now came here, in one query."""
        if not rows:
            return {}
        (child_id,) = {row.child_id for row in rows}
        marks = ", ".join(["%s"] * len(rows))
        sql = f"SELECT e.id, {ENTRY_CAME} FROM entry e WHERE e.child_id = %s AND e.id IN ({marks})"
        return {uuid_of(ident): at for ident, at in self._rows(sql, [child_id, *(row.id for row in rows)])}

    def received(self, row: EntryRow, version: VersionRow) -> Received | None:
        """How a version came: the system, the file, and word for word what it said of this entry and nothing else. Word
        for word is not for those who are not told all of it."""
        hidden = self.reads_less(row) or version.delivery_id is None
        if hidden or version.number not in {one.number for one in self.versions(row)}:
            return None
        sql = "SELECT source, name, received_at, payload FROM delivery WHERE id = %s"  # in whosever book it came then
        source, name, received_at, payload = self._rows(sql, [version.delivery_id])[0]
        return Received(source, name, received_at, cut(zlib.decompress(bytes(payload)), version.place))

    def brought(self, child_id: UUID, deliveries: Iterable[UUID]) -> set[UUID]:
        """Those deliveries that brought something of which the asker may see the heading at least."""
        wanted = sorted(set(deliveries))
        if not wanted:
            return set()
        opened, values = self._of(child_id).headings
        marks = ", ".join(["%s"] * len(wanted))
        sql = f"""SELECT DISTINCT v.delivery_id FROM version v
          JOIN entry e ON e.child_id = v.child_id AND e.id = v.entry_id
          WHERE v.child_id = %s AND v.delivery_id IN ({marks}) AND {opened}"""
        return {uuid_of(row[0]) for row in self._rows(sql, [child_id, *wanted, *values])}

    def payloads(self, deliveries: set[UUID]) -> dict[UUID, bytes]:
        """What sources sent, word for word and whole. Only for a complete export: a payload may speak of more than
        one entry."""
        if not self.scope.complete or not deliveries:
            return {}
        marks = ", ".join(["%s"] * len(deliveries))
        found = self._rows(f"SELECT id, payload FROM delivery WHERE id IN ({marks})", list(deliveries))
        return {uuid_of(row[0]): zlib.decompress(bytes(row[1])) for row in found}


def version_of(row: tuple[Any, ...]) -> VersionRow:
    by, unit, delivery = map(maybe_uuid, row[4:7])
    return VersionRow(row[0], bytes(row[1]), row[2], row[3], by, unit, delivery, row[7])
