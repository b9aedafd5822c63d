from django.db import migrations, models

from barnetsbog.record.fields import IdField


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                ("id", IdField(primary_key=True, serialize=False)),
                ("child_id", IdField()),
                ("role_id", IdField()),
                ("unit_id", IdField()),
                ("at", models.BigIntegerField()),
                ("until", models.BigIntegerField()),
                ("reason", models.CharField(max_length=500)),
                ("address_reason", models.CharField(max_length=500)),
                ("reviewed_at", models.BigIntegerField(null=True)),
                ("reviewed_by", IdField(null=True)),
                ("justified", models.BooleanField(null=True)),
                ("remark", models.CharField(max_length=500)),
                ("told_at", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "break_glass",
                "indexes": [
                    models.Index(fields=["child_id", "until"], name="break_glass_child"),
                    models.Index(fields=["unit_id", "reviewed_at"], name="break_glass_review"),
                ],
            },
        ),
    ]
