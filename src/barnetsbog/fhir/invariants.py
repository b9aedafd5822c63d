"""The official invariants, compiled.

Most of R4's rules say something simple about one object: this exists or that is empty, a status is one of these, a
count is above nought. Those become Python lambdas over the object's JSON. A few need to know more (dates, quantities)
and are written by hand; the rest is left to an interpreter of FHIRPath, loaded the first time such a rule is met.
What an interpreter can't decide is never held against the resource.

Rules that are settled where the structure is read (`ele-1`, `dom-*`, `ref-1`, `txt-*`) are not here.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from barnetsbog.fhir.dates import may_precede
from barnetsbog.fhir.definitions import Element, Rule, primitive_types, shape
from barnetsbog.fhir.fhirpath import Node, Unknown, parse

Content = dict[str, Any]
Test = Callable[[Content, Content], object]

_STRUCTURAL = frozenset(
    ("ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6", "ref-1", "txt-1", "txt-2", "bdl-7")
)


@cache
def compiled(rule: Rule, path: str) -> Test | None:
    """The test of a rule on the objects of a shape; None when it is settled elsewhere."""
    if rule.key in _BY_HAND:
        return _BY_HAND[rule.key]
    if rule.key in _STRUCTURAL:
        return None
    if rule.key == "inv-1" and "lastModified" in rule.expression:  # Task's; three types share the key
        return _modified
    return translated(rule.expression, path) or _interpreted(rule.expression)


def translated(expression: str, path: str) -> Test | None:
    """The Python of an expression about the objects of a shape; None when it is of a form that isn't translated."""
    try:
        source = _Translator(path).truth(parse(expression))
        made: Test = eval(f"lambda d, r: {source}", {"walk": walk, "only": only})  # noqa: S307 - names and quoted constants
    except (ValueError, StopIteration, KeyError, IndexError, TypeError, RecursionError, SyntaxError, MemoryError):
        return None  # the last two: Python has no room for so many brackets
    return made


# -- helpers of the compiled source ----------------------------------------------------------------------------------


def walk(content: Any, *steps: frozenset[str]) -> list[Any]:
    """Everything at the end of a path of member names, lists opened."""
    found = [content]
    for keys in steps:
        found = [
            value
            for one in found
            if isinstance(one, dict)
            for key in keys & one.keys()
            for value in (one[key] if isinstance(one[key], list) else (one[key],))
        ]
    return found


def only(values: list[Any]) -> Any:
    """The one value there is; None when there is none or more than one."""
    return values[0] if len(values) == 1 else None


