"""A version told as plain text, as data for paper, and as the fingerprint of what was approved. Pure."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from barnetsbog.delivery.model import Channel, File
from barnetsbog.kernel.time import DANISH_MONTHS

from .model import Filled, Kind, Version


def day_in_words(version: Version) -> str:
    return f"{version.day.day}. {DANISH_MONTHS[version.day.month - 1]} {version.day.year}"


def parts(version: Version) -> list[str]:
    """Every text of what it says, one after the other: for measuring it. Who signs is no sentence."""
    told = [one for one in version.blocks if one.kind is not Kind.SIGNATURE]
    return [version.title, *(text for one in told for text in _texts(one))]


def _texts(block: Filled) -> Iterator[str]:
    yield from block.lines
    yield from (cell for row in block.rows for cell in row)


def plain(version: Version) -> str:
    """All that the letter says, as text: what is kept in the book, and read on a page without its form."""
    return "\n\n".join(["\n".join(_plain(one)) for one in version.blocks] + _enclosed(version))


def _plain(block: Filled) -> Iterator[str]:
    if block.kind is Kind.TABLE:
        yield from (
            "; ".join(f"{name}: {cell}" for name, cell in zip(block.head, row, strict=True) if cell)
            for row in block.rows
        )
    else:
        mark = {Kind.LIST: "- ", Kind.QUOTE: "»"}.get(block.kind, "")
        end = "«" if block.kind is Kind.QUOTE else ""
        yield from (f"{mark}{line}{end}" for line in block.lines)


def _enclosed(version: Version) -> list[str]:
    return [f"Bilag: {', '.join(version.enclosures)}"] if version.enclosures else []


def paper(version: Version) -> dict[str, Any]:
    """What `paper/letter.typ` reads."""
    return {
        "title": version.title, "to": version.to, "from": version.sender, "date": day_in_words(version),
        "day": {"year": version.day.year, "month": version.day.month, "day": version.day.day},
        "reference": version.reference, "enclosures": version.enclosures,
        "blocks": [
            {"kind": one.kind.value, "lines": one.lines, "head": one.head, "rows": one.rows}
            for one in version.blocks
        ],
    }  # fmt: skip


def digest(version: Version, channel: Channel, files: Iterable[File] = ()) -> str:
    """The fingerprint of what goes to somebody, with its enclosures, by which way: what was approved is what is sent,
    or nothing is."""
    enclosed = [hashlib.sha256(one.content).hexdigest() for one in files]
    told = orjson.dumps([channel.value, paper(version), *enclosed], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()
