"""Writing entries: raw rows in the caller's transaction, the same statements on both databases.

This is the hot path of the intake. Ids are the 16 bytes of a UUID until they reach the database. Nothing here decides
anything: who may write, whose book it is and what the columns are has been settled by the caller.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from barnetsbog.fhir.searching import parameter_code
from barnetsbog.kernel.decisions import Conflict
from barnetsbog.kernel.ids import DIRECTORY

from . import models
from .fields import maybe_uuid, uuid_of
from .inserting import Row, adapted, insert, table_of
from .joins import with_words
from .receipt import CAME
from .rights import EVERYBODY, PROTECTED
from .sql import fetch, fetch_one

ENTRY_COLUMNS = table_of(models.Entry).columns
_AT = {name: index for index, name in enumerate(ENTRY_COLUMNS)}


class Present(NamedTuple):
    """What an entry is now, to decide whether something changed."""

    child_id: bytes
    version: int
    fingerprint: int


@dataclass(slots=True)
class Batch:
    """The rows of one unit of work, by table, each in the order of its table's columns."""

    entries: list[Row] = field(default_factory=list)
    updates: list[Row] = field(default_factory=list)
    versions: list[Row] = field(default_factory=list)
    tokens: list[Row] = field(default_factory=list)
    dates: list[Row] = field(default_factory=list)
    references: list[Row] = field(default_factory=list)
    strings: list[Row] = field(default_factory=list)
    quantities: list[Row] = field(default_factory=list)


_SEARCH = (
    ("tokens", models.TokenRow),
    ("dates", models.DateRow),
    ("references", models.ReferenceRow),
    ("strings", models.StringRow),
    ("quantities", models.QuantityRow),
)


def write(batch: Batch) -> None:
    """New entries, changed entries, versions and search rows."""
    if batch.updates:
        _replace(batch.updates)
    insert(models.Entry, batch.entries)
    insert(models.Version, batch.versions)
    _add_search_rows(batch)


def _add_search_rows(batch: Batch) -> None:
    """An entry that is new, or whose rows have been removed, has none. It may say the same thing twice; the whole of a
    row is its key."""
    sqlite = connection.vendor == "sqlite"
    for name, model in _SEARCH:
        rows = getattr(batch, name)
        insert(model, rows if sqlite else list(dict.fromkeys(map(tuple, rows))), ignore=sqlite)


def entries_after(entry_id: bytes, limit: int) -> list[tuple[bytes, bytes]]:
    """Some entries (child, entry) in the order of their ids, past one: to go through all there are."""
    sql = "SELECT child_id, id FROM entry WHERE id > %s ORDER BY id LIMIT %s"
    return [(_plain(child), _plain(ident)) for child, ident in fetch(sql, [_param(entry_id.rjust(16, b"\0")), limit])]


def words_of(entries: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes, bytes]]:
    """What these entries (child, entry) say now: child, entry, body."""
    found = []
    for some in _chunks([ident for _, ident in entries]):
        sql = f"SELECT e.child_id, e.id, v.body FROM {with_words()} WHERE e.id IN ({_marks(some)})"
        found += [(child, ident, bytes(body)) for child, ident, body in _select(sql, some)]
    return found


def replace_search_rows(entries: Sequence[tuple[bytes, bytes]], batch: Batch) -> None:
    """The search rows of these entries are those of the batch and no others."""
    _forget_search_rows(entries)
    _add_search_rows(batch)


def _forget_search_rows(entries: Sequence[tuple[bytes, bytes]]) -> None:
    """Child by child, of which all rows of a table are gone through once."""
    of_child: dict[bytes, list[bytes]] = {}
    for child, ident in entries:
        of_child.setdefault(child, []).append(ident)
    with connection.cursor() as cursor:
        for child, ids in of_child.items():
            for _, model in _SEARCH:
                sql = f"DELETE FROM {table_of(model).name} WHERE child_id = %s AND entry_id IN ({_marks(ids)})"
                cursor.execute(sql, [_param(child), *_params(ids)])


