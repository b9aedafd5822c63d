"""Tables whose rows may be added and never changed or removed: a trigger says no.

A trigger can be dropped by whoever owns the database, so it is a guard rail and not the proof; the proof is in `audit`.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from .steps import Step

_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END"""

_POSTGRESQL = """CREATE OR REPLACE FUNCTION rows_are_only_added() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%: rows are only added', TG_TABLE_NAME; END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION
rows_are_only_added()"""


def append_only(table: str) -> Step:
    """A migration step that guards `table`."""

    def guard(_before: ProjectState, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                editor.execute(_SQLITE.format(table=table, verb=verb), None)
        else:
            editor.execute(_POSTGRESQL.format(table=table), None)

    return Step(guard)
