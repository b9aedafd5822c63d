"""A filter of a page as conditions on entries `e` in SQL."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .entries import Filter, Sought
from .receipt import changed_since
from .shelves import CLASSES, mask, numbers


def conditions(wanted: Filter) -> Iterator[tuple[str, list[Any]]]:
    """What the filter says, each a condition and its values."""
    if wanted.on_timeline:
        # The plus keeps SQLite from walking the timeline's index when the kind of entry finds the few there are, and
        # when each has to be looked up for a column that is not in it: the book itself is read four times faster.
        walks_another_way = wanted.what or (wanted.recorded_after, wanted.came_after) != (None, None)
        yield ("+e.month > 0" if walks_another_way else "e.month > 0"), []
    shelves = numbers(mask(wanted.blocks, CLASSES))
    for column, values in (("what", wanted.what), ("lane", wanted.lanes), ("shelf", shelves)):
        if values:
            yield f"e.{column} IN ({_marks(values)})", list(values)
    if wanted.besides:
        yield f"e.kind NOT IN ({_marks(wanted.besides)})", list(wanted.besides)
    if wanted.without:
        yield f"e.status NOT IN ({_marks(wanted.without)})", list(wanted.without)
    for text, value in (
        ("e.start >= %s", wanted.start_from),
        ("e.start < %s", wanted.start_to),
        ("e.author_id = %s", wanted.author_id),
        ("e.unit_id = %s", wanted.unit_id),
        ("e.recorded_at > %s", wanted.recorded_after),
    ):
        if value is not None:
            yield text, [value]
    if wanted.ends_after is not None:
        yield '(e.start >= %s OR e."end" > %s)', [wanted.ends_after, wanted.ends_after]
    if wanted.came_after is not None:
        yield changed_since(wanted.came_after + 1)
    if wanted.important:
        yield "e.important", []
    if wanted.open:
        yield "e.open", []


def any_of(wanted: Iterable[Sought]) -> tuple[str, list[Any]]:
    """True for an entry that one of these asks for; of nothing, for none."""
    parts = [list(_sought(one)) for one in wanted]
    text = " OR ".join("(" + " AND ".join(text for text, _ in part) + ")" for part in parts)
    return f"({text or '1 = 0'})", [value for part in parts for _, values in part for value in values]


def _sought(one: Sought) -> Iterator[tuple[str, list[Any]]]:
    yield f"e.what IN ({_marks(one.what)})", list(one.what)
    if one.open:
        yield "e.open", []
    if one.since:
        yield "e.start >= %s", [one.since]
    if one.units:
        yield f"e.unit_id IN ({_marks(one.units)})", list(one.units)
    fitting = ["e.lane = %s"] * len(one.lanes) + ["LOWER(e.title) LIKE %s"] * len(one.words)
    if fitting:
        yield f"({' OR '.join(fitting)})", [*one.lanes, *map(_somewhere, one.words)]


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _somewhere(word: str) -> str:
    """The pattern of a text with a word in it: no narrower than the word in any case of letters."""
    return f"%{''.join(letter if letter.isascii() and letter.isalnum() else '_' for letter in word)}%"
