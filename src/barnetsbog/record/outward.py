"""What is read through a veil, for another system: it would follow an address to the place where a child is.

A page puts general words for the unit that a reference leads to (`access.naming`); a system reads the unit itself. So
nothing that leads out of the child's own book is left, nor any identifier but a person number. Pure.
"""

from typing import Any

import orjson

from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS

from .entries import DIRECTORY_TYPES
from .searching.placing import leads_out

MASKED = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]}
"""Stands for a reference that is not told (the standard's own words for it)."""

_REFERENCE = frozenset(("id", "extension", "reference", "type", "identifier", "display"))
"""The members that a Reference can have."""


def outward(body: bytes) -> bytes:
    """A resource, read through a veil before, without what leads out of the book."""
    return orjson.dumps(_value(orjson.loads(body)))


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(one) for one in value]
    if not isinstance(value, dict):
        return value
    if _leads_out(value):
        return MASKED
    kept = ((name, _kept(name, member)) for name, member in value.items())
    return {name: _value(member) for name, member in kept if member is not None}


def _leads_out(value: dict[str, Any]) -> bool:
    if not value.keys() <= _REFERENCE:
        return False
    address, named = value.get("reference"), value.get("identifier")
    return leads_out(address) if isinstance(address, str) else isinstance(named, dict) and not _is_person_number(named)


def _kept(name: str, value: Any) -> Any:
    """A member without keys and units; None, when nothing is left."""
    if name == "identifier":
        return [one for one in value if _is_person_number(one)] or None if isinstance(value, list) else None
    if name == "meta":
        return {key: one for key, one in value.items() if key != "source"} or None
    if name == "contained":
        return [one for one in value if one.get("resourceType") not in DIRECTORY_TYPES] or None
    return value


def _is_person_number(identifier: Any) -> bool:
    return isinstance(identifier, dict) and identifier.get("system") in PERSON_NUMBER_SYSTEMS
