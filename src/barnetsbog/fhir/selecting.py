"""Showing a part of a resource: `_summary` and `_elements` (FHIR R4 §3.1.1.5.8, §3.1.1.5.9). Pure.

A part is marked as one (`SUBSETTED`), so that nobody takes it for the whole and writes it back.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from barnetsbog.fhir.definitions import Element, shape
from barnetsbog.fhir.references import references

Resource = dict[str, Any]

SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
_ALWAYS = frozenset(("resourceType", "id", "meta", "implicitRules", "modifierExtension"))
_MODIFIES = frozenset(("active", "clinicalStatus", "deceased", "doNotPerform", "link", "status", "verificationStatus"))
"""Elements without which the rest can be read as its opposite (R4 §2.21.0.1, isModifier): a diagnosis that was refuted,
a child that is in the book under another id."""


def is_part(resource: Resource) -> bool:
    """Whether somebody was shown this as a part of a resource."""
    tags = (resource.get("meta") or {}).get("tag") or ()
    return any(isinstance(tag, dict) and tag.get("code") == SUBSETTED["code"] for tag in tags)


def summary_of(resource: Resource) -> Resource:
    """Only what the standard counts as the summary of its type."""
    kept = _summaries().get(resource["resourceType"], frozenset())
    return _marked(_whole(_pruned(resource, str(resource["resourceType"]), "", kept), resource))


def text_of(resource: Resource) -> Resource:
    """The narrative, and what must be there."""
    return only(resource, ("text",))


def without_text(resource: Resource) -> Resource:
    return _marked({name: value for name, value in resource.items() if name != "text"})


def only(resource: Resource, names: Iterable[str]) -> Resource:
    """The elements of these names, and those that a resource of its type must have or that change what it says."""
    kind = str(resource["resourceType"])
    wanted, elements = _MODIFIES.union(names), shape(kind).elements
    kept = _ALWAYS | {key for name, one in elements.items() if one.required or name in wanted for key in _names(one)}
    return _marked(_whole({name: value for name, value in resource.items() if name.lstrip("_") in kept}, resource))


def is_element(kind: str, name: str) -> bool:
    """Whether a resource of this type has an element of this name."""
    return name in shape(kind).elements


def _names(element: Element) -> list[str]:
    """The JSON names of an element: several for a choice."""
    return [*element.keys()]


@cache
def _summaries() -> dict[str, frozenset[str]]:
    packed = files("barnetsbog.fhir.definitions").joinpath("summary.json.gz").read_bytes()
    return {kind: frozenset(paths) for kind, paths in orjson.loads(gzip.decompress(packed)).items()}


def _pruned(content: Resource, kind: str, prefix: str, kept: frozenset[str]) -> Resource:
    """An object of a shape without what is no summary. Data types stay whole."""
    names = {key: one for one in shape(kind).elements.values() for key in _names(one)}
    found: Resource = {}
    for key, value in content.items():
        element = names.get(key.lstrip("_"))
        path = prefix + element.name if element else ""
        if key in _ALWAYS and not prefix:
            found[key] = value
        elif element and (path in kept or element.required):
            part = element.types[0] if "." in element.types[0] else ""
            found[key] = _each(value, part, f"{path}.", kept) if part else value
    return found


def _each(value: Any, kind: str, prefix: str, kept: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_each(one, kind, prefix, kept) for one in value]
    return _pruned(value, kind, prefix, kept) if isinstance(value, dict) else value


def _whole(part: Resource, resource: Resource) -> Resource:
    """A part with what it refers to within the resource, and what that refers to in turn: no reference leads nowhere
    (ref-1)."""
    within = {f"#{one.get('id')}": one for one in resource.get("contained", ())}
    if not within or "contained" in part:
        return part
    led, ahead = set[str](), [part]
    while ahead:
        new = {str(one["reference"]) for one in references(ahead.pop())} & within.keys() - led
        ahead += [within[one] for one in new]
        led |= new
    return {**part, "contained": [one for name, one in within.items() if name in led]} if led else part


def _marked(resource: Resource) -> Resource:
    meta = resource.get("meta") or {}
    tags = [*meta.get("tag", ()), SUBSETTED]
    return {**resource, "meta": {**meta, "tag": tags}}
