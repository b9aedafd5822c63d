"""What a search names that stands in one child's book."""

from collections.abc import Iterator
from uuid import UUID

from barnetsbog.fhir.searching import is_about
from barnetsbog.kernel.ids import bytes_of
from barnetsbog.record.entries import DIRECTORY_TYPES, THINGS

from . import model as m


def named_in_books(level: m.Level) -> Iterator[list[UUID]]:
    """The ids of the children (Patients) that the level must be about, for each condition that says so. What is about a
    child is in its book (`intake.filing`), and so is its compartment; what merely refers to it may be elsewhere."""
    if level.kind in DIRECTORY_TYPES or level.kind in THINGS:
        return
    for one in level.conditions:
        some = one.conditions if isinstance(one, m.AnyOf) else (one,)
        leading = [part for part in some if isinstance(part, m.References)]
        about = isinstance(one, m.AnyOf) or (leading and is_about(level.kind, leading[0].param))
        addresses = {value for part in leading for value in part.values}
        if about and addresses and len(leading) == len(some) and all(map(_is_a_child, addresses)):
            yield sorted(UUID(bytes=ident) for address in addresses if (ident := bytes_of(address)))


def _is_a_child(address: str) -> bool:
    return address.startswith("Patient/") and bytes_of(address) is not None
