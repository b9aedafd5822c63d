"""What is new since a reader's mark: each entry as it stood then and as it stands now."""

import math
from uuid import UUID

from barnetsbog.contacts.queries import names
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter, VersionRow

from . import rules
from .model import News, NewsPage
from .queries import status

PAGE = 20


def news(book: Book, child_id: UUID, page: int = 1) -> NewsPage:
    """Everything new or changed, the newest registration first, in a fixed number of queries."""
    mark = book.read_mark(child_id)
    since = mark if mark is not None else book.scope.at - rules.FIRST_VISIT
    fresh = Filter(recorded_after=since)
    total = book.count(child_id, fresh)
    pages = max(1, math.ceil(total / PAGE))
    page = min(max(1, page), pages)
    rows = book.entries(child_id, fresh, limit=PAGE, offset=(page - 1) * PAGE, order="recorded_at")
    written = status(book, child_id)
    changed = written if written and written.recorded_at > since else None
    return NewsPage(since, mark is None, _with_versions(book, child_id, rows, since), total, page, pages, changed)


def _with_versions(book: Book, child_id: UUID, rows: list[EntryRow], since: int) -> tuple[News, ...]:
    known, histories = names(book, child_id, [row.author_id for row in rows]), book.histories(rows)
    return tuple(
        News(row, known.get(row.author_id) if row.author_id else None, *_then_and_now(histories.get(row.id, []), since))
        for row in rows
    )


def _then_and_now(versions: list[VersionRow], since: int) -> tuple[VersionRow | None, VersionRow | None]:
    before = [one for one in versions if one.recorded_at <= since]
    return (before[-1] if before else None), (versions[-1] if versions else None)
