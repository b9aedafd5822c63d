"""What the family says is wrong in an entry stands beside it, in their own words, for everybody who reads it
(databeskyttelsesforordningen art. 16 and 18). Pure."""

from typing import Any

from barnetsbog.fhir.own import EXTENSION, extension, extensions_of, members, value_of
from barnetsbog.kernel import exact

Resource = dict[str, Any]

OBJECTION = "objection"
_NAMED = f"{EXTENSION}{OBJECTION}".encode()


def with_objection(entry: Resource, text: str) -> Resource:
    """An entry with what somebody of the family says is wrong in it, beside what others have said of it."""
    return _with(entry, [extension(OBJECTION, "String", text)])


def objections_of(entry: Resource) -> tuple[str, ...]:
    return tuple(str(value_of(one)) for one in extensions_of(entry, OBJECTION))


def is_objected_to(body: bytes) -> bool:
    """Whether it may be: nearly nothing is."""
    return _NAMED in body


def still_objected_to(body: bytes, before: bytes) -> bytes:
    """What an entry is to say, with what was objected to in what it said `before`: its source knows nothing of it, and
    sends its words again."""
    if not is_objected_to(before):
        return body
    said, there = exact.loads(body), exact.loads(before)
    kept = [one for one in extensions_of(there, OBJECTION) if one not in extensions_of(said, OBJECTION)]
    return exact.dumps(_with(said, kept)) if kept else body


def _with(entry: Resource, more: list[Resource]) -> Resource:
    return {**entry, "extension": [*members(entry.get("extension")), *more]}
