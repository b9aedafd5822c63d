"""The R4 definitions pack, read once and on first use.

`r4.json.gz` is distilled from the official package by `tools/build_definitions.py`. This module turns its lists into
`Shape`s: a shape is what one JSON object may hold, be it a resource (`Patient`), a data type (`HumanName`) or a part of
either (`Patient.contact`). The compilers of structure, invariants and search all read shapes and nothing else.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

PARTS = frozenset(("BackboneElement", "Element"))
# Two elements whose type the package states loosely: it says string, the specification says more.
CORRECTED = {"Resource.id": ("id",), "Extension.url": ("uri",)}


@dataclass(frozen=True, slots=True)
class Rule:
    """An invariant: its key, its FHIRPath expression and its official English sentence."""

    key: str
    expression: str
    human: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a shape; `types` are data types, or the path of a shape for a part."""

    name: str
    path: str
    required: bool
    many: bool
    choice: bool
    types: tuple[str, ...]
    targets: tuple[str, ...]
    codes: str
    rules: tuple[Rule, ...]

    def keys(self) -> dict[str, str]:
        """JSON name -> type: one for most elements, several for a choice such as `value[x]`."""
        if not self.choice:
            return {self.name: self.types[0]}
        return {self.name + kind[0].upper() + kind[1:]: kind for kind in self.types}


@dataclass(frozen=True, slots=True)
class Shape:
    """What one kind of JSON object may hold."""

    path: str
    elements: dict[str, Element]
    rules: tuple[Rule, ...]


@cache
def pack() -> dict[str, Any]:
    packed = files(__package__).joinpath("r4.json.gz").read_bytes()
    found: dict[str, Any] = orjson.loads(gzip.decompress(packed))
    return found


@cache
def resource_types() -> frozenset[str]:
    """Every concrete R4 resource type."""
    abstract = {"Resource", "DomainResource"}
    return frozenset(name for name, known in pack()["types"].items() if known["kind"] == "resource") - abstract


@cache
def primitive_types() -> frozenset[str]:
    return frozenset(name for name, known in pack()["types"].items() if known["kind"] == "primitive-type")


def is_domain_resource(name: str) -> bool:
    return bool(pack()["types"][name]["base"] == "DomainResource")


def codes(name: str) -> dict[str, list[str]]:
    """A required value set, expanded: system -> codes."""
    found: dict[str, list[str]] = pack()["codes"][name]
    return found


@cache
def shape(path: str) -> Shape:
    """The shape of a type, or of a part such as `Patient.contact`, with everything it inherits."""
    owner = path.partition(".")[0]
    known = pack()["types"][owner]
    if path != owner:
        return _part(path, known["elements"])
    base = shape(known["base"]) if known["base"] else Shape("", {}, ())
    own = _children(path, known["elements"])
    return Shape(path, base.elements | own, base.rules + _rules(known["rules"]))


def _part(path: str, elements: list[dict[str, Any]]) -> Shape:
    raw = next(e for e in elements if e["path"] == path)
    base = shape(raw["types"][0])
    return Shape(path, base.elements | _children(path, elements), _rules(raw.get("rules", ())))


def _children(path: str, elements: list[dict[str, Any]]) -> dict[str, Element]:
    parents = {e["path"].rpartition(".")[0] for e in elements}
    found = (_element(e, parents) for e in elements if e["path"].rpartition(".")[0] == path)
    return {element.name: element for element in found}


def _element(raw: dict[str, Any], parents: set[str]) -> Element:
    path = raw["path"]
    is_part = path in parents
    return Element(
        name=path.rpartition(".")[2].removesuffix("[x]"),
        path=path,
        required=raw["min"] > 0,
        many=raw["max"] != "1",
        choice=path.endswith("[x]"),
        types=_types(raw, is_part),
        targets=tuple(raw.get("targets", ())),
        codes=raw.get("codes", ""),
        rules=() if is_part else _rules(raw.get("rules", ())),
    )


def _types(raw: dict[str, Any], is_part: bool) -> tuple[str, ...]:
    if raw.get("reference"):
        return (raw["reference"],)
    return (raw["path"],) if is_part else CORRECTED.get(raw["path"], tuple(raw["types"]))


def _rules(numbers: Any) -> tuple[Rule, ...]:
    return tuple(Rule(*pack()["invariants"][n]) for n in numbers)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A standard search parameter as it applies to one resource type. `targets`: the types that a reference may lead
    to; `components`: of a composite, the parameter that each is, and where it stands in the composite's own."""

    name: str
    kind: str
    expression: str
    targets: tuple[str, ...] = ()
    components: tuple[tuple[str, str], ...] = ()


@cache
def parameters(resource_type: str) -> tuple[Parameter, ...]:
    """The official search parameters of a type, those of every resource included."""
    bases = (
        {resource_type, "Resource", "DomainResource"}
        if is_domain_resource(resource_type)
        else {resource_type, "Resource"}
    )
    return tuple(_parameter(*one) for one in pack()["search"] if not bases.isdisjoint(one[2]))


def _parameter(
    name: str, kind: str, bases: list[str], expression: str, targets: list[str], components: list[list[str]]
) -> Parameter:
    return Parameter(name, kind, expression, tuple(targets), tuple((code, where) for code, where in components))


@cache
def parameter(resource_type: str, name: str) -> Parameter | None:
    """One of a type's parameters, if it has it."""
    return next((one for one in parameters(resource_type) if one.name == name), None)


def compartment(of: str, resource_type: str) -> tuple[str, ...]:
    """The parameters by which resources of a type belong to a compartment (`Patient`, `Practitioner` ...); none when
    they do not."""
    return tuple(pack()["compartments"].get(of, {}).get(resource_type, ()))
