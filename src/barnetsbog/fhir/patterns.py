"""Patterns that come with packages, tried in a time that grows with the text and with nothing else.

Python tries every way in which a pattern can be met: with `(a+)+` twice as many for each letter more, and forty letters
are enough for a year. A sender chooses the letters. RE2 goes through the text once. What it doesn't know (to look
ahead, to refer back, to count beyond a thousand) is not tried at all.
"""

from functools import lru_cache
from typing import Any, Protocol

import re2


class Pattern(Protocol):
    """As in Python's `re`."""

    def search(self, text: str) -> Any: ...
    def fullmatch(self, text: str) -> Any: ...
    def sub(self, by: str, text: str) -> str: ...


@lru_cache(maxsize=1)
def _options() -> Any:
    options = re2.Options()
    options.dot_nl, options.log_errors = True, False
    return options


@lru_cache(maxsize=1024)
def quick(pattern: str) -> Pattern | None:
    """The pattern, compiled; None when it is none, or one that can't be tried so."""
    try:
        made: Pattern = re2.compile(pattern, _options())
    except (re2.error, UnicodeError):
        return None
    return made
