"""What a resource can be found by: the official search parameters, compiled.

Each parameter's expression is a union of paths. A path is compiled to the member it begins with and the steps from
there, so that a resource is read by the members it has: nothing is evaluated for what is not there. How a value
becomes a row depends on the kind of parameter and on the type of the value (FHIR R4 §3.1.1.4).

Composite parameters are pairs of the others and have no rows of their own. `_id` and `_lastUpdated` are columns of
the entry.
"""

import unicodedata
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

from barnetsbog.fhir.dates import BEGINNING, END, bounds
from barnetsbog.fhir.definitions import Parameter, parameters, primitive_types, shape
from barnetsbog.fhir.fhirpath import Node, Unknown, parse
from barnetsbog.fhir.targets import target_type

Resource = dict[str, Any]
Filter = Callable[[Any], bool]


class SearchRows(NamedTuple):
    """The rows by kind. `tokens`: (parameter, system, code); `dates`: (parameter, first, last microsecond, UTC);
    `references`: (parameter, address); `strings`: (parameter, folded text); `quantities`: (parameter, system, code,
    low, high); `uris`: (parameter, address)."""

    tokens: list[tuple[str, str, str]]
    dates: list[tuple[str, int, int]]
    references: list[tuple[str, str]]
    strings: list[tuple[str, str]]
    quantities: list[tuple[str, str, str, float, float]]
    uris: list[tuple[str, str]]


class _Step(NamedTuple):
    """One member name, or several for a choice, and what must hold for the values it leads to."""

    kinds: dict[str, str]  # JSON name -> type
    holds: Filter | None
    first: bool


class _Way(NamedTuple):
    """A parameter's path from one member on."""

    name: str
    kind: str
    steps: tuple[_Step, ...]


_SKIPPED = frozenset(("_id", "_lastUpdated", "_content", "_text", "_query", "_filter", "_list"))


def search_parameters(resource_type: str) -> dict[str, str]:
    """The standard search parameters of a type: name -> kind."""
    return {one.name: one.kind for one in parameters(resource_type)}


@cache
def parameter_code(name: str) -> int:
    """The number that a parameter (`Observation.code`) has in an index: small, and the same for ever."""
    return zlib.crc32(name.encode()) & 0x7FFF_FFFF


def extract(resource: Resource) -> SearchRows:
    """Everything that a resource, checked before, can be found by."""
    rows = SearchRows([], [], [], [], [], [])
    ways = _ways(resource["resourceType"])
    for member in resource:
        for way in ways.get(member, ()):
            writer = _WRITERS[way.kind]
            for value, kind in _follow(resource, way.steps):
                writer(rows, way.name, value, kind)
    if resource["resourceType"] == "Patient":
        rows.tokens.append(("deceased", "", _deceased(resource)))
    return rows


def _deceased(patient: Resource) -> str:
    """The one standard parameter that is reckoned and not read: dead, unless nothing says so."""
    return "true" if patient.get("deceasedBoolean") or "deceasedDateTime" in patient else "false"


def _follow(resource: Resource, steps: tuple[_Step, ...]) -> Iterable[tuple[Any, str]]:
    """The values at the end of a path, each with its type."""
    found: list[tuple[Any, str]] = [(resource, "")]
    for step in steps:
        found = [pair for content, _ in found if type(content) is dict for pair in _members(content, step)]
    return found


def _members(content: Resource, step: _Step) -> Iterable[tuple[Any, str]]:
    pairs = []
    for name, kind in step.kinds.items():
        value = content.get(name)
        if value is None:
            continue
        values = value if type(value) is list else (value,)
        pairs += [(one, kind) for one in values if one is not None and (step.holds is None or step.holds(one))]
    return pairs[:1] if step.first else pairs


# -- compiling the expressions -----------------------------------------------------------------------------------------


