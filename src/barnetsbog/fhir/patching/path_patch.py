"""FHIRPath Patch: operations in a Parameters resource, each of which names one place by a FHIRPath expression.

The standard allows a simple subset of FHIRPath: members, places in lists, `first()`, `last()`, `where(...)` with
equalities, `extension(...)` and `ofType(...)`. A place is the way there from the root, as keys.

To FHIRPath a primitive is one thing with its id and extensions; in JSON these stand beside it, under its name with `_`
before it, and in lists at the same number. Here the two are moved, taken and put together (`_Said`).
"""

import copy
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from barnetsbog.fhir.definitions import Element, primitive_types, shape
from barnetsbog.fhir.fhirpath import Node, Unknown, parse
from barnetsbog.kernel.sentences import say

from .faults import MOST, PatchFault, missing, none_of, whole, within_bounds

Resource = dict[str, Any]
Parts = dict[str, Resource]


class _Spot(NamedTuple):
    """Something in a resource: the keys that lead there, its type, and the element that it is one of (of the whole
    resource none)."""

    keys: tuple[str | int, ...]
    kind: str
    element: Element | None = None


class _Said(NamedTuple):
    """One value of an element, and what stands beside it when it is a primitive."""

    value: Any
    beside: Any = None


def path_patched(resource: Resource, parameters: Any) -> Resource:
    """The resource with every operation carried out, in order."""
    if not isinstance(parameters, dict) or parameters.get("resourceType") != "Parameters":
        text = say("Et FHIRPath Patch er en Parameters-ressource.", "A FHIRPath Patch is a Parameters resource.")
        raise PatchFault("Parameters", text, malformed=True)
    operations = parameters.get("parameter", [])
    if not isinstance(operations, list) or not operations or len(operations) > MOST:
        text = say("Der skal være mellem 1 og {0} operationer.", "There must be between 1 and {0} operations.", MOST)
        raise PatchFault("Parameters.parameter", text, malformed=True)
    found = copy.deepcopy(resource)
    for number, operation in enumerate(operations):
        place = f"Parameters.parameter[{number}]"
        _carry_out(found, _parts(operation, place), place)
        within_bounds(found, place)
    return found


def _parts(operation: Any, place: str) -> Parts:
    parts = operation.get("part") if isinstance(operation, dict) and operation.get("name") == "operation" else None
    if not isinstance(parts, list) or not all(isinstance(part, dict) and "name" in part for part in parts):
        text = say(
            "Hver parameter skal hedde operation og have dele (part).",
            "Each parameter must be called operation and have parts (part).",
        )
        raise PatchFault(place, text, malformed=True)
    return {str(part["name"]): part for part in parts}


def _carry_out(root: Resource, parts: Parts, place: str) -> None:
    what = str(_value(parts, "type", place))
    act = _OPERATIONS.get(what)
    if act is None:
        raise none_of("type", _OPERATIONS, place)
    act(root, parts, place)


# -- operations --------------------------------------------------------------------------------------------------------


def _add(root: Resource, parts: Parts, place: str) -> None:
    spot = _one(root, parts, place)
    name = str(_value(parts, "name", place))
    element = _element(spot.kind, name)
    if element is None or not isinstance(_holder(root, spot), dict):
        raise PatchFault(place, say("{0} findes ikke der.", "{0} does not exist there.", name))
    key, said = _given(parts, element, place)
    holder = _made_holder(root, spot)
    if element.many:
        if not isinstance(holder.get(key, []), list):
            raise PatchFault(place, say("{0} er ikke en liste.", "{0} is not a list.", name))
        _say_all(holder, key, [*_all_said(holder, key), said])
        return
    names = element.keys()
    if any(_all_said(holder, one) for one in names):
        text = say(
            "{0} er der allerede, og der kan kun stå én. Brug replace.",
            "{0} is there already, and only one may stand there. Use replace.",
            name,
        )
        raise PatchFault(place, text)
    _say(holder, key, said)


