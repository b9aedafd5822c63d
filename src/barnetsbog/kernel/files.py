"""A file that somebody has chosen: what it is, whatever it is called, and that nothing in it can run.

It comes from a machine that nobody here knows, and is fetched by people who trust the book. So a picture or a PDF is
kept as it is, and whatever could do something by itself when it is opened is refused with the reason. Pure.
"""

import base64
import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pypdf

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
LARGEST = 10 * 1024 * 1024
"""Bytes."""

_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_ENDINGS = {PDF: (".pdf",), PNG: (".png",), JPEG: (".jpg", ".jpeg", ".jpe", ".jfif")}
_PACKED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How documents of office programs begin, of now and of before 2007; the first is any zip."""
_MALWARE_TEST = b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE"
"""Of the file that all who look for harmful code agree to find (EICAR). In two, or they would find it here."""
_RUNS = frozenset(
    ("/JS", "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMedia", "/XFA", "/EmbeddedFiles", "/EF")
)
"""What a PDF is told to do, and what it carries along, by the names of ISO 32000-1 §7.11.4, §12.6 and §12.7."""
_MOST_OBJECTS = 50_000

MALWARE = "Filen ligner skadelig kode og er ikke gemt. Åbn den ikke. Vælg en anden."
ACTIVE = "PDF'en har programmer eller vedhæftede filer i sig. Brug en uden, eller tag et billede af papiret."
LOCKED = "PDF'en er låst med en kode. Gem den uden kode."
BROKEN = "PDF'en kan ikke læses. Den er måske i stykker. Gem den igen, eller tag et billede af papiret."


class Scan(NamedTuple):
    """A paper as a file: its bytes, and what they are."""

    content: bytes
    kind: str


class NoScan(ValueError):
    """The file is none that can be kept: why, in Danish. Nothing of it was stored."""


class Unreadable(NoScan):
    """It is broken."""


def scan_of(content: bytes, name: str = "") -> Scan:
    """A scan, by what the file is. `name`: what it is called where it comes from. `NoScan` when it is something else
    than that says, or something in it could run."""
    if not content:
        raise NoScan("Filen er tom.")
    if len(content) > LARGEST:
        raise NoScan("Filen fylder mere end 10 MB.")
    if is_malware_test(content):
        raise NoScan(MALWARE)
    if content.startswith(_PACKED):
        raise NoScan(
            "Filen er et dokument, der kan have programmer (makroer) i sig. Gem den som PDF, og vælg den igen."
        )
    kind = kind_of(content)
    if not kind:
        raise NoScan("Filen skal være en PDF, PNG eller JPEG.")
    if PurePath(name).suffix.lower() not in ("", *_ENDINGS[kind]):
        raise NoScan("Filen er noget andet, end dens navn siger. Gem den som PDF, PNG eller JPEG, og vælg den igen.")
    if kind == PDF:
        opened(content)
    return Scan(content, kind)


def kind_of(content: bytes) -> str:
    """The MIME type of a PDF, PNG or JPEG; empty when it is none of them."""
    return next((kind for magic, kind in _MAGIC if content.startswith(magic)), "")


def is_malware_test(content: bytes) -> bool:
    return _MALWARE_TEST in content


def _in_base64(said: bytes) -> Iterator[bytes]:
    """How it stands in base64, for each place that it can begin at: without the signs at the ends, which what is beside
    it has a part in."""
    for before in range(3):
        signs = base64.b64encode(bytes(before) + said)
        yield signs[-(-before * 8 // 6) : (before + len(said)) * 8 // 6]


_CARRIED = tuple(_in_base64(_MALWARE_TEST))


def carries_malware_test(payload: bytes) -> bool:
    """Whether a file in base64 in it is one."""
    return any(one in payload for one in _CARRIED)


def opened(content: bytes) -> "pypdf.PdfReader":
    """A PDF in which nothing can run. `NoScan` when something could, or when that can't be known."""
    import pypdf  # a fifth of a second, for the few who need it

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise NoScan(LOCKED)
        _ = reader.pages[0]
        if any(not _RUNS.isdisjoint(_names(one)) for one in _objects(reader)):
            raise NoScan(ACTIVE)
    except NoScan:
        raise
    except Exception:  # whatever is in it: it comes from outside
        raise Unreadable(BROKEN) from None
    return reader


def _objects(reader: "pypdf.PdfReader") -> Iterator[Any]:
    """All that is in the file, whether or not a page leads to it."""
    from pypdf.generic import IndirectObject

    known = [(number, generation) for generation, numbers in reader.xref.items() for number in numbers]
    known += [(number, 0) for number in reader.xref_objStm]
    if len(known) > _MOST_OBJECTS:
        raise Unreadable(BROKEN)
    yield reader.trailer
    yield from (reader.get_object(IndirectObject(number, generation, reader)) for number, generation in known)


def _names(node: Any) -> Iterator[str]:
    """The names in an object, and not in those that it leads to: what its parts are called, and what kind it is."""
    from pypdf.generic import NameObject

    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from one
            waiting += dict.values(one)
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, NameObject):
            yield one
