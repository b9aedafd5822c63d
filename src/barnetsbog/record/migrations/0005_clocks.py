"""The end of a consent and the follow-up of a plan stand where the deadline of a task does."""

import orjson
from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Index, Q

from barnetsbog.record.promotion import promote


def _read_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Consents and plans that were received before."""
    entry, version = apps.get_model("record", "Entry"), apps.get_model("record", "Version")
    for row in entry.objects.filter(kind__in=("Consent", "CarePlan")).iterator():
        body = version.objects.get(child_id=row.child_id, entry_id=row.id, number=row.version).body
        due = promote(orjson.loads(bytes(body))).due
        if due is not None:
            entry.objects.filter(child_id=row.child_id, id=row.id).update(due=due)


class Migration(migrations.Migration):
    dependencies = [("record", "0004_offered")]
    operations = [
        migrations.AddIndex("entry", Index(fields=["holder_id"], name="entry_coordinator", condition=Q(what="team"))),
        migrations.AddIndex(
            "entry",
            Index(fields=["child_id", "what", "due"], name="entry_due", condition=Q(due__isnull=False, open=False)),
        ),
        migrations.RunPython(_read_again, migrations.RunPython.noop),
    ]
