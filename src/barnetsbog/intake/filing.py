"""Whose book a resource belongs in.

A Patient is the child it names. Anything else belongs to the child it says it is about; failing that, to the child of
what it points at, of what points at it, to the one in whose book it stands already, or to the only child that the unit
speaks of. What says that it is about somebody whom nobody here knows is nobody's. A resource about two children, or
one that points into another child's book, is refused: filing it would show the one child's reader that the other
exists.

Pure: the lookups it needs are given to it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.kernel.sentences import say
from barnetsbog.record.entries import DIRECTORY_TYPES, THINGS

from .model import Item

SHELF = DIRECTORY.bytes
TWO_CHILDREN = say(
    "Den handler om to forskellige børn. Send en for hvert barn.", "It is about two children. Send one for each child."
)
NOBODY = say(
    "Den handler om en person (Patient), som hverken er i filen eller i bogen.",
    "It is about a person (Patient) who is neither in the file nor in the book.",
)
CROSSING = say(
    "Den henviser til noget, der står i et andet barns bog.",
    "It refers to something that stands in another child's book.",
)

_NONE: Mapping[tuple[str, str], bytes] = {}

Lookup = Callable[[Iterable[bytes]], dict[bytes, bytes]]
"""Entry ids to the child ids they are filed on already, for those that are."""


@dataclass(slots=True)
class Filed:
    """Where each item goes (by its place in the list), or why it can't be filed."""

    child: dict[int, bytes] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)  # may be filed once something else has arrived


def file(
    items: list[Item], patients: dict[bytes, bytes], stored: Lookup, numbered: Mapping[tuple[str, str], bytes] = _NONE
) -> Filed:  # fmt: skip
    """`patients`: the child of each Patient in this unit, by entry id; `numbered`: the children that person numbers
    lead to."""
    filed = Filed()
    place = {item.entry_id: index for index, item in enumerate(items)}
    outside = {ref for item in items for ref in (*item.subjects, *item.others) if ref not in place}
    known = stored(outside) if outside else {}
    people = {**known, **patients}
    for index, item in enumerate(items):
        if item.kind in DIRECTORY_TYPES or (item.kind in THINGS and not item.subjects and not item.numbers):
            filed.child[index] = SHELF
        elif item.kind == "Patient":
            filed.child[index] = patients[item.entry_id]
        elif item.subjects or item.numbers:
            _by_subject(index, item, people, numbered, filed)
    _by_links(items, place, known, filed)
    _by_where_it_stands(items, stored, filed)
    _by_the_only_child(items, patients, filed)
    _refuse_crossing(items, place, known, filed)
    return filed


def _by_subject(
    index: int, item: Item, people: dict[bytes, bytes], numbered: Mapping[tuple[str, str], bytes], filed: Filed
) -> None:  # fmt: skip
    children = {people[subject] for subject in item.subjects if subject in people}
    children |= {numbered[number] for number in item.numbers if number in numbered}
    if len(children) > 1:
        filed.faults[index] = TWO_CHILDREN
    elif not children:
        filed.faults[index] = NOBODY
        filed.waiting.add(index)
    else:
        filed.child[index] = children.pop()


def _by_links(items: list[Item], place: dict[bytes, int], known: dict[bytes, bytes], filed: Filed) -> None:
    """Follows references in both directions until nothing more is found."""
    loose = {i for i, item in enumerate(items) if i not in filed.child and i not in filed.faults}
    pointed_at_by: dict[int, set[int]] = {}
    for index, item in enumerate(items) if loose else ():
        for ref in item.others:
            if ref in place:
                pointed_at_by.setdefault(place[ref], set()).add(index)
    found = True
    while loose and found:
        found = False
        for index in sorted(loose):
            neighbours = pointed_at_by.get(index, set()) | {place[r] for r in items[index].others if r in place}
            children = {filed.child[n] for n in neighbours if n in filed.child}
            children |= {known[r] for r in items[index].others if r in known}
            children.discard(SHELF)
            if len(children) == 1:
                filed.child[index] = children.pop()
                loose.discard(index)
                found = True


def _by_where_it_stands(items: list[Item], stored: Lookup, filed: Filed) -> None:
    loose = [i for i in range(len(items)) if i not in filed.child and i not in filed.faults]
    there = stored([items[i].entry_id for i in loose]) if loose else {}
    filed.child |= {i: there[items[i].entry_id] for i in loose if items[i].entry_id in there}


def _by_the_only_child(items: list[Item], patients: dict[bytes, bytes], filed: Filed) -> None:
    children = set(patients.values()) | set(filed.child.values())
    children.discard(SHELF)
    for index, item in enumerate(items):
        if index in filed.child or index in filed.faults:
            continue
        if len(children) == 1:
            (filed.child[index],) = children
        else:
            filed.faults[index] = say(
                "Den siger ikke, hvilket barn den handler om. Bogen gemmer kun {0}, når den hører til ét barn.",
                "It does not say which child it is about. The book keeps {0} only when it belongs to one child.",
                item.kind,
            )
            filed.waiting.add(index)


def _refuse_crossing(items: list[Item], place: dict[bytes, int], known: dict[bytes, bytes], filed: Filed) -> None:
    """Nothing may point into another child's book. (Patient.link between relatives is the one that must.)"""
    where = dict(filed.child)
    for index, child in where.items():
        item = items[index]
        if child == SHELF or item.kind == "Patient":
            continue
        for ref in item.others:
            target = where.get(place[ref]) if ref in place else known.get(ref)
            if target is not None and target not in (child, SHELF):
                filed.faults[index] = CROSSING
                del filed.child[index]
                break