class _Translator:
    """Writes Python source for an expression about objects of one shape, held by `d`; `r` is the whole resource."""

    def __init__(self, path: str, variable: str = "d") -> None:
        self.path, self.variable = path, variable

    # a condition

    def truth(self, node: Node) -> str:
        maker = getattr(self, f"_{node[0]}", None)
        if maker is None:
            raise Unknown(str(node))
        return str(maker(node))

    def _truth(self, node: Node) -> str:
        return str(node[1])

    def _op(self, node: Node) -> str:
        _, operator, left, right = node
        if operator in ("and", "or"):
            return "(" + f" {operator} ".join(map(self.truth, _chained(node, operator))) + ")"
        if operator == "xor":
            return f"(bool({self.truth(left)}) != bool({self.truth(right)}))"
        if operator == "implies":
            return f"(not {self.truth(left)} or {self.truth(right)})"
        if operator == "in":
            return f"({self.value(left)} in {_choices(right)!r})"
        if operator in ("=", "!=", "<", "<=", ">", ">="):
            return self._compare(operator, left, right)
        raise Unknown(operator)

    def _compare(self, operator: str, left: Node, right: Node) -> str:
        sign = "==" if operator == "=" else operator
        if left[0] == "op" or right[0] == "op" or _is_condition(left) or _is_condition(right):
            if _is_number(left) and _is_number(right):
                return f"({self.number(left)} {sign} {self.number(right)})"
            return f"(bool({self.truth(left)}) {sign} bool({self.truth(right)}))"
        if operator in ("=", "!="):
            return f"({self.value(left)} {sign} {self.value(right)})"
        return f"({self.number(left)} {sign} {self.number(right)})"

    def _get(self, node: Node) -> str:
        return f"({self.value(node)} is True)"

    def _call(self, node: Node) -> str:
        _, target, name, arguments = node
        if name == "hasValue" and target is not None:
            return self._has_value(target)
        if name in ("exists", "empty"):
            there = self._there(target, arguments)
            return f"(not {there})" if name == "empty" else there
        if name == "not" and target is not None:
            return f"(not {self.truth(target)})"
        if name == "all" and target is not None:
            return f"all({self._inside(target, arguments[0])} for x in {self.many(target)})"
        if name in ("startsWith", "contains") and target is not None:
            text = arguments[0][1] if arguments[0][0] == "text" else _raise(name)
            value = f"str({self.value(target)} or '')"
            return f"{value}.startswith({text!r})" if name == "startsWith" else f"({text!r} in {value})"
        raise Unknown(name)

    def _has_value(self, target: Node) -> str:
        """Whether there is one value, and it is of a primitive type."""
        if self._shape_of(target) not in primitive_types():
            raise Unknown("hasValue")
        return f"({self.value(target)} is not None)"

    def _there(self, target: Node | None, arguments: tuple[Node, ...]) -> str:
        """Whether anything is at the end of a path, with a condition or without."""
        if target is None:
            raise Unknown("exists")
        if target[0] == "call" and target[2] == "where" and not arguments:
            target, arguments = target[1], target[3]
        if arguments:
            return f"any({self._inside(target, arguments[0])} for x in {self.many(target)})"
        if target[0] == "get" and target[1] is None:
            keys = self._keys(target[2], self.path)
            return (
                f"({next(iter(keys))!r} in {self.variable})"
                if len(keys) == 1
                else f"(not {keys!r}.isdisjoint({self.variable}))"
            )
        return f"bool({self.many(target)})"

    def _inside(self, target: Node, condition: Node) -> str:
        """A condition about the things a path leads to."""
        return _Translator(self._shape_of(target), "x").truth(condition)

    # values

    def many(self, node: Node) -> str:
        start, steps = self._steps(node)
        return f"walk({', '.join([start, *map(repr, steps)])})"

    def value(self, node: Node) -> str:
        if node[0] in ("text", "number", "truth"):
            return repr(node[1])
        if node[0] == "get" and node[1] is None:
            keys = self._keys(node[2], self.path)
            plain = [key for key in keys if not key.startswith("_")]
            if len(plain) == 1:
                return f"{self.variable}.get({plain[0]!r})"
        return f"only({self.many(node)})"

    def number(self, node: Node) -> str:
        if node[0] == "number":
            return repr(node[1])
        if node[0] == "op" and node[1] == "+":
            return f"({self.number(node[2])} + {self.number(node[3])})"
        if node[0] == "call" and node[2] == "count" and node[1] is not None:
            return f"len({self.many(node[1])})"
        if node[0] == "get" and self._is_numeric(node):
            return f"({self.value(node)} or 0)"
        raise Unknown(str(node))

    def _is_numeric(self, node: Node) -> bool:
        kind = self._shape_of(node)
        return kind in ("decimal", "integer", "positiveInt", "unsignedInt")

    # names

    def _steps(self, node: Node | None) -> tuple[str, list[frozenset[str]]]:
        """Where a path begins, and its member names."""
        path = self.path
        names = _names(node)
        start = self.variable
        if names[:1] == ["%resource"]:
            start, names = "r", names[1:]
            path = self.path.partition(".")[0]
        if names and names[0] == path:
            names = names[1:]
        steps = []
        for name in names:
            steps.append(frozenset(key for key in self._keys(name, path)))
            path = _kind_of(path, name)
        return start, steps

    def _shape_of(self, node: Node) -> str:
        path, names = self.path, _names(node)
        if names[:1] == ["%resource"]:
            path, names = self.path.partition(".")[0], names[1:]
        for name in names:
            path = _kind_of(path, name)
        return path

    def _keys(self, name: str, path: str) -> frozenset[str]:
        element = _element(path, name)
        keys = element.keys()
        beside = {f"_{key}" for key, kind in keys.items() if kind in primitive_types()}
        return frozenset((*keys, *(beside if path == self.path and name else ())))


