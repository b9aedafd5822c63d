"""What an entry leads to, and the same entry without what its reader may not know of.

A page names what a reference leads to only when the reader may see it; another system reads the reference itself, and
would learn from it that there is something of that type. So the reference is left out, and the part that it stood in
with it, when that is about nothing else: a hidden participant is not in the list of participants. What has been left
out is put back when the entry is written again (`restoring`). Pure.
"""

import re
from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from barnetsbog.fhir import check
from barnetsbog.fhir.definitions import primitive_types, resource_types, shape
from barnetsbog.kernel import exact

from .entries import DIRECTORY_TYPES, PEOPLE
from .outward import MASKED, REFERENCE

Resource = dict[str, Any]

_LED_TO = re.compile(
    rb'"reference":"((?!(?:%s)/)[A-Z][A-Za-z]+/[0-9a-f-]{36})"' % "|".join(sorted({*DIRECTORY_TYPES, *PEOPLE})).encode()
)
_WORDS = frozenset(("string", "markdown", "Annotation"))
"""What somebody may have written: it is not left out with a reference that stands beside it."""


def leads_to(body: bytes) -> set[str]:
    """What an entry refers to in the books of children, as `Type/id`; not the child that it is about, for whose book
    it is in says that already."""
    found = {address.decode() for address in _LED_TO.findall(body)}
    children = {one for one in found if one.startswith("Patient/")}
    return found - children if len(children) == 1 else found


def unled(body: bytes, hidden: Collection[str]) -> bytes:
    """A resource without its references to what is `hidden` (`Type/id`)."""
    resource, without = exact.loads(body), _Without(hidden)
    left = without.whole(resource)
    sound = not any(one.severity == "error" for one in check(left))
    return exact.dumps(left if sound else without.masked(resource))


class _Member(NamedTuple):
    """What a member is in FHIR: the type or part that its values are of, whether there must be one, or may be many."""

    kind: str
    required: bool
    many: bool


@cache
def _members(path: str) -> dict[str, _Member]:
    return {
        key: _Member(kind, element.required, element.many)
        for element in shape(path).elements.values()
        for key, kind in element.keys().items()
    }


class _Without:
    def __init__(self, hidden: Collection[str]) -> None:
        self.hidden = hidden

    def whole(self, resource: Resource) -> Resource:
        """A resource must have what R4 demands of it: there a reference says that it is masked."""
        members, kept = _members(resource["resourceType"]), Resource()
        for name, value in resource.items():
            left = self._left(value, members.get(name))
            if left is not None:
                kept[name] = left
            elif members[name].required:
                kept[name] = self.masked(value[:1] if isinstance(value, list) else value)
        return kept

    def masked(self, value: Any) -> Any:
        """The same with nothing left out: each hidden reference says that it is masked."""
        if isinstance(value, list):
            return [self.masked(one) for one in value]
        if not isinstance(value, dict):
            return value
        if self._is_hidden(value):
            return MASKED
        return {name: self.masked(one) for name, one in value.items()}

    def _is_hidden(self, value: Resource) -> bool:
        address = value.get("reference")
        return value.keys() <= REFERENCE and isinstance(address, str) and address in self.hidden

    def _left(self, value: Any, member: _Member | None) -> Any:
        """What is left of a value; None when that is nothing."""
        if member is None or member.kind in primitive_types():
            return value
        if isinstance(value, list):
            return [left for one in value if (left := self._left(one, member)) is not None] or None
        if not isinstance(value, dict):
            return value
        if "resourceType" in value and value["resourceType"] in resource_types():
            return self.whole(value)
        return None if self._is_hidden(value) else self._part(value, _members(member.kind))

    def _part(self, value: Resource, members: dict[str, _Member]) -> Resource | None:
        kept, is_about_it = Resource(), False
        for name, one in value.items():
            member = members.get(name)
            left = self._left(one, member)
            if left is not None:
                kept[name] = left
            elif member:
                is_about_it |= member.required or not member.many
        says = any(name in members and members[name].kind in _WORDS for name in kept)
        lost_what_must_be = any(members[name].required for name in value.keys() - kept.keys())
        if len(kept) == len(value):
            return kept
        return None if lost_what_must_be or (is_about_it and not says) or not kept.keys() - {"id"} else kept
