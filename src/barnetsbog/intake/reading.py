"""Files, cut into units of work.

A file is one JSON resource (a Bundle is one unit: it is stored whole or not at all) or NDJSON, one resource a line,
cut into units of some hundred lines. What cannot be opened, is too large or is not UTF-8 is refused here, with the
file's name.
"""

from collections.abc import Iterator
from pathlib import Path

from .model import Refusal, Unit

MAX_BYTES = 64 * 1024 * 1024
"""The largest JSON file taken in one piece. A larger one is asked for as several Bundles or as NDJSON."""
MAX_LINE_BYTES = 8 * 1024 * 1024
LINES_PER_UNIT = 200

_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def read(paths: list[Path], source: str) -> Iterator[Unit | Refusal]:
    """The units of all files, in order. A folder gives its `.json` and `.ndjson` files, by name."""
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.suffix in (".json", ".ndjson")) if path.is_dir() else [path]
        for file in files:
            yield from _read_file(file, source)


def _read_file(path: Path, source: str) -> Iterator[Unit | Refusal]:
    try:
        if path.suffix == ".ndjson":
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
        yield Unit(str(path), payload, source)


def unreadable(payload: bytes) -> str:
    """Why these bytes cannot be JSON in UTF-8; empty when they may be."""
    if name := _MARKS.get(payload[:2]):
        return f"Filen er skrevet i {name}. FHIR JSON skal være UTF-8."
    head = payload[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return "Filen er tom."
    if head.startswith(b"<"):
        return "Filen er XML. Her modtages FHIR som JSON."
    if b"\x00" in payload:
        return "Filen indeholder NUL-tegn og er ikke JSON-tekst."
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"Filen er ikke UTF-8: ugyldig byte nr. {error.start + 1}."
    return ""


def _read_lines(path: Path, source: str) -> Iterator[Unit | Refusal]:
    lines: list[bytes] = []
    first = 1
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES + 1), b""), 1):
            if len(line) > MAX_LINE_BYTES:
                yield _refused(
                    path,
                    f"Linje {number} er længere end {MAX_LINE_BYTES // 1_000_000} MB. Resten af filen er ikke læst.",
                )
                return
            lines.append(line)
            if len(lines) == LINES_PER_UNIT:
                yield Unit(str(path), b"".join(lines), source, first)
                lines, first = [], number + 1
    if lines:
        yield Unit(str(path), b"".join(lines), source, first)


def _refused(path: Path, reason: str) -> Refusal:
    return Refusal(str(path), "", "", reason)
