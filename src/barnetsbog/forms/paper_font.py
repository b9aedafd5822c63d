"""The font that somebody writes with on a paper form, as a simple font of the signs of Windows-1252 (PDF 1.7 §9.6.3,
§9.8.2; TrueType is OpenType's chapters `cmap`, `head`, `hhea`, `hmtx`). It goes into the file, so that what is written
looks alike everywhere, as PDF/UA asks (ISO 14289-1 §7.21.4.1). Pure.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parents[1] / "letters" / "paper" / "fonts" / "IBMPlexSans-Regular.ttf"
FIRST, LAST = 32, 255
_NEEDED = (b"cmap", b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep")
"""The tables that a simple font in a PDF needs; what only a typesetter asks for is left out."""


class Face(NamedTuple):
    """`program`: the font file; `widths`: of each code from `FIRST` to `LAST`. Measures in thousandths of an em."""

    program: bytes
    widths: tuple[int, ...]
    box: tuple[int, ...]
    ascent: int
    descent: int


@cache
def face() -> Face:
    tables = _tables(FILE.read_bytes())
    (em,) = struct.unpack_from(">H", tables[b"head"], 18)
    glyphs, widths = _glyphs(tables[b"cmap"]), _widths(tables)
    codes = [bytes([code]).decode("cp1252", "replace") for code in range(FIRST, LAST + 1)]
    return Face(
        _program({name: tables[name] for name in _NEEDED}),
        tuple(_thousandths(widths[glyphs.get(ord(sign), 0)], em) for sign in codes),
        tuple(_thousandths(one, em) for one in struct.unpack_from(">4h", tables[b"head"], 36)),
        *(_thousandths(one, em) for one in struct.unpack_from(">2h", tables[b"hhea"], 4)),
    )


@cache
def signs(font: Path) -> frozenset[int]:
    """The signs that a font has a picture of, by their numbers in Unicode."""
    return frozenset(code for code, glyph in _glyphs(_tables(font.read_bytes())[b"cmap"]).items() if glyph)


def _thousandths(units: int, em: int) -> int:
    return round(units * 1000 / em)


def _tables(font: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(count))
    return {name: font[start : start + length] for name, _, start, length in entries}


def _widths(tables: Mapping[bytes, bytes]) -> list[int]:
    """The width of each glyph; those after the last that has one are as wide as that."""
    (told,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    (count,) = struct.unpack_from(">H", tables[b"maxp"], 4)
    found = [int(struct.unpack_from(">H", tables[b"hmtx"], 4 * at)[0]) for at in range(told)]
    return [*found, *found[-1:] * (count - told)]


def _glyphs(cmap: bytes) -> dict[int, int]:
    """The glyph of each sign of Unicode, from the subtable for Windows (format 4)."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    entries = [struct.unpack_from(">HHI", cmap, 4 + 8 * at) for at in range(count)]
    (start,) = (offset for platform, encoding, offset in entries if (platform, encoding) == (3, 1))
    return dict(_format_4(cmap[start:]))


def _format_4(table: bytes) -> Iterator[tuple[int, int]]:
    segments = struct.unpack_from(">H", table, 6)[0] // 2
    ends, firsts, deltas, offsets = (
        struct.unpack_from(f">{segments}H", table, at + 2 * segments * number)
        for number, at in enumerate((14, 16, 16, 16))
    )
    for at, (end, first, delta, offset) in enumerate(zip(ends, firsts, deltas, offsets, strict=True)):
        for code in range(first, end + 1):
            glyph = code
            if offset:
                place = 16 + 6 * segments + 2 * at + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", table, place)
            yield code, (glyph + delta) % 65536 if glyph or not offset else 0


def _program(tables: Mapping[bytes, bytes]) -> bytes:
    """A font file with these tables."""
    power = len(tables).bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power)))
    entries, body, start = b"", b"", 12 + 16 * len(tables)
    for name, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) % 2**32
        entries += struct.pack(">4sIII", name, total, start + len(body), len(table))
        body += padded
    return head + entries + body
