"""How headings have stood, version by version: for counting over all of somebody's children.

The present heading stands in the columns of its entry. Earlier ones are read out of earlier versions as it was out of
the present one (`promotion.standing`). A version that stood on another shelf than the entry does now (a draft) is left
out: the asker's rights are of now.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.time import FOREVER

from .entries import Stage
from .fields import maybe_uuid, uuid_of
from .joins import beside, entries_of_mine
from .promotion import Standing, standing
from .rights import HEADINGS, Condition, mine, over_children
from .scope import Scope
from .shelves import class_of


def stages(
    scope: Scope, what: Sequence[str], since: int, *, unit: UUID | None, earlier: bool, ids: Sequence[UUID]
) -> Condition:
    """The query for the entries of these kinds that have waited, lasted or changed since a moment, with their earlier
    versions. `unit`: only what this one has written; `earlier`: not only the present stage; `ids`: only these."""
    known, values = mine(scope)
    opened, more = over_children(scope, HEADINGS, among_mine=True)
    kinds, some = (", ".join(["%s"] * len(wanted)) for wanted in (what, ids))
    written = ("AND e.unit_id = %s" if unit else "") + (f" AND e.id IN ({some})" if ids else "")
    before = "e.version" if earlier else "0"
    lasting = f"""e.what IN ({kinds}) AND (e.open OR e.recorded_at >= %s OR e.start >= %s
        OR COALESCE(e."end", {FOREVER}) >= %s) {written}"""
    sql = f"""SELECT e.child_id, e.id, e.what, e.unit_id, e.author_id, e.holder_id, e.due, e.start, e."end", e.status,
        e.open, e.recorded_at, e.shelf, v.recorded_at, v.body FROM (
        SELECT DISTINCT g.child_id FROM access_grant g WHERE {known} AND g.entry_id IS NULL) mine
      {entries_of_mine(lasting)}
      {beside("version", "v", f"v.child_id = e.child_id AND v.entry_id = e.id AND v.number < {before}")}
      WHERE {opened}
      ORDER BY e.child_id, e.id, v.number"""
    return sql, [*values, *what, since, since, since, *([unit] if unit else ()), *ids, *more]


def staged(rows: Iterable[tuple[Any, ...]]) -> list[list[Stage]]:
    """What was found, entry by entry, each with its stages, the oldest first."""
    return [_of_entry(list(versions)) for _, versions in groupby(rows, lambda row: (row[0], row[1]))]


def _of_entry(rows: Sequence[tuple[Any, ...]]) -> list[Stage]:
    child, ident, what, unit, author, holder, due, start, end, status, waits, recorded_at, on = rows[0][:13]
    now = Stage(
        uuid_of(child), uuid_of(ident), what, maybe_uuid(unit), maybe_uuid(author), maybe_uuid(holder), due, start, end,
        status, bool(waits), recorded_at,
    )  # fmt: skip
    earlier = ((at, standing(orjson.loads(bytes(body)))) for *_, at, body in rows if body is not None)
    alike = ("", class_of(on))
    return [*(_before(now, told, at) for at, told in earlier if told.sensitivity in alike), now]


def _before(now: Stage, told: Standing, recorded_at: int) -> Stage:
    """What an earlier version of an entry said."""
    return now._replace(
        author_id=ident_of(told.author), holder_id=ident_of(told.holder), due=told.due, start=told.start, end=told.end,
        status=told.status, open=told.open, recorded_at=recorded_at,
    )  # fmt: skip
