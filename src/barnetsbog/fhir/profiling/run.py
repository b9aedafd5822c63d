"""What a check of one resource carries with it: where it reports, where it is, and what references lead to."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from barnetsbog.fhir.definitions import resource_types
from barnetsbog.fhir.issues import Chain, Report
from barnetsbog.fhir.own import members
from barnetsbog.fhir.packages.model import Json


class Item(NamedTuple):
    """One value of an element."""

    value: Any
    """None for a primitive that has only extensions."""
    beside: Any
    """What stands in `_name`: the id and extensions of a primitive."""
    kind: str
    """Its data type, where that is known: `string`, `Quantity`, `Patient`."""
    chain: Chain

    def content(self) -> Json:
        """Its members: those of the object, or the extensions of the primitive."""
        if type(self.value) is dict:
            return self.value
        return self.beside if type(self.beside) is dict else {}


class Target(NamedTuple):
    """What a reference leads to."""

    resource: Json
    mode: str
    """`contained` or `bundled` (ElementDefinition.type.aggregation)."""


Check = Callable[[Item, "Run"], None]
Mark = tuple[int, tuple[str, str], bool]
"""A value, the key of a profile, and whether in doubt."""


class Run:
    """One check. Not shared between threads; thrown away afterwards."""

    def __init__(self, root: Json) -> None:
        self.root = root
        self.report = Report()
        self.container: Json = root
        """The resource that contained ones are looked for in: the root, or a Bundle's entry."""
        self.resource: Json = root
        self.verdicts: dict[Mark, bool | None] = {}
        """Whether a value keeps to a profile; None when it can't be told."""
        self.seen: set[Mark] = set()
        """Values whose faults against a profile have been reported."""
        self.unknown: set[tuple[str, ...]] = set()
        """What has been told not to be loaded."""
        self.bundles = [BundleIndex(root)] if root.get("resourceType") == "Bundle" else []
        """The Bundles that the present resource is in, the innermost last."""
        self.doubt = 0
        """Above nought while something is judged by a definition of another version than was meant: then what would be
        an error is a warning."""
        self.doubted = False
        self.copies: list[Any] = []
        """What has been made for a rule to read, and must outlast it."""

    @cached_property
    def has_beside(self) -> bool:
        """Whether anything in the root has an id or extensions beside a primitive value."""
        return _has_beside(self.root)

    def error(self, rule: str, chain: Chain, *params: str) -> None:
        if self.doubt:
            self.doubted = True
            self.report.warning(rule, chain, *params)
        else:
            self.report.error(rule, chain, *params)

    # references

    def target(self, reference: str) -> Target | None:
        """What a reference from the present resource leads to, in it or in the Bundle."""
        if reference.startswith("#"):
            found = self.container if reference == "#" else _contained(self.container, reference[1:])
            return Target(found, "contained") if found else None
        for bundle in reversed(self.bundles):
            if found := bundle.find(reference, self.container):
                return Target(found, "bundled")
        return None

    # trials

    def mark(self, item: Item, key: tuple[str, str]) -> "Mark":
        return id(item.value), key, self.doubt > 0

    def keeps(self, check: Check, item: Item, key: tuple[str, str]) -> bool | None:
        """Whether a value keeps to a profile, None when it can't be told. One that is being asked already, further up,
        is taken to: a circle of references proves nothing."""
        mark = self.mark(item, key)
        if mark not in self.verdicts:
            self.verdicts[mark] = True
            self.verdicts[mark] = self._tried(check, item)
        return self.verdicts[mark]

    def _tried(self, check: Check, item: Item) -> bool | None:
        """The outcome of a check, without reporting anything."""
        kept = self.report, self.seen, self.unknown, self.doubted
        self.report, self.seen, self.unknown, self.doubted = Report(), set(), set(), False
        try:
            check(item, self)
            if any(issue.severity == "error" for issue in self.report):
                return False
            return None if self.doubted else True
        finally:
            self.report, self.seen, self.unknown, self.doubted = kept

    def inside(self, resource: Json, check: Check, item: Item) -> None:
        """A check of a resource within the root: references are read from where it is."""
        kept = self.resource, self.container, self.bundles
        self.resource = resource
        if not any(one is resource for one in members(self.container.get("contained"))):
            self.container = resource
        if resource is not self.root and resource.get("resourceType") == "Bundle":
            self.bundles = [*self.bundles, BundleIndex(resource)]
        try:
            check(item, self)
        finally:
            self.resource, self.container, self.bundles = kept


def _has_beside(value: Any) -> bool:
    if type(value) is dict:
        return any(name[:1] == "_" or _has_beside(one) for name, one in value.items())
    return type(value) is list and any(map(_has_beside, value))


def _contained(container: Json, ident: str) -> Json | None:
    return next((one for one in members(container.get("contained")) if one.get("id") == ident), None)


def resource_kind(value: Any) -> str:
    """The type of a resource; empty for what isn't one."""
    kind = value.get("resourceType") if type(value) is dict else None
    return kind if type(kind) is str and kind in resource_types() else ""


class BundleIndex:
    """The entries of a Bundle by address (https://hl7.org/fhir/R4/bundle.html#references)."""

    def __init__(self, bundle: Json) -> None:
        self._by_url: dict[str, Json] = {}
        self._base: dict[int, str] = {}
        for entry in members(bundle.get("entry")):
            resource, full_url = entry.get("resource"), entry.get("fullUrl")
            if isinstance(resource, dict) and isinstance(full_url, str):
                self._by_url.setdefault(full_url, resource)
                self._base[id(resource)] = _base(full_url)

    def holds(self, resource: Json) -> bool:
        return id(resource) in self._base

    def find(self, reference: str, source: Json) -> Json | None:
        """The resource at an address, read from an entry: relative ones lie beside the entry's own."""
        plain = reference.partition("/_history/")[0]
        absolute = plain.startswith(("http:", "https:", "urn:"))
        return self._by_url.get(plain if absolute else self._base.get(id(source), "") + plain)


def _base(full_url: str) -> str:
    if full_url.startswith("urn:"):
        return full_url.rpartition(":")[0] + ":"
    return "".join(f"{part}/" for part in full_url.split("/")[:-2])
