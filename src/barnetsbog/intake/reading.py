"""Files, cut into units of work.

A file is one JSON resource (a Bundle is one unit: it is stored whole or not at all) or NDJSON, one resource a line,
cut into units of some hundred lines. What cannot be opened, is too large or is not UTF-8 is refused here, with the
file's name.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .model import Refusal, Unit

MAX_BYTES = 64 * 1024 * 1024
"""The largest JSON file taken in one piece. A larger one is asked for as several Bundles or as NDJSON."""
MAX_LINE_BYTES = 8 * 1024 * 1024
LINES_PER_UNIT = 200
_ENDINGS = (".json", ".ndjson")
_BEFORE = b"\xef\xbb\xbf \t\r\n"
"""What may stand before a text that is JSON."""

_BUNDLE = re.compile(rb'[\xef\xbb\xbf\s]*\{\s*"resourceType"\s*:\s*"Bundle"')

_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def read(paths: list[Path], source: str) -> Iterator[Unit | Refusal]:
    """The units of all files, in order. A folder gives its `.json` and `.ndjson` files, by name."""
    for path in paths:
        if not path.is_dir():
            yield from _read_file(path, source)
            continue
        shut: list[OSError] = []
        for file in _within(path, shut):
            yield from _read_file(file, source)
        yield from (_refused(Path(one.filename), f"Mappen kan ikke læses: {one.strerror}.") for one in shut)


def _named(path: Path) -> str:
    """A file by its name, which may be no text at all on this machine: what is none of it is shown so."""
    return os.fsencode(path).decode(errors="replace")


def _within(folder: Path, shut: list[OSError]) -> list[Path]:
    """The files in a folder and those in it. `shut`: takes what is said of folders that can't be looked into."""
    found = (Path(top, name) for top, _, names in os.walk(folder, onerror=shut.append) for name in names)
    return sorted(path for path in found if path.suffix.lower() in _ENDINGS)


def _read_file(path: Path, source: str) -> Iterator[Unit | Refusal]:
    try:
        if path.suffix.lower() == ".ndjson":
            yield from _read_lines(path, source)
        elif (size := path.stat().st_size) > MAX_BYTES:
            yield _refused(path, _too_large(size))
        else:
            yield from _whole(path, path.read_bytes(), source)
    except FileNotFoundError:
        yield _refused(path, "Filen findes ikke.")
    except OSError as error:
        yield _refused(path, f"Filen kan ikke læses: {error.strerror}.")


def _too_large(size: int) -> str:
    limit = f"Filen fylder {size // 1_000_000} MB. Grænsen er {MAX_BYTES // 1_000_000} MB."
    return f"{limit} Del den i flere Bundles, eller send NDJSON."


def _whole(path: Path, payload: bytes, source: str) -> Iterator[Unit | Refusal]:
    if reason := unreadable(payload):
        yield _refused(path, reason)
    else:
        yield Unit(_named(path), payload, source)


def unreadable(payload: bytes) -> str:
    """Why these bytes cannot be JSON in UTF-8; empty when they may be."""
    if name := _MARKS.get(payload[:2]):
        return f"Filen er skrevet i {name}. FHIR JSON skal være UTF-8."
    first = next((one for one in payload if one not in _BEFORE), None)
    if first is None:
        return "Filen er tom."
    if first == ord("<"):
        return "Filen er XML. Her modtages FHIR som JSON."
    if b"\x00" in payload:
        return "Filen indeholder NUL-tegn og er ikke JSON-tekst."
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"Filen er ikke UTF-8: ugyldig byte nr. {error.start + 1}."
    return ""


def _read_lines(path: Path, source: str) -> Iterator[Unit | Refusal]:
    """A unit is some lines, and fewer when they are long; a Bundle is one by itself, as in an export of all children.
    A line that is too long is refused, and the others are read."""
    lines: list[bytes] = []
    first = number = size = 0
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            is_long = len(line) > MAX_LINE_BYTES
            is_bundle = not is_long and bool(_BUNDLE.match(line))
            if lines and (is_long or is_bundle or len(lines) == LINES_PER_UNIT or size + len(line) > MAX_BYTES):
                yield Unit(_named(path), b"".join(lines), source, first)
                lines, size = [], 0
            if is_long:
                yield _refused(path, f"Linje {number} er længere end {MAX_LINE_BYTES // 1_000_000} MB.")
                _skip_line(file, line)
                continue
            if is_bundle:
                yield Unit(f"{_named(path)} (linje {number})", line, source)
                continue
            first = first if lines else number
            lines.append(line)
            size += len(line)
    if lines:
        yield Unit(_named(path), b"".join(lines), source, first)


def _skip_line(file: BinaryIO, begun: bytes) -> None:
    """The rest of a line."""
    while begun and not begun.endswith(b"\n"):
        begun = file.readline(MAX_LINE_BYTES)


def _refused(path: Path, reason: str) -> Refusal:
    return Refusal(_named(path), "", "", reason)
