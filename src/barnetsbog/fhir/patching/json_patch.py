"""JSON Patch (RFC 6902) with JSON Pointers (RFC 6901)."""

import copy
import re
from collections.abc import Callable
from typing import Any

from .faults import MOST, PatchFault, within_bounds

Resource = dict[str, Any]

_NUMBER = re.compile(r"0|[1-9][0-9]*")
_ESCAPE = re.compile(r"~(?![01])")


def json_patched(resource: Resource, operations: Any) -> Resource:
    """The resource with every operation carried out, in order."""
    if not isinstance(operations, list):
        raise PatchFault("", "Et JSON Patch er en liste af operationer.", malformed=True)
    if len(operations) > MOST:
        raise PatchFault("", f"Der er {len(operations)} operationer. Send højst {MOST}.", malformed=True)
    root = {"": copy.deepcopy(resource)}
    for number, operation in enumerate(operations):
        _carry_out(root, operation, f"[{number}]")
    found = root[""]
    if not isinstance(found, dict):
        raise PatchFault("", "Det, der er tilbage, er ikke en ressource.")
    return found


def _carry_out(root: dict[str, Any], operation: Any, place: str) -> None:
    if not isinstance(operation, dict) or operation.get("op") not in _OPERATIONS:
        raise PatchFault(place, f"op skal være en af {', '.join(_OPERATIONS)}.", malformed=True)
    act, wanted = _OPERATIONS[operation["op"]]
    for name in ("path", *wanted):
        if name not in operation:
            raise PatchFault(place, f"{name} mangler.", malformed=True)
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
        raise PatchFault(place, "Noget kan ikke flyttes ind i sig selv.")
    _put(root, target, _take(root, source, place), place)


def _copy(root: dict[str, Any], operation: Resource, place: str) -> None:
    holder, key = _at(root, _steps(operation["from"], place), place)
    _put(root, _steps(operation["path"], place), copy.deepcopy(holder[key]), place)


def _test(root: dict[str, Any], operation: Resource, place: str) -> None:
    holder, key = _at(root, _steps(operation["path"], place), place)
    if not _same(holder[key], operation["value"]):
        raise PatchFault(place, f"{operation['path']} er ikke, som operationen regnede med.")


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
        raise PatchFault(place, "En sti skal være en JSON Pointer, som begynder med /.", malformed=True)
    return ["", *(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])]


def _at(root: Any, steps: list[str], place: str) -> tuple[Any, Any]:
    """The container of something that is there, and its key in it."""
    holder = _holder(root, steps, place)
    key = _key(holder, steps[-1])
    if key is None:
        raise PatchFault(place, f"Der er intet ved {'/'.join(steps)}.")
    return holder, key


def _holder(root: Any, steps: list[str], place: str) -> Any:
    found = root
    for step in steps[:-1]:
        key = _key(found, step)
        if key is None:
            raise PatchFault(place, f"Der er intet ved {'/'.join(steps)}.")
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
            raise PatchFault(place, f"Der kan ikke stå noget ved {'/'.join(steps)}.")
        holder.insert(key, value)


def _take(root: Any, steps: list[str], place: str) -> Any:
    holder, key = _at(root, steps, place)
    if holder is root:
        raise PatchFault(place, "Hele ressourcen kan ikke fjernes med et patch.")
    return holder.pop(key)
