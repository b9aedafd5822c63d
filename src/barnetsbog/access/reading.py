"""Opening the book: the read and its line in the log are one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from barnetsbog.audit.encoding import Line
from barnetsbog.audit.model import READS
from barnetsbog.audit.operations import Act, line
from barnetsbog.audit.together import Look
from barnetsbog.directory.queries import units_beside
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.record import store
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.relocating import keeps
from barnetsbog.record.scope import Scope
from barnetsbog.record.sql import look

from .naming import veil_for
from .roles import role_named
from .scopes import counting


@contextmanager
def open_book(
    scope: Scope,
    action: str,
    child_id: UUID | None = None,
    *,
    acute: bool = False,
    knows: bool = True,
    looks: bool = False,
    **detail: object,
) -> Iterator[Book]:
    """A book that `scope` may read. With `child_id`, that child's; `NotFound` if there is none or it may not be known.
    `knows` False: what is done may be what makes the child known to the asker, who is asked about it later.
    `looks`: nothing is written in the block, so that it need not be a transaction that waits for its turn.

    What was read is logged when the block ends well, a refusal when it does not; both before anybody sees the answer.
    If it can't be logged it can't be read (`LogDown`), unless it is `acute`: then the line is spooled (`audit.spool`).
    Whoever has broken the glass reads acutely, because a child's safety may hang on it.
    """
    refused, acute = False, acute or (scope.break_glass and action in READS)
    with _act(acute=acute, looks=looks) as act:
        book = Book(scope, partial(veil_for, scope))
        try:
            if child_id is not None and knows:
                book.require(child_id)
            yield book
        except NotFound:
            refused = True
        reason, seen = ("ikke fundet", {}) if refused else ("", _read(book, child_id))
        detail |= {"acute": True} if acute or scope.break_glass else {}
        whole = line(
            action, at=scope.at, by=scope, allowed=not refused, child_id=child_id, reason=reason, **seen, **detail
        )
        act.keep([*book.trail.lines, whole])
    if refused:
        raise NotFound


def _act(*, acute: bool, looks: bool) -> Act | Look:
    reading = look() if looks else None
    return Act(acute=acute) if reading is None else Look(reading, acute=acute)


@contextmanager
def open_to_count(scope: Scope, action: str, units: Sequence[UUID], **detail: Any) -> Iterator[list[Book]]:
    """The books of some units of the asker's own organisation, one for each, to count in: as its leader reads them, and
    for numbers that are hidden where they are small. `NotFound` when one is not of the organisation, or nobody counts
    in this role."""
    ours = {one.id for one in units_beside(scope.unit_id)} if scope.unit_id else set()
    if "count" not in role_named(scope.role).may or not ours.issuperset(units):
        raise NotFound
    with Act() as act:
        yield [Book(counting(scope, one), partial(veil_for, scope)) for one in units]
        act.note(action, at=scope.at, by=scope, units=sorted(map(str, units)), **detail)


def note_each(book: Book, action: str, rows: Iterable[EntryRow]) -> None:
    """Each child of whom something was read that was not asked about by name gets a line of its own when the book is
    closed, so that it stands in the child's own log."""
    found: dict[UUID, list[EntryRow]] = {}
    for row in rows:
        if row.child_id not in (DIRECTORY, book.scope.child):
            found.setdefault(row.child_id, []).append(row)
    book.trail.lines += [_line_of(book.scope, action, child_id, some) for child_id, some in sorted(found.items())]


def _line_of(scope: Scope, action: str, child_id: UUID, rows: Sequence[EntryRow]) -> Line:
    detail: dict[str, Any] = {"kinds": sorted({row.what for row in rows}), "entries": len({row.id for row in rows})}
    if detail["entries"] == 1:
        detail["entry"] = str(rows[0].id)
    return line(action, at=scope.at, by=scope, child_id=child_id, **detail)


def whose(idents: Iterable[UUID]) -> dict[UUID, UUID]:
    """Whose book each of these entries is in (`DIRECTORY`: nobody's), for those that exist. It says nothing of whether
    somebody may know: `open_book` asks that next, and one that does not exist is asked about in the same way."""
    found = store.filed_on(ident.bytes for ident in idents)
    return {UUID(bytes=ident): UUID(bytes=child) for ident, child in found.items()}


def is_now(scope: Scope, child_id: UUID) -> UUID | None:
    """The child whose book this one's is in by now (ADR 39), for those who may know of it: who has an old address."""
    now = keeps(child_id)
    return now if now != child_id and Book(scope).sees(now) else None


def _read(book: Book, child_id: UUID | None) -> dict[str, object]:
    """What the log keeps of a read: which kinds and how many; which children, when it was not about one book."""
    trail = book.trail
    detail: dict[str, object] = {"kinds": sorted(trail.kinds), "entries": len(trail.entries)}
    if len(trail.entries) == 1:
        detail["entry"] = str(next(iter(trail.entries)))
    if trail.children - {child_id, DIRECTORY}:
        detail["children"] = sorted(str(child) for child in trail.children - {DIRECTORY})
    return detail