def _element(path: str, name: str) -> Element:
    found = shape(path).elements.get(name) if path not in primitive_types() else None
    if found is None:
        raise Unknown(f"{path}.{name}")
    return found


def _kind_of(path: str, name: str) -> str:
    """The shape that a member leads to; a choice leads to none in particular."""
    element = _element(path, name)
    return element.types[0] if len(element.types) == 1 else ""


def _names(node: Node | None) -> list[str]:
    if node is None:
        return []
    if node == ("root",):
        return ["%resource"]
    if node[0] == "get":
        return [*_names(node[1]), node[2]]
    raise Unknown(str(node))


def _chained(node: Node, operator: str) -> list[Node]:
    """The conditions of a chain such as `a or b or c`, which is read from the left and may be long."""
    found = []
    while node[:2] == ("op", operator):
        found.append(node[3])
        node = node[2]
    return [node, *reversed(found)]


def _is_condition(node: Node) -> bool:
    return bool(node[0] == "call" and node[2] in ("exists", "empty", "not", "hasValue", "all"))


def _is_number(node: Node) -> bool:
    return node[0] == "number" or node[:1] + node[2:3] == ("call", "count") or node[:2] == ("op", "+")


def _choices(node: Node) -> tuple[str, ...]:
    if node[0] == "text":
        return (node[1],)
    if node[0] == "op" and node[1] == "|":
        return (*_choices(node[2]), *_choices(node[3]))
    raise Unknown(str(node))


def _raise(what: str) -> str:
    raise Unknown(what)


# -- rules that know more ---------------------------------------------------------------------------------------------


def _period(d: Content, _: Content) -> bool:
    start, end = d.get("start"), d.get("end")
    return not (isinstance(start, str) and isinstance(end, str)) or may_precede(start, end)


def _range(d: Content, _: Content) -> bool:
    """Comparable only in the same unit."""
    low, high = d.get("low") or {}, d.get("high") or {}
    same = all(low.get(name) == high.get(name) for name in ("system", "code", "unit"))
    bottom, top = low.get("value"), high.get("value")
    return not same or not isinstance(bottom, int | float) or not isinstance(top, int | float) or bottom <= top


def _extension(d: Content, _: Content) -> bool:
    return ("extension" in d) != any(name.startswith(("value", "_value")) for name in d)


def _same_code(d: Content, _: Content) -> bool:
    """obs-7: a component may not repeat the observation's own code when the observation has a value."""
    if not any(name.startswith("value") for name in d):
        return True
    own = d.get("code", {}).get("coding", ())
    return not any(c in own for part in d.get("component", ()) for c in part.get("code", {}).get("coding", ()))


def _modified(d: Content, _: Content) -> bool:
    authored, modified = d.get("authoredOn"), d.get("lastModified")
    return not (isinstance(authored, str) and isinstance(modified, str)) or may_precede(authored, modified)


def _handed_over(d: Content, _: Content) -> bool:
    prepared, handed = d.get("whenPrepared"), d.get("whenHandedOver")
    return not (isinstance(prepared, str) and isinstance(handed, str)) or may_precede(prepared, handed)


def _distinct_addresses(d: Content, _: Content) -> bool:
    """bdl-7, on all entries at once: the same address twice only in a history, or in another version."""
    if d.get("type") == "history":
        return True
    seen, entries = set(), d.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and "fullUrl" in entry:
            key = (str(entry["fullUrl"]), _version_of(entry.get("resource")))
            if key in seen:
                return False
            seen.add(key)
    return True


