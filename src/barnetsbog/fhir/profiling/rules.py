"""The FHIRPath rules of profiles. What Python can say is translated (`fhir.invariants`); the rest is interpreted.

An interpreted rule may ask for what only the check knows: `resolve()`, `memberOf()`, `conformsTo()`. A rule that can't
be evaluated is told as a warning and held against nobody.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from decimal import Decimal
from functools import cache, lru_cache, partial
from importlib import import_module
from typing import Any, NamedTuple

from barnetsbog.fhir.dates import bounds
from barnetsbog.fhir.definitions import pack, primitive_types, resource_types
from barnetsbog.fhir.fhirpath import Unknown, parse
from barnetsbog.fhir.invariants import Test, translated
from barnetsbog.fhir.own import members
from barnetsbog.fhir.packages.library import Loaded
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.patterns import Pattern, quick
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
    functions: Any


@cache
def _interpreter() -> _Interpreter:
    import fhirpathpy
    from fhirpathpy.engine.invocations import invocation_registry
    from fhirpathpy.engine.nodes import ResourceNode
    from fhirpathpy.models import models

    return _Interpreter(
        _parser(), fhirpathpy.apply_parsed_path, ResourceNode.create_node, models["r4"], invocation_registry
    )


def _parser() -> Callable[[str], Any]:
    """Reads an expression to its end, or raises an exception. The interpreter's own way leaves out what it can't read,
    so that half a rule counts, and prints a line about it where a command has its answer."""
    antlr, lexing, parsing, listening = (
        import_module(name)
        for name in (
            "antlr4",
            "fhirpathpy.parser.generated.FHIRPathLexer",
            "fhirpathpy.parser.generated.FHIRPathParser",
            "fhirpathpy.parser.ASTPathListener",
        )
    )
    listener = import_module("antlr4.error.ErrorListener").ErrorListener
    bail = import_module("antlr4.error.ErrorStrategy").BailErrorStrategy
    refusing = type("Refusing", (listener,), {"syntaxError": _refused})

    def parse_whole(expression: str) -> Any:
        lexer = lexing.FHIRPathLexer(antlr.InputStream(expression))
        parser = parsing.FHIRPathParser(antlr.CommonTokenStream(lexer))
        for one in (lexer, parser):
            one.removeErrorListeners()
            one.addErrorListener(refusing())
        parser._errHandler = bail()
        found, read = listening.ASTPathListener(), parser.expression()
        if parser.getCurrentToken().type != antlr.Token.EOF:
            raise ValueError(expression)
        antlr.ParseTreeWalker().walk(found, read)
        return found.parentStack[0]

    return parse_whole


def _refused(_self: Any, _reader: Any, _symbol: Any, line: int, column: int, why: str, _error: Any) -> None:
    raise ValueError(f"{line}:{column}: {why}")


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


def _pattern(expression: str) -> Pattern | None:
    """The pattern of a rule that says no more than that a text matches one."""
    try:
        node = parse(expression.strip().removeprefix("$this."))
        if node[:3] != ("call", None, "matches") or node[3][0][0] != "text":
            return None
        return quick(node[3][0][1])
    except (Unknown, IndexError, RecursionError):
        return None


def _careful(quick: Test) -> Callable[[Item, Run], bool | None]:
    """A translated rule takes sound structure for granted; of anything else it tells nothing."""

    def test(item: Item, run: Run) -> bool | None:
        try:
            return type(item.value) is not dict or bool(quick(item.value, run.resource))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None

    return test


def _found(pattern: Pattern, text: Any) -> bool | None:
    if type(text) is not str:
        return True
    return pattern.search(text) is not None if len(text) <= LONGEST else None


def _matches(values: list[Any], pattern: str) -> list[bool]:
    """`matches()`, for patterns and texts that can't keep it busy for ever."""
    values = _values(values)
    if len(values) != 1 or not isinstance(values[0], str):
        return []
    made = quick(pattern)
    if made is None or len(values[0]) > LONGEST:
        raise Unanswered
    return [made.search(values[0]) is not None]


def _values(found: list[Any]) -> list[Any]:
    """Without what the interpreter has beside the value of a primitive: its id and extensions."""
    return [one for one in found if not _is_beside(getattr(one, "data", one))]


def _is_beside(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and value.keys() <= {"id", "extension"})


