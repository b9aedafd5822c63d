"""PostgreSQL finds what is on the asker's children by the child, and reads nothing of anybody else's (ADR 45)."""

from typing import Any

import pytest
from bench import scale
from django.db import connection, connections

from barnetsbog.kernel.ids import new_id
from barnetsbog.record import joins
from barnetsbog.record.book import Book
from barnetsbog.record.scope import LoginLevel, Scope
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


@pytest.mark.parametrize("what", [("task", "team"), ("referral",)])
def test_what_waits_is_found_by_the_asker_s_children(database: str, what: tuple[str, ...]) -> None:
    from barnetsbog.access.scopes import _SEAL

    unit, role = new_id(), new_id()
    scale.write(CHILDREN, unit, role, cases=MINE)
    scope = Scope(
        role, None, unit, "ppr-psychologist", "care", LoginLevel.HIGH, scale.BEGINNING, _SEAL, grantees=(unit, role),
        shelves=EVERYTHING,
    )  # fmt: skip
    asked: list[tuple[str, Any]] = []

    def listens(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listens):
        found = Book(scope).open_tasks(what)
    assert len(found) == (MINE if "task" in what else 0)
    (sql, values), *_ = asked
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
        (plan,) = cursor.fetchone() or ()
    assert _rows(plan[0]["Plan"]) < CHILDREN / 4, plan
