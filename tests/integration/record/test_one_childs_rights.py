"""What rights cost: in one child's book it does not hang on how many other children the asker's unit has."""

from typing import Any

import pytest
from django.db import connection

from barnetsbog.kernel.ids import new_id
from barnetsbog.record import book, store
from barnetsbog.record.rights import EVERYBODY, mine, of_child, veiled
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.record.shelves import EVERYTHING
from tests.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES


@pytest.fixture
def scope() -> Scope:
    from barnetsbog.access.scopes import _SEAL

    unit, role = new_id(), new_id()
    return Scope(
        role, None, unit, "ppr-psychologist", "care", LoginLevel.HIGH, 1, _SEAL, grantees=(unit, role),
        shelves=EVERYTHING,
    )  # fmt: skip


def steps(sql: str, values: list[Any]) -> list[str]:
    """How SQLite would find it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", [getattr(one, "bytes", one) for one in values])
        return [str(row[-1]) for row in cursor.fetchall()]


def walked(sql: str, values: list[Any]) -> str:
    return " ".join(steps(sql, values))


def goes_by_the_child(sql: str, values: list[Any]) -> bool:
    """Everything is looked up in an index, and by whose book it is."""
    return all("child_id=?" in one for one in steps(sql, values) if one.startswith(("SEARCH", "SCAN")))


def test_one_childs_rights_are_found_by_the_child(scope: Scope, db: None) -> None:
    child = new_id()
    asked = [of_child(child, scope), veiled(scope, mine(scope, of_one=True), "%s")]
    asked[1] = (asked[1][0], [child, *asked[1][1]])
    for sql, values in asked:
        assert goes_by_the_child(sql, values), walked(sql, values)


def test_histories_are_found_from_the_books_that_the_asker_may_know_of(scope: Scope, db: None) -> None:
    """And not by looking through everybody's entries."""
    asked = list[tuple[str, list[Any]]]()

    class Asked(book.Book):
        def _rows(self, sql: str, values: Any) -> list[tuple[Any, ...]]:
            asked.append((sql, list(values)))
            return []

    Asked(scope).histories_of(["Observation"], since=1, limit=1, after=None)
    found = walked(*asked[0])
    assert "SCAN e" not in found and "SCAN v" not in found, found
    assert "child_id=?" in found


def test_what_the_store_asks_of_one_child_too(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    asked: list[tuple[str, list[Any]]] = []

    def keep(sql: str, values: Any) -> list[tuple[Any, ...]]:
        asked.append((sql, list(values)))
        return []

    monkeypatch.setattr(store, "fetch", keep)
    child = new_id()
    store.rules_of(child.bytes, EVERYBODY.bytes, 1)
    store.protected([child], 1)
    assert len(asked) == 2
    for sql, values in asked:
        assert goes_by_the_child(sql, values), walked(sql, values)


def test_what_waits_is_read_out_of_one_index(monkeypatch: pytest.MonkeyPatch, scope: Scope, db: None) -> None:
    """A page of a list is filtered, sorted and counted without opening the entries of hundreds of children."""
    asked: list[tuple[str, list[Any]]] = []
    monkeypatch.setattr(book, "fetch", lambda sql, values: asked.append((sql, list(values))) or [])
    book.Book(scope).open_tasks()
    ((sql, values),) = asked
    found = walked(sql, values)
    assert "USING COVERING INDEX entry_open" in found
    assert "USING COVERING INDEX grant_grantee_rule" in found


def test_what_was_told_to_a_unit_is_not_looked_for_among_the_rights_in_all_its_books(
    monkeypatch: pytest.MonkeyPatch, scope: Scope, db: None
) -> None:
    asked: list[tuple[str, list[Any]]] = []
    monkeypatch.setattr(book, "fetch", lambda sql, values: asked.append((sql, list(values))) or [])
    book.Book(scope).notices()
    book.Book(scope).closed_tasks()
    for sql, values in asked:
        assert "INDEX grant_grantee_rule (grantee_id=? AND rule=?)" in walked(sql, values)
