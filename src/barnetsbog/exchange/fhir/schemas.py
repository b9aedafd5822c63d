"""JSON Schemas of resources, made of the R4 structures that what is received is checked by (`fhir.definitions`).

Each type stands once among the components: resources, their parts (`Observation.component`), data types, primitive
types and required value sets. What a schema can't say (invariants, what a reference leads to) is for `$validate`.
"""

from collections.abc import Iterable, Iterator

from barnetsbog.fhir.definitions import Element, codes, primitive_types, resource_types, shape
from barnetsbog.fhir.primitives import RANGES

Schema = dict[str, object]

_CLOCK = r"\d\d:\d\d:\d\d(\.\d+)?"
_ZONE = r"(Z|[+-]\d\d:\d\d)"
_PATTERNS = {
    "date": r"\d{4}(-\d\d(-\d\d)?)?", "dateTime": rf"\d{{4}}(-\d\d(-\d\d(T{_CLOCK}{_ZONE})?)?)?", "time": _CLOCK,
    "instant": rf"\d{{4}}-\d\d-\d\dT{_CLOCK}{_ZONE}", "id": r"[A-Za-z0-9\-.]{1,64}", "code": r"\S+(\s\S+)*",
    "oid": r"urn:oid:[0-2](\.(0|[1-9]\d*))+", "uuid": r"urn:uuid:[0-9a-f-]{36}",
    **dict.fromkeys(("uri", "url", "canonical"), r"\S+"),
}  # fmt: skip
_FORMATS: dict[str, Schema] = {
    "boolean": {"type": "boolean"},
    "decimal": {"type": "number"},
    "base64Binary": {"contentEncoding": "base64"},
    **{kind: {"pattern": f"^{pattern}$"} for kind, pattern in _PATTERNS.items()},
    **{kind: {"type": "integer", "minimum": low, "maximum": high} for kind, (low, high) in RANGES.items()},
}
"""By primitive type; what isn't said is a text that is not empty."""

_BESIDE: Schema = {"^_[a-z]": {"type": ["object", "array"]}}
"""Ids and extensions of a primitive stand beside it in `_name`, in a list for each of a list (R4 §2.6.2.3)."""


def schemas(kinds: Iterable[str]) -> dict[str, Schema]:
    """The schemas of some types of resources and of everything that they are made of, by name."""
    found: dict[str, Schema] = {}
    waiting = sorted(kinds, reverse=True)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _schema(name)
            waiting += sorted(_named_in(found[name]) - found.keys(), reverse=True)
    return dict(sorted(found.items()))


def _named_in(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {name.removeprefix(_PLACE)} if isinstance(name := value.get("$ref"), str) else set()
        return own.union(*map(_named_in, value.values()))
    return set().union(*map(_named_in, value)) if isinstance(value, list) else set()


_PLACE = "#/components/schemas/"
_CODES = "codes."


def _ref(name: str) -> Schema:
    return {"$ref": f"{_PLACE}{name}"}


def _schema(name: str) -> Schema:
    if name.startswith(_CODES):
        return {"enum": sorted({code for some in codes(name.removeprefix(_CODES)).values() for code in some})}
    if name in primitive_types():
        return {"type": "string", "minLength": 1} | _FORMATS.get(name, {})
    if name == "xhtml":
        return {"type": "string", "minLength": 1}
    if name == "Resource":
        return {"type": "object", "required": ["resourceType"], "properties": {"resourceType": {"type": "string"}}}
    return _shape(name)


def _shape(name: str) -> Schema:
    elements = shape(name).elements.values()
    properties = {key: said for one in elements for key, said in _properties(one)}
    found: Schema = {"type": "object", "additionalProperties": False, "patternProperties": _BESIDE}
    must = [one.name for one in elements if one.required and not _may_stand_beside(one)]
    if name in resource_types():
        must = ["resourceType", *must]
        properties = {"resourceType": {"const": name}, **properties}
        found["externalDocs"] = {"url": f"http://hl7.org/fhir/R4/{name.lower()}.html"}
    some = [{"anyOf": _one_of(one)} for one in elements if one.required and _may_stand_beside(one)]
    return found | {"properties": properties} | ({"required": must} if must else {}) | ({"allOf": some} if some else {})


def _may_stand_beside(one: Element) -> bool:
    """Whether there is more than one member by which an element can be there."""
    return one.choice or one.types[0] in primitive_types()


def _one_of(one: Element) -> list[Schema]:
    named = ((key, f"_{key}") if kind in primitive_types() else (key,) for key, kind in one.keys().items())
    return [{"required": [key]} for keys in named for key in keys]


def _properties(one: Element) -> Iterator[tuple[str, Schema]]:
    for key, kind in one.keys().items():
        said = _ref(f"{_CODES}{one.codes}" if one.codes and kind == "code" else kind)
        if one.targets and kind in ("Reference", "canonical"):
            said = {**said, "description": " | ".join(one.targets)}
        yield key, {"type": "array", "minItems": 1, "items": _may_be_null(said, kind)} if one.many else said


def _may_be_null(said: Schema, kind: str) -> Schema:
    """A primitive in a list may be null where its extension stands in the list beside it."""
    return {"anyOf": [said, {"type": "null"}]} if kind in primitive_types() else said
