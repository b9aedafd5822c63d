"""What is read through a veil, for another system: it would follow an address to the place where a child is.

A page puts general words for the unit that a reference leads to (`access.naming`); a system reads the unit itself. So
nothing that leads out of the child's own book is left, nor any identifier but a person number. Pure.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from barnetsbog.fhir.definitions import pack
from barnetsbog.kernel import exact
from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS

from .entries import DIRECTORY_TYPES
from .searching.placing import leads_out

MASKED = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]}
"""Stands for a reference that is not told (the standard's own words for it)."""

REFERENCE = frozenset(("id", "extension", "reference", "type", "identifier", "display"))
"""The members that a Reference can have."""


def outward(body: bytes) -> bytes:
    """A resource, read through a veil before, without what leads out of the book."""
    return exact.dumps(_value(exact.loads(body)))


def _value(value: Any, member: str = "") -> Any:
    """`member`: the name that it stands under."""
    if isinstance(value, list):
        return [_value(one, member) for one in value]
    if not isinstance(value, dict):
        return value
    if _leads_out(value, member):
        return MASKED
    kept = ((name, _kept(name, one)) for name, one in value.items())
    return {name: _value(one, name) for name, one in kept if one is not None}


def _leads_out(value: dict[str, Any], member: str) -> bool:
    if not value.keys() <= REFERENCE:
        return False
    address, named = value.get("reference"), value.get("identifier")
    if isinstance(address, str):
        return leads_out(address)
    if isinstance(named, dict):
        return not _is_person_number(named)
    return "display" in value and member in _references()  # in words alone, which may be those of a place


@cache
def _references() -> frozenset[str]:
    """The names of members that are references, whatever they stand in, and never codes."""
    return frozenset(_members_of("Reference")) - frozenset(_members_of("Coding"))


def _members_of(kind: str) -> Iterator[str]:
    for one in pack()["types"].values():
        for element in one["elements"]:
            if kind in element["types"]:
                name = str(element["path"]).rpartition(".")[2]
                yield name.replace("[x]", kind)


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
