"""The end of a consent and the follow-up of a plan stand where the deadline of a task does."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import Index, Q

from barnetsbog.record.promotion import promote
from barnetsbog.record.steps import Step, has_rows, models_in, said_by


def _read_again(before: ProjectState, editor: BaseDatabaseSchemaEditor) -> None:
    """Consents and plans that were received before."""
    if not has_rows(editor, "entry"):
        return
    apps = models_in(before)
    entry = apps.get_model("record", "Entry")
    for row in entry.objects.filter(kind__in=("Consent", "CarePlan")).iterator():
        due = promote(said_by(apps, row)).due
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
        Step(_read_again),
    ]
