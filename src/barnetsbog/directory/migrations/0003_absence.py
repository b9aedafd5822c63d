"""Units that close and who takes over from them; people who are away and who does their work meanwhile."""

from django.db import migrations, models

from barnetsbog.record.fields import IdField


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_longer_keys")]
    operations = [
        migrations.AddField("unit", "active", models.BooleanField(default=True)),
        migrations.AddField("unit", "successor_id", IdField(null=True)),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", IdField(primary_key=True, serialize=False)),
                ("role_id", IdField()),
                ("start", models.BigIntegerField()),
                ("end", models.BigIntegerField()),
                ("substitute_id", IdField(null=True)),
                ("recorded_at", models.BigIntegerField()),
                ("by_id", IdField()),
            ],
            options={
                "db_table": "absence",
                "indexes": [models.Index(fields=["role_id", "end"], name="absence_role")],
            },
        ),
    ]
