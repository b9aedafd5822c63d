"""Children are found by their birth date, with or without a name."""

from django.db import migrations
from django.db.models import Index


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_edition")]
    operations = [
        migrations.RemoveIndex("child", "child_name_born"),
        migrations.AddIndex("child", Index(fields=["born", "search_name"], name="child_name_born")),
    ]