def _insert(root: Resource, parts: Parts, place: str) -> None:
    holder, key, element = _list(root, parts, place)
    held = _all_said(holder, key)
    held.insert(_index(parts, "index", len(held), place), _given(parts, element, place)[1])
    _say_all(holder, key, held)


def _delete(root: Resource, parts: Parts, place: str) -> None:
    """What is not there is deleted already. A list that becomes empty goes with its last member: FHIR knows no empty
    lists."""
    found = _found(root, parts, place)
    if len(found) > 1:
        raise _not_one(len(found), place)
    for spot in found:
        if not spot.keys:
            raise whole(place)
        holder, key, at = _place(root, spot.keys)
        _say_all(holder, key, [one for number, one in enumerate(_all_said(holder, key)) if number != (at or 0)])
        if not holder and spot.keys[:1] != (key,):
            _tidy(root, spot.keys[: -1 if at is None else -2])


def _replace(root: Resource, parts: Parts, place: str) -> None:
    spot = _one(root, parts, place)
    if not spot.element:
        text = say("Hele ressourcen kan ikke skiftes ud med et patch.", "A patch cannot replace the whole resource.")
        raise PatchFault(place, text)
    key, said = _given(parts, spot.element, place)
    holder, old, at = _place(root, spot.keys)
    if at is not None:
        held = _all_said(holder, old)
        held[at] = said
        _say_all(holder, old, held)
        return
    if key != old:  # a choice of another type
        _say_all(holder, old, [])
    _say(holder, key, said)


def _move(root: Resource, parts: Parts, place: str) -> None:
    holder, key, _ = _list(root, parts, place)
    held = _all_said(holder, key)
    moved = held.pop(_index(parts, "source", len(held) - 1, place))
    held.insert(_index(parts, "destination", len(held), place), moved)
    _say_all(holder, key, held)


_OPERATIONS: dict[str, Callable[[Resource, Parts, str], None]] = {
    "add": _add, "insert": _insert, "delete": _delete, "replace": _replace, "move": _move,
}  # fmt: skip


# -- what an operation says --------------------------------------------------------------------------------------------


def _value(parts: Parts, name: str, place: str) -> Any:
    part = parts.get(name, {})
    found = next((value for key, value in part.items() if key.startswith("value")), None)
    if found is None:
        raise missing(name, place)
    return found


def _index(parts: Parts, name: str, last: int, place: str) -> int:
    found = _value(parts, name, place)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= last:
        text = say("{0} skal være et tal fra 0 til {1}.", "{0} must be a number from 0 to {1}.", name, last)
        raise PatchFault(place, text)
    return found


def _given(parts: Parts, element: Element, place: str) -> tuple[str, _Said]:
    """The JSON name that a value stands under, and the value: of a part without a type of its own it is given piece by
    piece, as parts."""
    part = parts.get("value")
    if part is None:
        raise missing("value", place)
    return _content(part, element, place)


def _content(part: Resource, element: Element, place: str) -> tuple[str, _Said]:
    told = {key.removeprefix("_").removeprefix("value") for key in part if key.startswith(("value", "_value"))}
    if len(told) == 1:
        kind = told.pop()
        said = _Said(*copy.deepcopy((part.get(f"value{kind}"), part.get(f"_value{kind}"))))
        if said == _Said(None):
            raise missing("value", place)
        return (element.name + kind if element.choice else element.name), said
    pieces = part.get("part")
    if told or not isinstance(pieces, list) or element.choice:
        text = say(
            "value skal have én værdi (value[x]) eller dele (part).",
            "value must have one value (value[x]) or parts (part).",
        )
        raise PatchFault(place, text, malformed=True)
    return element.name, _Said(_pieces(pieces, element.types[0], place))


def _pieces(pieces: list[Any], kind: str, place: str) -> Resource:
    found: Resource = {}
    for piece in pieces:
        name = str(piece.get("name", "")) if isinstance(piece, dict) else ""
        element = _element(kind, name)
        if element is None:
            text = say("{0} findes ikke i {1}.", "{0} does not exist in {1}.", name or say("Navnet", "The name"), kind)
            raise PatchFault(place, text)
        key, said = _content(piece, element, place)
        if element.many:
            _say_all(found, key, [*_all_said(found, key), said])
        else:
            _say(found, key, said)
    return found


