"""Entries move from one child's book to another's, and back (ADR 39).

An entry's row and what it is found by are made anew in the book it comes to. Its versions are added there, with the
references that it has there, and stay where they were: nothing that has been said is changed or removed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from django.db import connection

from barnetsbog.fhir import extract
from barnetsbog.kernel import exact
from barnetsbog.kernel.ids import bytes_of

from . import store
from .fields import for_database, uuid_of
from .former import Names, Other, Resource, Said, arriving, pointed, returning
from .inserting import Row, insert
from .models import Former, JoinedBook, MovedEntry, Version
from .promotion import promote, stands
from .rows import Name, placed, rows_of
from .sql import fetch, fetch_one
from .store import ENTRY_COLUMNS, Batch

_AT = {name: index for index, name in enumerate(ENTRY_COLUMNS)}
Says = Callable[[Resource], Resource]


@dataclass(frozen=True, slots=True)
class Move:
    """From whose book to whose, and what becomes of what was said there."""

    source: UUID
    target: UUID
    at: int
    names: Names
    """What references say there, by what they say here."""
    entries: Sequence[bytes] | None = None
    """All of them, without it."""
    becomes: Mapping[bytes, Says] = field(default_factory=dict)
    """Entries that say something else when they have come, as a version of its own."""
    since: Mapping[bytes, int | None] = field(default_factory=dict)
    """Entries that go back to where they came from, and the last version of each that is known there; None: it was
    never there."""
    reads: Mapping[bytes, Says] = field(default_factory=dict)
    """Entries of which every version says it otherwise there."""
    by_id: UUID | None = None
    unit_id: UUID | None = None


def relocate(move: Move) -> dict[bytes, int]:
    """Moves entries in the caller's transaction. The entries that were moved, and the version that each is there."""
    source, target = move.source.bytes, move.target.bytes
    rows = store.rows_of(source, move.entries)
    idents = [row[_AT["id"]] for row in rows]
    here, there = store.said_by(source, idents), store.said_by(target, idents)
    batch, arrived = Batch(), dict[bytes, int]()
    for row, ident in zip(rows, idents, strict=True):
        before = [Said(*one) for one in there.get(ident, ())]
        added = _added(before, _coming(here[ident], ident, move), ident, move)
        if become := move.becomes.get(ident):
            added.append(_becoming(become, (added or before)[-1], move))
        present = (added or before)[-1]
        arrived[ident] = present.number
        _put(batch, row, target, added, present, move.names)
    store.take_out([(source, ident) for ident in idents])
    store.write(batch)
    return arrived


def _coming(rows: Iterable[Row], ident: bytes, move: Move) -> list[Said]:
    """The versions that come along, as they are read there."""
    known = move.since.get(ident) or 0
    return [_read(one, ident, move) for one in map(Said._make, rows) if one.number > known]


def _added(there: list[Said], coming: list[Said], ident: bytes, move: Move) -> list[Said]:
    return returning(there, coming) if move.since.get(ident) else arriving(there, coming)


def _read(one: Said, ident: bytes, move: Move) -> Said:
    body = pointed(one.body, move.names)
    if says := move.reads.get(ident):
        said = exact.loads(body)
        told = says(said)
        body = body if told is said else exact.dumps(told)
    return one._replace(body=body)


def _becoming(become: Says, last: Said, move: Move) -> Said:
    said = exact.dumps(become(exact.loads(last.body)))
    by, unit = (one.bytes if one else None for one in (move.by_id, move.unit_id))
    return Said(last.number + 1, said, move.at, by, unit, None, "")


def _put(batch: Batch, row: Row, target: bytes, added: Iterable[Said], present: Said, names: Names) -> None:
    """The rows of an entry as it stands in a book from now on."""
    ident = row[_AT["id"]]
    resource = orjson.loads(present.body)
    read = promote(resource)
    name = Name(row[_AT["kind"]], row[_AT["source"]], row[_AT["source_ref"]])
    rows = rows_of(ident, name, read, extract(resource), row[_AT["fingerprint"]])
    lane, unit_id = row[_AT["lane"]], _named(row[_AT["unit_id"]], names)
    placed(
        rows, target, shelf=stands(read, lane), lane=lane, unit_id=unit_id, version=present.number,
        recorded_at=present.recorded_at,
    )  # fmt: skip
    batch.entries.append(rows.entry)
    batch.versions += [(target, ident, *one) for one in added]
    for table, some in zip(
        (batch.tokens, batch.dates, batch.references, batch.strings, batch.quantities), rows[1:], strict=True
    ):
        table += some


