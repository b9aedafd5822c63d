"""What a search names that stands in one child's book."""

from collections.abc import Iterator
from uuid import UUID

from barnetsbog.kernel.ids import bytes_of
from barnetsbog.record.entries import DIRECTORY_TYPES, THINGS

from . import model as m


def named_in_books(level: m.Level) -> Iterator[list[UUID]]:
    """The ids of what the level must lead to, for each condition that leads into children's books only. What refers to
    them is in the same book (`intake.filing`)."""
    if level.kind in DIRECTORY_TYPES or level.kind in THINGS:
        return
    for one in level.conditions:
        some = one.conditions if isinstance(one, m.AnyOf) else (one,)
        addresses = {value for part in some if isinstance(part, m.References) for value in part.values}
        if addresses and all(isinstance(part, m.References) for part in some) and all(map(_in_a_book, addresses)):
            yield sorted(UUID(bytes=ident) for address in addresses if (ident := bytes_of(address)))


def _in_a_book(address: str) -> bool:
    kind = address.partition("/")[0]
    return kind not in DIRECTORY_TYPES and kind not in THINGS and bytes_of(address) is not None
