"""PostgreSQL finds what is on the asker's children by the child, and reads nothing of anybody else's (ADR 45)."""

from collections.abc import Callable
from typing import Any

import pytest
from bench import scale
from django.db import connection, connections

from barnetsbog.kernel.ids import new_id
from barnetsbog.record import joins
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Sought
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.record.searching.model import Level, Search
from barnetsbog.record.shelves import EVERYTHING
from tests.conftest import BOTH_DATABASES

pytestmark = [BOTH_DATABASES, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]
CHILDREN, MINE = 800, 20


def _rows(plan: dict[str, Any]) -> float:
    """The most rows that a step of the plan went through."""
    here = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return max([here, *map(_rows, plan.get("Plans", []))])


def test_a_new_connection_is_told_how_to_join(database: str) -> None:
    fresh = connections[database].copy()
    try:
        with fresh.cursor() as cursor:
            for name, _, wanted in (one.partition(" = ") for one in joins.SETTINGS):
                cursor.execute(f"SHOW {name}")
                assert cursor.fetchone() == (wanted,)
    finally:
        fresh.close()


ACROSS: dict[str, Callable[[Book], Any]] = {
    "what waits": lambda book: book.open_tasks(),
    "referrals, of which there are none": lambda book: book.open_tasks(("referral",)),
    "a calendar's weeks": lambda book: book.across(("observation",), 0, scale.BEGINNING),
    "how it has stood": lambda book: book.stages(("task",), 0),
    "headings and words": lambda book: book.over(book.children(), [Sought(("task",), read=True), Sought(("child",))]),
    "a search": lambda book: book.search(Search(Level("Observation"), count=5)),
    "the history of a type": lambda book: book.histories_of(["Task"], since=0, limit=5, after=None),
}


def test_what_is_across_children_is_found_by_the_asker_s_own(database: str) -> None:
    from barnetsbog.access.scopes import _SEAL

    unit, role = new_id(), new_id()
    scale.write(CHILDREN, unit, role, cases=MINE)
    scope = Scope(
        role, None, unit, "ppr-psychologist", "care", LoginLevel.HIGH, scale.BEGINNING, _SEAL, grantees=(unit, role),
        shelves=EVERYTHING,
    )  # fmt: skip
    gone_through = {what: max(map(_rows, _plans(lambda ask=ask: ask(Book(scope))))) for what, ask in ACROSS.items()}
    assert {what: rows for what, rows in gone_through.items() if rows > MINE * scale.ENTRIES * 3} == {}


def _plans(act: Callable[[], Any]) -> list[dict[str, Any]]:
    """How PostgreSQL found what was asked for."""
    asked: list[tuple[str, Any]] = []

    def listens(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listens):
        act()
    with connection.cursor() as cursor:
        return [_plan(cursor, sql, values) for sql, values in asked]


def _plan(cursor: Any, sql: str, values: Any) -> dict[str, Any]:
    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
    found: dict[str, Any] = cursor.fetchone()[0][0]["Plan"]
    return found
