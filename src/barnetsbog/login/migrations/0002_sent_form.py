from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("login", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("led_to", models.TextField()),
                ("sent_at", models.BigIntegerField()),
            ],
            options={
                "db_table": "login_sent_form",
                "indexes": [models.Index(fields=["sent_at"], name="login_sent_form_old")],
            },
        ),
    ]
