"""A list of what waits reads the index of what is open, and nothing beside it."""

from django.db import migrations
from django.db.models import Index, Q

_FIELDS = ["child_id", "what", "due", "shelf", "lane", "unit_id", "holder_id", "offered_id", "start", "open"]


class Migration(migrations.Migration):
    dependencies = [("record", "0007_person_numbers")]
    operations = [
        migrations.RemoveIndex("entry", "entry_open"),
        migrations.AddIndex("entry", Index(fields=_FIELDS, name="entry_open", condition=Q(open=True))),
    ]
