from django.db import migrations, models

import barnetsbog.record.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                ("id", barnetsbog.record.fields.IdField(primary_key=True, serialize=False)),
                ("child_id", barnetsbog.record.fields.IdField()),
                ("person_id", barnetsbog.record.fields.IdField()),
                ("way", models.CharField(max_length=10)),
                ("address", models.CharField(max_length=200)),
                ("quiet_since", models.IntegerField()),
                ("quiet_until", models.IntegerField()),
                ("confirmed_at", models.BigIntegerField(null=True)),
                ("code", models.CharField(default="", max_length=64)),
                ("code_until", models.BigIntegerField(default=0)),
                ("tries", models.IntegerField(default=0)),
                ("codes_day", models.CharField(default="", max_length=10)),
                ("codes", models.IntegerField(default=0)),
                ("look_at", models.BigIntegerField(default=0)),
                ("counts", models.CharField(default="", max_length=60)),
                ("told_at", models.BigIntegerField(null=True)),
                ("acute_at", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "notice_choice",
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at__isnull", False)), fields=["look_at"], name="notice_due"
                    ),
                    models.Index(fields=["address"], name="notice_address"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("child_id", "person_id"), name="notice_one_each"),
                ],
            },
        ),
    ]
