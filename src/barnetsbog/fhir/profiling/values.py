"""Reading values: the items of an element, whether one is as fixed or as a pattern, and steps from one to others."""

import re
from collections.abc import Callable
from functools import cache
from itertools import zip_longest
from typing import Any

from barnetsbog.fhir.definitions import pack
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.profiling.run import Item, Run, resource_kind
from barnetsbog.fhir.targets import target_type

Gather = Callable[[Json, Any], list[Item]]


@cache
def data_types() -> frozenset[str]:
    return frozenset(name for name, known in pack()["types"].items() if known["kind"] != "resource")


@cache
def choices(name: str) -> dict[str, str]:
    """The JSON names of a choice, `value[x]`, and the type each stands for."""
    return {name + kind[0].upper() + kind[1:]: kind for kind in data_types()}


def gatherer(name: str, kind: str) -> Gather:
    """Reads the items of an element out of an object."""
    if name.endswith("[x]"):
        keys = choices(name.removesuffix("[x]"))
        return lambda content, chain: (
            [item for key in content.keys() & keys.keys() for item in _items(content, key, keys[key], chain)]
            or [
                item
                for key in content
                if key[:1] == "_" and key[1:] in keys and key[1:] not in content
                for item in _items(content, key[1:], keys[key[1:]], chain)
            ]
        )
    beside = f"_{name}"
    if name == "extension" or name == "modifierExtension":
        kind = "Extension"
    return lambda content, chain: _items(content, name, kind, chain) if name in content or beside in content else []


def _items(content: Json, name: str, kind: str, chain: Any) -> list[Item]:
    value, beside = content.get(name), content.get(f"_{name}")
    if type(value) is not list and type(beside) is not list:
        return [Item(value, beside, _kind(value, kind), (chain, name, None))]
    values, siblings = (one if type(one) is list else [] for one in (value, beside))
    return [
        Item(one, sibling, _kind(one, kind), (chain, name, index))
        for index, (one, sibling) in enumerate(zip_longest(values, siblings))
    ]


def _kind(value: Any, kind: str) -> str:
    """A resource says itself what it is."""
    return resource_kind(value) or kind


def matches(pattern: Any, value: Any) -> bool:
    """Whether a value says what a pattern says, and maybe more (ElementDefinition.pattern[x])."""
    if type(pattern) is dict:
        return type(value) is dict and all(name in value and matches(one, value[name]) for name, one in pattern.items())
    if type(pattern) is list:
        return type(value) is list and all(any(matches(one, other) for other in value) for one in pattern)
    return bool(pattern == value) and isinstance(pattern, bool) is isinstance(value, bool)


# -- the paths of discriminators ---------------------------------------------------------------------------------------

_STEP = re.compile(
    r"\s*(?:(\$this)|(resolve|extension|ofType)\(\s*(?:'([^']*)'|([\w.]*))\s*\)|([A-Za-z]\w*))\s*(?:\.|$)"
)


def steps(path: str) -> tuple[tuple[str, str], ...] | None:
    """The steps of a discriminator's path (https://hl7.org/fhir/R4/profiling.html#discriminator): pairs of what to do
    and with what. None when the path is of another form."""
    found, position = [], 0
    while position < len(path):
        match = _STEP.match(path, position)
        if not match:
            return None
        position = match.end()
        if match[2]:
            found.append((match[2], match[3] or match[4] or ""))
        elif match[5]:
            found.append(("get", match[5]))
    return tuple(found)


ELSEWHERE = object()
"""Stands beside what a reference leads to when it isn't here, or is only told by a number or a name: its type may be
known, and nothing else is."""


def follow(item: Item, path: tuple[tuple[str, str], ...], run: Run) -> list[Item]:
    """Everything at the end of a path. What a reference leads to without being here is an item with no value."""
    found = [item]
    for step, argument in path:
        found = [next_one for one in found for next_one in _step(one, step, argument, run)]
    return found


def _step(item: Item, step: str, argument: str, run: Run) -> list[Item]:
    if item.beside is ELSEWHERE:
        return [item]
    content = item.content()
    if step == "resolve":
        return _resolved(item, run)
    if step == "extension":
        return [one for one in _items(content, "extension", "Extension", item.chain)
                if type(one.value) is dict and one.value.get("url") == argument]  # fmt: skip
    if step == "ofType":
        return [item] if item.kind == argument.rpartition(".")[2] else []
    if argument in content or f"_{argument}" in content:
        return _items(content, argument, "", item.chain)
    return gatherer(f"{argument}[x]", "")(content, item.chain)


def _resolved(item: Item, run: Run) -> list[Item]:
    reference = item.content().get("reference") if type(item.value) is dict else item.value
    if type(reference) is not str and type(item.value) is not dict:
        return []
    if type(reference) is str and (found := run.target(reference)):
        return [Item(found.resource, None, resource_kind(found.resource), item.chain)]
    kind = target_type(str(reference)) or resource_kind({"resourceType": item.content().get("type")})
    return [Item(None, ELSEWHERE, kind, item.chain)]
