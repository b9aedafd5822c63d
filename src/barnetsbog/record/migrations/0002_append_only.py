from django.db import migrations

from barnetsbog.record.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [append_only("version"), append_only("delivery")]
