"""Lines as bytes: every column counts, no two lines look alike, no person number stays."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.audit.encoding import Line, as_text, detail_text, from_text, leaf_of, without_numbers

idents = st.binary(min_size=16, max_size=16)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
lines = st.builds(
    Line, idents, st.integers(0, 2**62), text, st.booleans(), st.none() | idents, st.none() | idents, st.none() | idents,
    text, text, text, text,
)  # fmt: skip


@given(lines)
def test_a_line_comes_back_as_it_was(line: Line) -> None:
    assert from_text(orjson.loads(orjson.dumps(as_text(line)))) == line


@given(lines, lines)
def test_lines_are_alike_only_when_they_are_the_same(one: Line, other: Line) -> None:
    assert (leaf_of(one) == leaf_of(other)) is (one == other)


@given(lines, st.data())
def test_every_column_counts(line: Line, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(Line._fields))
    other = getattr(data.draw(lines), name)
    changed = line._replace(**{name: other})
    assert (leaf_of(changed) == leaf_of(line)) is (other == getattr(line, name))


def test_moving_a_word_between_columns_shows() -> None:
    line = Line(bytes(16), 1, "read", True, None, None, None, "a", "b", "c", "{}")
    assert leaf_of(line._replace(role="ab", purpose="")) != leaf_of(line)
    assert leaf_of(line._replace(child_id=b"x" * 16)) != leaf_of(line._replace(person_id=b"x" * 16))


@pytest.mark.parametrize(
    "written",
    ["0505179902", "050517-9902", "050517 9902", "050517–9902", "05.05.17-9902", "05-05-17-9902", "050517%209902", "050517 - 9902"],
)  # fmt: skip
def test_a_person_number_is_masked_however_it_is_written(written: str) -> None:
    for around in (written, f"cpr {written}.", f"({written}),"):
        masked = without_numbers(around)
        assert "9902" not in masked and "050517-xxxx" in masked
    detail = detail_text({"why": written, "list": [written], "deep": {written: 1}})
    assert "9902" not in detail
    assert orjson.loads(detail)["why"] == "050517-xxxx"


@pytest.mark.parametrize("written", ["070517TAA1", "070517-TAA1", "0505171AB2", "050517-1A23"])
def test_so_is_a_temporary_number(written: str) -> None:
    assert without_numbers(f"({written})") == f"({written[:6]}-xxxx)"


def test_a_number_as_a_number_is_masked_too() -> None:
    assert "4902" not in detail_text({"value": 1505174902})


@pytest.mark.parametrize(
    "written",
    ["01998f2e-1234-7890-8123-123456789012", "1764000000000000", "12345678", "25.11.2026 12:30", "2026-11-25T12:00:00", "20261125"],
)  # fmt: skip
def test_other_numbers_stay(written: str) -> None:
    assert without_numbers(written) == written
    assert orjson.loads(detail_text({"x": written, "at": 1764000000000000})) == {"x": written, "at": 1764000000000000}


def test_the_same_detail_is_the_same_text() -> None:
    assert detail_text({"b": 1, "a": "å"}) == detail_text({"a": "å", "b": 1}) == '{"a":"å","b":1}'
