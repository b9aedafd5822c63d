"""What a resource can be found by: the official search parameters, compiled.

Each parameter's expression is a union of paths. A path is compiled to the member it begins with and the steps from
there, so that a resource is read by the members it has: nothing is evaluated for what is not there. How a value
becomes a row depends on the kind of parameter and on the type of the value (FHIR R4 §3.1.1.4). What says something that
no row can hold (a coded value of words alone, a reference without an address) has an empty row, so that a search for
what is missing need not open it.

Composite parameters are pairs of the others and have no rows of their own (`parts`). Nor has a parameter that is
another one narrowed to targets of one type, as nearly every `patient` is of `subject`: `narrowed` says which rows
answer it. `_id` and `_lastUpdated` are columns of the entry.
"""

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

from barnetsbog.fhir.dates import BEGINNING, END, bounds
from barnetsbog.fhir.definitions import Parameter, codes, parameter, parameters, primitive_types, shape
from barnetsbog.fhir.fhirpath import Node, Unknown, parse
from barnetsbog.fhir.targets import target_type

Resource = dict[str, Any]
Filter = Callable[[Any], bool]


class SearchRows(NamedTuple):
    """The rows by kind; a parameter is its number (`parameter_code`).

    `tokens`: (parameter, system, code); `dates`: (parameter, first, last microsecond, UTC); `references`: (parameter,
    address); `strings`: (parameter, folded text); `quantities`: (parameter, system, code, low, high); `uris`:
    (parameter, address).
    """

    tokens: list[tuple[int, str, str]]
    dates: list[tuple[int, int, int]]
    references: list[tuple[int, str]]
    strings: list[tuple[int, str]]
    quantities: list[tuple[int, str, str, float, float]]
    uris: list[tuple[int, str]]

    @classmethod
    def empty(cls) -> "SearchRows":
        return cls([], [], [], [], [], [])


class _Step(NamedTuple):
    """One member name, or several for a choice, and what must hold for the values it leads to."""

    kinds: dict[str, str]  # JSON name -> type
    holds: Filter | None
    first: bool


class _Way(NamedTuple):
    """A parameter's path from one member on: the type of that member, a condition on it, and the steps from there."""

    param: int
    write: "Writer"
    kind: str
    holds: Filter | None
    first: bool
    rest: tuple[_Step, ...]


Writer = Callable[[Any, int, Any, str], None]

_ONLY_TO = re.compile(r"(.*)\.where\(resolve\(\) is (\w+)\)")
# Columns of the entry, searches over text, and `phonetic`, which is answered from the rows of `name`.
_SKIPPED = frozenset(("_id", "_lastUpdated", "_content", "_text", "_query", "_filter", "_list", "phonetic"))


class Narrowed(NamedTuple):
    """A parameter that is answered from the rows of another: those whose target is of this type."""

    parameter: str
    target: str


@cache
def narrowed(resource_type: str) -> dict[str, Narrowed]:
    """The parameters of a type without rows of their own."""
    own = {one.name: frozenset(_parts_of(one, resource_type)) for one in parameters(resource_type)}
    found = {}
    for name, parts in own.items():
        targets = {match[2] for part in parts if (match := _ONLY_TO.fullmatch(part))}
        whole = frozenset(_ONLY_TO.sub(r"\1", part) for part in parts)
        wider = [other for other, its in own.items() if other not in _SKIPPED and its == whole != parts]
        if len(targets) == 1 and wider:
            found[name] = Narrowed(wider[0], targets.pop())
    return found


def search_parameters(resource_type: str) -> dict[str, str]:
    """The standard search parameters of a type: name -> kind."""
    return {one.name: one.kind for one in parameters(resource_type)}


@cache
def parameter_code(name: str) -> int:
    """The number that a parameter (`Observation.code`) has in an index: small, and the same for ever."""
    return zlib.crc32(name.encode()) & 0x7FFF_FFFF


def extract(resource: Resource) -> SearchRows:
    """Everything that a resource, checked before, can be found by."""
    rows = SearchRows.empty()
    ways = _ways(resource["resourceType"])
    for member, value in resource.items():
        for way in ways.get(member, ()):
            _walk(way, value if type(value) is list else (value,), rows)
    if resource["resourceType"] == "Patient":
        rows.tokens.append((parameter_code("Patient.deceased"), "", _deceased(resource)))
    return rows


def values(resource: Resource, name: str) -> list[tuple[Any, str]]:
    """What a resource says of one of its parameters: each value as it stands, with its type."""
    found: list[tuple[Any, str]] = []
    for member, way in _collecting(resource["resourceType"], name):
        if (value := resource.get(member)) is not None:
            _walk(way, value if type(value) is list else (value,), found)
    return found


@cache
def _collecting(resource_type: str, name: str) -> list[tuple[str, "_Way"]]:
    known = parameter(resource_type, name)
    ways = _compiled(known, resource_type) if known else []
    return [(member, way._replace(write=_collect)) for member, way in ways]


def _collect(found: Any, param: int, value: Any, kind: str) -> None:
    found.append((value, kind))


