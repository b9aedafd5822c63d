"""typst with the fonts of this program and nothing else: data to a PDF. Pure."""

import threading
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

from .paper_signs import FONTS, shown

PAPER = Path(__file__).parent / "paper"

_mine = threading.local()


def typeset(template: str, told: Any, *, tagged: bool = True) -> bytes:
    """A PDF of what is told to `paper/TEMPLATE.typ`. `tagged`: by PDF/UA-1, for a screen reader; what becomes a part of
    another PDF has no structure of its own."""
    standards: list[typst.PDFStandard] = ["ua-1"] if tagged else []
    sys_inputs = {template: orjson.dumps(shown(told)).decode()}
    made = _compiler(template).compile(
        format="pdf", sys_inputs=sys_inputs, pdf_standards=standards, pdf_tags=tagged
    )  # fmt: skip
    assert isinstance(made, bytes)  # one document is one file
    return made


def _compiler(template: str) -> typst.Compiler:
    """A compiler of this thread's own."""
    if not hasattr(_mine, template):
        made = typst.Compiler(PAPER / f"{template}.typ", root=PAPER, font_paths=_fonts(), ignore_system_fonts=True)
        setattr(_mine, template, made)
    found: typst.Compiler = getattr(_mine, template)
    return found


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
