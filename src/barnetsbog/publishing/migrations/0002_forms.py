from django.db import migrations, models

from barnetsbog.record.append_only import append_only
from barnetsbog.record.fields import IdField


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="FormDraft",
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
            options={"db_table": "form_draft"},
        ),
        migrations.CreateModel(
            name="FormDecision",
            fields=[
                ("draft", models.IntegerField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("role_id", IdField()),
                ("person_id", IdField(null=True)),
                ("approved", models.BooleanField()),
                ("valid_from", models.DateField(null=True)),
                ("remark", models.CharField(max_length=500)),
            ],
            options={"db_table": "form_decision"},
        ),
        migrations.CreateModel(
            name="FormRelease",
            fields=[
                ("form", models.CharField(max_length=100)),
                ("version", models.IntegerField()),
                ("draft", models.IntegerField()),
                ("valid_from", models.DateField()),
                ("withdrawn", models.BooleanField()),
                ("content", models.TextField()),
                ("follows", models.IntegerField(null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "form", "version", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={"db_table": "form_release"},
        ),
        append_only("form_draft"),
        append_only("form_decision"),
        append_only("form_release"),
    ]
