"""LIX: how hard a text is to read (Björnsson 1968). Words a sentence, and of a hundred words those of more than six
letters. Under 25 a children's book, 25-34 easy, from 55 hard. Pure."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_END = re.compile(r"[.!?:]+(?=\s|$)")
LONG = 6
FEWEST = 8
"""Words below which the measure says nothing."""


def lix(parts: Iterable[str]) -> int | None:
    """The LIX of a text, rounded. Each part (a paragraph, an item, a cell) is at least a sentence."""
    words, sentences = [], 0
    for part in parts:
        found = _WORD.findall(part)
        words += found
        sentences += max(1, len(_END.findall(part))) if found else 0
    if len(words) < FEWEST:
        return None
    long = sum(len(word) > LONG for word in words)
    return round(len(words) / sentences + 100 * long / len(words))
