"""What arrives for a book that was two is stored as that book has it (ADR 39).

Sources go on calling people what they call them. In a book that has been put into another's they stand a second time:
references to them are pointed at those who count, and what is said of themselves is marked as said of a former one.
"""

from typing import NamedTuple
from uuid import UUID

from barnetsbog.fhir import extract
from barnetsbog.kernel import exact
from barnetsbog.kernel.ids import bytes_of
from barnetsbog.record.former import Names, Resource, as_former, as_kept, pointed
from barnetsbog.record.promotion import promote
from barnetsbog.record.relocating import Formers, formers_among, others_of
from barnetsbog.record.rows import SOURCE, Name, rows_of

from .facts import facts_of
from .model import Item


class Joined(NamedTuple):
    """Items as the book has them, and the way back of those that were about a child whose book is in another's."""

    items: list[Item]
    ways: dict[bytes, list[tuple[UUID, UUID]]]


def as_joined(items: list[Item]) -> Joined:
    """The same items, those that name somebody who stands twice as the book has it."""
    formers = formers_among({ref for item in items for ref in (item.entry_id, *item.subjects, *item.others)})
    if not formers.rows:
        return Joined(items, {})
    names = formers.names
    idents = {bytes_of(old): bytes_of(new) for old, new in names.items()}
    ways = {item.entry_id: way for item in items for subject in item.subjects if (way := formers.way(subject))}
    return Joined([_as_joined(item, formers, names, idents) for item in items], ways)


def _as_joined(item: Item, formers: Formers, names: Names, idents: dict[bytes | None, bytes | None]) -> Item:
    body = pointed(item.body, names)
    said = exact.loads(body)
    told = _told(item, said, formers, names)
    if told is said and body == item.body:
        return item
    return saying(item, told, body if told is said else exact.dumps(told))._replace(
        subjects=tuple(dict.fromkeys(idents.get(one) or one for one in item.subjects)),
        others=tuple(dict.fromkeys(idents.get(one) or one for one in item.others)),
    )


def saying(item: Item, told: Resource, body: bytes) -> Item:
    """An item that says something else than its source: what is read out of it follows."""
    promoted = promote(told)
    name = Name(item.kind, item.rows.entry[SOURCE], item.source_ref)
    rows = rows_of(item.entry_id, name, promoted, extract(told), item.fingerprint)
    return item._replace(body=body, promoted=promoted, rows=rows, facts=facts_of(told))


def _told(item: Item, said: Resource, formers: Formers, names: Names) -> Resource:
    """What somebody who stands twice says of themselves."""
    if item.kind == "Patient" and (others := others_of(formers, item.entry_id)):
        said = as_kept(said, others)
    if former := formers.of(item.entry_id):
        said = as_former(said, names[f"{former.kind}/{former.id}"], wrong=former.wrong)
    return said
