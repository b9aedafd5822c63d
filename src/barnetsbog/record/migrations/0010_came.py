"""When a delivery came is read out of an index, and not from behind its payload."""

from django.db import migrations
from django.db.models import Index


class Migration(migrations.Migration):
    dependencies = [("record", "0009_joined")]
    operations = [
        migrations.RemoveIndex("delivery", "delivery_id"),
        migrations.AddIndex("delivery", Index(fields=["id", "received_at"], name="delivery_came")),
    ]
