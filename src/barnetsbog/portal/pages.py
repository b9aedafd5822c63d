"""Page numbers in addresses, and what stands on a page."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from barnetsbog.kernel.numbers import is_number

Row = TypeVar("Row")


def number(text: str) -> int:
    """A page number; nonsense is the first page."""
    return int(text) if is_number(text, 6) else 1


class Place(NamedTuple):
    """Where in a list somebody is. `pages`: the numbers to choose from (`choices`); `offset`: rows before it."""

    page: int
    pages: range
    offset: int


def choices(pages: int) -> range:
    """The numbers to choose from, none where there is only one page."""
    return range(1, pages + 1 if pages > 1 else 1)


def place(total: int, text: str, *, most: int) -> Place:
    """The page of so many rows that an address asks for, or the one nearest to it."""
    pages = -(-total // most) or 1
    page = min(max(number(text), 1), pages)
    return Place(page, choices(pages), (page - 1) * most)


class Turned(NamedTuple, Generic[Row]):
    """The rows of a page, and which it is (`Place`)."""

    rows: Sequence[Row]
    page: int
    pages: range


def turned(rows: Sequence[Row], text: str, *, most: int) -> Turned[Row]:
    page, pages, offset = place(len(rows), text, most=most)
    return Turned(rows[offset : offset + most], page, pages)
