"""Whose children, and what somebody has been told, is read out of an index alone."""

from django.db import migrations
from django.db.models import Index


class Migration(migrations.Migration):
    dependencies = [("record", "0010_came")]
    operations = [
        migrations.AddIndex(
            "grant",
            Index(
                fields=["grantee_id", "rule", "child_id", "valid_from", "valid_to", "entry_id"],
                name="grant_grantee_rule",
            ),
        ),
        migrations.RemoveIndex("grant", "grant_grantee"),
    ]
