"""The FHIRPath rules of profiles. What Python can say is translated (`fhir.invariants`); the rest is interpreted.

An interpreted rule may ask for what only the check knows: `resolve()`, `memberOf()`, `conformsTo()`. A rule that can't
be evaluated is told as a warning and held against nobody.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from barnetsbog.fhir.definitions import pack, primitive_types, resource_types
from barnetsbog.fhir.fhirpath import Unknown, parse
from barnetsbog.fhir.invariants import Test, translated
from barnetsbog.fhir.own import members
from barnetsbog.fhir.packages.library import Loaded
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.profiling.run import Item, Run
from barnetsbog.fhir.threefold import either, every

_CORE = "http://hl7.org/fhir/StructureDefinition/"
LONGEST = 100_000


class _Interpreter(NamedTuple):
    """The parts of fhirpathpy that are used; it is loaded when a rule first needs it."""

    parse: Any
    apply: Any
    node: Any
    model: Any


@cache
def _interpreter() -> _Interpreter:
    import fhirpathpy
    from fhirpathpy.engine.nodes import ResourceNode
    from fhirpathpy.models import models
    from fhirpathpy.parser import parse as parse_expression

    return _Interpreter(parse_expression, fhirpathpy.apply_parsed_path, ResourceNode.create_node, models["r4"])


def core_type(canonical: str) -> str:
    """The type of R4 itself that an address is of, with its version or without; empty for a profile of a package."""
    kind = canonical.partition("|")[0].removeprefix(_CORE)
    return kind if kind in pack()["types"] else ""


def is_a(kind: str, core: str) -> bool:
    """Whether a type is another one or a kind of it: a Patient is a DomainResource."""
    types = pack()["types"]
    while kind and kind != core:
        kind = types[kind]["base"] if kind in types else ""
    return bool(kind)


MemberOf = Callable[[Any, str, Loaded | None], bool | None]
ConformsTo = Callable[[Json, str, Loaded | None, Run], bool | None]


_STRUCTURAL = frozenset(("ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6", "txt-1", "txt-2"))
"""Rules of the standard that the base check has without their expressions."""


@cache
def _built_in() -> frozenset[tuple[str, str]]:
    """The rules of R4 itself: the base check has them."""
    return frozenset((key, expression) for key, expression, _ in pack()["invariants"])


def own_rules(constraints: Any) -> list[Json]:
    """The rules that a profile adds to the standard's."""
    return [
        one
        for one in members(constraints)
        if isinstance(one.get("expression"), str)
        and (one.get("key"), one["expression"]) not in _built_in()
        and one.get("key") not in _STRUCTURAL
        and not core_type(str(one.get("source", "")))
    ]


def _pattern(expression: str) -> re.Pattern[str] | None:
    """The pattern of a rule that says no more than that a text matches one."""
    try:
        node = parse(expression.strip().removeprefix("$this."))
        if node[:3] != ("call", None, "matches") or node[3][0][0] != "text":
            return None
        return re.compile(node[3][0][1], re.DOTALL)
    except (Unknown, IndexError, RecursionError, re.error):
        return None


def _careful(quick: Test) -> Callable[[Item, Run], bool | None]:
    """A translated rule takes sound structure for granted; of anything else it tells nothing."""

    def test(item: Item, run: Run) -> bool | None:
        try:
            return type(item.value) is not dict or bool(quick(item.value, run.resource))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None

    return test


def _found(pattern: re.Pattern[str], text: Any) -> bool | None:
    if type(text) is not str:
        return True
    return pattern.search(text) is not None if len(text) <= LONGEST else None


def _matches(values: list[Any], pattern: str) -> list[bool]:
    """`matches()`, for texts of a length that no pattern can stay with for long."""
    if len(values) != 1 or not isinstance(values[0], str):
        return []
    if len(values[0]) > LONGEST:
        raise Unanswered
    return [re.search(pattern, values[0], re.DOTALL) is not None]


_DECIMAL = re.compile(r"\d\.\d")


