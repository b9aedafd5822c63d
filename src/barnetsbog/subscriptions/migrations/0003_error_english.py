from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0002_apps"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscribed",
            name="error_english",
            field=models.CharField(default="", max_length=300),
        ),
    ]
