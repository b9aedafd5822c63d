"""How exactly the beginning and the end of an entry were told: "2019" was listed as 01.01.2019."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import Q

from barnetsbog.kernel.time import local_day
from barnetsbog.record.fields import parameters
from barnetsbog.record.promotion import promote
from barnetsbog.record.steps import Step, has_rows, models_in, said_by


def _keep_exactness(before: ProjectState, editor: BaseDatabaseSchemaEditor) -> None:
    """By raw SQL: Django would copy the table into one that is not its own index."""
    for name in ("exactness", "end_exactness"):
        editor.execute(f"ALTER TABLE entry ADD COLUMN {name} smallint NOT NULL DEFAULT 0")
    if has_rows(editor, "entry"):
        editor.execute("UPDATE entry SET exactness = 1 WHERE whole_day")
        _read_again(before, editor)
    editor.execute("ALTER TABLE entry DROP COLUMN whole_day")


def _read_again(before: ProjectState, editor: BaseDatabaseSchemaEditor) -> None:
    """What was received before. Only what begins with a month can have been told as one, or as a year."""
    apps = models_in(before)
    entry = apps.get_model("record", "Entry")
    for row in entry.objects.filter(Q(whole_day=True) | Q(end__isnull=False)).iterator():
        if row.end is None and local_day(row.start).day > 1:
            continue
        found = promote(said_by(apps, row))
        if (row.whole_day, 0) != (found.exactness, found.end_exactness):
            sql = "UPDATE entry SET exactness = %s, end_exactness = %s WHERE child_id = %s AND id = %s"
            told = [found.exactness, found.end_exactness, row.child_id, row.id]
            editor.execute(sql, parameters(told, editor.connection))


class Migration(migrations.Migration):
    dependencies = [("record", "0012_longer_kinds")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[Step(_keep_exactness)],
            state_operations=[
                migrations.RemoveField("entry", "whole_day"),
                migrations.AddField("entry", "exactness", models.SmallIntegerField(default=0), preserve_default=False),
                migrations.AddField(
                    "entry", "end_exactness", models.SmallIntegerField(default=0), preserve_default=False
                ),
            ],
        )
    ]
