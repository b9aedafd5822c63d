from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0001_initial"),
    ]

    operations = [
        migrations.AddField(model_name="outbox", name="begun", field=models.IntegerField(default=0)),
    ]