def _exactly(value: Any) -> Any:
    """The same with its decimals as decimals. The interpreter reads those of a rule so, and a float is equal to none
    of them but by chance: 5.4 is not 5.4."""
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    if isinstance(value, dict):
        return {name: _exactly(one) for name, one in value.items()}
    return [_exactly(one) for one in value] if isinstance(value, list) else value


def _answered(answer: bool | None, values: list[Any]) -> list[bool]:
    """An answer as FHIRPath has it: of nothing, nothing."""
    if answer is None:
        raise Unanswered
    return [answer] if values else []


class Unanswered(Exception):
    """Something a rule asks for isn't loaded."""


_ASKING: ContextVar[tuple[Run, Loaded]] = ContextVar("asking")
"""The check and the package for which a rule is being evaluated: the interpreter hands its functions only values."""


class Rules:
    """Evaluates expressions. `member_of` and `conforms_to` answer None for what isn't loaded."""

    def __init__(self, member_of: MemberOf, conforms_to: ConformsTo) -> None:
        self._member_of, self._conforms_to = member_of, conforms_to
        table = {
            "matches": {"fn": _matches, "arity": {1: ["String"]}},
            "hasValue": {"fn": lambda values: [bool(values)], "arity": {0: []}},
            "resolve": {"fn": self._resolve, "arity": {0: []}},
            "memberOf": {"fn": self._memberof, "arity": {1: ["String"]}},
            "conformsTo": {"fn": self._conformsto, "arity": {1: ["String"]}},
            "htmlChecks": {"fn": lambda values: [True], "arity": {0: []}},
        }
        self._options = {"userInvocationTable": table, "traceFn": lambda label, values: None}
        self._compiled = lru_cache(maxsize=4096)(self._compile)

    def _compile(self, expression: str) -> Any:
        """The interpreter knows no `$this` but within a function: `select` is one, and changes nothing else."""
        return _interpreter().parse(f"select({expression})" if "$this" in expression else expression)

    def holds(self, expression: str, item: Item, base: str, run: Run, within: Loaded) -> bool | None:
        """Whether a rule of a package holds for a value of a type (`Identifier`, `Patient.contact`); None when it can't
        be told."""
        tool = _interpreter()
        value = item.value if item.value is not None else item.beside
        resource, container = run.resource, run.container
        if _DECIMAL.search(expression):
            value, resource, container = map(_exactly, (value, resource, container))
        asking = _ASKING.set((run, within))
        try:
            node = value if item.kind in resource_types() else tool.node(value, base)
            context = {"resource": resource, "rootResource": container, "context": value}
            found = tool.apply(node, self._compiled(expression), context, tool.model, self._options)
        except Exception:  # an expression from outside may ask for anything
            return None
        finally:
            _ASKING.reset(asking)
        return found not in ([False], False)  # nothing, neither yes nor no, is not held against anybody

    def test(self, expression: str, base: str, within: Loaded) -> Callable[[Item, Run], bool | None]:
        """The quickest test of a rule of a package on the values of a type."""
        if base in primitive_types():
            if pattern := _pattern(expression):
                return lambda item, run: _found(pattern, item.value)
        elif quick := translated(expression, base):
            return _careful(quick)
        return lambda item, run: self.holds(expression, item, base, run, within)

    # what only the check knows

    def _resolve(self, values: list[Any]) -> list[Any]:
        found = []
        for one in values:
            reference = one.get("reference") if isinstance(one, dict) else one
            target = _ASKING.get()[0].target(reference) if isinstance(reference, str) else None
            found += [target.resource] if target else []
        return found

    def _memberof(self, values: list[Any], canonical: str) -> list[bool]:
        return _answered(either(self._member_of(one, canonical, _ASKING.get()[1]) for one in values), values)

    def _conformsto(self, values: list[Any], canonical: str) -> list[bool]:
        run, within = _ASKING.get()
        return _answered(every(self._conforms_to(one, canonical, within, run) for one in members(values)), values)