def _has_value(values: list[Any]) -> list[bool]:
    """Whether there is one value, of a primitive type (https://hl7.org/fhir/R4/fhirpath.html#functions)."""
    found = _values(values)
    return [len(found) == 1 and not isinstance(found[0], dict)]


_SIGNS = ("<", "<=", ">", ">=")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?")


def _compared(sign: str, left: list[Any], right: list[Any]) -> Any:
    """Two dates as the interpreter finds them in a resource are texts to it. Of those that are not of the same length
    it can't always be told which comes first (FHIRPath N1 §6.2)."""
    left, right = _values(left), _values(right)
    other = [getattr(one, "data", one) for one in right]
    dates = [one for one in (*left, *other) if isinstance(one, str) and _DATE.fullmatch(one)]
    if not left or not right:
        return []
    if not len(dates) == 2 == len(left) + len(other):
        return _interpreter().functions[sign]["fn"](None, left, right)
    try:
        first, second = map(bounds, dates)
    except ValueError:  # no day of the calendar
        return []
    if first == second:
        return ["=" in sign]
    if first[1] < second[0]:
        return ["<" in sign]
    return [">" in sign] if second[1] < first[0] else []


_DECIMAL = re.compile(r"\d\.\d")
_ASKS_BESIDE = re.compile("extension|children|descendants|hasValue")


def _readable(expression: str, run: Run, *values: Any) -> tuple[Any, ...]:
    """Values as the interpreter can read them for an expression. It reads the decimals of a rule as decimals, and a
    float is equal to none of them but by chance: 5.4 is not 5.4. And it takes the extensions of a primitive for one
    more value."""
    exact = _DECIMAL.search(expression) is not None
    bare = run.has_beside and not _ASKS_BESIDE.search(expression)
    if not exact and not bare:
        return values
    made = tuple(_copied(one, exact, bare) for one in values)
    run.copies.append(made)  # what is asked of them is remembered by where they are
    return made


def _copied(value: Any, exact: bool, bare: bool) -> Any:
    if exact and isinstance(value, float):
        return Decimal(repr(float(value)))
    if isinstance(value, dict):
        return {
            name: _copied(one, exact, bare) for name, one in value.items() if not (bare and _stands_beside(name, value))
        }
    return [_copied(one, exact, bare) for one in value] if isinstance(value, list) else value


def _stands_beside(name: str, content: Json) -> bool:
    """Whether a member only says more of another one that is there, and whole."""
    value = content.get(name[1:]) if name[:1] == "_" else None
    return value is not None and not (isinstance(value, list) and None in value)


def _replaced(values: list[Any], pattern: str, by: str) -> Any:
    """`replaceMatches()`, as carefully as `matches()`. What a part of the pattern has met stands as `$1`."""
    values, made = _values(values), quick(pattern)
    if len(values) != 1 or not isinstance(values[0], str):
        return []
    if made is None or len(values[0]) > LONGEST:
        raise Unanswered
    return [made.sub(_GROUP.sub(r"\\\1", by.replace("\\", r"\\")), values[0])]


def _answered(answer: bool | None, values: list[Any]) -> list[bool]:
    """An answer as FHIRPath has it: of nothing, nothing."""
    if answer is None:
        raise Unanswered
    return [answer] if values else []


_GROUP = re.compile(r"\$(\d)")


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
            "replaceMatches": {"fn": _replaced, "arity": {2: ["String", "String"]}},
            "hasValue": {"fn": _has_value, "arity": {0: []}},
            **{
                sign: {"fn": partial(_compared, sign), "arity": {2: ["Any", "Any"]}, "nullable": True}
                for sign in _SIGNS
            },
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
        asking = _ASKING.set((run, within))
        try:
            value, resource, container = _readable(expression, run, value, run.resource, run.container)
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
        """As what they are, for who asks of their types."""
        found, node = [], _interpreter().node
        for one in values:
            reference = one.get("reference") if isinstance(one, dict) else one
            target = _ASKING.get()[0].target(reference) if isinstance(reference, str) else None
            found += [node(target.resource)] if target else []
        return found

    def _memberof(self, values: list[Any], canonical: str) -> list[bool]:
        return _answered(either(self._member_of(one, canonical, _ASKING.get()[1]) for one in values), values)

    def _conformsto(self, values: list[Any], canonical: str) -> list[bool]:
        run, within = _ASKING.get()
        return _answered(every(self._conforms_to(one, canonical, within, run) for one in members(values)), values)