def _version_of(resource: Any) -> str:
    meta = resource.get("meta") if isinstance(resource, dict) else None
    return str(meta.get("versionId", "")) if isinstance(meta, dict) else ""


def _first_is(kind: str, resource_type: str) -> Test:
    def test(d: Content, _: Content) -> bool:
        first = (
            next(iter(d.get("entry", ())), None)
            if d.get("type") == kind
            else {"resource": {"resourceType": resource_type}}
        )
        return isinstance(first, dict) and (first.get("resource") or {}).get("resourceType") == resource_type

    return test


def _entries_have(name: str, kinds: tuple[str, ...]) -> Test:
    def test(d: Content, _: Content) -> bool:
        wanted = d.get("type") in kinds
        return all((name in entry) == wanted for entry in d.get("entry", ()) if isinstance(entry, dict))

    return test


def _links(d: Content, _: Content) -> bool:
    """que-2: no linkId twice in a questionnaire."""
    found = [i.get("linkId") for i in _items(d)]
    return len(found) == len(set(found))


def _items(d: Content) -> list[Content]:
    return [one for item in d.get("item", ()) for one in (item, *_items(item))]


def _grouped(d: Content, _: Content) -> bool:
    """que-1: a group has items, and a text to read has none."""
    return bool(d.get("item")) if d.get("type") == "group" else d.get("type") != "display" or not d.get("item")


def _asks_whether(d: Content, _: Content) -> bool:
    """que-7: whether there is an answer is compared with yes or no."""
    return d.get("operator") != "exists" or "answerBoolean" in d or "_answerBoolean" in d


_BY_HAND: dict[str, Test] = {
    "per-1": _period,
    "rng-2": _range,
    "ext-1": _extension,
    "obs-7": _same_code,
    "mdd-1": _handed_over,
    "bdl-7": _distinct_addresses,
    "bdl-3": _entries_have("request", ("batch", "transaction", "history")),
    "bdl-4": _entries_have("response", ("batch-response", "transaction-response", "history")),
    "bdl-11": _first_is("document", "Composition"),
    "bdl-12": _first_is("message", "MessageHeader"),
    "que-1": _grouped,
    "que-2": _links,
    "que-7": _asks_whether,
}


# -- the interpreter --------------------------------------------------------------------------------------------------


def _interpreted(expression: str) -> Test:
    """A rule left to fhirpathpy. What it can't evaluate is not held against the resource."""
    evaluate: Callable[..., list[Any]] | None = None

    def test(d: Content, root: Content) -> bool:
        nonlocal evaluate
        evaluate = evaluate or _interpreter(expression)
        try:
            found = evaluate(
                d, {"resource": root, "rootResource": root, "context": d, "ucum": "http://unitsofmeasure.org"}
            )
        except Exception:
            return True
        return found != [False]

    return test


@cache
def _interpreter(expression: str) -> Callable[..., list[Any]]:
    from fhirpathpy import compile as compile_expression

    extra = {
        "userInvocationTable": {"hasValue": {"fn": lambda values: [bool(values)], "arity": {0: []}}},
        "traceFn": _untold,
    }
    made: Callable[..., list[Any]] = compile_expression(expression, options=extra)
    return made


def _untold(_label: str, _values: object) -> None:
    """`trace()` in a rule was for whoever wrote it: what it would print belongs to nobody's output."""


def interpreted_keys() -> list[str]:
    """The rules that no translation covers: kept short, and watched by a test."""
    from barnetsbog.fhir.definitions import pack

    found = set()
    for name, known in pack()["types"].items():
        paths = {name, *(e["path"].rpartition(".")[0] for e in known["elements"])}
        for path in paths:
            for rule in shape(path).rules if path not in primitive_types() else ():
                test = compiled(rule, path)
                if test is not None and "_interpreted" in getattr(test, "__qualname__", ""):
                    found.add(rule.key)
    return sorted(found)
