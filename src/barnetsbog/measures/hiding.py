"""Which numbers are too small to be shown, and which must go with them. Pure.

A count of one to four could be about somebody whom the reader knows (law-and-access §5). It is hidden, and so is every
number that it could be found from by subtraction: the part of a whole whose rest is that small, the share of the two,
and the sum of a year unless the hidden months in it could still have been several things. Which year that is, so that
no sum can be subtracted from another: `rules.last_year`.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from .model import Cell, Mark, Share

FEWEST = 5
"""The smallest count that is shown, but for none at all."""

HIDDEN, NOTHING = Cell(Mark.HIDDEN), Cell(Mark.NOTHING)


def is_small(count: int) -> bool:
    return 0 < count < FEWEST


def count(number: int) -> Cell:
    return Cell(Mark.FEW) if is_small(number) else Cell(Mark.SHOWN, number)


def resting_on(bases: Collection[int], *values: float) -> tuple[Cell, ...]:
    """Numbers that are about so many matters or children, of each sort."""
    return tuple(HIDDEN if any(map(is_small, bases)) else Cell(Mark.SHOWN, value) for value in values)


def share(one: Share) -> tuple[Cell, Cell, Cell]:
    """The part, the whole and the percentage. A part whose rest is small is hidden like a small part. Of a whole under
    ten it is not even said which of the two is small: of six, what is not few and has a small rest is five."""
    whole = count(one.whole)
    if whole.mark is Mark.FEW:
        return HIDDEN, whole, HIDDEN
    if is_small(one.part) or is_small(one.whole - one.part):
        return (HIDDEN if one.whole < 2 * FEWEST else _few_or_hidden(one.part)), whole, HIDDEN
    return count(one.part), whole, Cell(Mark.SHOWN, 100 * one.part / one.whole) if one.whole else NOTHING


def _few_or_hidden(part: int) -> Cell:
    return count(part) if is_small(part) else HIDDEN


def together(months: Sequence[Share]) -> tuple[Cell, Cell, Cell]:
    """The sum of months that are shown as `share` shows them: hidden when it would tell what one of them hides."""
    ranges = [_could_be(one) for one in months]
    safe = all(
        _leaves_open(numbers, could_be)
        for numbers, could_be in (
            ([one.part for one in months], [one.part for one in ranges]),
            ([one.whole for one in months], [one.whole for one in ranges]),
            ([one.whole - one.part for one in months], [one.rest for one in ranges]),
        )
    )
    if not safe:
        return HIDDEN, HIDDEN, HIDDEN
    return share(Share(sum(one.part for one in months), sum(one.whole for one in months)))


class _Ranges(NamedTuple):
    """What a reader knows of a month: the least and the most that each number can be."""

    part: tuple[int, int]
    whole: tuple[int, int]
    rest: tuple[int, int]


def _could_be(one: Share) -> _Ranges:
    part, whole, most = one.part, one.whole, FEWEST - 1
    if is_small(whole):
        return _Ranges((0, most), (1, most), (0, most))
    if 0 < part < whole < 2 * FEWEST:
        return _Ranges((1, whole - 1), (whole, whole), (1, whole - 1))
    if is_small(part):
        return _Ranges((1, most), (whole, whole), (whole - most, whole - 1))
    if is_small(whole - part):
        return _Ranges((whole - most, whole - 1), (whole, whole), (1, most))
    return _Ranges((part, part), (whole, whole), (whole - part, whole - part))


def _leaves_open(numbers: Iterable[int], ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether the sum of these numbers leaves each of the hidden ones at least two values: there are two of them or
    more, and their sum is neither the least nor the most that it can be."""
    hidden = [
        (number, least, most) for number, (least, most) in zip(numbers, ranges, strict=True) if least < most
    ]  # fmt: skip
    told = sum(number for number, _, _ in hidden)
    low, high = sum(least for _, least, _ in hidden), sum(most for _, _, most in hidden)
    return not hidden or (len(hidden) > 1 and low < told < high)