def _named(unit_id: bytes | None, names: Names) -> bytes | None:
    """What somebody of the family has written is theirs (ADR 18), by whichever name."""
    idents = {bytes_of(old): bytes_of(new) for old, new in names.items()}
    return idents.get(unit_id, unit_id)


def says_anew(child_id: UUID, entry_id: bytes, says: Says, *, at: int, by_id: UUID | None, unit_id: UUID | None) -> int:
    """An entry's next version, made of what it says now, and its number. One that says what an earlier version said
    is that version again, word for word and from the delivery that brought it."""
    child = child_id.bytes
    (row,), told = store.rows_of(child, [entry_id]), [Said(*one) for one in store.said_by(child, [entry_id])[entry_id]]
    last = told[-1]
    said = says(exact.loads(last.body))
    again = next((one for one in reversed(told) if exact.same(exact.loads(one.body), said)), None)
    by, unit = (one.bytes if one else None for one in (by_id, unit_id))
    origin = again or last
    present = Said(last.number + 1, again.body if again else exact.dumps(said), at, by, unit, *origin[5:])
    batch = Batch()
    _put(batch, row, child, [present], present, {})
    batch.updates, batch.entries = batch.entries, []
    store.write(batch)
    return present.number


# -- which books are one -----------------------------------------------------------------------------------------------


def keeps(child_id: UUID) -> UUID:
    """The child whose book this one's is in now: itself, when it is in no other's. In plain SQL: shut doors ask."""
    sql = "SELECT child_id FROM joined_book WHERE other_id = %s"
    while found := fetch_one(sql, [for_database(child_id, connection)]):
        child_id = uuid_of(found[0])
    return child_id


