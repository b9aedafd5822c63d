"""Slicing: which slice an item belongs to (https://hl7.org/fhir/R4/profiling.html#slicing)."""

from collections.abc import Callable
from typing import Any, Protocol

from barnetsbog.fhir.issues import Chain
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.profiling.nodes import Node
from barnetsbog.fhir.profiling.run import Item, Run
from barnetsbog.fhir.profiling.values import ELSEWHERE, follow, matches, steps
from barnetsbog.fhir.threefold import either, every

Match = Callable[[Item, Run], bool | None]
"""Whether an item is of a slice; None when it can't be told."""
Defined = tuple[Node, bool]
"""An element of a definition, and whether that is of the version that was meant."""
Group = Callable[[list[Item], Run, Chain], None]
"""What must hold for all items of an element, or of a slice, together."""


DEFAULT = "@default"
"""The name of the slice of everything that is in no other."""


def grouped(
    profile: str, slicing: Json, slices: list[tuple[str, Match, Group]], remaining: Group | None = None
) -> Group:
    """Sorts items into slices and hands each slice what is its own. `remaining`: what must hold for those of none."""
    rules, ordered = slicing.get("rules", "open"), slicing.get("ordered") is True
    names = ", ".join(name for name, _, _ in slices)

    def check(items: list[Item], run: Run, chain: Chain) -> None:
        own: list[list[Item]] = [[] for _ in slices]
        doubtful = [False] * len(slices)
        last, ended = 0, False
        rest, unsure = list[Item](), False
        for item in items:
            answers = [match(item, run) for _, match, _ in slices]
            doubtful = [known or answer is None for known, answer in zip(doubtful, answers, strict=True)]
            if True not in answers:
                if None in answers:  # it may be of a slice all the same
                    unsure = True
                    continue
                ended = True
                rest.append(item)
                if rules == "closed" and remaining is None:
                    run.error("profile-closed", item.chain, profile, names)
                continue
            place = answers.index(True)
            if (ordered and place < last) or (rules == "openAtEnd" and ended):
                run.error("profile-order", item.chain, profile, names)
            last = max(last, place)
            own[place].append(item)
        for (_, _, group), mine, doubt in zip(slices, own, doubtful, strict=True):
            if mine or not doubt:  # a slice that others may be of too can't be said to have too few
                run.doubt += doubt
                group(mine, run, chain)
                run.doubt -= doubt
        if remaining is not None and (rest or not unsure):
            run.doubt += unsure
            remaining(rest, run, chain)
            run.doubt -= unsure

    return check


class Definitions(Protocol):
    """What a match must know of other profiles and of codes."""

    def root(self, canonical: str) -> Defined | None:
        """The root element of the profile at an address."""

    def kinds(self, node: Node) -> list[str]:
        """The types that an element may have."""

    def keeps(self, canonical: str, item: Item, run: Run) -> bool | None:
        """Whether a value keeps to a profile. That the profile isn't loaded is told."""

    def member(self, canonical: str, item: Item, run: Run) -> bool | None:
        """Whether a value is in a value set. What isn't loaded of it is told."""


