"""The small functions that a compiled profile is put together of."""

from collections.abc import Callable
from typing import Any

from barnetsbog.fhir.dates import may_precede
from barnetsbog.fhir.issues import Chain
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.primitives import shown
from barnetsbog.fhir.profiling.codes import not_loaded
from barnetsbog.fhir.profiling.nodes import Node
from barnetsbog.fhir.profiling.run import Check, Item, Run
from barnetsbog.fhir.profiling.slicing import Group, Match
from barnetsbog.kernel import exact

Step = Callable[[Json, Run, Chain], None]
"""Checks one element of an object."""


def nothing(items: list[Item], run: Run, chain: Chain) -> None:
    """Nothing is demanded."""


def unreadable(url: str) -> Check:
    """A definition that isn't made as the standard has it can't be judged by."""
    return lambda item, run: not_loaded(run, item.chain, "profile-unreadable", url)


def untold(url: str, place: str) -> Group:
    """Slices that nothing tells apart: nothing can be demanded of them."""
    return lambda items, run, chain: not_loaded(run, chain, "profile-slices", url, place) if items else None


def in_one(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]

    def check(item: Item, run: Run) -> None:
        for one in checks:
            one(item, run)

    return check


def for_each(one: Check) -> Group:
    def check(items: list[Item], run: Run, chain: Chain) -> None:
        for item in items:
            one(item, run)

    return check


def in_turn(parts: list[Group]) -> Group:
    def check(items: list[Item], run: Run, chain: Chain) -> None:
        for part in parts:
            part(items, run, chain)

    return check


def of_members(steps: list[Step]) -> Check:
    def check(item: Item, run: Run) -> None:
        content = item.content()
        for step in steps:
            step(content, run, item.chain)

    return check


def of_value(rule: str, holds: Callable[[Any], bool], *params: str) -> Check:
    """A question of the value itself; a primitive that isn't stated can't be wrong."""

    def check(item: Item, run: Run) -> None:
        if item.value is not None and not holds(item.value):
            run.error(rule, item.chain, *params)

    return check


def of_types(profile: str, codes: frozenset[str]) -> Check:
    allowed = ", ".join(sorted(codes))

    def check(item: Item, run: Run) -> None:
        if item.kind and item.kind not in codes:
            run.error("profile-type", item.chain, profile, item.kind, allowed)

    return check


def is_of_types(one: Node) -> Match:
    codes = frozenset(one.type_codes())
    return lambda item, run: item.kind in codes


def is_open(node: Node) -> bool:
    """Whether an element may be of several types: a choice, or any resource."""
    return node.name.endswith("[x]") or str(node.raw.get("path", "")).endswith((".resource", ".contained", ".outcome"))


def is_at_most(low: Any, high: Any) -> bool:
    """Whether a value isn't above another; what can't be compared (quantities in other units) isn't held against it."""
    if isinstance(low, dict) and isinstance(high, dict):
        if (low.get("system"), low.get("code")) != (high.get("system"), high.get("code")):
            return True
        low, high = low.get("value"), high.get("value")
    if isinstance(low, str) and isinstance(high, str):
        return _may_precede(low, high)
    if isinstance(low, int | float) and isinstance(high, int | float):
        return low <= high
    return True


def _may_precede(low: str, high: str) -> bool:
    """Of dates, and of times of day; what is no date is the base check's to tell."""
    if ":" in low[:3] or ":" in high[:3]:
        return low <= high
    try:
        return may_precede(low, high)
    except ValueError:
        return True


def told(value: Any) -> str:
    return shown(value if isinstance(value, str) else exact.dumps(value).decode())
