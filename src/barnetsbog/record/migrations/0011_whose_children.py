"""Whose children is read out of one index, and what has been sent or told to somebody out of another."""

from django.db import migrations
from django.db.models import Index, Q


class Migration(migrations.Migration):
    dependencies = [("record", "0010_came")]
    operations = [
        migrations.AddIndex(
            "grant",
            Index(
                fields=["grantee_id", "child_id", "valid_from", "valid_to", "rule", "entry_id"],
                name="grant_child",
                condition=Q(entry_id__isnull=True),
            ),
        ),
        migrations.AddIndex(
            "grant", Index(fields=["grantee_id", "rule"], name="grant_entry", condition=Q(entry_id__isnull=False))
        ),
        migrations.RemoveIndex("grant", "grant_grantee"),
    ]
