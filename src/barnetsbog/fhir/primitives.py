"""The primitive types: what a valid value looks like.

Each type has two forms of the same rule. `quick_test` is a Python expression that the compiler puts straight into
generated code; it is allowed to say no to a valid value of an unusual kind. `fault` then gives the exact verdict,
following the official regular expressions, and says which rule was broken. Dates are real calendar dates: the pattern
itself knows the length of months and leap years.
"""

import binascii
import re
from collections.abc import Callable
from typing import Any, NamedTuple

MAX_LENGTH = 1024 * 1024
MAX_FLOAT = 1.7976931348623157e308

_YEAR = r"(?!0000)\d{4}"
_LEAP = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_MONTH_DAY = r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_DAY = rf"(?!0000)(?:\d{{4}}-{_MONTH_DAY}|{_LEAP}-02-29)"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_INSTANT = rf"{_DAY}T{_CLOCK}{_ZONE}"
_SHORT_DATE = rf"{_YEAR}(?:-(?:0[1-9]|1[0-2]))?"

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

Test = Callable[[str], object]


def _pattern(text: str) -> Test:
    return re.compile(text, re.ASCII).fullmatch


def _is_base64(text: str) -> bool:
    """The decoder is the fastest strict test there is; line breaks are allowed between the letters."""
    try:
        binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except ValueError:
        return False
    return True


_NO_SPACE = re.compile(r"\S+").fullmatch

TEXT_TESTS: dict[str, Test] = {
    "id": _pattern(r"[A-Za-z0-9\-.]{1,64}"),
    "code": re.compile(r"\S+(?:\s\S+)*").fullmatch,
    "uri": _NO_SPACE,
    "url": _NO_SPACE,
    "canonical": _NO_SPACE,
    "oid": _pattern(r"urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+"),
    "uuid": _pattern(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "date": _pattern(rf"{_DAY}|{_SHORT_DATE}"),
    "dateTime": _pattern(rf"{_INSTANT}|{_DAY}|{_SHORT_DATE}"),
    "instant": _pattern(_INSTANT),
    "time": _pattern(_CLOCK),
    "base64Binary": _is_base64,
    "string": bool,
    "markdown": bool,
}
RANGES = {"integer": (-(2**31), 2**31 - 1), "positiveInt": (1, 2**31 - 1), "unsignedInt": (0, 2**31 - 1)}

# `isprintable` runs at memory speed and is false for control characters, surrogates and every space but the common one.
_PRINTABLE = "type({x}) is str and 0 < len({x}) <= 1048576 and {x}.isprintable()"
_UNSPACED = "type({x}) is str and {x} and {x}.isprintable() and ' ' not in {x}"
_QUICK = {
    "boolean": "{x} is True or {x} is False",
    "decimal": f"(type({{x}}) is float or type({{x}}) is int) and -{MAX_FLOAT} <= {{x}} <= {MAX_FLOAT}",
    **dict.fromkeys(("string", "markdown"), _PRINTABLE),
    **dict.fromkeys(("code", "uri", "url", "canonical"), _UNSPACED),
    **{kind: f"type({{x}}) is int and {low} <= {{x}} <= {high}" for kind, (low, high) in RANGES.items()},
}


def quick_test(kind: str, x: str) -> str:
    """Python source that is true for (nearly) every valid value of the type held by the variable `x`."""
    return _QUICK.get(kind, f"type({{x}}) is str and TEST_{kind}({{x}})").format(x=x)


class Fault(NamedTuple):
    """Which rule a value breaks, and the words its message needs."""

    rule: str
    params: tuple[str, ...] = ()


def fault(kind: str, value: Any) -> Fault | None:
    """The exact verdict on one value of a primitive type; None when it is valid."""
    if kind == "boolean":
        return None if type(value) is bool else _wrong_type(kind, value)
    if kind == "decimal":
        return _number_fault(value)
    if kind in RANGES:
        return _integer_fault(kind, value)
    return _text_fault(kind, value)


def _text_fault(kind: str, value: Any) -> Fault | None:
    if type(value) is not str:
        return _wrong_type(kind, value)
    if not value:
        return Fault("string-empty")
    if _UNWANTED.search(value):
        return Fault("string-characters")
    if len(value) > MAX_LENGTH and kind in ("string", "markdown"):
        return Fault("string-length", (str(MAX_LENGTH),))
    return None if TEXT_TESTS[kind](value) else Fault("format", (kind, shown(value)))


def _integer_fault(kind: str, value: Any) -> Fault | None:
    low, high = RANGES[kind]
    if type(value) is not int:
        return _wrong_type(kind, value)
    return None if low <= value <= high else Fault("number-range", (kind, str(low), str(high)))


def _number_fault(value: Any) -> Fault | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return _wrong_type("decimal", value)
    finite = -MAX_FLOAT <= value <= MAX_FLOAT
    return None if finite else Fault("number-range", ("decimal", str(-MAX_FLOAT), str(MAX_FLOAT)))


def _wrong_type(kind: str, value: Any) -> Fault:
    wanted = {"boolean": "boolean", "decimal": "number", **dict.fromkeys(RANGES, "whole-number")}.get(kind, "text")
    return Fault("json-type", (wanted, json_kind(value)))


def json_kind(value: Any) -> str:
    """The JSON name of a value's kind, as the message tables know it."""
    kinds = {dict: "object", list: "list", str: "text", bool: "boolean", type(None): "null"}
    return kinds.get(type(value), "number")


def shown(value: Any) -> str:
    """A value as it may stand in a message: short, and with nothing that could disturb a screen or a log."""
    text = value if isinstance(value, str) else json_kind(value)
    safe = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:60])
    return safe + "…" if len(text) > 60 else safe
