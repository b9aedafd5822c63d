from django.db import migrations, models
from django.db.models import Index, Q, UniqueConstraint

from barnetsbog.record.fields import IdField


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", IdField(primary_key=True, serialize=False)),
                ("person_id", IdField()),
                ("child_id", IdField(null=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("with_place", models.BooleanField()),
                ("made_at", models.BigIntegerField()),
                ("ended_at", models.BigIntegerField(null=True)),
                ("hour", models.BigIntegerField(default=0)),
                ("fetched", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "calendar_feed",
                "indexes": [Index(fields=["person_id", "child_id"], name="calendar_feed_person")],
                "constraints": [
                    UniqueConstraint(fields=["person_id"], condition=Q(ended_at=None), name="calendar_feed_one_each"),
                ],
            },
        ),
    ]
