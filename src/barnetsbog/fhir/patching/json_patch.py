"""JSON Patch (RFC 6902) with JSON Pointers (RFC 6901)."""

import copy
import re
from collections.abc import Callable
from typing import Any

from barnetsbog.kernel.sentences import say

from .faults import MOST, PatchFault, missing, none_of, whole, within_bounds

Resource = dict[str, Any]

_NUMBER = re.compile(r"0|[1-9][0-9]*")
_ESCAPE = re.compile(r"~(?![01])")


def json_patched(resource: Resource, operations: Any) -> Resource:
    """The resource with every operation carried out, in order."""
    if not isinstance(operations, list):
        text = say("Et JSON Patch er en liste af operationer.", "A JSON Patch is a list of operations.")
        raise PatchFault("", text, malformed=True)
    if len(operations) > MOST:
        text = say(
            "Der er {0} operationer. Send højst {1}.",
            "There are {0} operations. Send {1} at most.",
            len(operations),
            MOST,
        )
        raise PatchFault("", text, malformed=True)
    root = {"": copy.deepcopy(resource)}
    for number, operation in enumerate(operations):
        _carry_out(root, operation, f"[{number}]")
    found = root[""]
    if not isinstance(found, dict):
        raise PatchFault("", say("Det, der er tilbage, er ikke en ressource.", "What is left is not a resource."))
    return found


def _carry_out(root: dict[str, Any], operation: Any, place: str) -> None:
    named = operation.get("op") if isinstance(operation, dict) else None
    if not isinstance(named, str) or named not in _OPERATIONS:
        raise none_of("op", _OPERATIONS, place)
    act, wanted = _OPERATIONS[named]
    for name in ("path", *wanted):
        if name not in operation:
            raise missing(name, place)
    act(root, operation, place)
    if operation["op"] in ("copy", "add"):
        within_bounds(root[""], place)


def _add(root: dict[str, Any], operation: Resource, place: str) -> None:
    _put(root, _steps(operation["path"], place), copy.deepcopy(operation["value"]), place)


def _remove(root: dict[str, Any], operation: Resource, place: str) -> None:
    _take(root, _steps(operation["path"], place), place)


def _replace(root: dict[str, Any], operation: Resource, place: str) -> None:
    holder, key = _at(root, _steps(operation["path"], place), place)
    holder[key] = copy.deepcopy(operation["value"])


def _move(root: dict[str, Any], operation: Resource, place: str) -> None:
    source, target = _steps(operation["from"], place), _steps(operation["path"], place)
    if len(target) > len(source) and target[: len(source)] == source:
        text = say("Noget kan ikke flyttes ind i sig selv.", "Nothing can be moved into itself.")
        raise PatchFault(place, text)
    _put(root, target, _take(root, source, place), place)


def _copy(root: dict[str, Any], operation: Resource, place: str) -> None:
    holder, key = _at(root, _steps(operation["from"], place), place)
    _put(root, _steps(operation["path"], place), copy.deepcopy(holder[key]), place)


def _test(root: dict[str, Any], operation: Resource, place: str) -> None:
    holder, key = _at(root, _steps(operation["path"], place), place)
    if not _same(holder[key], operation["value"]):
        text = say(
            "{0} er ikke, som operationen regnede med.", "{0} is not as the operation took it to be.", operation["path"]
        )
        raise PatchFault(place, text)


_OPERATIONS: dict[str, tuple[Callable[[dict[str, Any], Resource, str], None], tuple[str, ...]]] = {
    "add": (_add, ("value",)), "remove": (_remove, ()), "replace": (_replace, ("value",)), "move": (_move, ("from",)),
    "copy": (_copy, ("from",)), "test": (_test, ("value",)),
}  # fmt: skip


def _same(one: Any, other: Any) -> bool:
    """As JSON compares: true is not 1."""
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


# -- places ------------------------------------------------------------------------------------------------------------


def _steps(pointer: Any, place: str) -> list[str]:
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")) or _ESCAPE.search(pointer):
        text = say(
            "En sti skal være en JSON Pointer, som begynder med /.",
            "A path must be a JSON Pointer, which begins with /.",
        )
        raise PatchFault(place, text, malformed=True)
    return ["", *(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])]


def _at(root: Any, steps: list[str], place: str) -> tuple[Any, Any]:
    """The container of something that is there, and its key in it."""
    holder = _holder(root, steps, place)
    key = _key(holder, steps[-1])
    if key is None:
        raise _nothing(steps, place)
    return holder, key


def _nothing(steps: list[str], place: str) -> PatchFault:
    return PatchFault(place, say("Der er intet ved {0}.", "There is nothing at {0}.", "/".join(steps)))


def _holder(root: Any, steps: list[str], place: str) -> Any:
    found = root
    for step in steps[:-1]:
        key = _key(found, step)
        if key is None:
            raise _nothing(steps, place)
        found = found[key]
    return found


def _key(holder: Any, step: str) -> Any:
    if isinstance(holder, dict) and step in holder:
        return step
    if isinstance(holder, list) and _NUMBER.fullmatch(step) and len(step) < 10 and int(step) < len(holder):
        return int(step)
    return None


def _put(root: Any, steps: list[str], value: Any, place: str) -> None:
    holder, step = _holder(root, steps, place), steps[-1]
    if isinstance(holder, dict):
        holder[step] = value
    elif isinstance(holder, list) and step in ("-", str(len(holder))):
        holder.append(value)
    else:
        key = _key(holder, step)
        if key is None:
            text = say("Der kan ikke stå noget ved {0}.", "Nothing can stand at {0}.", "/".join(steps))
            raise PatchFault(place, text)
        holder.insert(key, value)


def _take(root: Any, steps: list[str], place: str) -> Any:
    holder, key = _at(root, steps, place)
    if holder is root:
        raise whole(place)
    return holder.pop(key)
