"""Profiles, compiled: from the elements of a StructureDefinition to plain Python functions.

What a profile says over again of the standard is left out, for the base check has it; what is left of a profile of a
hundred elements are some ten. Profiles are compiled at their first use.
"""

from functools import cached_property
from typing import Any, NamedTuple

from barnetsbog.fhir.definitions import pack, primitive_types, resource_types, shape
from barnetsbog.fhir.issues import Chain
from barnetsbog.fhir.packages.library import Definition, Library, Loaded, is_meant
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.profiling.codes import binding_check, in_value_set, not_loaded
from barnetsbog.fhir.profiling.nodes import Node, tree
from barnetsbog.fhir.profiling.parts import (
    Step,
    for_each,
    in_one,
    in_turn,
    is_at_most,
    is_of_types,
    is_open,
    nothing,
    of_members,
    of_types,
    of_value,
    told,
    unreadable,
    untold,
)
from barnetsbog.fhir.profiling.references import reference_check
from barnetsbog.fhir.profiling.rules import Rules, core_type, is_a, own_rules
from barnetsbog.fhir.profiling.run import Check, Item, Run, resource_kind
from barnetsbog.fhir.profiling.slicing import DEFAULT, Defined, Discriminators, Group, Match, grouped
from barnetsbog.fhir.profiling.values import gatherer, matches
from barnetsbog.fhir.terminology.model import Missing
from barnetsbog.fhir.terminology.service import Terminology


class Compiler:
    """Profiles by address, each compiled once."""

    def __init__(self, library: Library, terms: Terminology) -> None:
        self.library, self.terms = library, terms
        self._profiles: dict[int, Profile] = {}
        self.rules = Rules(self._member_of, self._conforms_to)

    def find(self, canonical: str, within: Loaded | None) -> "Asked | None":
        """The profile at an address, read from within a package."""
        found = self.library.find("StructureDefinition", canonical, within)
        if found is None:
            return None
        if id(found) not in self._profiles:
            self._profiles[id(found)] = Profile(found, self)
        return Asked(self._profiles[id(found)], is_meant(found.package, within))

    def _member_of(self, value: Any, canonical: str, within: Loaded | None) -> bool | None:
        return in_value_set(self.terms, canonical, within, value, Missing())

    def _conforms_to(self, value: Json, canonical: str, within: Loaded | None, run: Run) -> bool | None:
        """Of a resource or a data type; None when the profile isn't loaded."""
        if kind := core_type(canonical):
            return is_a(resource_kind(value), kind) if "resourceType" in value else None
        found = self.find(canonical, within)
        return found.kept(Item(value, None, resource_kind(value), None), run) if found else None


class Asked(NamedTuple):
    """A profile as it was found, and whether it is of the version that was meant."""

    profile: "Profile"
    meant: bool

    @property
    def type(self) -> str:
        return self.profile.type

    def report(self, item: Item, run: Run) -> None:
        if not self.meant:
            not_loaded(run, item.chain, "profile-other-version", self.profile.definition.url)
        run.doubt += not self.meant
        try:
            self.profile.report(item, run)
        finally:
            run.doubt -= not self.meant

    def kept(self, item: Item, run: Run) -> bool | None:
        run.doubt += not self.meant
        try:
            return self.profile.kept(item, run)
        finally:
            run.doubt -= not self.meant


class Profile:
    """A StructureDefinition, ready to check by."""

    def __init__(self, definition: Definition, compiler: Compiler) -> None:
        self.definition, self._compiler = definition, compiler
        self.type = str(definition.content.get("type", ""))
        self.name = definition.name

    @cached_property
    def root(self) -> Node:
        content = self.definition.content
        stated: Json = content.get("snapshot") or content.get("differential") or {}
        return tree(stated.get("element", []))

    @cached_property
    def check(self) -> Check:
        """Checks one value; for a resource, from within it. A profile without a snapshot says only what it adds, and
        what it builds on is asked too."""
        try:
            own = _Maker(self, self._compiler).whole()
        except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
            return unreadable(self.definition.url)
        content = self.definition.content
        address = str(content.get("baseDefinition", ""))
        if "snapshot" in content or core_type(address):
            return own
        base = self._compiler.find(address, self.definition.package)

        def check(item: Item, run: Run) -> None:
            if base is None:
                not_loaded(run, item.chain, "profile-not-loaded", address or self.definition.url)
            elif base.profile is not self:
                base.report(item, run)
            own(item, run)

        return check

    def is_of(self, item: Item) -> bool:
        """Whether a value is of its type."""
        return item.kind not in resource_types() or is_a(item.kind, self.type)

    def kept(self, item: Item, run: Run) -> bool | None:
        """Whether a value keeps to it; None when it can't be told."""
        if not self.is_of(item):
            return False
        return run.keeps(self._placed, item, self.definition.key)

    def report(self, item: Item, run: Run) -> None:
        """Reports a value's faults, once."""
        mark = run.mark(item, self.definition.key)
        if mark not in run.seen:
            run.seen.add(mark)
            self._placed(item, run)

    def _placed(self, item: Item, run: Run) -> None:
        if type(item.value) is dict and "resourceType" in item.value:
            run.inside(item.value, self.check, item)
        else:
            self.check(item, run)


