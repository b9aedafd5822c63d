"""What an entry puts into the tables, made before anybody knows whose book it is in.

Making rows is much of the work of storing, and needs no database: it is done on all cores (`intake.preparing`). What
only the writer knows is left open (None): the child, which is the first value of every row, and in the entry's own row
where it stands and when it was registered, which is also when it is of if it has no date. `placed` fills it in.
"""

from itertools import chain
from typing import Any, NamedTuple

from barnetsbog.fhir import SearchRows
from barnetsbog.kernel.ids import bytes_of
from barnetsbog.kernel.time import local_day, month_of

from .promotion import Promoted

Row = list[Any]

_CHILD, _SHELF, _LANE, _MONTH, _START, _UNIT, _VERSION, _RECORDED = 0, 4, 5, 6, 7, 14, 21, 23
"""Where the open values are in a row of `entry` (the child: in any row)."""

SOURCE = 24
"""Where the source is."""


class Rows(NamedTuple):
    """The rows of one entry by table, each in the order of its table's columns (`models`)."""

    entry: Row
    tokens: list[Row]
    dates: list[Row]
    references: list[Row]
    strings: list[Row]
    quantities: list[Row]


class SearchTables(NamedTuple):
    """The rows that an entry is found by, by table."""

    tokens: list[Row]
    dates: list[Row]
    references: list[Row]
    strings: list[Row]
    quantities: list[Row]


class Name(NamedTuple):
    """What a resource is called where it came from: its type, the source, and `Type/id` there."""

    kind: str
    source: str
    ref: str


def rows_of(ident: bytes, name: Name, read: Promoted, search: SearchRows, fingerprint: int) -> Rows:
    """The rows of a resource with this id, in a book that is not known yet."""
    return Rows(
        [
            None, ident, name.kind, read.what, None, None, read.month, read.start, read.end, read.exactness,
            read.end_exactness, read.title, read.status, bytes_of(read.author), None, read.open,
            bytes_of(read.holder), bytes_of(read.offered), read.due, read.important, read.imported, None, fingerprint,
            None, name.source, name.ref,
        ],
        *search_rows(ident, search),
    )  # fmt: skip


def search_rows(ident: bytes, search: SearchRows) -> SearchTables:
    """What a resource with this id is found by, as rows."""
    tokens = [[None, param, ident, code, system] for param, system, code in search.tokens]
    tokens += [[None, param, ident, address, ""] for param, address in search.uris]
    return SearchTables(
        tokens,
        [[None, param, ident, low, high] for param, low, high in search.dates],
        [[None, param, ident, target] for param, target in search.references],
        [[None, param, ident, text] for param, text in search.strings],
        [[None, param, ident, low, high, code, system] for param, system, code, low, high in search.quantities],
    )


def placed(
    rows: Rows, child: bytes, *, shelf: int, lane: str, unit_id: bytes | None, version: int, recorded_at: int
) -> None:
    """Fills in what only the writer knows."""
    entry = rows.entry
    entry[_SHELF], entry[_LANE], entry[_UNIT] = shelf, lane, unit_id
    entry[_VERSION], entry[_RECORDED] = version, recorded_at
    if entry[_MONTH] is None:
        entry[_MONTH], entry[_START] = month_of(local_day(recorded_at)), recorded_at
    for row in chain((entry,), *rows[1:]):
        row[_CHILD] = child