def parts(resource: Resource, name: str) -> list[list["SearchRows"]]:
    """What each part of a resource that a composite parameter is about says: the rows of each component."""
    found = []
    for context, components in _composed(resource["resourceType"], name):
        for content, _ in _follow(resource, context):
            found.append([_rows_of(content, ways, kind) for kind, ways in components])
    return found


def _rows_of(content: Any, ways: tuple[tuple["_Step", ...], ...], kind: str) -> "SearchRows":
    rows = SearchRows.empty()
    for steps in ways:
        for value, of in _follow(content, steps):
            _WRITERS[kind](rows, 0, value, of)
    return rows


@cache
def _composed(resource_type: str, name: str) -> list[tuple[tuple["_Step", ...], list[tuple[str, Any]]]]:
    """For each path of a composite: the steps to it, and of each component its kind and the ways from there."""
    composite = parameter(resource_type, name)
    if composite is None:
        return []
    paths = [path for path in map(str.strip, _parts(composite.expression)) if path.partition(".")[0] == resource_type]
    return [
        (
            tuple(_steps(parse(path), resource_type)),
            [_component(*one, path=path, resource_type=resource_type) for one in composite.components],
        )
        for path in paths
    ]


def _component(name: str, expression: str, *, path: str, resource_type: str) -> tuple[str, Any]:
    before = len(_steps(parse(path), resource_type))
    ways = [_steps(parse(f"{path}.{part.strip()}"), resource_type) for part in _parts(expression)]
    return search_parameters(resource_type)[name], tuple(tuple(steps[before:]) for steps in ways)


@cache
def kinds_of(resource_type: str, name: str) -> frozenset[str]:
    """The data types that the values of a parameter have."""
    known = parameter(resource_type, name)
    ways = _compiled(known, resource_type) if known else []
    found = {kind for _, way in ways for kind in (way.rest[-1].kinds.values() if way.rest else (way.kind,))}
    return frozenset(found)


SUBJECT_FIELDS = ("subject", "patient", "for", "beneficiary", "individual")
"""The elements that say whom a resource is about."""


@cache
def is_about(resource_type: str, name: str) -> bool:
    """Whether a parameter says whom a resource is about, and nothing else."""
    known = parameter(resource_type, name)
    mine = [_ONLY_TO.sub(r"\1", part) for part in _parts_of(known, resource_type)] if known else []
    return bool(mine) and {part.partition(".")[2] for part in mine} <= set(SUBJECT_FIELDS)


@cache
def implied_systems(resource_type: str, name: str) -> frozenset[str]:
    """The code systems that a parameter's values are of without saying so: elements of type `code` are bound."""
    known = parameter(resource_type, name)
    if known is None or kinds_of(resource_type, name) != {"code"}:
        return frozenset()
    bound = (_binding(part) for part in _parts_of(known, resource_type))
    return frozenset(system for one in bound if one for system in codes(one))


def _binding(path: str) -> str:
    where, _, name = path.rpartition(".")
    try:
        return shape(where).elements[name].codes
    except (KeyError, StopIteration):
        return ""


def _walk(way: _Way, values: Iterable[Any], rows: Any) -> None:
    for value in values:
        if value is None or (way.holds is not None and not way.holds(value)):
            continue
        if not way.rest:
            way.write(rows, way.param, value, way.kind)
        elif type(value) is dict and not way.rest[0].kinds.keys().isdisjoint(value):
            for found, kind in _follow(value, way.rest):
                way.write(rows, way.param, found, kind)
        if way.first:
            return


def _deceased(patient: Resource) -> str:
    """The one standard parameter that is reckoned and not read: dead, unless nothing says so."""
    return "true" if patient.get("deceasedBoolean") or "deceasedDateTime" in patient else "false"


def _follow(content: Any, steps: tuple[_Step, ...]) -> Iterable[tuple[Any, str]]:
    """The values at the end of a path, each with its type."""
    found: list[tuple[Any, str]] = [(content, "")]
    for step in steps:
        found = [pair for one, _ in found if type(one) is dict for pair in _members(one, step)]
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
    others = narrowed(resource_type)
    for one in parameters(resource_type):
        if one.kind in _WRITERS and one.name not in _SKIPPED and one.name not in others:
            for member, way in _compiled(one, resource_type):
                if way not in found.setdefault(member, []):
                    found[member].append(way)
    return found


def _compiled(parameter: Parameter, resource_type: str) -> list[tuple[str, _Way]]:
    """One way for each part of a union that speaks of this type and can be translated."""
    ways = []
    for part in _parts(parameter.expression):
        try:
            steps = _steps(parse(part), resource_type)
        except Unknown:
            continue
        if steps:
            ways += _ways_of_choice(parameter, resource_type, steps)
    return ways


def _ways_of_choice(parameter: Parameter, resource_type: str, steps: list[_Step]) -> list[tuple[str, _Way]]:
    """Each member that a path can begin with, and the way from there: one for each name of a choice."""
    first, rest, write = steps[0], tuple(steps[1:]), _WRITERS[parameter.kind]
    param = parameter_code(f"{resource_type}.{parameter.name}")
    return [(name, _Way(param, write, kind, first.holds, first.first, rest)) for name, kind in first.kinds.items()]


