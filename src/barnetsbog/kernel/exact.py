"""JSON in which a decimal stays as it is written: 5.40 says more than 5.4 (FHIR R4 §2.24.0.1, decimal).

A number that a float gives back letter by letter is that float, as everywhere. Any other is a float that knows how it
was written, and `dumps` writes it so; `orjson.dumps` alone would refuse it, so that none is lost without a word.
"""

import json
import re
from typing import Any

import orjson

_SPACE = b" \t\r\n"
_LONG = re.compile(rb"\.(?:\d+0[\s,\]}]|\d{8}|(?<=\d{9}\.)\d)")
"""Where a number may stand that says more than a float: with zeros at its end, or many digits."""
_EXPONENT = re.compile(rb"e[+-]\d+[,\]}]")
"""Where `orjson` has written a number with an exponent, which can be written in several ways."""
_GIVEN_EXPONENT = re.compile(rb"[:,\[]\s*-?[\d.]+[eE]")
"""Where somebody else has."""


class Written(float):
    """A decimal, and how it was written."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> "Written":
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __reduce__(self) -> tuple[type["Written"], tuple[str]]:
        return Written, (self.text,)


def loads(content: bytes) -> Any:
    """What `orjson.loads` makes of it, errors included, with its decimals as they are written."""
    found = orjson.loads(content)
    return as_written(found, content, orjson.dumps(found))


def as_written(found: Any, content: bytes, again: bytes) -> Any:
    """What was read from content that is JSON, with its decimals as they are written there. `again`: what was read, as
    `orjson` writes it, by which nearly always it can be told that there is nothing to do."""
    if again == content or not _says_more(content, again):
        return found
    return json.loads(content, parse_float=_decimal, parse_int=_whole)


def _says_more(content: bytes, again: bytes) -> bool:
    """Whether a number may be written otherwise in the two. Where texts are, too, as letters that were escaped, those
    with an exponent in one of them only are letters more or fewer there, or are taken for such."""
    if content.translate(None, _SPACE) == again.translate(None, _SPACE):
        return False
    letters = [one.count(b"e") + one.count(b"E") for one in (content, again)]
    if letters[0] != letters[1] or _LONG.search(content) or _EXPONENT.search(again):
        return True
    return bool(_GIVEN_EXPONENT.search(content))


def _decimal(text: str) -> float:
    plain = float(text)
    return plain if orjson.dumps(plain).decode() == text else Written(text)


def _whole(text: str) -> int | float:
    """One that no integer of JSON can be is a decimal without a point."""
    found = int(text) if len(text) <= 20 else 2**64
    return found if -(2**63) <= found < 2**64 else Written(text)


def dumps(value: Any, option: int | None = None) -> bytes:
    return orjson.dumps(value, _fragment, option)


def _fragment(value: Any) -> orjson.Fragment:
    if isinstance(value, Written):
        return orjson.Fragment(value.text)
    raise TypeError(type(value))


def same(one: Any, other: Any) -> bool:
    """Whether both say the same, digit by digit, in whatever order."""
    return bool(one == other) and dumps(one, orjson.OPT_SORT_KEYS) == dumps(other, orjson.OPT_SORT_KEYS)
