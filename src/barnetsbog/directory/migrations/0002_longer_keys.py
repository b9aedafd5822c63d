from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [
        migrations.AlterField(model_name="childidentifier", name="value", field=models.CharField(max_length=160)),
    ]
