"""The rows of an entry, made before anybody knows whose book it is in."""

import pytest

from barnetsbog.fhir import extract
from barnetsbog.kernel.time import parse
from barnetsbog.record.inserting import table_of
from barnetsbog.record.models import DateRow, Entry, QuantityRow, ReferenceRow, StringRow, TokenRow
from barnetsbog.record.promotion import promote
from barnetsbog.record.rows import Name, Rows, placed, rows_of
from tests.builders import observation

CHILD, IDENT = b"c" * 16, b"i" * 16
UNIT = bytes(range(16))
AUTHOR = "00010203-0405-0607-0809-0a0b0c0d0e0f"


@pytest.fixture
def rows() -> Rows:
    said = observation(
        performer=[{"reference": f"PractitionerRole/{AUTHOR}"}], component=[], valueQuantity={"value": 3, "unit": "x"}
    )
    said.pop("valueString", None)
    name = Name("Observation", "bench", "Observation/o")
    return rows_of(IDENT, name, promote(said), extract(said), 42)


def named(rows: Rows) -> dict[str, object]:
    return dict(zip(table_of(Entry).columns, rows.entry, strict=True))


def test_what_only_the_writer_knows_is_left_open(rows: Rows) -> None:
    row = named(rows)
    open_ = {"child_id", "shelf", "lane", "unit_id", "version", "recorded_at"}
    assert open_ <= {name for name, value in row.items() if value is None}
    assert (row["id"], row["kind"], row["author_id"]) == (IDENT, "Observation", UNIT)
    assert (row["fingerprint"], row["source"], row["source_ref"]) == (42, "bench", "Observation/o")


def test_and_filled_in_where_it_belongs(rows: Rows) -> None:
    before = named(rows)
    placed(rows, CHILD, shelf=17, lane="ppr", unit_id=UNIT, version=3, recorded_at=99)
    told = {"child_id": CHILD, "shelf": 17, "lane": "ppr", "unit_id": UNIT, "version": 3, "recorded_at": 99}
    assert named(rows) == before | told
    assert {row[0] for table in rows[1:] for row in table} == {CHILD}


def test_what_has_no_date_stands_where_it_is_registered() -> None:
    said = observation()
    del said["effectiveDateTime"]
    undated = rows_of(IDENT, Name("Observation", "bench", "Observation/o"), promote(said), extract(said), 42)
    at = parse("2026-10-31T23:30:00Z")[0]
    placed(undated, CHILD, shelf=17, lane="ppr", unit_id=UNIT, version=1, recorded_at=at)
    assert (named(undated)["month"], named(undated)["start"]) == (202611, at)


def test_each_row_is_as_wide_as_its_table(rows: Rows) -> None:
    tables = (TokenRow, DateRow, ReferenceRow, StringRow, QuantityRow)
    for model, found in zip(tables, rows[1:], strict=True):
        columns = table_of(model).columns
        for row in found:
            assert len(row) == len(columns) and row[columns.index("entry_id")] == IDENT
    assert rows.tokens and rows.dates and rows.references and rows.quantities
