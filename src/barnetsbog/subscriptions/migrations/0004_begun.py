from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0003_error_english"),
    ]

    operations = [
        migrations.AddField(model_name="subscribed", name="begun", field=models.IntegerField(default=0)),
    ]
