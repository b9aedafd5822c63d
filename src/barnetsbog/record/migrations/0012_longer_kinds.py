"""Two types of R4 have names of more than thirty letters. SQLite asks of no text how long it is."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from barnetsbog.record.steps import Step


def _widen(_before: ProjectState, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE entry ALTER COLUMN kind TYPE varchar(40)", None)


class Migration(migrations.Migration):
    dependencies = [("record", "0011_whose_children")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[Step(_widen)],
            state_operations=[migrations.AlterField("entry", "kind", models.CharField(max_length=40))],
        )
    ]
