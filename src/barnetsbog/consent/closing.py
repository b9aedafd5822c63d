"""What a young person may close for everybody else (sundhedsloven § 42 b, from 15), and what follows from it.

Only the young person reads any of this, and only in their own book: for everybody else, and before the fifteenth
birthday, none of it exists.

Not everything can be closed. A consent is taken back instead. A task must be seen by whoever has it. A notification of
concern and what frames the book (who the child is, which units have a task with it) are what the authorities' duty to
protect a child rests on.
"""

from functools import partial
from typing import NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access.deriving import EMERGENCY
from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.openers import openers
from barnetsbog.directory import queries as directory
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.law.ages import YOUNG_AGE, turned
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter

from .papers import blocked_by, blocking_of

CLOSABLE = Filter(
    what=(
        "meeting", "observation", "measure", "document", "letter", "message", "condition", "intervention", "own-goal",
        "goal", "appointment", "referral", "plan",
    ),
    blocks=("IN", "TI", "AK"),
)  # fmt: skip


class Listed(NamedTuple):
    """An entry of the book, the unit that wrote it, and whether it is closed."""

    row: EntryRow
    unit: str
    closed: bool


class Closing(NamedTuple):
    """One entry, and who can open it as long as it is not closed."""

    row: EntryRow
    unit: str
    closed: bool
    since: int | None
    """When it was closed, or opened again; None when neither has been."""
    readers: tuple[str, ...]
    """Units that may read what it says."""
    glancers: tuple[str, ...]
    """Units that may read its heading only."""
    family: bool
    """Somebody of the family may open it."""
    helper: bool
    """Somebody whom the young person has chosen to help may open it."""
    in_emergency: bool
    """A break-glass look-up opens it even so."""


def require_young(book: Book, child_id: UUID) -> Facts:
    """The facts of the book, for the young person it is about; `NotFound` for everybody else and before 15."""
    facts = facts_of(child_id)
    if not book.scope.own or not turned(facts.child.born, YOUNG_AGE, book.scope.at):
        raise NotFound
    return facts


def count(book: Book, child_id: UUID) -> int:
    """How many entries could be closed, or are."""
    require_young(book, child_id)
    return book.count(child_id, CLOSABLE)


def page(book: Book, child_id: UUID, *, limit: int, offset: int) -> list[Listed]:
    """What stands in the book about the young person, the newest first."""
    require_young(book, child_id)
    return _listed(book.entries(child_id, CLOSABLE, limit=limit, offset=offset), shut(book, child_id))


def closed(book: Book, child_id: UUID) -> list[Listed]:
    """What the young person has closed, the newest first."""
    require_young(book, child_id)
    found = shut(book, child_id)
    rows = [row for row in map(partial(_entry, book, child_id), found) if row]
    return _listed(sorted(rows, key=lambda row: (-row.start, row.id)), found)


def _entry(book: Book, child_id: UUID, ident: str) -> EntryRow | None:
    try:
        return book.entry(child_id, UUID(ident))
    except NotFound:
        return None


def one(book: Book, child_id: UUID, entry_id: UUID) -> Closing:
    """One entry and who it would be closed for; `NotFound` when it is none that can be closed."""
    facts, told = require_young(book, child_id), blockings(book, child_id).get(str(entry_id), [])
    is_shut = any(blocking.on for blocking in told)
    row = book.entry(child_id, entry_id) if is_shut else closable(book, child_id, entry_id)
    found = openers(row, book.scope.at)
    units = directory.units(opener.id for opener in found)
    relatives = {one.person for one in facts.custody.holders} | {one.person for one in facts.fostering}
    helpers = {one.person for one in facts.mandates if one.giver == facts.child.id}
    named = sorted((units[opener.id].name, opener.words) for opener in found if opener.id in units)
    return Closing(
        row=row, unit=_listed([row], set())[0].unit, closed=is_shut,
        since=max((blocking.since for blocking in told), default=None),
        readers=tuple(name for name, words in named if words),
        glancers=tuple(name for name, words in named if not words),
        family=any(str(opener.id) in relatives for opener in found),
        helper=any(str(opener.id) in helpers for opener in found), in_emergency=bool(EMERGENCY >> row.shelf & 1),
    )  # fmt: skip


def closable(book: Book, child_id: UUID, entry_id: UUID) -> EntryRow:
    """An entry that the reader may see, when it is one that can be closed at all."""
    row = book.entry(child_id, entry_id)
    if not row.month or row.what not in CLOSABLE.what or row.block not in CLOSABLE.blocks:
        raise NotFound
    return row


class Blocking(NamedTuple):
    """What closes an entry, or did: its id, whether it does now, and since when (UTC microseconds)."""

    id: str
    on: bool
    since: int


def blockings(book: Book, child_id: UUID) -> dict[str, list[Blocking]]:
    """Of each entry that is or was closed, what closed it."""
    rows = {row.id: row for row in book.entries(child_id, Filter(what=("consent",), on_timeline=False))}
    found: dict[str, list[Blocking]] = {}
    for ident, body in book.bodies(list(rows.values())).items():
        resource = orjson.loads(body)
        if entry := blocking_of(resource):
            on = blocked_by(resource) != ""
            found.setdefault(entry, []).append(Blocking(str(ident), on, rows[ident].recorded_at))
    return found


def shut(book: Book, child_id: UUID) -> set[str]:
    """The entries that are closed now."""
    return {entry for entry, some in blockings(book, child_id).items() if any(one.on for one in some)}


def _listed(rows: list[EntryRow], shut: set[str]) -> list[Listed]:
    units = directory.units(row.unit_id for row in rows if row.unit_id)
    return [Listed(row, units[row.unit_id].name if row.unit_id in units else "", str(row.id) in shut) for row in rows]
