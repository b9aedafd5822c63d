"""Marking a child's book as read."""

from uuid import UUID

from barnetsbog.record.book import Book
from barnetsbog.record.models import ReadMark


def mark_read(book: Book, child_id: UUID, *, at: int) -> None:
    """From now on `at` is what counts as new for this reader. Only the reader's own page changes."""
    book.require(child_id)
    ReadMark.objects.update_or_create(child_id=child_id, reader_id=book.scope.role_id, defaults={"at": at})
