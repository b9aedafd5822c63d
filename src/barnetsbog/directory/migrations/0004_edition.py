"""The edition of the directory: another random number whenever a unit, a person or a role has changed."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from barnetsbog.record.fields import IdField
from barnetsbog.record.steps import Step

TABLES = ("unit", "professional", "role")

_SQLITE = """CREATE TRIGGER {table}_edition_{verb} AFTER {verb} ON {table}
BEGIN INSERT OR REPLACE INTO directory_edition (id, mark) VALUES (1, randomblob(16)); END"""

_POSTGRESQL = """CREATE OR REPLACE FUNCTION new_directory_edition() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  INSERT INTO directory_edition AS e (id, mark) VALUES (1, gen_random_uuid())
  ON CONFLICT (id) DO UPDATE SET mark = excluded.mark;
  RETURN NULL;
END $$;
CREATE TRIGGER {table}_edition AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION
new_directory_edition()"""


def watch(_before: ProjectState, editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if editor.connection.vendor != "sqlite":
            editor.execute(_POSTGRESQL.format(table=table), None)
            continue
        for verb in ("INSERT", "UPDATE", "DELETE"):
            editor.execute(_SQLITE.format(table=table, verb=verb), None)


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_absence")]
    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[("id", models.SmallIntegerField(primary_key=True, serialize=False)), ("mark", IdField())],
            options={"db_table": "directory_edition"},
        ),
        Step(watch),
    ]