# -- values, each with what stands beside it ---------------------------------------------------------------------------


def _all_said(holder: Resource, key: str) -> list[_Said]:
    """The values of an element: several of a list, one of another, none when it is not there."""
    value, beside = holder.get(key), holder.get(f"_{key}")
    if not isinstance(value, list) and not isinstance(beside, list):
        return [] if value is None and beside is None else [_Said(value, beside)]
    return [_Said(*both) for both in zip_longest(*(one if isinstance(one, list) else [] for one in (value, beside)))]


def _say_all(holder: Resource, key: str, held: Sequence[_Said]) -> None:
    """Makes these the values of a list; without any it goes."""
    _put(holder, key, [one.value for one in held] if any(one.value is not None for one in held) else None)
    _put(holder, f"_{key}", [one.beside for one in held] if any(one.beside is not None for one in held) else None)


def _say(holder: Resource, key: str, said: _Said) -> None:
    _put(holder, key, said.value)
    _put(holder, f"_{key}", said.beside)


def _put(holder: Resource, key: str, value: Any) -> None:
    if value is None:
        holder.pop(key, None)
    else:
        holder[key] = value


# -- places ------------------------------------------------------------------------------------------------------------


def _found(root: Resource, parts: Parts, place: str) -> list[_Spot]:
    path = str(_value(parts, "path", place))
    try:
        return _spots(root, parse(path))
    except (Unknown, ValueError, RecursionError):
        text = say("Stien »{0}« kan ikke bruges i et patch.", "The path “{0}” cannot be used in a patch.", path)
        raise PatchFault(place, text, malformed=True) from None


def _one(root: Resource, parts: Parts, place: str) -> _Spot:
    found = _found(root, parts, place)
    if len(found) != 1:
        raise _not_one(len(found), place)
    return found[0]


def _not_one(found: int, place: str) -> PatchFault:
    text = say(
        "Stien peger på {0} steder. Den skal pege på ét.", "The path leads to {0} places. It must lead to one.", found
    )
    return PatchFault(place, text)


def _list(root: Resource, parts: Parts, place: str) -> tuple[Resource, str, Element]:
    """A whole list that is there, by its holder and its name: all its members are what the path finds."""
    found = _found(root, parts, place)
    if not found or not found[0].element or not isinstance(found[0].keys[-1], int):
        text = say("Stien skal pege på en liste, der er der.", "The path must lead to a list that is there.")
        raise PatchFault(place, text)
    holder, key, _ = _place(root, found[0].keys)
    return holder, key, found[0].element


def _spots(root: Resource, node: Node) -> list[_Spot]:
    if node[0] == "get" and node[1] is None:
        whole = _Spot((), str(root["resourceType"]))
        return [whole] if node[2] in (root["resourceType"], "Resource") else _member(root, whole, node[2])
    if node[0] == "root":
        return [_Spot((), str(root["resourceType"]))]
    if node[0] == "get":
        return [found for spot in _spots(root, node[1]) for found in _member(root, spot, node[2])]
    if node[0] == "item":
        return _spots(root, node[1])[node[2] : node[2] + 1]
    if node[0] == "call" and node[1] is not None:
        return _called(root, _spots(root, node[1]), node[2], node[3])
    raise Unknown(str(node))


def _called(root: Resource, spots: list[_Spot], name: str, arguments: tuple[Node, ...]) -> list[_Spot]:
    if name == "first" and not arguments:
        return spots[:1]
    if name == "last" and not arguments:
        return spots[-1:]
    if name == "where" and len(arguments) == 1:
        return [spot for spot in spots if _holds(_get(root, spot), arguments[0])]
    if name == "extension" and len(arguments) == 1 and arguments[0][0] == "text":
        found = [one for spot in spots for one in _member(root, spot, "extension")]
        return [one for one in found if _with_url(_get(root, one), arguments[0][1])]
    if name in ("ofType", "as") and len(arguments) == 1 and arguments[0][0] == "get":
        return [spot for spot in spots if spot.kind == arguments[0][2]]
    raise Unknown(name)


