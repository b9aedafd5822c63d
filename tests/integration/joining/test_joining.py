"""Two books become one, and two again."""

from barnetsbog.access.rebuilding import differing
from barnetsbog.record.models import Entry
from tests.conftest import BOTH_DATABASES

from .conftest import Books

pytestmark = BOTH_DATABASES
NUMBERS = frozenset(("version", "recorded_at"))


def test_joined_and_taken_apart_everything_stands_as_it_did(books: Books) -> None:
    rows, grants = books.entries(), books.grants()
    exports = [books.exported(child) for child in (books.kept, books.other)]
    ident = books.join()
    assert not Entry.objects.filter(child_id=books.other).exists()
    books.part(ident)
    assert books.grants() == grants
    assert [books.exported(child) for child in (books.kept, books.other)] == exports
    changed = [ident for ident, row in books.entries().items() if row != rows[ident]]
    assert changed == [books.id("alma")]  # it has said that it replaced another, and no longer does
    assert books.entries(besides=NUMBERS).keys() == rows.keys()
    assert all(not differing(child) for child in (books.kept, books.other))