@cache
def _ways(resource_type: str) -> dict[str, list[_Way]]:
    """The paths of a type's parameters, by the member they begin with."""
    found: dict[str, list[_Way]] = {}
    for parameter in parameters(resource_type):
        if parameter.kind in _WRITERS and parameter.name not in _SKIPPED:
            for way in _compiled(parameter, resource_type):
                for member in way.steps[0].kinds:
                    found.setdefault(member, []).append(way)
    return {member: _once(ways) for member, ways in found.items()}


def _once(ways: list[_Way]) -> list[_Way]:
    seen: dict[int, _Way] = {id(way): way for way in ways}
    return list(seen.values())


def _compiled(parameter: Parameter, resource_type: str) -> list[_Way]:
    """One way for each part of a union that speaks of this type and can be translated."""
    ways = []
    for part in _parts(parameter.expression):
        try:
            steps = _steps(parse(part), resource_type)
        except Unknown:
            continue
        if steps:
            ways += _ways_of_choice(parameter, steps)
    return ways


def _ways_of_choice(parameter: Parameter, steps: list[_Step]) -> list[_Way]:
    """A choice at the root becomes one way a name, so that only the member that is there is followed."""
    first, rest = steps[0], steps[1:]
    return [
        _Way(parameter.name, parameter.kind, (_Step({name: kind}, first.holds, first.first), *rest))
        for name, kind in first.kinds.items()
    ]


