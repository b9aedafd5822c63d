"""Structure, compiled: from the shapes of the definitions to plain Python functions.

For each shape (a resource, a data type, a part of either) there is one checker, `check(content, report, chain)`. It
walks the members that are there, not the members there could be, and hands each to the handler of its name. A handler
first asks a quick question that nearly every valid value answers with yes; only a value that fails it is looked at
closely enough to say what is wrong. Tables are made at the first use of a shape, so loading costs nothing for types
nobody sends.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from barnetsbog.fhir.bindings import Binding, binding
from barnetsbog.fhir.definitions import Element, Rule, primitive_types, resource_types, shape
from barnetsbog.fhir.invariants import Test, compiled
from barnetsbog.fhir.issues import Chain, Report
from barnetsbog.fhir.narrative import narrative_fault
from barnetsbog.fhir.primitives import TEXT_TESTS, fault, json_kind, quick_test, shown
from barnetsbog.fhir.targets import reference_issue

Content = dict[str, Any]
Checker = Callable[[Content, Report, Chain], None]
Handler = Callable[[Any, Report, Chain, str], None]
One = Callable[[Any, Report, Chain], None]


class _Table:
    """What is known of a shape: handlers by JSON name, and what must hold for the whole."""

    __slots__ = ("choices", "handlers", "required", "rules")

    def __init__(self, path: str) -> None:
        found = shape(path)
        self.handlers: dict[str, Handler] = {}
        self.required: list[tuple[str, frozenset[str]]] = []
        self.choices: list[frozenset[str]] = []
        self.rules: list[tuple[Rule, Test]] = [(rule, test) for rule in found.rules if (test := compiled(rule, path))]
        for element in found.elements.values():
            self._add(element)

    def _add(self, element: Element) -> None:
        keys = element.keys()
        for key, kind in keys.items():
            self.handlers[key] = _handler(element, kind)
            if kind in primitive_types():
                self.handlers[f"_{key}"] = _sibling(element.many)
        if element.choice:
            self.choices.append(frozenset((*keys, *(f"_{key}" for key in keys))))
        if element.required:
            self.required.append((element.name, frozenset((*keys, *(f"_{key}" for key in keys)))))


_table = cache(_Table)


@cache
def checker(path: str) -> Checker:
    """The checker of a shape. Its tables are made when it is first used: shapes refer to each other in circles."""
    table: _Table | None = None

    def check(content: Content, report: Report, chain: Chain) -> None:
        nonlocal table
        table = table or _table(path)
        handlers, mark = table.handlers, len(report)
        for name, value in content.items():
            handler = handlers.get(name)
            if handler is not None:
                handler(value, report, chain, name)
            elif name != "resourceType" or path not in resource_types():
                report.error("unknown-element", (chain, name, None), shown(name))
        _whole(content, table, report, chain)
        if table.rules and len(report) == mark:
            _apply(table.rules, content, report, chain)

    return check


def _apply(rules: list[tuple[Rule, Test]], content: Content, report: Report, chain: Chain) -> None:
    """The official rules, asked only of what is sound in structure: they take that for granted."""
    for rule, test in rules:
        if not test(content, report.root):
            report.error(rule.key, chain, rule.human)


def _whole(content: Content, table: _Table, report: Report, chain: Chain) -> None:
    """What must hold for the object as a whole: the required members, and one of a choice at most."""
    for name, keys in table.required:
        if keys.isdisjoint(content):
            report.error("cardinality-min", (chain, name, None), name)
    for keys in table.choices:
        found = keys & content.keys()
        if len(found) > 1 and len(told := {key.removeprefix("_") for key in found}) > 1:
            report.error("choice-many", chain, ", ".join(sorted(told)))


# -- one member ------------------------------------------------------------------------------------------------------


def _handler(element: Element, kind: str) -> Handler:
    one = _one(element, kind)
    return _many(one, kind in primitive_types()) if element.many else _single(one)


def _single(one: One) -> Handler:
    def single(value: Any, report: Report, chain: Chain, name: str) -> None:
        if type(value) is list:
            report.error("cardinality-single", (chain, name, None))
        else:
            one(value, report, (chain, name, None))

    return single


def _many(one: One, may_be_null: bool) -> Handler:
    def many(values: Any, report: Report, chain: Chain, name: str) -> None:
        if type(values) is not list:
            report.error("cardinality-list", (chain, name, None))
        elif not values:
            report.error("empty-array", (chain, name, None))
        else:
            for index, value in enumerate(values):
                if value is None and may_be_null:
                    report.holes.append(((chain, name, index), name, index))
                else:
                    one(value, report, (chain, name, index))

    return many


def _one(element: Element, kind: str) -> One:
    """How one value of a type is checked at this place."""
    if kind == "xhtml":
        return _narrative
    if kind == "Resource":
        return _any_resource
    bound = binding(element.codes) if element.codes else None
    if kind in primitive_types():
        return _primitive(kind, bound)
    rules = [(rule, test) for rule in element.rules if (test := compiled(rule, kind))]
    return _object(kind, rules, bound, frozenset(element.targets) if kind == "Reference" else frozenset())


def _primitive(kind: str, bound: Binding | None) -> One:
    """Source of its own for each type, so that the quick question costs no call."""
    question = "type(value) is str and value in CODES" if bound and kind == "code" else quick_test(kind, "value")
    source = f"def primitive(value, report, chain):\n    if not ({question}):\n        closely(value, report, chain)\n"
    space: dict[str, Any] = {"closely": _closely(kind, bound), "CODES": bound.codes if bound else frozenset()}
    space |= {f"TEST_{name}": test for name, test in TEXT_TESTS.items()}
    exec(source, space)  # noqa: S102 - the source is put together from our own constants
    made: One = space["primitive"]
    return made


def _closely(kind: str, bound: Binding | None) -> One:
    def closely(value: Any, report: Report, chain: Chain) -> None:
        if value is None:
            report.error("null-value", chain)
        elif found := fault(kind, value):
            report.error(found.rule, chain, *found.params)
        elif bound and kind == "code" and value not in bound.codes:
            report.error("code-binding", chain, shown(value), bound.shown)

    return closely


def _object(kind: str, rules: list[tuple[Rule, Test]], bound: Binding | None, targets: frozenset[str]) -> One:
    check = checker(kind)

    def one(value: Any, report: Report, chain: Chain) -> None:
        if type(value) is not dict:
            _not_an_object(value, report, chain)
            return
        if len(value) <= ("id" in value):
            report.error("ele-1" if value else "empty-object", chain)
            return
        mark = len(report)
        check(value, report, chain)
        if targets and "reference" in value:
            reference_issue(value, report, chain, targets)
        if bound and (wrong := bound.fault(kind, value)):
            report.error(wrong.rule, chain, *wrong.params)
        if rules and len(report) == mark:
            _apply(rules, value, report, chain)

    return one


def _not_an_object(value: Any, report: Report, chain: Chain) -> None:
    if value is None:
        report.error("null-value", chain)
    else:
        report.error("json-type", chain, "object", json_kind(value))


def _narrative(value: Any, report: Report, chain: Chain) -> None:
    if found := narrative_fault(value):
        report.error(found.rule, chain, *found.params)


# -- extensions on primitives ----------------------------------------------------------------------------------------


def _sibling(many: bool) -> Handler:
    """`_name` beside a primitive holds its id and extensions; beside a list it is a list with nulls where there are
    none."""
    element = _object("Element", [], None, frozenset())

    def single(value: Any, report: Report, chain: Chain, name: str) -> None:
        element(value, report, (chain, name, None))

    def several(values: Any, report: Report, chain: Chain, name: str) -> None:
        if type(values) is not list:
            report.error("cardinality-list", (chain, name, None))
            return
        report.siblings.append(((chain, name, None), name, values))
        for index, value in enumerate(values):
            if value is not None:
                element(value, report, (chain, name, index))

    return several if many else single


# -- resources -------------------------------------------------------------------------------------------------------


def _any_resource(value: Any, report: Report, chain: Chain) -> None:
    """A resource inside another: contained, or an entry of a Bundle, which may be left to the caller."""
    name = chain[1]
    if type(value) is not dict:
        _not_an_object(value, report, chain)
    elif name == "contained":
        _typed(value, report, chain)
    elif not report.envelope:
        inner = Report()
        check_resource(value, inner, chain)
        report.extend(inner)


def _typed(value: Content, report: Report, chain: Chain) -> None:
    kind = value.get("resourceType")
    if kind is None:
        report.error("resource-type-missing", chain)
    elif type(kind) is not str or kind not in resource_types():
        report.error("resource-type-unknown", (chain, "resourceType", None), shown(kind))
    else:
        checker(kind)(value, report, chain)


def check_resource(value: Content, report: Report, chain: Chain) -> None:
    """Checks a whole resource; its local references and its placeholder nulls are settled at the end."""
    report.root = value
    _typed(value, report, chain)
    if report.holes or report.siblings:
        _settle_lists(report)
    if ("contained" in value or report.local) and not report:  # asked only of what is sound in structure
        _settle_contained(value, report, chain)


def _settle_lists(report: Report) -> None:
    """A null in a list of primitives must have an extension in its sibling list."""
    siblings = {(id_of(chain), name[1:]): values for chain, name, values in report.siblings}
    for chain, name, index in report.holes:
        beside = siblings.get((id_of(chain), name), [])
        if index >= len(beside) or beside[index] is None:
            report.error("primitive-array-null", chain)


def id_of(chain: Chain) -> int:
    """The object that a member belongs to: its chain is one and the same for all its members."""
    return id(chain[0])


def _settle_contained(value: Content, report: Report, chain: Chain) -> None:
    contained = [one for one in value.get("contained", ()) if isinstance(one, dict)] if "contained" in value else []
    ids = [one.get("id") for one in contained]
    kinds = {one.get("id"): one.get("resourceType") for one in contained}
    for reference, place, targets in report.local:
        kind = kinds.get(reference[1:])
        if reference != "#" and reference[1:] not in kinds:
            report.error("ref-1", place, shown(reference[1:]))
        elif targets and kind and kind not in targets:
            report.error("reference-target", place, str(kind), ", ".join(sorted(targets)))
    used = set(_fragments(value))
    for index, one in enumerate(contained):
        place = (chain, "contained", index)
        ident = one.get("id")
        if ident is None:
            report.error("contained-id", place)
        elif ids.count(ident) > 1:
            report.error("contained-same-id", place, shown(ident))
        elif f"#{ident}" not in used and "#" not in set(_fragments(one)):
            report.error("dom-3", place, shown(ident))
        _settle_one(one, report, place)


def _settle_one(one: Content, report: Report, place: Chain) -> None:
    meta = one.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    for rule, wrong in (
        ("dom-2", "contained" in one),
        ("dom-4", "versionId" in meta or "lastUpdated" in meta),
        ("dom-5", "security" in meta),
    ):
        if wrong:
            report.error(rule, place)


def _fragments(value: Any) -> list[str]:
    """Every text that begins with #: references and addresses within the resource."""
    if type(value) is str:
        return [value] if value.startswith("#") else []
    if type(value) is dict:
        return [text for inner in value.values() for text in _fragments(inner)]
    return [text for inner in value for text in _fragments(inner)] if type(value) is list else []