class _Maker:
    """Compiles one profile."""

    def __init__(self, profile: Profile, compiler: Compiler) -> None:
        self._profile, self._compiler = profile, compiler
        self._discriminators = Discriminators(self)

    def whole(self) -> Check:
        return in_one(self._checks(self._profile.root))

    # what slicing asks

    def kinds(self, node: Node) -> list[str]:
        """The types that an element, or the resource at the end of a reference, may have."""
        if node.raw.get("type"):
            return node.type_codes()
        return [node.name]

    def root(self, canonical: str) -> Defined | None:
        """The root element of a profile, and whether it is of the version that was meant."""
        if kind := core_type(canonical):
            return Node(kind), True
        found = self._find(canonical)
        return (found.profile.root, found.meant) if found else None

    def _find(self, canonical: str) -> Asked | None:
        return self._compiler.find(canonical, self._profile.definition.package)

    def keeps(self, canonical: str, item: Item, run: Run) -> bool | None:
        if item.value is None:
            return None
        if kind := core_type(canonical):
            return is_a(item.kind, kind)
        found = self._find(canonical)
        if found is None:
            not_loaded(run, item.chain, "profile-not-loaded", canonical)
        return found.kept(item, run) if found else None

    def member(self, canonical: str, item: Item, run: Run) -> bool | None:
        missing, package = Missing(), self._profile.definition.package
        answer = in_value_set(self._compiler.terms, canonical, package, item.value, missing)
        if answer is None:
            for url in missing.urls:
                not_loaded(run, item.chain, "terminology-not-loaded", url)
        return answer

    # elements

    def _steps(self, node: Node) -> list[Step]:
        return [step for child in node.children.values() if (step := self._element(child))]

    def _element(self, node: Node) -> Step | None:
        group = self._group(node, _base_limits(node.raw))
        if group is None:
            return None
        codes = node.type_codes()
        gather = gatherer(node.name, codes[0] if len(codes) == 1 else "")

        def step(content: Json, run: Run, chain: Chain) -> None:
            group(gather(content, chain), run, (chain, node.name, None))

        return step

    def _group(self, node: Node, known: tuple[int, str]) -> Group | None:
        """Everything that must hold for the items of an element or a slice; `known` are the limits that hold anyway."""
        parts: list[Group] = []
        low, high = node.raw.get("min", 0), str(node.raw.get("max", "*"))
        called = f"{node.name}:{node.slice_name}" if node.slice_name else node.name
        if low > known[0]:
            parts.append(self._at_least(called, low))
        if high not in ("*", known[1]):
            parts.append(self._at_most(called, int(high) if high.isdigit() else 0))
        if checks := self._checks(node):
            parts.append(for_each(in_one(checks)))
        if node.slices and (sliced := self._slices(node)):
            parts.append(sliced)
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else in_turn(parts)

    def _slices(self, node: Node) -> Group | None:
        slices, remaining = list[tuple[str, Match, Group]](), None
        type_sliced = node.name.endswith("[x]") and not node.raw.get("slicing", {}).get("discriminator")
        for one in node.slices.values():
            if one.slice_name.rpartition("/")[2] == DEFAULT:
                remaining = self._group(one, (0, "*")) or nothing
                continue
            match = is_of_types(one) if type_sliced else self._discriminators.match(node, one)
            if match is None:
                return untold(self._profile.name, f"{node.name}:{one.slice_name}")
            slices.append((one.slice_name, match, self._group(one, (0, "*")) or nothing))
        return grouped(self._profile.name, node.raw.get("slicing", {}), slices, remaining)

    # one item

    def _checks(self, node: Node) -> list[Check]:
        checks = [*self._values(node), *self._types(node), *self._bindings(node), *self._rules(node)]
        if reference := node.raw.get("contentReference"):
            return [*checks, self._loop(str(reference))]
        if steps := self._steps(node):
            checks.append(of_members(steps))
        return checks

    def _loop(self, reference: str) -> Check:
        """An element that is made like another one: a questionnaire's items within items."""
        made: Check | None = None

        def check(item: Item, run: Run) -> None:
            nonlocal made
            if made is None:
                made = of_members(self._steps(self._at(reference.rpartition("#")[2])))
            made(item, run)

        return check

    def _at(self, ident: str) -> Node:
        node = self._profile.root
        for step in ident.split(".")[1:]:
            node = node.children.get(step, Node(step))
        return node

    def _values(self, node: Node) -> list[Check]:
        name, checks = self._profile.name, list[Check]()
        fixed, pattern = node.value("fixed"), node.value("pattern")
        if fixed is not None:
            checks.append(of_value("profile-fixed", lambda value: bool(value == fixed), name, told(fixed)))
        if pattern is not None:
            checks.append(of_value("profile-pattern", lambda value: matches(pattern, value), name, told(pattern)))
        if isinstance(longest := node.raw.get("maxLength"), int):
            checks.append(of_value("profile-length", lambda value: len(str(value)) <= longest, name, str(longest)))
        low, high = node.value("minValue"), node.value("maxValue")
        if low is not None:
            checks.append(of_value("profile-minimum", lambda value: is_at_most(low, value), name, told(low)))
        if high is not None:
            checks.append(of_value("profile-maximum", lambda value: is_at_most(value, high), name, told(high)))
        return checks

    def _types(self, node: Node) -> list[Check]:
        checks: list[Check] = []
        codes = node.type_codes()
        if codes and is_open(node) and not {"*", "Resource", "DomainResource"} & set(codes):
            checks.append(of_types(self._profile.name, frozenset(codes)))
        for kind in node.types():
            profiles = [url for url in kind.get("profile", ()) if not core_type(url)]
            if profiles:
                checks.append(self._profiled(node, str(kind.get("code")), profiles))
            if kind.get("code") == "Reference" and (kind.get("targetProfile") or kind.get("aggregation")):
                checks.append(reference_check(self._profile.name, self._find, kind))
        return checks

    def _profiled(self, node: Node, code: str, urls: list[str]) -> Check:
        """A value that must keep to one of some profiles. One profile tells its own faults."""

        def is_any(item: Item) -> bool:
            return item.kind in resource_types() and is_a(item.kind, code)

        def check(item: Item, run: Run) -> None:
            if item.value is None or (is_open(node) and not (item.kind == code or is_any(item))):
                return
            found = [(url, self._find(url)) for url in urls]
            known = [profile for _, profile in found if profile]
            for url, profile in found:
                if profile is None:
                    not_loaded(run, item.chain, "profile-not-loaded", url)
            if len(found) == 1 and known and known[0].profile.is_of(item):
                known[0].report(item, run)
            elif len(known) == len(found) and not any(one.kept(item, run) is not False for one in known):
                names = ", ".join(one.profile.name for one in known)
                run.error("profile-none", item.chain, self._profile.name, names)

        return check

    def _bindings(self, node: Node) -> list[Check]:
        binding = node.raw.get("binding", {})
        url, strength = str(binding.get("valueSet", "")), binding.get("strength")
        if not url or strength not in ("required", "extensible") or _has_base_codes(node):
            return []
        package = self._profile.definition.package
        required = strength == "required"
        return [binding_check(self._compiler.terms, self._profile.name, url, package, required=required)]

    def _rules(self, node: Node) -> list[Check]:
        base = _base_type(node)
        return [self._rule(one, base) for one in own_rules(node.raw.get("constraint"))]

    def _rule(self, rule: Json, base: str) -> Check:
        key, expression, human = str(rule.get("key")), rule["expression"], str(rule.get("human", ""))
        name, is_error = self._profile.name, rule.get("severity") != "warning"
        test = self._compiler.rules.test(expression, base, self._profile.definition.package)

        def check(item: Item, run: Run) -> None:
            held = test(item, run)
            if held is None:
                run.report.warning("rule-not-evaluated", item.chain, name, key)
            elif not held:
                tell = run.error if is_error else run.report.warning
                tell("profile-invariant", item.chain, name, key, human)

        return check

    # counting

    def _at_least(self, called: str, low: int) -> Group:
        def check(items: list[Item], run: Run, chain: Chain) -> None:
            if len(items) < low:
                run.error("profile-min", chain, self._profile.name, called, str(low), str(len(items)))

        return check

    def _at_most(self, called: str, high: int) -> Group:
        def check(items: list[Item], run: Run, chain: Chain) -> None:
            if len(items) > high:
                run.error("profile-max", chain, self._profile.name, called, str(high), str(len(items)))

        return check


# -- what the standard says itself -------------------------------------------------------------------------------------


def _base_limits(raw: Json) -> tuple[int, str]:
    base = raw.get("base", {})
    return int(base.get("min", 0)), str(base.get("max", ""))


def _base_type(node: Node) -> str:
    """The type that an element's rules are read in: its data type, or its path in the standard for a part."""
    codes = node.type_codes()
    if not codes:
        return str(node.raw.get("path", node.name))
    if len(codes) == 1 and codes[0] not in ("BackboneElement", "Element"):
        return codes[0]
    return str(node.raw.get("base", {}).get("path", node.raw.get("path", ""))).removesuffix("[x]")


def _has_base_codes(node: Node) -> bool:
    """Whether the standard itself demands the same codes here: then the base check has asked."""
    path = str(node.raw.get("base", {}).get("path", ""))
    owner, _, name = path.rpartition(".")
    if owner.partition(".")[0] not in pack()["types"] or owner in primitive_types():
        return False
    try:
        element = shape(owner).elements.get(name.removesuffix("[x]"))
    except StopIteration:
        return False
    return bool(
        element and element.codes and node.raw["binding"]["valueSet"].partition("|")[0].endswith(f"/{element.codes}")
    )
