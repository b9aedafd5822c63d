"""The book's own SQLite: writers of one process take turns, and what a transaction has written is on the disk when it
returns."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connections, transaction

from barnetsbog.record.sqlite.base import DatabaseWrapper

ALIAS = "on-disk"


@pytest.fixture
def on_disk(tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[Callable[[], DatabaseWrapper]]:
    """A database in a file, which each thread opens for itself."""
    settings = {**connections.settings["default"], "NAME": tmp_path / "bog.sqlite3"}
    settings["OPTIONS"] = {**settings["OPTIONS"], "timeout": 1}
    connections.settings[ALIAS] = settings
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections[ALIAS].cursor().execute("CREATE TABLE done (what TEXT)")
        yield lambda: connections[ALIAS]  # type: ignore[return-value]
        connections[ALIAS].close()
        del connections[ALIAS]
    del connections.settings[ALIAS]


def write(what: str) -> None:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("INSERT INTO done VALUES (%s)", [what])


def written() -> list[str]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT what FROM done ORDER BY what")
        return [what for (what,) in cursor.fetchall()]


def level() -> int:
    """How durable the next statement is: 2 is FULL."""
    found: int = connections[ALIAS].cursor().execute("PRAGMA synchronous").fetchone()[0]
    return found


def test_a_transaction_is_flushed_before_it_returns(
    on_disk: Callable[[], DatabaseWrapper], monkeypatch: pytest.MonkeyPatch
) -> None:
    flushes: list[bool] = []
    monkeypatch.setattr(os, "fdatasync", lambda _file: flushes.append(on_disk().in_atomic_block))
    with transaction.atomic(using=ALIAS):
        write("a")
        with transaction.atomic(using=ALIAS):
            write("b")
        assert not flushes
    assert len(flushes) == 1
    assert written() == ["a", "b"]


def test_what_is_written_outside_a_transaction_is_flushed_by_sqlite_itself(
    on_disk: Callable[[], DatabaseWrapper],
) -> None:
    assert level() == 2
    with transaction.atomic(using=ALIAS):
        write("a")
        assert level() == 1
    assert level() == 2


def test_a_transaction_that_fails_leaves_nothing_and_lets_the_next_begin(
    on_disk: Callable[[], DatabaseWrapper],
) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), transaction.atomic(using=ALIAS):
            write("a")
            1 / 0  # noqa: B018
    assert level() == 2
    with transaction.atomic(using=ALIAS):
        write("b")
    assert written() == ["b"]


def test_a_connection_that_is_closed_in_the_middle_lets_the_next_begin(on_disk: Callable[[], DatabaseWrapper]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(using=ALIAS):
        write("a")
        on_disk().close()
        write("b")
    with transaction.atomic(using=ALIAS):
        write("c")
    assert written() == ["c"]


def test_a_disk_that_says_no_is_an_error_of_the_transaction(
    on_disk: Callable[[], DatabaseWrapper], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(_file: int) -> None:
        raise OSError("no room")

    monkeypatch.setattr(os, "fdatasync", no)
    with pytest.raises(OperationalError, match="could not be flushed"), transaction.atomic(using=ALIAS):
        write("a")
    monkeypatch.undo()
    with transaction.atomic(using=ALIAS):
        write("b")


def test_many_writers_at_once_all_come_through(
    on_disk: Callable[[], DatabaseWrapper], django_db_blocker: pytest.FixtureRequest
) -> None:
    def one(number: int) -> None:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            try:
                for turn in range(20):
                    with transaction.atomic(using=ALIAS):
                        write(f"{number:02}-{turn:02}")
            finally:
                connections[ALIAS].close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    assert len(written()) == 160


def test_whoever_waits_too_long_for_a_turn_is_told_so(
    on_disk: Callable[[], DatabaseWrapper], django_db_blocker: pytest.FixtureRequest
) -> None:
    def other() -> None:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            try:
                with transaction.atomic(using=ALIAS):
                    write("b")
            finally:
                connections[ALIAS].close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic(using=ALIAS):
        write("a")
        with pytest.raises(OperationalError, match="locked"):
            pool.submit(other).result(10)
    assert written() == ["a"]


def test_what_is_one_tree_stays_one(db: None) -> None:
    """Whatever Django copies to change it would have a second one, and its indexes would hold less."""
    search = {f"search_{kind}" for kind in ("date", "quantity", "reference", "string", "token")}
    clustered = {"access_grant", "audit_checkpoint", "audit_link", "audit_unsealed", "entry", "read_mark", *search}
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID'")
        found = {name for (name,) in cursor.fetchall()}
    assert found >= clustered, clustered - found
