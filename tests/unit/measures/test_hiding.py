"""Small numbers: which are hidden, and that nobody finds them again from what is shown."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barnetsbog.measures.hiding import FEWEST, HIDDEN, NOTHING, count, is_small, resting_on, share, together
from barnetsbog.measures.model import Cell, Mark, Share

FEW = Cell(Mark.FEW)


def shown(value: float) -> Cell:
    return Cell(Mark.SHOWN, value)


@pytest.mark.parametrize(
    ("number", "cell"), [(0, shown(0)), (1, FEW), (4, FEW), (5, shown(5)), (37, shown(37))]
)  # fmt: skip
def test_one_to_four_are_few(number: int, cell: Cell) -> None:
    assert count(number) == cell


@pytest.mark.parametrize(
    ("part", "whole", "cells"),
    [
        (6, 12, (shown(6), shown(12), shown(50))),
        (0, 12, (shown(0), shown(12), shown(0))),
        (12, 12, (shown(12), shown(12), shown(100))),
        (0, 0, (shown(0), shown(0), NOTHING)),
        (3, 12, (FEW, shown(12), HIDDEN)),  # 25 % of 12 would say 3
        (9, 12, (HIDDEN, shown(12), HIDDEN)),  # and 9 would say that 3 were not
        (2, 4, (HIDDEN, FEW, HIDDEN)),
        (0, 4, (HIDDEN, FEW, HIDDEN)),
        (3, 6, (HIDDEN, shown(6), HIDDEN)),
        (5, 6, (HIDDEN, shown(6), HIDDEN)),  # a reader would know that it is five, were 3 of 6 few
        (0, 6, (shown(0), shown(6), shown(0))),
    ],
)
def test_a_share_is_told_as_far_as_it_tells_of_no_few(part: int, whole: int, cells: tuple[Cell, ...]) -> None:
    assert share(Share(part, whole)) == cells


def test_days_of_few_matters_are_hidden_however_many_days() -> None:
    assert resting_on([1], 41) == (HIDDEN,)
    assert resting_on([5], 41, 8.2) == (shown(41), shown(8.2))
    assert resting_on([7, 4], 41) == (HIDDEN,)
    assert resting_on([0], 0) == (shown(0),)


@pytest.mark.parametrize(
    ("months", "told"),
    [
        ([Share(5, 10), Share(5, 10)], True),
        ([Share(5, 10), Share(1, 2)], False),  # one hidden month is the sum without the others
        ([Share(1, 2), Share(1, 2), Share(5, 10)], True),
        ([Share(0, 1), Share(0, 1), Share(5, 10)], False),  # two that are two together are one each
        ([Share(4, 4), Share(4, 4), Share(5, 10)], False),
        ([Share(9, 12), Share(5, 10)], False),
    ],
)
def test_a_sum_is_hidden_when_it_would_tell_what_a_month_hides(months: list[Share], told: bool) -> None:
    assert (together(months) != (HIDDEN, HIDDEN, HIDDEN)) is told


# -- somebody who wants to know -----------------------------------------------------------------------------------------

MOST = 13
EVERY_SHARE = [Share(part, whole) for whole in range(MOST + 1) for part in range(whole + 1)]
SHARES = st.sampled_from(EVERY_SHARE)
LOOKS_LIKE = {cells: [one for one in EVERY_SHARE if share(one) == cells] for cells in map(share, EVERY_SHARE)}


@settings(deadline=None)
@given(st.lists(SHARES, min_size=1, max_size=3))
def test_nobody_who_knows_the_rules_finds_a_hidden_number_again(months: list[Share]) -> None:
    """Rows, sums, percentages, and that a sum is hidden: of all years that would be shown just so, each small number
    has at least two values. The reader knows every rule by which it was hidden."""
    told = together(months)
    worlds = [year for year in product(*(LOOKS_LIKE[share(one)] for one in months)) if together(list(year)) == told]
    assert tuple(months) in worlds
    for at, one in enumerate(months):
        numbers = {"part": one.part, "whole": one.whole, "rest": one.whole - one.part}
        possible = {
            "part": {year[at].part for year in worlds}, "whole": {year[at].whole for year in worlds},
            "rest": {year[at].whole - year[at].part for year in worlds},
        }  # fmt: skip
        for name, number in numbers.items():
            assert not is_small(number) or len(possible[name]) > 1, (name, one, told)


@given(st.integers(0, 40), st.integers(0, 2000))
def test_nothing_shown_rests_on_few(basis: int, days: int) -> None:
    (cell,) = resting_on([basis], days)
    assert (cell.value is None) is is_small(basis) is (count(basis).value is None)
    assert cell.value is None or cell.value == days


@given(SHARES)
def test_no_small_number_is_ever_shown(one: Share) -> None:
    part, whole, rate = share(one)
    for cell in (part, whole):
        assert cell.value is None or not is_small(int(cell.value))
    if part.value is not None and whole.value is not None:
        assert not is_small(int(whole.value - part.value))
    else:
        assert rate.value is None
    assert FEWEST == 5
