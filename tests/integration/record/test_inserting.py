"""What is put into a table stands there as it was, on both databases, whatever its signs mean to one of them."""

import pytest
from django.db import IntegrityError, transaction

from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
from barnetsbog.record.inserting import insert
from barnetsbog.record.models import DateRow, StringRow, TokenRow, Version
from tests.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES
ODD = [
    "",
    "\\N",
    "\\.",
    "a\tb",
    "a\\b",
    "linje\nto",
    "\r\n",
    "æøå",
    "'\"",
    "{1,2}",
    "%s",
    "null",
    "👧",
    "\x7f",
    "\u2028",
]


def test_any_text_any_bytes_and_nothing_stand_as_they_were(database: str) -> None:
    child, entry = new_id().bytes, new_id().bytes
    insert(StringRow, [(child, number, entry, text) for number, text in enumerate(ODD)])
    assert list(StringRow.objects.order_by("param").values_list("text", flat=True)) == ODD
    bodies = [b"", b"\\x00", bytes(range(256)), b"\\N\t"]
    insert(Version, [(child, entry, number, body, number, None, None, None, "") for number, body in enumerate(bodies)])
    found = Version.objects.order_by("number").values_list("body", "by_id", "recorded_at")
    assert [(bytes(body), by, at) for body, by, at in found] == [
        (body, None, number) for number, body in enumerate(bodies)
    ]


def test_what_is_said_twice_is_one_row(database: str) -> None:
    child, entry, other = (new_id().bytes for _ in range(3))
    batch = store.Batch(
        tokens=[(child, 1, entry, "a", "s"), (child, 1, other, "a", "s"), [child, 1, entry, "a", "s"]],
        dates=[(child, 2, entry, 5, 6)] * 3,
    )
    store.replace_search_rows([(child, entry), (child, other)], batch)
    store.replace_search_rows([(child, entry), (child, other)], batch)
    assert (TokenRow.objects.count(), DateRow.objects.count()) == (2, 1)


def test_what_is_there_already_is_refused_as_the_database_does(database: str) -> None:
    row = (new_id().bytes, 1, new_id().bytes, "a")
    insert(StringRow, [row])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(StringRow, [row])
    assert StringRow.objects.count() == 1
