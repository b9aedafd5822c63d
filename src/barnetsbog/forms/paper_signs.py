"""What is said on paper in the place of a sign that the fonts of this program have no picture of: a symbol by its name
(`[crying face]`), letters of a script that is lacking by how many there are. Pure.

A PDF for screen readers is not made at all with such a sign in it, and a child's words are kept with every sign that it
chose: what can't be shown must not keep a letter, or a family's own copy, from being made.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, reduce
from pathlib import Path
from typing import Any

from .paper_font import signs

FONTS = Path(__file__).parents[1] / "letters" / "paper" / "fonts"
_BREAKS = "\t\n\x0b\x0c\r\x85\u2028\u2029"


def shown(told: Any) -> Any:
    """The same, however it is put together, with nothing in its texts that can't be set."""
    match told:
        case str():
            return told if _there().issuperset(told) else _lacking().sub(lambda one: "".join(_in_words(one[0])), told)
        case dict():
            return {key: shown(one) for key, one in told.items()}
        case list() | tuple():
            return [shown(one) for one in told]
    return told


def _in_words(some: str) -> Iterator[str]:
    seen = [one for one in some if not _is_unseen(one)]
    names = [unicodedata.name(one).lower() for one in seen if unicodedata.category(one).startswith("S")]
    if not seen:
        yield some
    if names:
        yield f"[{', '.join(names)}]"
    if others := len(seen) - len(names):
        yield f"[{others} tegn, der ikke kan vises på papir]"


def _is_unseen(sign: str) -> bool:
    """It joins, parts or chooses between others, and needs no picture."""
    return unicodedata.category(sign) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(sign, "")


@cache
def _there() -> frozenset[str]:
    """What is in either font, in both weights, or breaks a line."""
    plain, arabic = (
        reduce(frozenset.intersection, map(signs, FONTS.glob(f"{name}-*.ttf")))
        for name in ("IBMPlexSans", "IBMPlexSansArabic")
    )
    return frozenset(map(chr, plain | arabic)).union(_BREAKS)


@cache
def _lacking() -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(''.join(sorted(_there())))}]+")
