"""Which conditions could find out where a child is.

Where a child's address is protected and the asker is not cleared, what could name a place matches nothing in what
others have written: not the school itself, and not what leads to it. What the veil leaves as it is (codes, days,
measures, who the child is) can be searched.
"""

import re
from functools import cache

from barnetsbog.fhir.definitions import parameter, resource_types
from barnetsbog.fhir.searching import kinds_of
from barnetsbog.fhir.targets import target_type
from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS
from barnetsbog.record.entries import DIRECTORY_TYPES

from ..veil import PLACES
from . import model as m

_PEOPLE = frozenset(("Patient", "RelatedPerson"))
_NAMES = frozenset(("name", "given", "family", "phonetic"))
_KEYS = frozenset(("Identifier", "ContactPoint"))


def tells_a_place(kind: str, one: m.Condition) -> bool:
    """Whether a condition on resources of this type could."""
    if (param := getattr(one, "param", "")) and _is_taken_out(kind, param):
        return True
    match one:
        case m.Tokens():
            return bool(kinds_of(kind, one.param) & _KEYS) and not _is_who(kind, one)
        case m.Strings():
            return not (kind in _PEOPLE and one.param in _NAMES)
        case m.References():
            return any(leads_out(value) for value in one.values)
        case m.Chained():
            return any(level.kind in DIRECTORY_TYPES for level in one.to)
        case m.Missing():
            return may_lead_out(kind, one.param)
        case m.Uris():
            return True
        case _:
            return False


def leads_out(address: str) -> bool:
    """Whether an address is of the directory, or of somewhere else, and not in a child's book."""
    head, mark, rest = address.partition("/")
    return not mark or "/" in rest or head not in resource_types() or target_type(address) in DIRECTORY_TYPES


def may_lead_out(kind: str, param: str) -> bool:
    """Whether the values of a parameter may name a place."""
    known = parameter(kind, param)
    if _is_taken_out(kind, param):
        return True
    if known is None or known.kind in ("date", "quantity", "number"):
        return False
    if known.kind == "reference":
        return not known.targets or not DIRECTORY_TYPES.isdisjoint(known.targets)
    if known.kind == "token":
        return bool(kinds_of(kind, param) & _KEYS)
    return not (kind in _PEOPLE and param in _NAMES)


@cache
def _is_taken_out(kind: str, param: str) -> bool:
    """Whether the values of a parameter stand within what a veil takes out, whatever they are: that an address is for a
    time (`address-use`) tells of where a child is, too."""
    known = parameter(kind, param)
    parts = (part.strip(" (") for part in known.expression.split("|")) if known else ()
    return any(part.startswith(f"{kind}.") and not PLACES.isdisjoint(re.split(r"\W+", part)) for part in parts)


def _is_who(kind: str, one: m.Tokens) -> bool:
    """A person number says who somebody is."""
    return kind in _PEOPLE and not one.but and all(value.system in PERSON_NUMBER_SYSTEMS for value in one.values)
