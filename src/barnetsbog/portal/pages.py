"""Page numbers in addresses, and what stands on a page."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")


def number(text: str) -> int:
    """A page number; nonsense is the first page."""
    return int(text) if text.isdecimal() and len(text) < 7 else 1


class Turned(NamedTuple, Generic[Row]):
    """`pages`: the numbers to choose from, none where there is only one page."""

    rows: Sequence[Row]
    page: int
    pages: range


def turned(rows: Sequence[Row], text: str, *, most: int) -> Turned[Row]:
    """The page of so many rows that an address asks for, or the one nearest to it."""
    pages = -(-len(rows) // most) or 1
    page = min(max(number(text), 1), pages)
    return Turned(rows[(page - 1) * most : page * most], page, range(1, pages + 1 if pages > 1 else 1))
