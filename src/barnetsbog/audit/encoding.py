"""A line of the log as bytes: what is hashed.

The encoding is a JSON array without spaces, in UTF-8: first the four ids as 32 upper-case hex digits each (none for an
id that isn't there) with dots between, then time, `allowed` as 0 or 1, action, role, purpose, reason, and `detail` as
the very text that is stored. An array can't be read in two ways, and any other program can make it again. Both
databases give these values straight from SQL, so that a check of millions of lines makes no object but the row.
"""

import re
from typing import Any, NamedTuple

import orjson

from .proofs import leaf_hash


class Line(NamedTuple):
    """The columns of an event. Ids are the 16 bytes of a UUID; `detail` is JSON text."""

    id: bytes
    at: int
    action: str
    allowed: bool
    child_id: bytes | None
    person_id: bytes | None
    unit_id: bytes | None
    role: str
    purpose: str
    reason: str
    detail: str


def as_text(line: Line) -> tuple[object, ...]:
    """The values as they are encoded, and as the database gives them back (`links.columns`)."""
    ids = ".".join([ident.hex() if ident else "" for ident in (line.id, line.child_id, line.person_id, line.unit_id)])
    return (ids.upper(), line.at, int(line.allowed), line.action, line.role, line.purpose, line.reason, line.detail)


def from_text(values: tuple[Any, ...] | list[Any]) -> Line:
    """The line again. Raises ValueError or TypeError when these are not the values of a line."""
    ids, at, allowed, action, role, purpose, reason, detail = values
    ident, child, person, unit = (bytes.fromhex(one) for one in ids.split("."))
    who = child or None, person or None, unit or None
    return Line(ident, int(at), action, bool(allowed), *who, role, purpose, reason, detail)


def leaf_of(line: Line) -> bytes:
    """The hash that stands for the line in chain and tree."""
    return leaf_hash(orjson.dumps(as_text(line)))


# -- no person numbers -------------------------------------------------------------------------------------------------

_SEPARATOR = r"(?:%20|[\s.\-–/+])"
_TEMPORARY = "-?(?=[A-Z]{0,3}[0-9])(?=[0-9]{0,3}[A-Z])[0-9A-Z]{4}"
"""The end of a temporary number (X-eCPR, D-eCPR): both letters and digits, so that no word is taken for one."""
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])(\d\d){_SEPARATOR}?(\d\d){_SEPARATOR}?(\d\d)"
    rf"(?:{_SEPARATOR}{{0,3}}\d{{4}}|{_TEMPORARY})(?![0-9A-Za-z])"
)


def without_numbers(text: str) -> str:
    """People write person numbers into reasons. The log keeps the birth date of one and nothing more."""
    return _NUMBER.sub(r"\1\2\3-xxxx", text)


def detail_text(detail: dict[str, Any]) -> str:
    """The detail as JSON, always the same for the same content, without person numbers."""
    text = _dumped(detail)
    return _dumped(_cleaned(detail)) if _NUMBER.search(text) else text


def _dumped(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str).decode()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return without_numbers(value)
    if isinstance(value, dict):
        return {without_numbers(str(name)): _cleaned(one) for name, one in value.items()}
    if isinstance(value, int) and _NUMBER.search(str(value)):
        return without_numbers(str(value))
    return [_cleaned(one) for one in value] if isinstance(value, list | tuple) else value
