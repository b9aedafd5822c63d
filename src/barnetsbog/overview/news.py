"""What is new since a reader's mark: each entry as it stood then and as it stands now.

It goes by when something came here: what another system registered long ago and delivers today is news. Only who has
no mark yet is shown what was registered lately, for a whole life may have been taken in yesterday.
"""

import math
from dataclasses import replace
from uuid import UUID

from barnetsbog.contacts.queries import names
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, VersionRow

from . import rules
from .model import News, NewsPage
from .queries import fresh_since, status

PAGE = 20


def news(book: Book, child_id: UUID, page: int = 1) -> NewsPage:
    """Everything new or changed, what came last first, in a fixed number of queries."""
    mark = book.read_mark(child_id)
    since = mark if mark is not None else book.scope.at - rules.FIRST_VISIT
    fresh, order = fresh_since(mark, since)
    total = book.count(child_id, fresh)
    pages = max(1, math.ceil(total / PAGE))
    page = min(max(1, page), pages)
    rows = book.entries(child_id, fresh, limit=PAGE, offset=(page - 1) * PAGE, order=order)
    written = status(book, child_id)
    newer = {row.id for row in book.entries(child_id, replace(fresh, what=("status",), on_timeline=False))}
    changed = written if written and written.entry_id in newer else None
    told = _with_versions(book, child_id, rows, since, first=page == 1, by_came=order == "came")
    return NewsPage(since, mark is None, told, total, page, pages, changed)


def _with_versions(
    book: Book, child_id: UUID, rows: list[EntryRow], since: int, *, first: bool, by_came: bool
) -> tuple[News, ...]:  # fmt: skip
    """`first`: nothing stands above them; `by_came`: what stands above them came no earlier."""
    known, histories, came = (
        names(book, child_id, [row.author_id for row in rows]), book.histories(rows), book.came(rows),
    )  # fmt: skip
    moments = [came[row.id] for row in rows]
    return tuple(
        News(
            row, known.get(row.author_id) if row.author_id else None,
            *_then_and_now(histories.get(row.id, []), since), came[row.id],
            last=min(moments[:number]) > came[row.id] and (first or by_came) if number else first,
        )
        for number, row in enumerate(rows)
    )  # fmt: skip


def _then_and_now(versions: list[VersionRow], since: int) -> tuple[VersionRow | None, VersionRow | None]:
    before = [one for one in versions if one.came_at <= since]
    return (before[-1] if before else None), (versions[-1] if versions else None)
