"""Opening the book: the read and its line in the log are one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from barnetsbog.audit.model import READS
from barnetsbog.audit.operations import Act
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from .naming import veil_for


@contextmanager
def open_book(
    scope: Scope, action: str, child_id: UUID | None = None, *, acute: bool = False, **detail: object
) -> Iterator[Book]:
    """A book that `scope` may read. With `child_id`, that child's; `NotFound` if there is none or it may not be known.

    What was read is logged when the block ends well, a refusal when it does not; both before anybody sees the answer.
    If it can't be logged it can't be read (`LogDown`), unless it is `acute`: then the line is spooled (`audit.spool`).
    Whoever has broken the glass reads acutely, because a child's safety may hang on it.
    """
    refused = False
    with Act(acute=acute or (scope.break_glass and action in READS)) as act:
        book = Book(scope, partial(veil_for, scope))
        try:
            if child_id is not None:
                book.require(child_id)
            yield book
        except NotFound:
            refused = True
        reason, seen = ("ikke fundet", {}) if refused else ("", _read(book, child_id))
        act.note(action, at=scope.at, by=scope, allowed=not refused, child_id=child_id, reason=reason, **seen, **detail)
    if refused:
        raise NotFound


def _read(book: Book, child_id: UUID | None) -> dict[str, object]:
    """What the log keeps of a read: which kinds and how many; which children, when it was not about one book."""
    trail = book.trail
    detail: dict[str, object] = {"kinds": sorted(trail.kinds), "entries": len(trail.entries)}
    if len(trail.entries) == 1:
        detail["entry"] = str(next(iter(trail.entries)))
    if trail.children - {child_id}:
        detail["children"] = sorted(str(child) for child in trail.children)
    return detail
