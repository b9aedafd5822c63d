from django.db import migrations, models

import barnetsbog.record.fields
from barnetsbog.record.fields import CreateClustered


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateClustered(
            name="DateRow",
            fields=[
                ("child_id", barnetsbog.record.fields.IdField()),
                ("param", models.IntegerField()),
                ("entry_id", barnetsbog.record.fields.IdField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id",
                        "param",
                        "low",
                        "high",
                        "entry_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("low", models.BigIntegerField()),
                ("high", models.BigIntegerField()),
            ],
            options={
                "db_table": "search_date",
            },
        ),
        migrations.CreateModel(
            name="Instance",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.TextField()),
            ],
        ),
        CreateClustered(
            name="QuantityRow",
            fields=[
                ("child_id", barnetsbog.record.fields.IdField()),
                ("param", models.IntegerField()),
                ("entry_id", barnetsbog.record.fields.IdField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id",
                        "param",
                        "low",
                        "high",
                        "code",
                        "system",
                        "entry_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                ("code", models.TextField()),
                ("system", models.TextField()),
            ],
            options={
                "db_table": "search_quantity",
            },
        ),
        CreateClustered(
            name="ReadMark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id", "reader_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("child_id", barnetsbog.record.fields.IdField()),
                ("reader_id", barnetsbog.record.fields.IdField()),
                ("at", models.BigIntegerField()),
            ],
            options={
                "db_table": "read_mark",
            },
        ),
        CreateClustered(
            name="ReferenceRow",
            fields=[
                ("child_id", barnetsbog.record.fields.IdField()),
                ("param", models.IntegerField()),
                ("entry_id", barnetsbog.record.fields.IdField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id",
                        "param",
                        "target",
                        "entry_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("target", models.TextField()),
            ],
            options={
                "db_table": "search_reference",
            },
        ),
        CreateClustered(
            name="StringRow",
            fields=[
                ("child_id", barnetsbog.record.fields.IdField()),
                ("param", models.IntegerField()),
                ("entry_id", barnetsbog.record.fields.IdField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id",
                        "param",
                        "text",
                        "entry_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("text", models.TextField()),
            ],
            options={
                "db_table": "search_string",
            },
        ),
        CreateClustered(
            name="TokenRow",
            fields=[
                ("child_id", barnetsbog.record.fields.IdField()),
                ("param", models.IntegerField()),
                ("entry_id", barnetsbog.record.fields.IdField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id",
                        "param",
                        "code",
                        "system",
                        "entry_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.TextField()),
                ("system", models.TextField()),
            ],
            options={
                "db_table": "search_token",
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id", "entry_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("child_id", barnetsbog.record.fields.IdField()),
                ("entry_id", barnetsbog.record.fields.IdField()),
                ("number", models.IntegerField()),
                ("body", models.BinaryField()),
                ("recorded_at", models.BigIntegerField()),
                ("by_id", barnetsbog.record.fields.IdField(null=True)),
                ("on_behalf_of_id", barnetsbog.record.fields.IdField(null=True)),
                ("delivery_id", barnetsbog.record.fields.IdField(null=True)),
                ("place", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "version",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("child_id", barnetsbog.record.fields.IdField()),
                ("id", barnetsbog.record.fields.IdField()),
                ("source", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("payload", models.BinaryField()),
                ("received_at", models.BigIntegerField()),
                ("by_id", barnetsbog.record.fields.IdField(null=True)),
                ("refusals", models.JSONField(default=list)),
            ],
            options={
                "db_table": "delivery",
                "indexes": [
                    models.Index(fields=["fingerprint", "source"], name="delivery_seen"),
                    models.Index(fields=["id"], name="delivery_id"),
                ],
            },
        ),
        CreateClustered(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("child_id", barnetsbog.record.fields.IdField()),
                ("id", barnetsbog.record.fields.IdField()),
                ("kind", models.CharField(max_length=30)),
                ("what", models.CharField(max_length=20)),
                ("block", models.CharField(max_length=2)),
                ("lane", models.CharField(max_length=14)),
                ("month", models.IntegerField()),
                ("start", models.BigIntegerField()),
                ("end", models.BigIntegerField(null=True)),
                ("whole_day", models.BooleanField()),
                ("title", models.CharField(max_length=300)),
                ("status", models.CharField(max_length=30)),
                ("author_id", barnetsbog.record.fields.IdField(null=True)),
                ("unit_id", barnetsbog.record.fields.IdField(null=True)),
                ("open", models.BooleanField()),
                ("holder_id", barnetsbog.record.fields.IdField(null=True)),
                ("due", models.BigIntegerField(null=True)),
                ("important", models.BooleanField()),
                ("imported", models.BooleanField()),
                ("private", models.BooleanField()),
                ("version", models.IntegerField()),
                ("fingerprint", models.BigIntegerField()),
                ("recorded_at", models.BigIntegerField()),
                ("source", models.CharField(max_length=60)),
                ("source_ref", models.CharField(max_length=160)),
            ],
            options={
                "db_table": "entry",
                "indexes": [
                    models.Index(
                        condition=models.Q(("month__gt", 0)),
                        fields=["child_id", "month", "lane", "private", "unit_id"],
                        name="entry_timeline",
                    ),
                    models.Index(
                        condition=models.Q(("month__gt", 0)), fields=["child_id", "start"], name="entry_newest"
                    ),
                    models.Index(fields=["child_id", "what", "start"], name="entry_what"),
                    models.Index(
                        condition=models.Q(("open", True)), fields=["child_id", "what", "due"], name="entry_open"
                    ),
                    models.Index(
                        condition=models.Q(("author_id__isnull", False), ("unit_id__isnull", True)),
                        fields=["author_id"],
                        name="entry_unplaced",
                    ),
                    models.Index(fields=["id"], name="entry_id"),
                ],
            },
        ),
        CreateClustered(
            name="Grant",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id", "unit_id", "basis_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("child_id", barnetsbog.record.fields.IdField()),
                ("unit_id", barnetsbog.record.fields.IdField()),
                ("basis_id", barnetsbog.record.fields.IdField()),
                ("basis", models.CharField(max_length=30)),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField()),
            ],
            options={
                "db_table": "access_grant",
                "indexes": [models.Index(fields=["unit_id", "valid_to", "valid_from", "child_id"], name="grant_unit")],
            },
        ),
    ]
