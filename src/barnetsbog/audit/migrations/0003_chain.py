"""The chain. Events that were written before it wait to be sealed like any others.

`detail` becomes the text it was written as, and on SQLite the events move into a table that is its own index, because
a check of the log looks each of them up by id.
"""

from uuid import UUID

from django.db import migrations, models

import barnetsbog.audit.models
from barnetsbog.record.append_only import append_only
from barnetsbog.record.fields import CreateClustered, IdField
from barnetsbog.record.steps import Step, models_in


def move_events(before, editor):
    if editor.connection.vendor != "sqlite":
        editor.execute("ALTER TABLE audit_event ALTER COLUMN detail TYPE text USING detail::text")
        return
    event = models_in(before).get_model("audit", "Event")
    for index in ("audit_child", "audit_person"):
        editor.execute(f"DROP INDEX {index}")
    editor.execute("ALTER TABLE audit_event RENAME TO audit_event_before")
    editor.execute(f"{editor.table_sql(event)[0]} WITHOUT ROWID", None)
    editor.execute("INSERT INTO audit_event SELECT * FROM audit_event_before")
    editor.execute("DROP TABLE audit_event_before")
    for statement in editor._model_indexes_sql(event):
        editor.execute(statement)
    append_only("audit_event").code(before, editor)


def wait_for_the_seal(before, editor):
    from barnetsbog.audit.encoding import from_text, leaf_of
    from barnetsbog.audit.keys import chain
    from barnetsbog.audit.links import columns

    with editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns(editor.connection.vendor)} FROM audit_event e ORDER BY e.id")  # noqa: S608
        lines = [from_text(row) for row in cursor.fetchall()]
    if lines:
        unsealed = models_in(before).get_model("audit", "Unsealed")
        rows = [unsealed(event_id=UUID(bytes=line.id), mac=chain().unsealed(leaf_of(line))) for line in lines]
        unsealed.objects.using(editor.connection.alias).bulk_create(rows, batch_size=400)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("Event", "detail", barnetsbog.audit.models.JsonText(default=dict)),
            ]
        ),
        Step(move_events),
        CreateClustered(
            name="Link",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", IdField(unique=True)),
                ("leaf", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "audit_link"},
        ),
        CreateClustered(
            name="Unsealed",
            fields=[
                ("event_id", IdField(primary_key=True, serialize=False)),
                ("mac", models.BinaryField()),
            ],
            options={"db_table": "audit_unsealed"},
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                ("mac", models.BinaryField()),
            ],
            options={"db_table": "audit_head"},
        ),
        CreateClustered(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("head", models.BinaryField()),
                ("peaks", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("at", models.BigIntegerField()),
            ],
            options={"db_table": "audit_checkpoint"},
        ),
        append_only("audit_link"),
        append_only("audit_checkpoint"),
        Step(wait_for_the_seal),
    ]
