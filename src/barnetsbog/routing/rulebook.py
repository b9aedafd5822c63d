"""The rules, ready to be asked: by who asks and at which door, the highest level first.

**What it means that a rule is off.** It is as if it weren't there: the rule below it decides, or none does, and then
nothing is said about the door. No two rules may fit the same question on the same level, whether they are on or off
(`build` refuses them), so that no switch can ever leave two answers of which one happens to win.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from .files import Contents, RoutingError
from .model import EMERGENCY, Asker, Case, Change, Door, Local, Rule, Suspicion


@dataclass(frozen=True, eq=False)
class Rulebook:
    """Made by `build`. Two books are the same only if they are one and the same, so a book can be a key."""

    askers: Mapping[str, Asker]
    suspicions: Mapping[str, Suspicion]
    doors: Mapping[str, Door]
    rules: Mapping[str, Rule]
    """Every rule, also those that are off."""
    cases: Mapping[str, Case]

    @cached_property
    def by_asker(self) -> Mapping[str, Mapping[str, tuple[Rule, ...]]]:
        """The rules that are on, by asker and door, the highest level first."""
        return {asker: self._doors_of(asker) for asker in self.askers}

    def _doors_of(self, asker: str) -> dict[str, tuple[Rule, ...]]:
        mine = sorted(
            (one for one in self.rules.values() if one.on and asker in one.askers), key=lambda one: -one.level
        )
        found = {door: tuple(one for one in mine if door in one.doors) for door in self.doors}
        return {door: rules for door, rules in found.items() if rules}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Each door's place in the file: what decides between equals."""
        return {door: place for place, door in enumerate(self.doors)}


def build(contents: Contents, cases: Mapping[str, Case]) -> Rulebook:
    """The rules as a book. `RoutingError`: two of them contradict each other, or there is no acute door."""
    if EMERGENCY not in contents.doors:
        raise RoutingError(f"rules.yaml: døren {EMERGENCY}, som står på alle svar, mangler")
    _no_contradiction(contents.rules.values())
    return Rulebook(contents.askers, contents.suspicions, contents.doors, contents.rules, cases)


def _no_contradiction(rules: Iterable[Rule]) -> None:
    for one, other in combinations(rules, 2):
        if one.level == other.level and _meet(one, other):
            raise RoutingError(
                f"rules.yaml: reglerne {one.id} og {other.id} siger begge noget om samme dør på samme niveau "
                f"({one.level}), så den ene ville vinde ved et tilfælde. Giv den ene et andet niveau."
            )


def _meet(one: Rule, other: Rule) -> bool:
    """Whether some question fits both."""
    return (
        max(one.from_age, other.from_age) < min(one.below, other.below)
        and bool(one.askers & other.askers)
        and bool(one.doors & other.doors)
        and bool(one.suspicions & other.suspicions)
        and bool(one.urgencies & other.urgencies)
        and bool(one.homes & other.homes)
    )


def changed(contents: Contents, local: Local) -> Contents:
    """The rules with an instance's own changes."""
    rules = dict(contents.rules)
    for change in local.changes.values():
        rules[change.rule] = _changed(rules[change.rule], change)
    return replace(contents, rules=rules)


def _changed(rule: Rule, change: Change) -> Rule:
    return replace(
        rule,
        on=rule.on if change.on is None else change.on,
        rank=rule.rank if change.rank is None else change.rank,
        reason=rule.reason if change.reason is None else change.reason,
    )
