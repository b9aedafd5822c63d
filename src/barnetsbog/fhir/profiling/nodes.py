"""A profile's elements as a tree: under each element its children, and its slices beside each other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from barnetsbog.fhir.packages.model import Json


@dataclass(slots=True)
class Node:
    """One ElementDefinition in its place (ElementDefinition.id: `Patient.identifier:cpr.system`)."""

    name: str
    """The last step of its path: `identifier`, `value[x]`."""
    slice_name: str = ""
    raw: Json = field(default_factory=dict)
    children: dict[str, "Node"] = field(default_factory=dict)
    slices: dict[str, "Node"] = field(default_factory=dict)
    """By name; a reslice (`cpr/old`) lies among the slices of its slice."""

    def types(self) -> list[Json]:
        return [one for one in self.raw.get("type", ()) if isinstance(one, dict)]

    def type_codes(self) -> list[str]:
        """Its data types; the primitives of FHIRPath by which R4 writes a few ids and addresses are plain strings."""
        return [code.rpartition("/")[2] if "System." not in code else "string" for code in map(_code, self.types())]

    def value(self, prefix: str) -> Any:
        """The value of a member such as `fixed[x]`; None when there is none."""
        return next((value for name, value in self.raw.items() if name.startswith(prefix)), None)

    def walk(self) -> Iterator["Node"]:
        yield self
        for one in (*self.children.values(), *self.slices.values()):
            yield from one.walk()


def _code(kind: Json) -> str:
    return str(kind.get("code", ""))


def tree(elements: list[Json]) -> Node:
    """The root of the elements of a snapshot or a differential."""
    root_id = _ident(elements[0]).partition(".")[0] if elements else "Resource"
    root = Node(root_id)
    for raw in elements:
        _place(root, _ident(raw).split(".")[1:]).raw = raw
    return root


def _ident(raw: Json) -> str:
    """The id of an element. Ids may be left out; then it is the path, and the slice is of the last step."""
    path = str(raw.get("path", ""))
    return str(raw.get("id") or (f"{path}:{raw['sliceName']}" if raw.get("sliceName") else path))


def _place(root: Node, steps: list[str]) -> Node:
    node = root
    for step in steps:
        name, _, sliced = step.partition(":")
        node = node.children.setdefault(name, Node(name))
        parts = sliced.split("/") if sliced else []
        for count in range(1, len(parts) + 1):
            part = "/".join(parts[:count])
            node = node.slices.setdefault(part, Node(name, part))
    return node