def keepers(child_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The same of several: one query where none is in another's."""
    moved = set(JoinedBook.objects.filter(other_id__in=child_ids).values_list("other_id", flat=True))
    return {child: keeps(child) if child in moved else child for child in child_ids}


def now_at(references: Iterable[str]) -> dict[str, str]:
    """Those of these references that are of somebody who stands twice, by the reference of the one that counts."""
    idents = [
        ident for one in references if one.startswith(("Patient/", "RelatedPerson/")) and (ident := bytes_of(one))
    ]
    return formers_among(idents).names if idents else {}


def all_of(child_id: UUID) -> list[UUID]:
    """The children whose books are one with this child's, itself first."""
    found = [child_id]
    for one in found:
        found += JoinedBook.objects.filter(child_id=one).order_by("other_id").values_list("other_id", flat=True)
    return found


def origins(idents: Iterable[str]) -> dict[str, UUID]:
    """Out of whose book each of these entries once came, for those that have been moved: the first there was."""
    wanted = [UUID(ident) for ident in idents]
    moves: dict[UUID, dict[UUID, UUID]] = {}
    for ident, child, other in MovedEntry.objects.filter(id__in=wanted).values_list("id", "child_id", "other_id"):
        moves.setdefault(ident, {})[child] = other
    return {str(ident): next(iter(found.values() - found.keys())) for ident, found in moves.items()}


@dataclass(frozen=True, slots=True)
class Formers:
    """Those of some people who stand twice."""

    rows: tuple[Former, ...] = ()

    def of(self, ident: bytes) -> Former | None:
        return next((one for one in self.rows if one.id.bytes == ident), None)

    def way(self, ident: bytes) -> list[tuple[UUID, UUID]]:
        """Out of whose book somebody comes: the child whose book that is in, and the child it was about, as often as it
        has been joined. Empty for one who never was in another."""
        found = []
        while one := self.of(ident):
            found.append((one.child_id, one.other_id))
            ident = one.is_now.bytes
        return found

    @property
    def names(self) -> dict[str, str]:
        """References of those who no longer count, and of the ones who do now, however often they have been joined."""
        after = {(one.kind, one.id): one.is_now for one in self.rows}
        found = {}
        for kind, ident in after:
            now = ident
            while (kind, now) in after:
                now = after[kind, now]
            found[f"{kind}/{ident}"] = f"{kind}/{now}"
        return found


def formers_among(idents: Iterable[bytes]) -> Formers:
    """Those of these who stand twice, whether they are the former ones or those who count, and those they lead to."""
    if not fetch("SELECT 1 FROM former LIMIT 1"):  # as in nearly every instance, and every unit of work asks
        return Formers()
    found: dict[UUID, Former] = {}
    wanted = {UUID(bytes=ident) for ident in idents}
    while wanted:
        rows = [*Former.objects.filter(id__in=wanted), *Former.objects.filter(is_now__in=wanted)]
        new = {row.id: row for row in rows if row.id not in found}
        found |= new
        wanted = {one for row in new.values() for one in (row.id, row.is_now)} - found.keys()
    return Formers(tuple(found.values()))


def others_of(formers: Formers, patient: bytes) -> list[Other]:
    """Whom a Patient replaces, with their numbers as they stand now."""
    return [other_of(one) for one in formers.rows if one.is_now.bytes == patient and one.kind == "Patient"]


def other_of(former: Former) -> Other:
    """A former Patient as the one that counts tells of it: without numbers, when they are somebody else's."""
    told = store.said_by(keeps(former.child_id).bytes, [former.id.bytes]).get(former.id.bytes)
    numbers = orjson.loads(told[-1][1]).get("identifier", ()) if told and not former.wrong else ()
    return Other(f"Patient/{former.id}", tuple(numbers))


def ever_was(former: Former) -> Other:
    """The same with every number that they have had: the one that counts may still tell of one that they have no
    more."""
    books = (former.other_id, keeps(former.child_id))
    told = [row for child in books for row in store.said_by(child.bytes, [former.id.bytes]).get(former.id.bytes, ())]
    numbers = [number for row in told for number in orjson.loads(row[1]).get("identifier", ())]
    return Other(f"Patient/{former.id}", tuple(numbers))


def joined(
    child_id: UUID, other: UUID, at: int, moved: Mapping[bytes, int], names: Names, *, wrong: bool
) -> list[Former]:
    """Keeps that a book is in another's, what came with it, and who stands twice there. `names`: references of those
    who no longer count, and of those who do; `wrong`: the other child's numbers are somebody else's."""
    JoinedBook.objects.create(child_id=child_id, other_id=other, at=at)
    rows = [(child_id.bytes, other.bytes, ident, number) for ident, number in moved.items()]
    insert(MovedEntry, rows)
    formers = [_former(child_id, other, old, now, wrong) for old, now in names.items()]
    Former.objects.bulk_create(formers)
    return formers


def _former(child_id: UUID, other: UUID, old: str, now: str, wrong: bool) -> Former:
    kind, _, ident = old.partition("/")
    return Former(
        child_id=child_id, id=UUID(ident), kind=kind, is_now=UUID(now.partition("/")[2]), other_id=other,
        wrong=wrong and kind == "Patient",
    )  # fmt: skip


def moved_with(child_id: UUID, other: UUID) -> dict[bytes, int | None]:
    """What came with a book that is in another's, by id, and the version that it was then; None: it came later."""
    found = MovedEntry.objects.filter(child_id=child_id, other_id=other).values_list("id", "arrived_as")
    return {ident.bytes: number for ident, number in found}


def new_in(child_id: UUID, other: UUID) -> dict[bytes, str]:
    """Entries of a book that have been written since that other was put into it, and are not of that one: our kind of
    each, by id."""
    since = JoinedBook.objects.values_list("at", flat=True).get(child_id=child_id, other_id=other)
    first = Version.objects.filter(child_id=child_id, number=1, recorded_at__gte=since).values_list(
        "entry_id", flat=True
    )
    here, along = store.rows_of(child_id.bytes, sorted(one.bytes for one in first)), moved_with(child_id, other)
    return {row[_AT["id"]]: row[_AT["what"]] for row in here if row[_AT["id"]] not in along}


def formers_of(child_id: UUID, other: UUID) -> list[Former]:
    """Those who stand twice because that book is in this one."""
    return list(Former.objects.filter(child_id=child_id, other_id=other).order_by("id"))


def followed(entry_id: bytes, way: Iterable[tuple[UUID, UUID]]) -> None:
    """An entry that was written about the child of a book that is in another's follows that book when they are taken
    apart. `way`: whose book, and in whose it is, as often as it has been joined."""
    insert(MovedEntry, [(child.bytes, other.bytes, entry_id, None) for child, other in way])


def apart(child_id: UUID, other: UUID) -> None:
    """That is over."""
    for model in (JoinedBook, MovedEntry, Former):
        model.objects.filter(child_id=child_id, other_id=other).delete()
