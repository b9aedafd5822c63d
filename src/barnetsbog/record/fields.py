"""Columns that Django lacks: compact UUIDs, and tables that are their own index.

Every key of the book begins with two UUIDs. Django stores them as 32 characters on SQLite; here they are 16 bytes,
which halves the indexes. On PostgreSQL they are the native type.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState


class IdField(models.UUIDField):  # type: ignore[type-arg]
    """A UUID: 16 bytes on SQLite, the native type elsewhere."""

    def get_internal_type(self) -> str:
        return "IdField"  # so that Django's own conversion of 32 characters is not applied

    def db_type(self, connection: Any) -> str | None:
        return "blob" if connection.vendor == "sqlite" else "uuid"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return for_database(self.to_python(value), connection)

    def from_db_value(self, value: Any, expression: object, connection: BaseDatabaseWrapper) -> UUID | None:
        return value if value is None or isinstance(value, UUID) else UUID(bytes=bytes(value))


def for_database(value: UUID | None, connection: BaseDatabaseWrapper) -> UUID | bytes | None:
    """A UUID as a raw SQL parameter of this database."""
    return value.bytes if value is not None and connection.vendor == "sqlite" else value


def parameters(values: Iterable[Any], connection: BaseDatabaseWrapper) -> list[Any]:
    """Values as raw SQL parameters of this database: a list of hundreds of children asks it once what it is."""
    if connection.vendor != "sqlite":
        return list(values)
    return [one.bytes if isinstance(one, UUID) else one for one in values]


def uuid_of(value: Any) -> UUID:
    """A UUID out of a raw row of either database."""
    return value if type(value) is UUID else _from_bytes(value if type(value) is bytes else bytes(value))


def maybe_uuid(value: Any) -> UUID | None:
    """The same of a column that may be empty."""
    return None if value is None else uuid_of(value)


def date_of(value: Any) -> date:
    """A day out of a raw row of either database."""
    return value if isinstance(value, date) else date.fromisoformat(value)


@lru_cache(maxsize=65_536)
def _from_bytes(value: bytes) -> UUID:
    """A list names the same few units and children over and over, and making a UUID is dear."""
    return UUID(bytes=value)


class CreateClustered(CreateModel):
    """Creates a table that lives in its own primary key on SQLite (WITHOUT ROWID): one tree instead of two."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            sql, params = schema_editor.table_sql(model)
            schema_editor.execute(f"{sql} WITHOUT ROWID", params or None)
            indexes = schema_editor._model_indexes_sql(model)  # type: ignore[attr-defined]
            schema_editor.deferred_sql.extend(indexes)
