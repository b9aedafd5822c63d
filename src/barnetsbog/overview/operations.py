"""Writing the short status, and marking a child's book as read."""

from uuid import UUID

from barnetsbog.audit.model import Action
from barnetsbog.intake.writing import CHANGED, SAME, author_of, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.record.book import Book
from barnetsbog.record.models import ReadMark
from barnetsbog.record.scope import Scope

from . import mapping, rules
from .queries import may_write, status


def mark_read(book: Book, child_id: UUID, *, at: int) -> int | None:
    """From now on `at` (never later than now) is what counts as new for this reader; gives what counted before, None
    when the reader had no mark. Only the reader's own page changes."""
    book.require(child_id)
    before = book.read_mark(child_id)
    at = min(at, book.scope.at)
    ReadMark.objects.update_or_create(child_id=child_id, reader_id=book.scope.role_id, defaults={"at": at})
    return before


def unmark(book: Book, child_id: UUID) -> None:
    """As if the reader had never marked this book."""
    book.require(child_id)
    ReadMark.objects.filter(child_id=child_id, reader_id=book.scope.role_id).delete()


def write_status(*, by: Scope, child_id: UUID, text: str, version: int) -> None:
    """A new status. `version`: that of the status it was written upon, 0 when there was none. `Conflict` when somebody
    has written another one since; `Refused` when it says the same, unless that is so old that it may not be true: then
    the same words say that it is."""
    with writing(by, Action.STATUS_WRITE, child_id) as book:
        if not may_write(book, child_id):
            raise NotFound
        require(rules.is_a_status(text))
        now = status(book, child_id)
        if (now.version if now else 0) != version:
            raise Conflict(CHANGED)
        if now and now.text == text.strip() and not now.aged:
            raise Refused(SAME)
        body = body_of(child_id, now.entry_id) if now else mapping.new_status(str(new_id()), child=patient_of(child_id))
        write(by, mapping.with_words(body, text=text.strip(), author=author_of(by), at=by.at))
