"""Resources of every type, invented from the official shapes: whatever R4 allows may come in, and most of it nobody
would think of writing down as an example.

What is invented passes the base check. Dates lie at the ends of the calendar as often as in a childhood, and a list of
simple values may have holes that only extensions explain.
"""

import random
import re
from collections.abc import Iterator
from typing import Any

from barnetsbog.fhir import check
from barnetsbog.fhir.bindings import binding
from barnetsbog.fhir.definitions import Element, primitive_types, shape

Json = dict[str, Any]

_DAYS = "2019-03-31", "2024-02-29", "2026-11", "2019", "0001-01-01", "0001", "0001-01", "9999-12-31", "9999", "9999-12"
_MOMENTS = (
    "2026-11-25T09:30:00+01:00", "2026-10-25T02:30:00.123456789+02:00", "2016-12-31T23:59:60Z",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:30:00-12:00", "9999-12-31T23:59:60.5Z",
)  # fmt: skip
_VALUES: dict[str, tuple[Any, ...]] = {
    "date": _DAYS, "dateTime": (*_DAYS, *_MOMENTS), "instant": _MOMENTS, "time": ("09:30:00", "23:59:60"),
    "boolean": (True, False), "integer": (0, -(2**31), 2**31 - 1), "unsignedInt": (0, 2**31 - 1),
    "positiveInt": (1, 2**31 - 1), "decimal": (0, -1.5, 1e308, 3), "code": ("x", "to ord"), "id": ("a.b-C",),
    "uri": ("https://example.org/x", "urn:oid:1.2"), "url": ("https://example.org/æ",), "canonical": ("https://example.org/c|1",),
    "oid": ("urn:oid:1.2.3",), "uuid": ("urn:uuid:c757873d-ec9a-4326-a141-556f43239520",), "base64Binary": ("QUJD", ""),
    "string": ("x", "Åse Ærø ☃", "å" * 3_000), "markdown": ("*x*",), "xhtml": ('<div xmlns="http://www.w3.org/1999/xhtml">x</div>',),
}  # fmt: skip
_EXPLAINED = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
}
_DEEPEST = 4
_TRIES, _MENDED = 8, 40
"""Resources begun for one that is sound, and how often what a rule forbids is taken out of each."""
_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def invented(kind: str, chance: random.Random) -> Json | None:
    """A resource of a type; None when the rules of R4 could not be pleased."""
    return next(filter(None, (_sound(kind, chance) for _ in range(_TRIES))), None)


def _sound(kind: str, chance: random.Random) -> Json | None:
    resource = {"resourceType": kind, **_object(kind, chance, 0)}
    for _ in range(_MENDED):
        errors = [one for one in check(resource) if one.severity == "error"]
        if not errors:
            return resource
        if not _without(resource, errors[0].path):
            return None
    return None


def _object(path: str, chance: random.Random, depth: int) -> Json:
    found: Json = {}
    for element in shape(path).elements.values():
        if element.name in ("contained", "text", "implicitRules", "id") or element.types == ("Resource",):
            continue
        wanted = 0.5 if depth == 0 else 0.25 if depth < _DEEPEST else 0.0
        if element.required or chance.random() < wanted:
            found |= _member(element, chance, depth)
    return found or ({"id": "a"} if path[0].isupper() and "." not in path else {})


def _member(element: Element, chance: random.Random, depth: int) -> Iterator[tuple[str, Any]] | Json:
    name, kind = chance.choice(sorted(element.keys().items()))
    simple = kind in primitive_types()
    if simple and not element.many and kind != "xhtml" and chance.random() < 0.1:
        return {f"_{name}": _EXPLAINED}
    if not element.many:
        return {name: _value(element, kind, chance, depth)}
    values = [_value(element, kind, chance, depth) for _ in range(chance.choice((1, 1, 2)))]
    if simple and chance.random() < 0.3:
        return {name: [*values, None], f"_{name}": [*(None for _ in values), _EXPLAINED]}
    return {name: values}


def _value(element: Element, kind: str, chance: random.Random, depth: int) -> Any:
    bound = binding(element.codes) if element.codes else None
    if bound and bound.codes:
        system = chance.choice(sorted(bound.systems))
        code = chance.choice(sorted(bound.systems[system]) or ["x"])
        coding = {"system": system, "code": code} if system else {"code": code}
        return {"Coding": coding, "CodeableConcept": {"coding": [coding]}}.get(kind, code)
    if kind in primitive_types():
        return chance.choice(_VALUES[kind])
    if kind == "Reference":
        to = chance.choice([one for one in element.targets if one != "Resource"] or ["Patient"])
        return {"reference": f"{to}/a"} if chance.random() < 0.8 else {"display": "x"}
    if kind == "Extension":
        return {"url": "http://example.org/x", "valueString": "x"}
    return _object(kind, chance, depth + 1) or {"id": "a"}


def _without(resource: Json, path: str) -> bool:
    """Takes out what a fault names; or what it stands in, when it isn't there. False when that is the whole."""
    steps = [(name, int(index) if index else None) for name, index in _STEP.findall(path.partition(".")[2])]
    trail: list[tuple[Any, Any]] = []
    here: Any = resource
    for name, index in steps:
        for key in (name, index) if index is not None else (name,):
            if not (isinstance(here, dict) and key in here) and not (isinstance(here, list) and isinstance(key, int)):
                break
            trail.append((here, key))
            here = here[key]
    while trail:
        holder, key = trail.pop()
        if isinstance(holder, dict):
            del holder[key]
            holder.pop(f"_{key}", None)
            return True
    return False