def take_out(entries: Sequence[tuple[bytes, bytes]]) -> None:
    """These entries (child, entry) stand in their books no longer. What they said stays, for nothing of that is ever
    removed; without its entry nobody can read it."""
    _forget_search_rows(entries)
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM entry WHERE child_id = %s AND id = %s", adapted(entries, (0, 1)))


def _replace(rows: Sequence[Row]) -> None:
    """Entries that changed: their columns are set anew and their search rows removed, to be added again.

    Optimistic locking: an entry whose version is not the one that was read any more has been changed by somebody else,
    and the whole unit is given up (`Conflict`).
    """
    names = [c for c in ENTRY_COLUMNS if c not in ("child_id", "id")]
    sets = ", ".join(f'"{name}" = %s' for name in names)
    seen = [row[_AT["version"]] - 1 for row in rows]
    keys = [(row[_AT["child_id"]], row[_AT["id"]]) for row in rows]
    values = [
        [*(row[_AT[name]] for name in names), *key, version] for row, key, version in zip(rows, keys, seen, strict=True)
    ]
    ids = (*(i for i, name in enumerate(names) if name.endswith("_id")), len(names), len(names) + 1)
    with connection.cursor() as cursor:
        sql = f"UPDATE entry SET {sets} WHERE child_id = %s AND id = %s AND version = %s"
        cursor.executemany(sql, adapted(values, ids))
        if cursor.rowcount != len(rows):
            raise Conflict
    _forget_search_rows(keys)


def refresh_statistics() -> None:
    """Lets the database see how its tables are filled, so that it chooses the narrow index over the wide table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 400")
        for model in (models.Entry, models.Grant):
            cursor.execute(f"ANALYZE {table_of(model).name}")


# -- what is there already (for writers; readers go through the Book) -----------------------------------------------


def present(entry_ids: Sequence[bytes]) -> dict[bytes, Present]:
    """Whose book these entries are in, and their present version and fingerprint, for those that exist."""
    found: dict[bytes, Present] = {}
    for some in _chunks(entry_ids):
        sql = f"SELECT id, child_id, version, fingerprint FROM entry WHERE id IN ({_marks(some)})"
        found.update({row[0]: Present(*row[1:]) for row in _select(sql, some)})
    return found


def filed_on(entry_ids: Iterable[bytes]) -> dict[bytes, bytes]:
    """Whose book each of these entries is in, for those that exist."""
    found: dict[bytes, bytes] = {}
    for some in _chunks(list(entry_ids)):
        found.update(_select(f"SELECT id, child_id FROM entry WHERE id IN ({_marks(some)})", some))
    return found


def seen_before(fingerprint: bytes, source: str) -> bool:
    """Whether this very payload has been received from this source before."""
    return bool(fetch("SELECT 1 FROM delivery WHERE fingerprint = %s AND source = %s LIMIT 1", [fingerprint, source]))


def one_writer() -> bool:
    """Whether whoever writes is alone with the whole database until the transaction ends, as on SQLite."""
    return connection.vendor == "sqlite"


def lock_book(child_id: bytes) -> None:
    """Until the end of the transaction nobody else who asks for the same may change this child's book: rights that are
    derived from the whole of it must not be derived from two halves. Taken before anything of the book is written, and
    of several children in the order of their ids, so that no two wait for each other. On SQLite a writer is alone
    anyway."""
    if one_writer():
        return
    none_joined_meanwhile()
    with connection.cursor() as cursor:
        sql = "SELECT id FROM entry WHERE child_id = %s AND what = 'child' ORDER BY id FOR UPDATE"
        cursor.execute(sql, [_param(child_id)])


_JOINING = 3_038
"""The advisory lock of PostgreSQL (any number, and this one alone) by which books are joined."""


def none_joined_meanwhile() -> None:
    """Until the end of the transaction no two books are joined or taken apart, so that whose book something is in stays
    true. Whoever writes asks for it, before anything is looked up or locked; they don't wait for each other."""
    if not one_writer():
        fetch("SELECT pg_advisory_xact_lock_shared(%s)", [_JOINING])


