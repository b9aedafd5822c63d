from django.db import migrations, models
from django.db.models import Index

from barnetsbog.record.fields import IdField


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Registered",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("sort", models.CharField(max_length=10)),
                ("role_id", IdField(null=True)),
                ("role", models.CharField(max_length=30)),
                ("unit_id", IdField(null=True)),
                ("level", models.CharField(max_length=12)),
                ("scopes", models.TextField()),
                ("jwks", models.TextField()),
                ("redirects", models.TextField(default="[]")),
                ("origins", models.TextField(default="[]")),
                ("per_minute", models.IntegerField()),
                ("per_day", models.IntegerField()),
                ("enabled", models.BooleanField(default=True)),
                ("ends_at", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "client"},
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", IdField(primary_key=True, serialize=False)),
                ("client_id", models.CharField(max_length=60)),
                ("person_id", IdField()),
                ("own_child_id", IdField(null=True)),
                ("child_id", IdField(null=True)),
                ("session", models.CharField(max_length=64)),
                ("scopes", models.TextField()),
                ("level", models.CharField(max_length=12)),
                ("made_at", models.BigIntegerField()),
                ("ends_at", models.BigIntegerField()),
                ("ended_at", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "client_approval",
                "indexes": [
                    Index(fields=["person_id"], name="client_approval_person"),
                    Index(fields=["session"], name="client_approval_session"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Issued",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("sort", models.CharField(max_length=10)),
                ("client_id", models.CharField(max_length=60)),
                ("approval_id", IdField(null=True)),
                ("scopes", models.TextField()),
                ("issued_at", models.BigIntegerField()),
                ("ends_at", models.BigIntegerField()),
                ("spent_at", models.BigIntegerField(null=True)),
                ("redirect", models.TextField(default="")),
                ("challenge", models.CharField(default="", max_length=128)),
            ],
            options={
                "db_table": "client_token",
                "indexes": [
                    Index(fields=["approval_id"], name="client_token_approval"),
                    Index(fields=["ends_at"], name="client_token_end"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("ends_at", models.BigIntegerField()),
            ],
            options={
                "db_table": "client_assertion",
                "indexes": [Index(fields=["ends_at"], name="client_assertion_end")],
            },
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                ("key", models.CharField(max_length=90, primary_key=True, serialize=False)),
                ("taken", models.IntegerField()),
                ("ends_at", models.BigIntegerField()),
            ],
            options={"db_table": "client_use", "indexes": [Index(fields=["ends_at"], name="client_use_end")]},
        ),
    ]
