"""Patterns that come with packages: whether one may keep Python busy for ever.

Python tries every way in which a pattern can be met. Where a loop can take the same letters in two ways, as `(a+)+`
does, there are twice as many ways for each letter more, and forty letters are enough for a year. A sender chooses the
letters. Such a pattern is not tried at all.

A pattern is read as its letters and which of them may follow which (Glushkov's automaton). There are two ways through a
loop where a letter may follow another for two reasons, or where two walks from one letter, over the same text and over
different letters of the pattern, meet there again. Repeats with limits are read as loops, and what is asserted around
the text is left out: rather one pattern too many is left untried.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

# The parser of `re` has no public name; there is no other that reads a pattern as `re` will.
from re import _parser  # type: ignore[attr-defined]  # isort: skip

_LETTERS = [chr(number) for number in range(256)]
_DIGITS, _WORDS, _SPACES, _REST = (1 << number for number in range(256, 260))
"""Stand for the letters beyond: digits, other letters of words, spaces, and all that is left."""
_BEYOND = _DIGITS | _WORDS | _SPACES | _REST
_ALL = (1 << 260) - 1
_CATEGORIES: dict[str, tuple[Callable[[str], bool], int]] = {
    "DIGIT": (str.isdigit, _DIGITS),
    "SPACE": (str.isspace, _SPACES),
    "WORD": (lambda one: one.isalnum() or one == "_", _DIGITS | _WORDS),
}
_MOST = 80
"""Letters of a pattern that are walked over two at a time."""


@lru_cache(maxsize=1024)
def quick(pattern: str) -> re.Pattern[str] | None:
    """The pattern, compiled; None when it is none, or one that may take for ever."""
    try:
        made = re.compile(pattern, re.DOTALL)
        letters = _Letters()
        letters.of_all(_parser.parse(pattern), bool(made.flags & re.IGNORECASE))
    except (re.error, RecursionError, OverflowError):
        return None
    return None if letters.twice or letters.meet_again() else made


class _Part(NamedTuple):
    """A part of a pattern: the letters that it can begin and end with, and whether it may be nothing."""

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    empty: bool = True


class _Letters:
    """The letters of a pattern, by number."""

    def __init__(self) -> None:
        self.sets: list[int] = []
        """What each may be: a bit a letter."""
        self.next: list[set[int]] = []
        self.twice = False
        """Whether one follows another for two reasons."""
        self._loops = 0

    # reading

    def of_all(self, parsed: Any, folded: bool) -> _Part:
        whole = _Part()
        for operator, argument in parsed:
            whole = self._after(whole, self._of(str(operator), argument, folded))
        return whole

    def _after(self, one: _Part, other: _Part) -> _Part:
        self._join(one.last, other.first)
        first = one.first + other.first if one.empty else one.first
        last = one.last + other.last if other.empty else other.last
        return _Part(first, last, one.empty and other.empty)

    def _join(self, ends: tuple[int, ...], begins: tuple[int, ...]) -> None:
        for end in ends:
            for begin in begins:
                self.twice |= begin in self.next[end]
                self.next[end].add(begin)

    def _of(self, operator: str, argument: Any, folded: bool) -> _Part:
        if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, parsed = argument
            return self._repeated(low, high, parsed, folded)
        if operator == "SUBPATTERN":
            return self.of_all(argument[-1], folded or bool(argument[1] & re.IGNORECASE))
        if operator == "ATOMIC_GROUP":
            return self.of_all(argument, folded)
        if operator == "BRANCH":
            parts = [self.of_all(one, folded) for one in argument[1]]
            first = tuple(number for part in parts for number in part.first)
            last = tuple(number for part in parts for number in part.last)
            self.twice |= self._loops > 0 and sum(part.empty for part in parts) > 1  # `(a|a)*`, read as `(a(|))*`
            return _Part(first, last, any(part.empty for part in parts))
        if operator in ("AT", "ASSERT", "ASSERT_NOT"):
            return _Part()
        self.sets.append(_letters(operator, argument, folded))
        self.next.append(set())
        at = (len(self.sets) - 1,)
        return _Part(at, at, empty=False)

    def _repeated(self, low: Any, high: Any, parsed: Any, folded: bool) -> _Part:
        loop = low != high and high > 1
        self._loops += loop
        part = self.of_all(parsed, folded)
        self._loops -= loop
        if low != high:
            part = part._replace(empty=part.empty or low == 0)
        if loop:
            self._join(part.last, part.first)
        return part

    # walking

    def meet_again(self) -> bool:
        """Whether two walks over the same text part and meet again in a loop."""
        if len(self.sets) > _MOST:
            return False
        before: dict[tuple[int, int], list[tuple[int, int]]] = {}
        after: dict[tuple[int, int], list[tuple[int, int]]] = {}
        count = range(len(self.sets))
        for pair in ((one, other) for one in count for other in count):
            after[pair] = list(self._onward(pair))
            for following in after[pair]:
                before.setdefault(following, []).append(pair)
        return any(one != other for number in count for one, other in _walk(after, number) & _walk(before, number))

    def _onward(self, pair: tuple[int, int]) -> Iterator[tuple[int, int]]:
        for one in self.next[pair[0]]:
            for other in self.next[pair[1]]:
                if self.sets[one] & self.sets[other]:
                    yield one, other


def _walk(steps: dict[tuple[int, int], list[tuple[int, int]]], number: int) -> set[tuple[int, int]]:
    found, front = set[tuple[int, int]](), [(number, number)]
    while front:
        for pair in steps.get(front.pop(), ()):
            if pair not in found:
                found.add(pair)
                front.append(pair)
    return found


def _letters(operator: str, argument: Any, folded: bool) -> int:
    """What one place of a pattern may be."""
    if operator == "LITERAL":
        return _bits(argument, argument, folded)
    if operator == "NOT_LITERAL":
        return _without(_bits(argument, argument, folded))
    if operator == "IN":
        negated = str(argument[0][0]) == "NEGATE"
        found = 0
        for kind, value in argument[negated:]:
            if str(kind) == "RANGE":
                found |= _bits(value[0], value[1], folded)
            else:
                found |= _category(str(value)) if str(kind) == "CATEGORY" else _letters(str(kind), value, folded)
        return _without(found) if negated else found
    return _category(str(argument)) if operator == "CATEGORY" else _ALL


def _bits(low: int, high: int, folded: bool) -> int:
    found = sum(1 << number for number in range(low, min(high, 255) + 1)) | (_BEYOND if high > 255 else 0)
    if folded:
        both = [ord(one.swapcase()) for one in _LETTERS if found >> ord(one) & 1 and len(one.swapcase()) == 1]
        found |= sum({1 << number for number in both if number < 256})
    return found


def _without(found: int) -> int:
    """All others. Of some letters beyond, all were taken."""
    return _ALL & ~found | (_BEYOND if found & _BEYOND == _BEYOND else 0)


def _category(name: str) -> int:
    """`CATEGORY_NOT_DIGIT` and the like."""
    known = _CATEGORIES.get(name.rpartition("_")[2])
    if known is None:
        return _ALL
    test, beyond = known
    found = sum(1 << ord(one) for one in _LETTERS if test(one)) | beyond
    return _ALL & ~found if "_NOT_" in name else found
