"""The children behind the pages: a hundred thousand in minutes.

They are written by the store itself in large transactions, past the import: twelve entries each, an open task among
them, and two or three care relations. They carry no search rows, which no page reads. The units of the care relations
are strangers, except that the measured unit has its cases among the children.
"""

import random
from collections.abc import Iterator
from uuid import UUID

import orjson

from barnetsbog.record.shelves import BLOCKS, EVERYTHING, mask, shelf

ENTRIES = 12
ORDINARY = mask(BLOCKS, "O")
BATCH = 2000
DAY = 86_400_000_000
BEGINNING = 1_700_000_000_000_000
MONTH = 202311
"""The month of every synthetic entry; the timeline's own children come through the import and have real ones."""


def write(scale: int, unit: UUID, role: UUID, *, cases: int) -> None:
    """`scale` children; the unit has `cases` of them, spread evenly (or all, when there are fewer)."""
    from django.db import transaction

    from barnetsbog.directory.models import Child
    from barnetsbog.record import store
    from barnetsbog.record.inserting import insert
    from barnetsbog.record.models import Grant

    for first in range(0, scale, BATCH):
        chance = random.Random(first)
        numbers = range(first, min(first + BATCH, scale))
        children = [(chance.randbytes(16), number) for number in numbers]
        batch, grants = store.Batch(), list[tuple[object, ...]]()
        for child, number in children:
            for entry in _entries(child, number, role.bytes, unit.bytes, chance):
                batch.entries.append(entry)
                batch.versions.append(_version(entry))
            grants += _grants(child, unit.bytes if is_a_case(number, scale, cases) else None, number, chance)
        with transaction.atomic():
            insert(Child, [_child(child, number) for child, number in children])
            insert(Grant, grants)
            store.write(batch)
    store.refresh_statistics()


def open_whole(child: UUID, unit: UUID) -> None:
    """Gives a unit the whole of a book, so that its pages are as full as they can be."""
    from barnetsbog.record.inserting import insert
    from barnetsbog.record.models import Grant

    row = (child.bytes, unit.bytes, child.bytes, 0, EVERYTHING, 3, None, "", None, "FSL-PPV", "ppr", 0, 2**60)
    insert(Grant, [row])


def is_a_case(number: int, scale: int, cases: int) -> bool:
    """Every so many-th child, so that the unit's cases lie spread over the whole table."""
    return scale <= cases or number * cases // scale != (number - 1) * cases // scale


def _child(child: bytes, number: int) -> tuple[object, ...]:
    name = f"Barn{number}"
    return child, name, "Syntesen", name, f"{name.casefold()} syntesen", "2015-01-01", "female"


def _grants(child: bytes, unit: bytes | None, number: int, chance: random.Random) -> Iterator[tuple[object, ...]]:
    """Two or three; the first is the measured unit's, if the child is one of its cases."""
    holders = [chance.randbytes(16) for _ in range(2 + number % 2)]
    if unit:
        holders[0] = unit
    for one in holders:
        basis = chance.randbytes(16)
        for part, source in enumerate((one, None)):  # what the unit wrote, and what its task opens
            yield (
                child, one, basis, part, EVERYTHING if source else ORDINARY, 3, source, "", None, "FSL-PPV", "ppr", 0,
                2**60,
            )  # fmt: skip


def _entries(
    child: bytes, number: int, role: bytes, unit: bytes, chance: random.Random
) -> Iterator[tuple[object, ...]]:
    """A Patient, an open task (every other child's in the hands of the measured role) and ten observations."""
    for index in range(ENTRIES):
        kind, what, block, status = _KINDS[min(index, 2)]
        task, shown = index == 1, index > 0
        start = BEGINNING + chance.randrange(600) * DAY
        holder = role if task and number % 2 else None
        due = BEGINNING + chance.randrange(1500) * DAY if task else None
        title = f"Barn{number} Syntesen" if index == 0 else f"Iagttagelse {index} om barn {number}"
        yield (
            child, chance.randbytes(16), kind, what, shelf(block, "O"), "ppr", MONTH if shown else 0, start, None,
            0, 0, title, status, role, unit, task, holder, None, due, False, False, 1, number, start, "bench",
            f"{kind}/{number}-{index}",
        )  # fmt: skip


_KINDS = (
    ("Patient", "child", "ST", ""),
    ("Task", "task", "AK", "in-progress"),
    ("Observation", "observation", "TI", "final"),
)


def _version(entry: tuple[object, ...]) -> tuple[object, ...]:
    child, ident, kind, start, status = entry[0], entry[1], entry[2], entry[7], entry[12]
    assert isinstance(ident, bytes)
    body = {"resourceType": kind, "id": str(UUID(bytes=ident)), "status": status, "note": [{"text": "x" * 300}]}
    return child, ident, 1, orjson.dumps(body), start, None, None, None, ""
