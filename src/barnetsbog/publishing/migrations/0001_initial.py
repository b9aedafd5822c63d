from django.db import migrations, models

from barnetsbog.record.append_only import append_only
from barnetsbog.record.fields import IdField


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="RoutingDraft",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("role_id", IdField()),
                ("person_id", IdField(null=True)),
                ("content", models.TextField()),
                ("submitted", models.BooleanField()),
                ("valid_from", models.DateField(null=True)),
                ("why", models.CharField(max_length=500)),
            ],
            options={"db_table": "routing_draft"},
        ),
        migrations.CreateModel(
            name="RoutingDecision",
            fields=[
                ("draft", models.IntegerField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("role_id", IdField()),
                ("person_id", IdField(null=True)),
                ("approved", models.BooleanField()),
                ("valid_from", models.DateField(null=True)),
                ("remark", models.CharField(max_length=500)),
            ],
            options={"db_table": "routing_decision"},
        ),
        append_only("routing_draft"),
        append_only("routing_decision"),
    ]