def _parts(expression: str) -> list[str]:
    """The parts of a union at the top level."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(expression):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and not depth:
            parts.append(expression[start:place])
            start = place + 1
    return [*parts, expression[start:]]


def _steps(node: Node, resource_type: str) -> list[_Step]:
    """The steps of a path that begins with this type; none when it begins with another."""
    steps, _ = _read(node, resource_type)
    return steps


def _read(node: Node, resource_type: str) -> tuple[list[_Step], str]:
    """Steps so far and the type they lead to (empty: several)."""
    if node[0] == "get" and node[1] is None:
        if node[2] not in (resource_type, "Resource", "DomainResource"):
            raise Unknown(node[2])
        return [], resource_type
    if node[0] == "get":
        steps, path = _read(node[1], resource_type)
        return _named(steps, path, node[2])
    if node[0] == "op" and node[1] == "as":
        return _narrowed(_read(node[2], resource_type), node[3][2])
    if node[0] == "item":
        steps, path = _read(node[1], resource_type)
        return [*steps[:-1], steps[-1]._replace(first=True)], path
    if node[0] == "call" and node[1] is not None:
        return _called(_read(node[1], resource_type), node[2], node[3])
    raise Unknown(str(node))


def _named(steps: list[_Step], path: str, name: str) -> tuple[list[_Step], str]:
    element = shape(path).elements.get(name) if path and path not in primitive_types() else None
    if element is None:
        raise Unknown(name)
    kinds = element.keys()
    return [*steps, _Step(kinds, None, False)], next(iter(kinds.values())) if len(kinds) == 1 else ""


def _called(before: tuple[list[_Step], str], name: str, arguments: tuple[Node, ...]) -> tuple[list[_Step], str]:
    steps, path = before
    if name in ("as", "ofType"):
        return _narrowed(before, arguments[0][2])
    if name == "where" and steps:
        return [*steps[:-1], steps[-1]._replace(holds=_condition(arguments[0]))], path
    if name == "extension":
        extension = _Step({"extension": "Extension"}, _with("url", arguments[0][1]), False)
        return [*steps, extension, _Step(_extension_values(), None, False)], ""
    raise Unknown(name)


def _extension_values() -> dict[str, str]:
    return shape("Extension").elements["value"].keys()


def _narrowed(before: tuple[list[_Step], str], kind: str) -> tuple[list[_Step], str]:
    """Only the values of one type, of a choice."""
    steps, _ = before
    kinds = {name: known for name, known in steps[-1].kinds.items() if known == kind}
    if not kinds:
        raise Unknown(kind)
    return [*steps[:-1], steps[-1]._replace(kinds=kinds)], kind


def _condition(node: Node) -> Filter:
    if node[0] == "op" and node[1] == "is" and node[2] == ("call", None, "resolve", ()):
        wanted = node[3][2]
        return lambda value: target_type(str(value.get("reference", ""))) == wanted
    if node[0] == "op" and node[1] == "=" and node[2][0] == "get" and node[2][1] is None and node[3][0] == "text":
        return _with(node[2][2], node[3][1])
    raise Unknown(str(node))


def _with(name: str, text: str) -> Filter:
    return lambda value: isinstance(value, dict) and value.get(name) == text


# -- values to rows ------------------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """A text as it is searched: case and accents fall together, and so do the two spellings of å, æ and ø."""
    plain = text.casefold()
    if not plain.isascii():
        plain = plain.replace("å", "aa").replace("æ", "ae").replace("ø", "oe")
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join(plain.split())


def _token(rows: SearchRows, name: str, value: Any, kind: str) -> None:
    add = rows.tokens.append
    if kind == "Coding":
        add((name, value.get("system", ""), value.get("code", "")))
    elif kind == "CodeableConcept":
        rows.tokens.extend((name, c.get("system", ""), c["code"]) for c in value.get("coding", ()) if "code" in c)
    elif kind == "Identifier" or kind == "ContactPoint":
        if "value" in value:
            add((name, value.get("system", ""), value["value"]))
    elif kind == "boolean":
        add((name, "", "true" if value else "false"))
    elif type(value) is str:
        add((name, "", value))


def _date(rows: SearchRows, name: str, value: Any, kind: str) -> None:
    if kind == "Period":
        low = bounds(value["start"])[0] if "start" in value else BEGINNING
        high = bounds(value["end"])[1] if "end" in value else END
        if "start" in value or "end" in value:
            rows.dates.append((name, low, high))
    elif kind == "Timing":
        moments = [bounds(event) for event in value.get("event", ())]
        if moments:
            rows.dates.append((name, min(low for low, _ in moments), max(high for _, high in moments)))
        limits = (value.get("repeat") or {}).get("boundsPeriod")
        if limits:
            _date(rows, name, limits, "Period")
    elif kind in ("date", "dateTime", "instant"):
        rows.dates.append((name, *bounds(value)))


_NAME_PARTS = ("text", "family", "given", "prefix", "suffix")
_ADDRESS_PARTS = ("text", "line", "city", "district", "state", "postalCode", "country")


def _string(rows: SearchRows, name: str, value: Any, kind: str) -> None:
    if type(value) is str:
        rows.strings.append((name, folded(value)))
    elif kind in ("HumanName", "Address"):
        for part in _NAME_PARTS if kind == "HumanName" else _ADDRESS_PARTS:
            texts = value.get(part, ())
            for text in (texts,) if type(texts) is str else texts:
                if text:
                    rows.strings.append((name, folded(text)))


def _reference(rows: SearchRows, name: str, value: Any, kind: str) -> None:
    address = value if type(value) is str else value.get("reference")
    if address:
        rows.references.append((name, address))


def _quantity(rows: SearchRows, name: str, value: Any, kind: str) -> None:
    if kind == "Range":
        low, high = value.get("low") or {}, value.get("high") or {}
        unit = low or high
        bottom, top = low.get("value", float("-inf")), high.get("value", float("inf"))
    elif type(value) is dict:
        if "value" not in value:
            return
        unit, bottom, top = value, value["value"], value["value"]
    else:
        unit, bottom, top = {}, value, value
    system, code = unit.get("system", ""), unit.get("code") or unit.get("unit") or unit.get("currency") or ""
    rows.quantities.append((name, system, code, float(bottom), float(top)))


def _uri(rows: SearchRows, name: str, value: Any, kind: str) -> None:
    if type(value) is str:
        rows.uris.append((name, value))


_WRITERS: dict[str, Callable[[SearchRows, str, Any, str], None]] = {
    "token": _token,
    "date": _date,
    "string": _string,
    "reference": _reference,
    "quantity": _quantity,
    "number": _quantity,
    "uri": _uri,
}
