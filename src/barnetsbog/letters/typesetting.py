"""From a version to a PDF: tagged for screen readers (PDF/UA-1) and for the archive (PDF/A-2a).

typst sets `paper/letter.typ` and is given the letter as data, so nothing in it is ever markup. Its root is the folder
`paper`, it loads no package and asks no network. Nothing of who made it, where or when stands in the file but the
letter's own day, so the same letter is always the same bytes.
"""

import re
import threading
from functools import cache
from pathlib import Path

import orjson
import typst

from barnetsbog.forms.paper_signs import shown

from .blocks import paper, parts
from .model import Version

PAPER = Path(__file__).parent / "paper"
STANDARDS: "list[typst.PDFStandard]" = ["ua-1", "a-2a"]
_LONG = re.compile(r"\S{24,}")
"""A word for which a column may be too narrow."""
_mine = threading.local()


def pdf(version: Version) -> bytes:
    """One letter; about six milliseconds. typst lets go of Python's lock meanwhile, so two threads set two."""
    told = shown(paper(version)) | {"long": any(map(_LONG.search, parts(version)))}
    sys_inputs = {"letter": orjson.dumps(told).decode()}
    made = _compiler().compile(format="pdf", sys_inputs=sys_inputs, pdf_standards=STANDARDS)
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