def nobody_else_writes() -> None:
    """Until the end of the transaction nobody else writes in any book, for the moment in which two are joined."""
    if not one_writer():
        fetch("SELECT pg_advisory_xact_lock(%s)", [_JOINING])


def lock_kind(kind: str) -> None:
    """Until the end of the transaction nobody else who asks for the same creates anything of a type: of what stands in
    no child's book, where there is nothing else to hold. Taken before any book is."""
    if not one_writer():
        fetch("SELECT pg_advisory_xact_lock(%s, %s)", [_JOINING, parameter_code(kind)])


def bodies_of(child_id: bytes, what: Sequence[str]) -> list[tuple[str, bytes]]:
    """What a child's entries of some kinds say now, oldest first: for deriving rights."""
    sql = f"""SELECT e.what, v.body FROM {with_words()} WHERE e.child_id = %s AND e.what IN ({_marks(what)})
      ORDER BY e.recorded_at, e.id"""
    return [(kind, bytes(body)) for kind, body in fetch(sql, [_param(child_id), *what])]


def came_first(entries: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Of these entries (child, entry) the one of each child that came here first. One query for thousands."""
    found: dict[bytes, tuple[int, bytes]] = {}
    for some in _chunks([entry for _, entry in entries]):
        sql = f"""SELECT v.child_id, v.entry_id, {CAME} FROM entry e JOIN version v
          ON v.child_id = e.child_id AND v.entry_id = e.id AND v.number = 1 WHERE e.id IN ({_marks(some)})"""
        for child, entry, at in _select(sql, some):
            found[child] = min(found.get(child, (at, entry)), (at, entry))
    return {child: entry for child, (_, entry) in found.items()}


def body_of(child_id: bytes, entry_id: bytes) -> bytes:
    """What an entry that there is says now."""
    sql = f"SELECT v.body FROM {with_words()} WHERE e.child_id = %s AND e.id = %s"
    ((body,),) = fetch(sql, [_param(child_id), _param(entry_id)])
    return bytes(body)


def bodies_of_many(child_ids: Sequence[bytes], what: Sequence[str]) -> list[tuple[bytes, str, bytes]]:
    """The same of several children, each with whose it is: for judging consents over a list."""
    found: list[tuple[bytes, str, bytes]] = []
    for some in _chunks(child_ids, 5000):
        sql = f"""SELECT e.child_id, e.what, v.body FROM {with_words()}
          WHERE e.child_id IN ({_marks(some)}) AND e.what IN ({_marks(what)}) ORDER BY e.recorded_at, e.id"""
        found += [(_plain(child), kind, bytes(body)) for child, kind, body in fetch(sql, [*_params(some), *what])]
    return found


def said_before(child_id: bytes, entry_id: bytes, version: int) -> tuple[bytes, int]:
    """What one version of an entry said, and when that was registered."""
    sql = "SELECT body, recorded_at FROM version WHERE child_id = %s AND entry_id = %s AND number = %s"
    ((body, recorded_at),) = fetch(sql, [_param(child_id), _param(entry_id), version])
    return bytes(body), int(recorded_at)


def versions_of(child_id: bytes, what: str) -> list[bytes]:
    """Everything that a child's entries of one kind have ever said, oldest first: for deriving rights."""
    sql = """SELECT v.body FROM entry e JOIN version v ON v.child_id = e.child_id AND v.entry_id = e.id
      WHERE e.child_id = %s AND e.what = %s ORDER BY v.entry_id, v.number"""
    return [bytes(body) for (body,) in fetch(sql, [_param(child_id), what])]


def rows_of(child_id: bytes, entry_ids: Sequence[bytes] | None = None) -> list[Row]:
    """The rows of a child's entries, or of some of them, in the order of their ids; ids as 16 bytes."""
    columns = ", ".join(f'"{name}"' for name in ENTRY_COLUMNS)
    sql = f"SELECT {columns} FROM entry WHERE child_id = %s"
    rows = _some(sql, child_id, "id", entry_ids)
    return sorted((tuple(map(_plain, row)) for row in rows), key=lambda row: row[_AT["id"]])


def said_by(child_id: bytes, entry_ids: Sequence[bytes]) -> dict[bytes, list[Row]]:
    """Every version of these entries that stands with this child, oldest first: the columns from the number on. Also of
    an entry that is in the child's book no longer."""
    columns = ", ".join(table_of(models.Version).columns[1:])
    rows = _some(f"SELECT {columns} FROM version WHERE child_id = %s", child_id, "entry_id", entry_ids)
    found: dict[bytes, list[Row]] = {}
    for ident, number, body, *rest in sorted((tuple(map(_plain, row)) for row in rows), key=lambda row: row[:2]):
        found.setdefault(ident, []).append((number, bytes(body), *rest))
    return found


def _some(sql: str, child_id: bytes, column: str, ids: Sequence[bytes] | None) -> list[tuple[Any, ...]]:
    if ids is None:
        return fetch(sql, [_param(child_id)])
    parts = (
        fetch(f"{sql} AND {column} IN ({_marks(some)})", [_param(child_id), *_params(some)]) for some in _chunks(ids)
    )
    return [row for rows in parts for row in rows]


def registered_for(child_id: bytes, entry_id: bytes) -> UUID | None:
    """The unit that an entry's present version was registered for."""
    sql = f"""SELECT v.on_behalf_of_id FROM {with_words()} WHERE e.child_id = %s AND e.id = %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_param(child_id), _param(entry_id)])
        row = cursor.fetchone()
    return maybe_uuid(row[0]) if row else None


def asked_by(child_id: bytes, entry_id: bytes) -> UUID | None:
    """The unit that an entry's first version was registered for."""
    sql = "SELECT on_behalf_of_id FROM version WHERE child_id = %s AND entry_id = %s AND number = 1"
    row = fetch_one(sql, [_param(child_id), _param(entry_id)])
    return maybe_uuid(row[0]) if row else None


def title(child_id: bytes, entry_id: bytes) -> str:
    """What an entry is called in the book; empty when it is not there."""
    row = fetch_one("SELECT title FROM entry WHERE child_id = %s AND id = %s", [_param(child_id), _param(entry_id)])
    return str(row[0]) if row else ""


def bodies_of_types(child_id: bytes, types: Iterable[str]) -> list[tuple[bytes, bytes]]:
    """What a child's entries of some FHIR types say now, with their ids: for deriving rights."""
    kinds = sorted(types)
    sql = f"""SELECT e.id, v.body FROM {with_words()} WHERE e.child_id = %s AND e.kind IN ({_marks(kinds)})"""
    return [(_plain(ident), bytes(body)) for ident, body in fetch(sql, [_param(child_id), *kinds])]


def grants_of(child_id: bytes, *, besides: Sequence[str] = ()) -> set[tuple[Any, ...]]:
    """The grants in a child's book, as rows; but those of some rules."""
    columns = ", ".join(table_of(models.Grant).columns)
    without = f" AND rule NOT IN ({_marks(besides)})" if besides else ""
    sql = f"SELECT {columns} FROM access_grant WHERE child_id = %s{without}"
    return {tuple(_plain(value) for value in row) for row in fetch(sql, [_param(child_id), *besides])}


def protected(child_ids: Iterable[UUID], at: int) -> set[UUID]:
    """Those of these children whose address is protected at a moment."""
    found: set[UUID] = set()
    for some in _chunks(sorted(one.bytes for one in set(child_ids))):
        sql = f"""SELECT child_id FROM access_grant WHERE child_id IN ({_marks(some)}) AND grantee_id = %s AND rule = %s
          AND valid_from <= %s AND +valid_to > %s"""
        found |= {uuid_of(row[0]) for row in fetch(sql, [*_params(some), _param(EVERYBODY.bytes), PROTECTED, at, at])}
    return found


def sharings_ended(since: int, until: int) -> list[tuple[bytes, bytes, int]]:
    """Sharings that have ended by themselves in a time (not including its beginning): child, recipient, from when. One
    that goes on, perhaps by another rule, has not ended."""
    sql = """SELECT DISTINCT g.child_id, g.grantee_id, g.valid_to FROM access_grant g WHERE g.valid_to > %s
      AND g.valid_to <= %s AND g.entry_id IS NULL AND g.source_id IS NOT NULL AND g.source_id <> g.grantee_id
      AND NOT EXISTS (SELECT 1 FROM access_grant n WHERE n.child_id = g.child_id AND n.grantee_id = g.grantee_id
        AND n.basis_id = g.basis_id AND n.valid_from = g.valid_to)"""
    return [(_plain(child), _plain(unit), at) for child, unit, at in fetch(sql, [since, until])]


def holders(child_id: bytes, what: str) -> list[UUID]:
    """Who has a child's entries of a kind."""
    sql = "SELECT holder_id FROM entry WHERE child_id = %s AND what = %s AND holder_id IS NOT NULL"
    return [uuid_of(row[0]) for row in fetch(sql, [_param(child_id), what])]


def with_active(child_id: bytes, what: str, lane: str) -> set[UUID]:
    """The units of a sector that have written something of a kind in a child's book that counts now."""
    sql = "SELECT DISTINCT unit_id FROM entry WHERE child_id = %s AND what = %s AND lane = %s AND status = 'active'"
    return {uuid_of(unit) for (unit,) in fetch(sql, [_param(child_id), what, lane]) if unit is not None}


def rules_of(child_id: bytes, grantee_id: bytes, at: int) -> set[str]:
    """The rules by which somebody has rights in a child's book at a moment; what is merely sent to them apart."""
    sql = """SELECT rule FROM access_grant WHERE child_id = %s AND grantee_id = %s AND valid_from <= %s AND
      +valid_to > %s AND entry_id IS NULL AND level > 0"""
    return {str(row[0]) for row in fetch(sql, [_param(child_id), _param(grantee_id), at, at])}


def known_to(grantees: Sequence[bytes], at: int) -> list[UUID]:
    """The children that one of these has a right to know of at a moment; what is merely sent to them apart."""
    found: set[UUID] = set()
    for some in _chunks(grantees):
        sql = f"""SELECT DISTINCT child_id FROM access_grant WHERE grantee_id IN ({_marks(some)}) AND valid_from <= %s
          AND valid_to > %s AND entry_id IS NULL AND level > 0"""
        found |= {uuid_of(row[0]) for row in fetch(sql, [*_params(some), at, at])}
    return sorted(found)


def people_with_rights(at: int) -> list[tuple[UUID, UUID, str, str]]:
    """Everybody of every family who may open a book at a moment: child, person's entry, what they are, name."""
    sql = """SELECT DISTINCT e.child_id, e.id, e.what, e.title FROM access_grant g
      JOIN entry e ON e.child_id = g.child_id AND e.id = g.grantee_id
      WHERE e.what IN ('child', 'person') AND g.valid_from <= %s AND g.valid_to > %s
      AND g.entry_id IS NULL AND g.level > 0"""
    return [(uuid_of(child), uuid_of(ident), what, title) for child, ident, what, title in fetch(sql, [at, at])]


def people_numbered(number: str, systems: Collection[str]) -> list[tuple[UUID, UUID]]:
    """Who in the books has a number or a UUID, however it is written, by one of these systems: child, and the entry
    that is the child itself or somebody around it."""
    if not number:
        return []
    written, known = _as_written(number), sorted(systems)
    sql = f"""SELECT DISTINCT child_id, entry_id FROM search_token WHERE param IN {models.PERSON_IDENTIFIERS}
      AND code IN ({_marks(written)}) AND system IN ({_marks(known)})"""
    return [(uuid_of(child), uuid_of(entry)) for child, entry in fetch(sql, [*written, *known])]


def person_numbers_of(child_id: bytes) -> list[tuple[str, str]]:
    """What the child in a book is called by registers and sources now: system and value, as they are written."""
    sql = "SELECT DISTINCT system, code FROM search_token WHERE child_id = %s AND param = %s"
    return [(system, code) for system, code in fetch(sql, [_param(child_id), parameter_code("Patient.identifier")])]


def professionals_numbered(number: str, system: str) -> list[UUID]:
    """The professionals of the directory that a source calls this."""
    written = _as_written(number)
    sql = f"""SELECT entry_id FROM search_token WHERE child_id = %s AND param = %s AND code IN ({_marks(written)})
      AND system = %s"""
    values = [_param(DIRECTORY.bytes), parameter_code("Practitioner.identifier"), *written, system]
    return sorted({uuid_of(row[0]) for row in fetch(sql, values)})


def _as_written(name: str) -> list[str]:
    """A person number, or a UUID in lower case, in the ways in which sources write it."""
    if len(name) == 36:
        return [name, name.upper(), f"urn:uuid:{name}", f"urn:uuid:{name.upper()}"]
    return [name, f"{name[:6]}-{name[6:]}", f"{name[:6]} {name[6:]}"]


def numbers_of_units(unit_ids: Collection[UUID]) -> dict[UUID, set[tuple[str, str]]]:
    """What sources call each of these units: system and value."""
    found: dict[UUID, set[tuple[str, str]]] = {}
    for some in _chunks(sorted(one.bytes for one in unit_ids)):
        sql = f"""SELECT entry_id, system, code FROM search_token WHERE child_id = %s AND param = %s
          AND entry_id IN ({_marks(some)})"""
        values = [_param(DIRECTORY.bytes), parameter_code("Organization.identifier"), *_params(some)]
        for unit, system, code in fetch(sql, values):
            found.setdefault(uuid_of(unit), set()).add((system, code))
    return found


def name_of(child_id: bytes, person_id: bytes) -> str:
    """What somebody of the family is called: to greet them with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM entry WHERE child_id = %s AND id = %s", [_param(child_id), _param(person_id)])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def is_child(child_id: bytes, person_id: bytes) -> bool:
    """Whether an entry is the child itself."""
    sql = "SELECT 1 FROM entry WHERE child_id = %s AND id = %s AND what = 'child'"
    return bool(fetch(sql, [_param(child_id), _param(person_id)]))


def ties(people: set[UUID], child_ids: set[UUID]) -> set[tuple[UUID, UUID]]:
    """Who of these has something of their own in which of these books: an entry they wrote or hold, one that names
    them (an appointment, a letter, the team), or the entry that is they themselves. Pairs, and nothing of what it
    says."""
    found: set[tuple[UUID, UUID]] = set()
    for who in _chunks(sorted(one.bytes for one in people), 200):
        named = [f"PractitionerRole/{UUID(bytes=one)}" for one in who]
        for children in _chunks(sorted(one.bytes for one in child_ids)):
            found |= _ties(who, named, children)
    return found


def _ties(who: Sequence[bytes], named: Sequence[str], children: Sequence[bytes]) -> set[tuple[UUID, UUID]]:
    of, by = _marks(children), _marks(who)
    own = " UNION ".join(
        f"SELECT child_id, {column} FROM entry WHERE child_id IN ({of}) AND {column} IN ({by})"
        for column in ("author_id", "holder_id", "id")
    )
    found = {(uuid_of(ident), uuid_of(child)) for child, ident in fetch(own, [*_params(children), *_params(who)] * 3)}
    sql = f"SELECT DISTINCT child_id, target FROM search_reference WHERE child_id IN ({of}) AND target IN ({by})"
    told = fetch(sql, [*_params(children), *named])
    return found | {(UUID(target.rpartition("/")[2]), uuid_of(child)) for child, target in told}


def _plain(value: Any) -> Any:
    return value.bytes if isinstance(value, UUID) else value


def granted_entries(grantees: Sequence[bytes], rule: str) -> list[tuple[bytes, bytes]]:
    """The entries (child, entry) that these have rights to by one rule, now or ever."""
    found: list[tuple[bytes, bytes]] = []
    for some in _chunks(grantees):
        sql = f"""SELECT DISTINCT child_id, entry_id FROM access_grant WHERE grantee_id IN ({_marks(some)})
          AND rule = %s AND entry_id IS NOT NULL"""
        found += [(_plain(child), _plain(entry)) for child, entry in fetch(sql, [*_params(some), rule])]
    return found


def delete_grants(keys: Sequence[Row]) -> None:
    """Removes grants by key: child, grantee, basis, part."""
    if keys:
        sql = "DELETE FROM access_grant WHERE child_id = %s AND grantee_id = %s AND basis_id = %s AND part = %s"
        with connection.cursor() as cursor:
            cursor.executemany(sql, adapted(keys, (0, 1, 2)))


def delete_grants_of(bases: Sequence[tuple[bytes, bytes]], rule: str) -> None:
    """Removes what followed from each basis (child, basis) by one rule."""
    if bases:
        sql = "DELETE FROM access_grant WHERE child_id = %s AND basis_id = %s AND rule = %s"
        with connection.cursor() as cursor:
            cursor.executemany(sql, [(*row, rule) for row in adapted(bases, (0, 1))])


def unplaced_authors(author_ids: Sequence[bytes]) -> set[bytes]:
    """Those of these of whom something was received before their unit was known."""
    found: set[bytes] = set()
    for some in _chunks(author_ids):
        sql = f"SELECT DISTINCT author_id FROM entry WHERE author_id IN ({_marks(some)}) AND unit_id IS NULL"
        found |= {ident for (ident,) in _select(sql, some)}
    return found


def unplaced(author_id: bytes) -> list[tuple[bytes, bytes, str, bytes]]:
    """What was received before its author's unit was known: child, entry, what it is and what it says."""
    return [
        (child, ident, what, bytes(body))
        for child, ident, what, body in _select(
            f"""SELECT e.child_id, e.id, e.what, v.body FROM {with_words()}
            WHERE e.author_id = %s AND e.unit_id IS NULL""",
            [author_id],
        )
    ]


def place(rows: Sequence[tuple[bytes, str, int, bytes, bytes]]) -> None:
    """Gives entries their unit, lane and shelf: (unit, lane, shelf, child, entry)."""
    with connection.cursor() as cursor:
        sql = "UPDATE entry SET unit_id = %s, lane = %s, shelf = %s WHERE child_id = %s AND id = %s"
        cursor.executemany(sql, adapted(rows, (0, 3, 4)))


def _select(sql: str, ids: Sequence[bytes]) -> list[tuple[Any, ...]]:
    rows = fetch(sql, _params(ids))
    return rows if connection.vendor == "sqlite" else [tuple(_plain(value) for value in row) for row in rows]


def _params(ids: Sequence[bytes]) -> Sequence[Any]:
    return ids if connection.vendor == "sqlite" else [UUID(bytes=ident) for ident in ids]


def _param(value: bytes) -> Any:
    return _params([value])[0]


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _chunks(values: Sequence[bytes], size: int = 500) -> Iterable[Sequence[bytes]]:
    return (values[i : i + size] for i in range(0, len(values), size))
