"""What a measure says of itself: everything, once, and in words that a leader reads without stopping."""

import pytest

from barnetsbog.demo.lix import lix
from barnetsbog.measures.definitions import DEFINITIONS
from barnetsbog.measures.model import Definition

BY_ID = pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: one.id)


@BY_ID
def test_it_says_what_is_counted_out_of_what_and_what_to_beware_of(one: Definition) -> None:
    assert all((one.title, one.text, one.numerator, one.denominator, one.unit, one.caveat))
    assert one.key < len(one.columns)


@BY_ID
def test_it_is_easy_to_read(one: Definition) -> None:
    words = " ".join((one.text, one.numerator, one.denominator, one.caveat))
    assert lix(words) <= 40, (lix(words), words)


def test_no_two_numbers_go_by_the_same_name() -> None:
    names = [f"{one.id}.{column.id}" for one in DEFINITIONS for column in one.columns]
    assert len(set(names)) == len(names)