def _parts_of(parameter: Parameter, resource_type: str) -> list[str]:
    """The parts of a union that speak of this type."""
    return [part for part in map(str.strip, _parts(parameter.expression)) if part.startswith(f"{resource_type}.")]


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
    kind = "dateTime" if kind == "DateTime" else kind  # as one official component spells it
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


_DANISH = str.maketrans({"å": "aa", "æ": "ae", "ø": "oe", "é": "e", "»": " ", "«": " "})


def folded(text: str) -> str:
    """A text as it is searched: case and accents fall together, and so do the two spellings of å, æ and ø."""
    plain = text.casefold().translate(_DANISH)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join(plain.split())


_LONG = 250
"""Up to so many characters nothing is cut."""


def fitting(text: str) -> str:
    """As much of a text as an index can hold (1,000 bytes): what is longer is found by its beginning."""
    return text if len(text) <= _LONG else text.encode(errors="replace")[:1000].decode(errors="ignore")


def sortable(text: str) -> str:
    """A text as it stands in an index: folded, and behind a sign that no text has, how it is sorted in Danish where
    that is another place (æ, ø and å, also as aa, come after z)."""
    found = fitting(folded(text))
    if text.isascii() and "aa" not in found:
        return found
    key = fitting(folded(text.casefold().translate(_LAST)).replace("aa", "}"))
    return found if key == found else f"{found}{BEHIND}{key}"


BEHIND = "\x1f"
_LAST = str.maketrans({"æ": "{", "ø": "|", "å": "}"})


def _token(rows: SearchRows, param: int, value: Any, kind: str) -> None:
    found: Iterable[tuple[str, str]]
    if kind == "CodeableConcept":
        coded = [(c.get("system", ""), c["code"]) for c in value.get("coding", ()) if "code" in c]
        found = coded or (("", ""),)
    elif kind == "Coding":
        found = ((value.get("system", ""), value.get("code", "")),)
    elif kind == "Identifier" or kind == "ContactPoint":
        found = ((value.get("system", ""), value.get("value", "")),)
    elif kind == "boolean":
        found = (("", "true" if value else "false"),)
    else:
        found = (("", value),) if type(value) is str else ()
    for system, code in found:
        if len(system) + len(code) > _LONG:
            system, code = fitting(system), fitting(code)
        rows.tokens.append((param, system, code))


def _date(rows: SearchRows, param: int, value: Any, kind: str) -> None:
    if kind == "Period":
        low = bounds(value["start"])[0] if "start" in value else BEGINNING
        high = bounds(value["end"])[1] if "end" in value else END
        if "start" in value or "end" in value:
            rows.dates.append((param, low, high))
    elif kind == "Timing":
        moments = [bounds(event) for event in value.get("event", ()) if event is not None]
        if moments:
            rows.dates.append((param, min(low for low, _ in moments), max(high for _, high in moments)))
        limits = (value.get("repeat") or {}).get("boundsPeriod")
        if limits:
            _date(rows, param, limits, "Period")
    elif kind in ("date", "dateTime", "instant"):
        rows.dates.append((param, *bounds(value)))


_NAME_PARTS = ("text", "family", "given", "prefix", "suffix")
_ADDRESS_PARTS = ("text", "line", "city", "district", "state", "postalCode", "country")


def _string(rows: SearchRows, param: int, value: Any, kind: str) -> None:
    rows.strings.extend((param, sortable(text)) for text in texts_of(value, kind))


def texts_of(value: Any, kind: str) -> list[str]:
    """The texts in a value of a string parameter, as they stand."""
    if type(value) is str:
        return [value]
    if kind not in ("HumanName", "Address"):
        return []
    found = (value.get(part, ()) for part in (_NAME_PARTS if kind == "HumanName" else _ADDRESS_PARTS))
    return [text for some in found for text in ((some,) if type(some) is str else some) if text]


def _reference(rows: SearchRows, param: int, value: Any, kind: str) -> None:
    address = value if type(value) is str else value.get("reference", "")
    rows.references.append((param, fitting(address)))


def _quantity(rows: SearchRows, param: int, value: Any, kind: str) -> None:
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
    system, words = fitting(unit.get("system", "")), unit.get("unit", "")
    code = fitting(unit.get("code") or words or unit.get("currency") or "")
    rows.quantities.append((param, system, code, float(bottom), float(top)))
    if words and words != code:
        rows.quantities.append((param, "", fitting(words), float(bottom), float(top)))


def _uri(rows: SearchRows, param: int, value: Any, kind: str) -> None:
    if type(value) is str:
        rows.uris.append((param, fitting(value)))


_WRITERS: dict[str, Writer] = {
    "token": _token,
    "date": _date,
    "string": _string,
    "reference": _reference,
    "quantity": _quantity,
    "number": _quantity,
    "uri": _uri,
}
