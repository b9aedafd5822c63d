"""From a version to a PDF: tagged for screen readers (PDF/UA-1) and for the archive (PDF/A-2a).

typst sets `paper/letter.typ` and is given the letter as data, so nothing in it is ever markup. Its root is the folder
`paper`, it loads no package and asks no network. Nothing of who made it, where or when stands in the file but the
letter's own day, so the same letter is always the same bytes.
"""

import threading
from functools import cache
from pathlib import Path

import orjson
import typst

from .blocks import paper
from .model import Version

PAPER = Path(__file__).parent / "paper"
STANDARDS: "list[typst.PDFStandard]" = ["ua-1", "a-2a"]
_mine = threading.local()


def pdf(version: Version) -> bytes:
    """One letter; about six milliseconds. typst lets go of Python's lock meanwhile, so two threads set two."""
    letter = orjson.dumps(paper(version)).decode()
    made = _compiler().compile(format="pdf", sys_inputs={"letter": letter}, pdf_standards=STANDARDS)
    assert isinstance(made, bytes)  # one document is one file
    return made


def _compiler() -> typst.Compiler:
    """A compiler of this thread's own."""
    if not hasattr(_mine, "compiler"):
        _mine.compiler = typst.Compiler(PAPER / "letter.typ", root=PAPER, font_paths=_fonts(), ignore_system_fonts=True)
    compiler: typst.Compiler = _mine.compiler
    return compiler


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[PAPER / "fonts"])
