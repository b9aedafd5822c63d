"""A filter of a page as conditions on entries `e` in SQL."""

from collections.abc import Iterator
from typing import Any

from .entries import Filter
from .shelves import CLASSES, mask, numbers


def conditions(wanted: Filter) -> Iterator[tuple[str, list[Any]]]:
    """What the filter says, each a condition and its values."""
    if wanted.on_timeline:
        # The plus keeps SQLite from walking the whole timeline when the kind of entry finds the few there are.
        yield ("+e.month > 0" if wanted.what else "e.month > 0"), []
    shelves = numbers(mask(wanted.blocks, CLASSES))
    for column, values in (("what", wanted.what), ("lane", wanted.lanes), ("shelf", shelves)):
        if values:
            yield f"e.{column} IN ({', '.join(['%s'] * len(values))})", list(values)
    for text, value in (
        ("e.start >= %s", wanted.start_from),
        ("e.start < %s", wanted.start_to),
        ("e.author_id = %s", wanted.author_id),
        ("e.unit_id = %s", wanted.unit_id),
        ("e.recorded_at > %s", wanted.recorded_after),
    ):
        if value is not None:
            yield text, [value]
    if wanted.important:
        yield "e.important", []
    if wanted.open:
        yield "e.open", []
