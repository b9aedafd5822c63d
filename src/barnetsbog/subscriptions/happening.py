"""What happens in the book is put aside in the transaction of the write: both are there or neither."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.record.sql import fetch

from .model import Status
from .models import Happening, Waiting
from .topics import topics


class Happened(NamedTuple):
    """A version of an entry that was written: whose, which, its type, and our kind of it."""

    child_id: UUID
    entry_id: UUID
    version: int
    kind: str
    what: str


def happened(written: Iterable[Happened], at: int) -> None:
    """Puts aside what somebody may want to be told of. `at`: UTC microseconds by the book's clock. When nobody
    subscribes that is all it finds out, for an import passes by here with every entry."""
    if not fetch("SELECT 1 FROM subscription WHERE status <> %s LIMIT 1", [Status.OFF]):
        return
    known = topics().values()
    found = [
        one for one in written
        if one.child_id != DIRECTORY and any(topic.is_about(one.kind, one.what, one.version) for topic in known)
    ]  # fmt: skip
    if found:
        Happening.objects.bulk_create(Happening(**one._asdict(), at=at) for one in found)


def moved(source: UUID, target: UUID, entries: Collection[UUID]) -> None:
    """What is to be told of these entries is of another child's book now. Whether somebody may be told is judged there,
    when it is."""
    for model in (Happening, Waiting):
        found = model.objects.filter(child_id=source).values_list("id", "entry_id")
        mine = [ident for ident, entry in found if entry in entries]
        model.objects.filter(id__in=mine).update(child_id=target)
