"""Steps of a migration that speak with the database.

Django's own RunPython makes every model as it then was before each step, whether the step asks or not: two thirds of
what a new instance cost. These make them when they are asked for.
"""

from collections.abc import Callable
from typing import Any

import orjson
from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Code = Callable[[ProjectState, BaseDatabaseSchemaEditor], None]


class Step(Operation):
    """Runs `code`. Backwards it does nothing."""

    reduces_to_sql = False

    def __init__(self, code: Code) -> None:
        self.code = code

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """It changes rows, triggers and indexes, which no model tells of."""

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self.code(from_state, editor)

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None: ...


def models_in(state: ProjectState) -> Apps:
    """All models as they were at this step."""
    state.clear_delayed_apps_cache()
    return state.apps


def said_by(apps: Apps, row: Any) -> dict[str, Any]:
    """What an entry says now, which is a row of the table as it was at a step (`models_in`)."""
    versions = apps.get_model("record", "Version").objects
    body = versions.get(child_id=row.child_id, entry_id=row.id, number=row.version).body
    said: dict[str, Any] = orjson.loads(bytes(body))
    return said


def has_rows(editor: BaseDatabaseSchemaEditor, table: str) -> bool:
    """Whether there is anything to do again: in a new database there is not."""
    with editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 -- a table of ours
        return cursor.fetchone() is not None