def _with_url(value: Any, url: str) -> bool:
    return isinstance(value, dict) and value.get("url") == url


def _holds(value: Any, condition: Node) -> bool:
    if condition[0] == "op" and condition[1] in ("and", "or"):
        both = (_holds(value, condition[2]), _holds(value, condition[3]))
        return all(both) if condition[1] == "and" else any(both)
    if condition[0] == "op" and condition[1] == "=" and condition[3][0] in ("text", "number", "truth"):
        return condition[3][1] in _values(value, condition[2])
    raise Unknown(str(condition))


def _values(value: Any, node: Node) -> list[Any]:
    if node[0] == "get" and node[1] is None:
        found = [value]
        name = node[2]
    elif node[0] == "get":
        found, name = _values(value, node[1]), node[2]
    else:
        raise Unknown(str(node))
    if name == "$this":
        return found
    members = [one[name] for one in found if isinstance(one, dict) and name in one]
    return [one for member in members for one in (member if isinstance(member, list) else [member])]


def _member(root: Resource, spot: _Spot, name: str) -> list[_Spot]:
    holder, element = _holder(root, spot), _element(spot.kind, name)
    if element is None:
        raise Unknown(name)
    way = _beside(spot.keys) if spot.kind in primitive_types() else spot.keys
    found = []
    for key, kind in element.keys().items() if isinstance(holder, dict) else ():
        listed = isinstance(holder.get(key, holder.get(f"_{key}")), list)
        for at, said in enumerate(_all_said(holder, key)):
            of = str(said.value.get("resourceType", kind)) if isinstance(said.value, dict) else kind
            found.append(_Spot((*way, key, at) if listed else (*way, key), of, element))
    return found


def _element(kind: str, name: str) -> Element | None:
    if not kind or kind == "xhtml" or not (kind in primitive_types() or kind[0].isupper()):
        return None
    try:
        return shape("Element" if kind in primitive_types() else kind).elements.get(name)
    except (KeyError, StopIteration):
        return None


def _beside(keys: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The keys of what stands beside a primitive."""
    at = len(keys) - (2 if isinstance(keys[-1], int) else 1)
    return (*keys[:at], f"_{keys[at]}", *keys[at + 1 :])


def _tidy(root: Resource, keys: tuple[str | int, ...]) -> None:
    """What stood beside a primitive goes when nothing is left of it."""
    holder, key, at = _place(root, keys)
    if key.startswith("_"):
        held = [one if one.beside else one._replace(beside=None) for one in _all_said(holder, key[1:])]
        if at is None:
            _say(holder, key[1:], held[0])
        else:
            _say_all(holder, key[1:], held)


def _place(root: Resource, keys: tuple[str | int, ...]) -> tuple[Resource, str, int | None]:
    """Where something stands: its holder, its name there, and its number in a list."""
    *way, last = keys
    at = last if isinstance(last, int) else None
    key = str(way.pop() if at is not None else last)
    found: Any = root
    for one in way:
        found = found[one]
    return found, key, at


def _get(root: Resource, spot: _Spot) -> Any:
    """The value of something: None of a primitive that has only extensions."""
    if not spot.keys:
        return root
    holder, key, at = _place(root, spot.keys)
    return _all_said(holder, key)[at or 0].value


def _holder(root: Resource, spot: _Spot) -> Any:
    """What has the members of something: of a primitive they stand beside it."""
    if spot.kind not in primitive_types():
        return _get(root, spot)
    holder, key, at = _place(root, spot.keys)
    beside = _all_said(holder, key)[at or 0].beside
    return {} if beside is None else beside


def _made_holder(root: Resource, spot: _Spot) -> Resource:
    """The same, to write in."""
    found: Resource = _holder(root, spot)
    if spot.kind in primitive_types() and not found:
        holder, key, at = _place(root, spot.keys)
        held = _all_said(holder, key)
        held[at or 0] = held[at or 0]._replace(beside=found)
        if at is None:
            _say(holder, key, held[0])
        else:
            _say_all(holder, key, held)
    return found
