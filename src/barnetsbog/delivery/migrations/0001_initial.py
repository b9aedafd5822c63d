from django.db import migrations, models
from django.db.models import CompositePrimaryKey, Index, Q, UniqueConstraint

from barnetsbog.record.fields import IdField


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Outbox",
            fields=[
                (
                    "pk",
                    CompositePrimaryKey(
                        "child_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("child_id", IdField()),
                ("id", IdField()),
                ("kind", models.CharField(max_length=20)),
                ("subject_id", IdField()),
                ("to", models.CharField(max_length=80)),
                ("channel", models.CharField(max_length=20)),
                ("digest", models.CharField(max_length=64)),
                ("by_id", IdField()),
                ("unit_id", IdField()),
                ("at", models.BigIntegerField()),
                ("state", models.CharField(max_length=10)),
                ("attempts", models.IntegerField(default=0)),
                ("next_at", models.BigIntegerField()),
                ("why", models.CharField(default="", max_length=300)),
            ],
            options={
                "db_table": "outbox",
                "indexes": [
                    Index(condition=Q(("state", "waiting")), fields=["next_at"], name="outbox_waiting"),
                    Index(fields=["child_id", "subject_id"], name="outbox_subject"),
                ],
                "constraints": [
                    UniqueConstraint(fields=("child_id", "subject_id", "to"), name="outbox_once_each"),
                ],
            },
        ),
    ]
