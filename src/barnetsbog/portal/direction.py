"""Lines that run from right to left, as Arabic does, with names and numbers in them that do not (UAX #9)."""

import re

from django.utils.translation import get_language_bidi

_IN_PARTS = re.compile(r"\d{6}-\d{4}|\d\d(?: \d\d){3}")


def in_order(text: str) -> str:
    """The number of a person and of a telephone begins at the left whatever is around it."""
    return _IN_PARTS.sub("\u2066\\g<0>\u2069", text) if get_language_bidi() else text


def apart(name: str) -> str:
    """A name by itself, so that the signs beside it stay beside it."""
    return f"\u2068{name}\u2069" if get_language_bidi() else name


def comma() -> str:
    return "، " if get_language_bidi() else ", "
