"""FHIRPath Patch: operations in a Parameters resource, each of which names one place by a FHIRPath expression.

The standard allows a simple subset of FHIRPath: members, places in lists, `first()`, `last()`, `where(...)` with
equalities, `extension(...)` and `ofType(...)`. A place is the way there from the root, as keys.
"""

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

from barnetsbog.fhir.definitions import Element, primitive_types, shape
from barnetsbog.fhir.fhirpath import Node, Unknown, parse
from barnetsbog.kernel.sentences import say

from .faults import MOST, PatchFault, missing, none_of, whole, within_bounds

Resource = dict[str, Any]
Parts = dict[str, Resource]


class _Spot(NamedTuple):
    """Something in a resource: the keys that lead there, and its type."""

    keys: tuple[str | int, ...]
    kind: str


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
    holder, name = _get(root, spot.keys), str(_value(parts, "name", place))
    element = _element(spot.kind, name)
    if element is None or not isinstance(holder, dict):
        raise PatchFault(place, say("{0} findes ikke der.", "{0} does not exist there.", name))
    key, value = _given(parts, element, place)
    if element.many:
        held = holder.setdefault(key, [])
        if not isinstance(held, list):
            raise PatchFault(place, say("{0} er ikke en liste.", "{0} is not a list.", name))
        held.append(value)
        return
    if not element.keys().keys().isdisjoint(holder):
        text = say(
            "{0} er der allerede, og der kan kun stå én. Brug replace.",
            "{0} is there already, and only one may stand there. Use replace.",
            name,
        )
        raise PatchFault(place, text)
    holder[key] = value


def _insert(root: Resource, parts: Parts, place: str) -> None:
    held, element = _list(root, parts, place)
    index = _index(parts, "index", len(held), place)
    held.insert(index, _given(parts, element, place)[1])


def _delete(root: Resource, parts: Parts, place: str) -> None:
    """What is not there is deleted already."""
    found = _found(root, parts, place)
    if len(found) > 1:
        raise _not_one(len(found), place)
    for spot in found:
        _remove(root, spot.keys, place)


def _replace(root: Resource, parts: Parts, place: str) -> None:
    spot = _one(root, parts, place)
    if not spot.keys:
        text = say("Hele ressourcen kan ikke skiftes ud med et patch.", "A patch cannot replace the whole resource.")
        raise PatchFault(place, text)
    element = _element_at(root, spot.keys)
    key, value = _given(parts, element, place)
    holder = _get(root, spot.keys[:-1])
    if isinstance(holder, dict) and key != spot.keys[-1]:  # a choice of another type
        del holder[spot.keys[-1]]
        holder[key] = value
    else:
        holder[spot.keys[-1]] = value


def _move(root: Resource, parts: Parts, place: str) -> None:
    held, _ = _list(root, parts, place)
    source = _index(parts, "source", len(held) - 1, place)
    moved = held.pop(source)
    held.insert(_index(parts, "destination", len(held), place), moved)


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


def _given(parts: Parts, element: Element, place: str) -> tuple[str, Any]:
    """The JSON name that a value stands under, and the value: of a part without a type of its own it is given piece by
    piece, as parts."""
    part = parts.get("value")
    if part is None:
        raise missing("value", place)
    return _content(part, element, place)


def _content(part: Resource, element: Element, place: str) -> tuple[str, Any]:
    told = [(key, value) for key, value in part.items() if key.startswith("value")]
    if len(told) == 1:
        kind = told[0][0].removeprefix("value")
        return (element.name + kind if element.choice else element.name), copy.deepcopy(told[0][1])
    pieces = part.get("part")
    if told or not isinstance(pieces, list) or element.choice:
        text = say(
            "value skal have én værdi (value[x]) eller dele (part).",
            "value must have one value (value[x]) or parts (part).",
        )
        raise PatchFault(place, text, malformed=True)
    return element.name, _pieces(pieces, element.types[0], place)


def _pieces(pieces: list[Any], kind: str, place: str) -> Resource:
    found: Resource = {}
    for piece in pieces:
        name = str(piece.get("name", "")) if isinstance(piece, dict) else ""
        element = _element(kind, name)
        if element is None:
            text = say("{0} findes ikke i {1}.", "{0} does not exist in {1}.", name or say("Navnet", "The name"), kind)
            raise PatchFault(place, text)
        key, value = _content(piece, element, place)
        if element.many:
            found.setdefault(key, []).append(value)
        else:
            found[key] = value
    return found


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


def _list(root: Resource, parts: Parts, place: str) -> tuple[list[Any], Element]:
    """A whole list that is there: all its members are what the path finds."""
    found = _found(root, parts, place)
    if not found or not found[0].keys or not isinstance(found[0].keys[-1], int):
        text = say("Stien skal pege på en liste, der er der.", "The path must lead to a list that is there.")
        raise PatchFault(place, text)
    held = _get(root, found[0].keys[:-1])
    return held, _element_at(root, found[0].keys)


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
        return [spot for spot in spots if _holds(_get(root, spot.keys), arguments[0])]
    if name == "extension" and len(arguments) == 1 and arguments[0][0] == "text":
        found = [one for spot in spots for one in _member(root, spot, "extension")]
        return [one for one in found if _with_url(_get(root, one.keys), arguments[0][1])]
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
    holder, element = _get(root, spot.keys), _element(spot.kind, name)
    if element is None:
        raise Unknown(name)
    found = []
    for key, kind in element.keys().items() if isinstance(holder, dict) else ():
        if key not in holder:
            continue
        value = holder[key]
        kind = str(value.get("resourceType", kind)) if isinstance(value, dict) else kind
        many = [(*spot.keys, key, at) for at in range(len(value))] if isinstance(value, list) else [(*spot.keys, key)]
        found += [_Spot(keys, kind) for keys in many]
    return found


def _element(kind: str, name: str) -> Element | None:
    if not kind or kind in primitive_types() or not kind[0].isupper():
        return None
    try:
        return shape(kind).elements.get(name)
    except (KeyError, StopIteration):
        return None


def _element_at(root: Resource, keys: tuple[str | int, ...]) -> Element:
    """The element that the value at these keys is one of."""
    kind, found = str(root["resourceType"]), None
    for key in (key for key in keys if isinstance(key, str)):
        for element in shape(kind).elements.values():
            names = element.keys()
            if key in names:
                found, kind = element, names[key]
    assert found
    return found


def _get(root: Resource, keys: tuple[str | int, ...]) -> Any:
    found: Any = root
    for key in keys:
        found = found[key]
    return found


def _remove(root: Resource, keys: tuple[str | int, ...], place: str) -> None:
    """A list that becomes empty goes with its last member: FHIR knows no empty lists."""
    if not keys:
        raise whole(place)
    holder = _get(root, keys[:-1])
    del holder[keys[-1]]
    if isinstance(holder, list) and not holder:
        del _get(root, keys[:-2])[keys[-2]]
