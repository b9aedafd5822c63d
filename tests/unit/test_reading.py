"""Files, cut into units of work: no line and no file is lost without a word."""

import os
from pathlib import Path

import pytest

from barnetsbog.intake import reading
from barnetsbog.intake.model import Refusal, Unit


def cut(path: Path) -> list[tuple[int | None, bytes] | str]:
    """Each unit by its first line and its payload, and why the rest is refused."""
    found = reading.read([path], "test")
    return [(one.first_line, one.payload) if isinstance(one, Unit) else one.reason for one in found]


def test_a_line_that_is_too_long_is_refused_and_those_around_it_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_LINE_BYTES", 10)
    (tmp_path / "x.ndjson").write_bytes(b"1\n2\n" + b"3" * 35 + b"\n4\n" + b"5" * 11)
    long = "Linje {} er længere end 0 MB."
    assert cut(tmp_path) == [(1, b"1\n2\n"), long.format(3), (4, b"4\n"), long.format(5)]


def test_a_unit_is_some_lines_and_fewer_when_they_are_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LINES_PER_UNIT", 3)
    monkeypatch.setattr(reading, "MAX_BYTES", 8)
    (tmp_path / "x.ndjson").write_bytes(b"1\n2\n3\n4\n" + b"5" * 7 + b"\n6")
    assert cut(tmp_path) == [(1, b"1\n2\n3\n"), (4, b"4\n"), (5, b"5555555\n"), (6, b"6")]


def test_a_bundle_on_a_line_is_a_unit_by_itself(tmp_path: Path) -> None:
    lines = [b"1\n", b'{"resourceType":"Bundle"}\n', b'{ "resourceType" : "Bundle" }\n', b"4"]
    (tmp_path / "x.ndjson").write_bytes(b"".join(lines))
    assert cut(tmp_path) == [(1, lines[0]), (None, lines[1]), (None, lines[2]), (4, lines[3])]
    assert [one.file for one in reading.read([tmp_path], "test")][1] == f"{tmp_path / 'x.ndjson'} (linje 2)"


def test_a_folder_gives_its_files_however_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "mappe.json").mkdir()
    names = ["A.JSON", "b/c.NdJson", "d.json", "e.txt", os.fsdecode(b"b\xf8rn.json")]
    for name in names:
        (tmp_path / name).write_bytes(b"{}")
    found = [one.file.removeprefix(f"{tmp_path}/") for one in reading.read([tmp_path], "test")]
    assert sorted(found) == ["A.JSON", "b/c.NdJson", "b\N{REPLACEMENT CHARACTER}rn.json", "d.json"]


def test_a_folder_that_is_shut_is_said_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shut(folder: str) -> None:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr(os, "scandir", shut)
    (one,) = reading.read([tmp_path], "test")
    assert isinstance(one, Refusal) and one.file == str(tmp_path) and "Mappen kan ikke læses" in one.reason


@pytest.mark.parametrize(("payload", "reason"), [(b" " * 300 + b"{}", ""), (b" " * 300, "tom"), (b"\n <a/>", "XML")])
def test_what_stands_before_a_text_is_passed_over(payload: bytes, reason: str) -> None:
    assert reason in reading.unreadable(payload) and bool(reason) == bool(reading.unreadable(payload))
