"""Search rows can be read out anew from what the entries say."""

from typing import Any

import pytest
from django.db import connection

from barnetsbog.record.reindexing import reindex
from tests.builders import begin_with, bundle, observation, patient, role, send, unit
from tests.conftest import BOTH_DATABASES

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

TABLES = ("search_token", "search_date", "search_reference", "search_string", "search_quantity")


def rows() -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = sorted(cursor.fetchall(), key=str)
    return found


def test_what_is_read_out_anew_is_what_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    begin_with(bundle(unit(), *role(), patient(), *(observation(f"o{n}") for n in range(9))))
    send(bundle(patient(), observation("o1", valueString="En ny version")))
    before = rows()
    assert all(before[table] for table in TABLES if table != "search_quantity")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_token")
        cursor.execute("UPDATE search_string SET text = 'forkert' || text")
    monkeypatch.setattr("barnetsbog.record.reindexing._AT_A_TIME", 4)
    assert list(reindex()) == [4, 8, 12, 13] and rows() == before