class Discriminators:
    """Makes the match of a slice out of its slicing's discriminators."""

    def __init__(self, ask: Definitions) -> None:
        self._ask = ask

    def match(self, owner: Node, one: Node) -> Match | None:
        """None when nothing tells the slice from others."""
        listed = owner.raw.get("slicing", {}).get("discriminator", ())
        tests = [test for each in listed if (test := self._test(each, one))]
        if not tests:
            return None
        if len(tests) == 1:
            return tests[0]
        return lambda item, run: every(test(item, run) for test in tests)

    def _test(self, discriminator: Json, one: Node) -> Match | None:
        path = steps(str(discriminator.get("path", "")))
        if path is None:
            return None
        kind = discriminator.get("type")
        defined = self._defined(one, path)
        if kind == "exists":
            return _exists(path, [node for node, _ in defined])
        if kind == "type":
            kinds = frozenset(code for node, _ in defined for code in self._ask.kinds(node))
            return _ends(path, lambda item, run: item.kind in kinds if item.kind else None) if kinds else None
        if kind == "profile":
            return self._profiles(path, one)
        tests = [_known(test, meant) for node, meant in defined if (test := self._criterion(node))]
        if not tests and path == (("get", "url"),):
            return self._extension(one)
        if not tests:
            return None
        return _ends(path, lambda item, run: either(_here(item, test, run) for test in tests))

    def _extension(self, one: Node) -> Match | None:
        """An extension's address is its profile's, also when the profile isn't loaded."""
        urls = _profiles_of(one)
        if not urls:
            return None
        return lambda item, run: item.content().get("url") in urls

    def _profiles(self, path: Any, one: Node) -> Match | None:
        resolved = bool(path) and path[-1][0] == "resolve"
        source = self._defined(one, path[:-1] if resolved else path)
        wanted = "targetProfile" if resolved else "profile"
        urls = [url for node, _ in source for kind in node.types() for url in kind.get(wanted, ())]
        return _ends(path, lambda item, run: either(self._ask.keeps(url, item, run) for url in urls)) if urls else None

    # the slice's own side

    def _defined(self, one: Node, path: Any) -> list[Defined]:
        """The elements at the end of a path, as the slice defines them."""
        found: list[Defined] = [(one, True)]
        for step, argument in path:
            found = [
                (below, meant and also) for node, meant in found for below, also in self._below(node, step, argument)
            ]
        return found

    def _below(self, node: Node, step: str, argument: str) -> list[Defined]:
        if step == "resolve":
            return self._roots(node, "targetProfile")
        if step == "ofType":
            return [(node, True)]
        if step == "extension":
            extensions = node.children.get("extension")
            inner = extensions.slices.values() if extensions else ()
            return [(one, True) for one in inner if argument in _profiles_of(one)]
        child = node.children.get(argument) or node.children.get(f"{argument}[x]")
        if child:
            if child.slices and child.name.endswith("[x]"):
                return [(one, True) for one in child.slices.values()]
            return [(one, True) for one in (child, *_needed(child))]
        return [
            (below, meant and also)
            for root, meant in self._roots(node, "profile")
            if root is not node
            for below, also in self._below(root, step, argument)
        ]

    def _roots(self, node: Node, member: str) -> list[Defined]:
        return [root for kind in node.types() for url in kind.get(member, ()) if (root := self._ask.root(url))]

    def _criterion(self, node: Node) -> Match | None:
        """What an element demands of a value: fixed, pattern, codes, or what its members demand."""
        fixed, pattern = node.value("fixed"), node.value("pattern")
        if fixed is not None:
            return lambda item, run: bool(item.value == fixed)
        if pattern is not None:
            return lambda item, run: matches(pattern, item.value)
        inner = [(name, test) for name, child in node.children.items() for test in self._criteria(child)]
        if inner:
            return lambda item, run: every(
                either(test(found, run) for found in follow(item, (("get", name),), run)) for name, test in inner
            )
        binding = node.raw.get("binding", {})
        if binding.get("strength") == "required" and binding.get("valueSet"):
            url = str(binding["valueSet"])
            return lambda item, run: self._ask.member(url, item, run)
        return None

    def _criteria(self, child: Node) -> list[Match]:
        """Of a member, and of its slices that must be there."""
        return [test for node in (child, *_needed(child)) if (test := self._criterion(node))]


def _needed(node: Node) -> list[Node]:
    """The slices of an element that must be there."""
    return [one for one in node.slices.values() if one.raw.get("min", 0) > 0]


def _profiles_of(node: Node) -> tuple[str, ...]:
    return tuple(url.partition("|")[0] for kind in node.types() for url in kind.get("profile", ()))


def _known(test: Match, meant: bool) -> Match:
    """What a definition of another version than was meant doesn't recognise may be right all the same."""
    return test if meant else lambda item, run: test(item, run) or None


def _here(item: Item, test: Match, run: Run) -> bool | None:
    """A test of what a reference leads to can't be made when that isn't here."""
    return None if item.beside is ELSEWHERE else test(item, run)


def _ends(path: Any, test: Match) -> Match:
    if not path:
        return test
    return lambda item, run: either(test(found, run) for found in follow(item, path, run))


def _exists(path: Any, defined: list[Node]) -> Match | None:
    if any(node.raw.get("max") == "0" for node in defined):
        return lambda item, run: not follow(item, path, run)
    if any(node.raw.get("min", 0) > 0 for node in defined):
        return lambda item, run: bool(follow(item, path, run))
    return None
