"""The values of search parameters as they are written (R4 §3.1.1.4)."""

import math
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from barnetsbog.fhir import folded
from barnetsbog.fhir.dates import bounds, microseconds
from barnetsbog.record.searching.model import Amount, Coded, Prefix, Span, Typed

from .faults import Wrong

_DENMARK = ZoneInfo("Europe/Copenhagen")
_PREFIX = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:\.([0-9]{1,9}))?(Z|[+ -][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
_ESCAPED = re.compile(r"\\([,|$\\])")
_PER_SECOND = 1_000_000
_HOUR = 3600 * _PER_SECOND


def divided(text: str, mark: str) -> list[str]:
    """The parts of a value, at each `mark` that no backslash stands before."""
    parts, start, at = [], 0, 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == mark:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]


def plain(text: str) -> str:
    """A part of a value, without backslashes."""
    return _ESCAPED.sub(r"\1", text)


def is_text(text: str) -> bool:
    """Whether these are letters that a text can have: no NUL, and no halves of letters."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


# -- dates -----------------------------------------------------------------------------------------------------------


def span(text: str) -> Span:
    """A date as it is asked for. Without an offset it is Danish time."""
    prefix, value = _prefixed(text)
    try:
        low, high = bounds(value) if _PARTIAL.fullmatch(value) else _moment(value)
    except (ValueError, OverflowError):
        raise Wrong("date", text) from None
    return Span(prefix, low, high)


def _prefixed(text: str) -> tuple[Prefix, str]:
    found = _PREFIX.fullmatch(text)
    return (Prefix(found[1] or "eq"), found[2]) if found else (Prefix.EQUAL, text)


def _moment(value: str) -> tuple[int, int]:
    """The minute, the second, or the part of one that a moment stands for. An hour that comes twice, on the night the
    clocks go back, is both of them; one that is left out, when they go forward, is nothing between before and after."""
    found = _MOMENT.fullmatch(value)
    if not found or (found[3] and not found[2]):
        raise ValueError(value)
    minute, seconds, fraction, offset = found.groups()
    told = datetime.fromisoformat(minute + (seconds or ":00"))
    if offset:
        first = last = told.replace(tzinfo=datetime.fromisoformat(f"2000-01-01T00:00{offset.replace(' ', '+')}").tzinfo)
    else:
        first, last = (told.replace(tzinfo=_DENMARK, fold=fold) for fold in (0, 1))
    low, high = (microseconds(one) for one in (first, last))
    if low > high:  # left out
        return low - low % _HOUR, low - low % _HOUR - 1
    if not fraction:
        return low, high + (_PER_SECOND if seconds else 60 * _PER_SECOND) - 1
    digits = fraction[:6]
    wide = 10 ** (6 - len(digits))
    return low + int(digits) * wide, high + (int(digits) + 1) * wide - 1


# -- numbers ---------------------------------------------------------------------------------------------------------


def number(text: str) -> Amount:
    prefix, value = _prefixed(text)
    return Amount(prefix, *_read(value, "number", text))


def quantity(text: str) -> Amount:
    """`5.4|http://unitsofmeasure.org|mg`, `5.4||mg`, `5.4`."""
    parts = divided(text, "|")
    if len(parts) not in (1, 3):
        raise Wrong("quantity", text)
    prefix, value = _prefixed(parts[0])
    system, unit = (plain(part) or None for part in parts[1:]) if parts[1:] else (None, None)
    return Amount(prefix, *_read(value, "quantity", text), system, unit)


def _read(value: str, rule: str, whole: str) -> tuple[float, float, float]:
    """A number, and what its digits leave open (R4 §3.1.1.4.6)."""
    if not _NUMBER.fullmatch(value):
        raise Wrong(rule, whole)
    exact = Decimal(value)
    exponent = int(exact.as_tuple().exponent)
    half = Decimal(5).scaleb(exponent - (2 if exponent > 0 else 1))
    found = float(exact), float(exact - half), float(exact + half)
    if not all(map(math.isfinite, found)):
        raise Wrong(rule, whole)
    return found


# -- codes -----------------------------------------------------------------------------------------------------------


def coded(text: str) -> Coded:
    """`code`, `system|code`, `|code` or `system|`."""
    parts = divided(text, "|")
    if len(parts) > 2 or not any(parts):
        raise Wrong("token", text)
    if len(parts) == 1:
        return Coded(None, plain(text))
    system, code = map(plain, parts)
    return Coded(system, code or None)


def typed(text: str) -> Typed:
    parts = [plain(part) for part in divided(text, "|")]
    if len(parts) != 3 or not all(parts):
        raise Wrong("of-type", text)
    return Typed(*parts)


def truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise Wrong("boolean", text)
    return text == "true"


def words(text: str) -> str:
    """A text to look for; one that says nothing when it is folded would find everything."""
    found = plain(text)
    if not folded(found):
        raise Wrong("string", text)
    return found


def several(value: str, mark: str = ",") -> Iterator[str]:
    """The values of a parameter, one of which must hold. None of them is empty."""
    for part in divided(value, mark):
        if not part:
            raise Wrong("empty")
        yield part
