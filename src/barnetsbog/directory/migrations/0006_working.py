"""From when until when somebody has a job, and whether the directory still counts on the person."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from barnetsbog.directory.working import spans
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.record.steps import Step, has_rows, models_in, said_by


def _read_again(before: ProjectState, editor: BaseDatabaseSchemaEditor) -> None:
    """People and jobs that were received before."""
    if not has_rows(editor, "role"):
        return
    apps = models_in(before)
    entry = apps.get_model("record", "Entry")
    role, person = apps.get_model("directory", "Role"), apps.get_model("directory", "Professional")
    found = entry.objects.filter(child_id=DIRECTORY, kind__in=("PractitionerRole", "Practitioner"))
    for row in found.iterator():
        said = said_by(apps, row)
        if row.kind == "PractitionerRole" and "period" in said:
            start, end = spans(said["period"])
            role.objects.filter(id=row.id).update(start=start, end=end)
        elif row.kind == "Practitioner" and said.get("active") is False:
            person.objects.filter(id=row.id).update(active=False)


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_born"), ("record", "0011_whose_children")]
    operations = [
        # May be null, so that SQLite adds a column and does not make the table anew, without its triggers (0004).
        migrations.AddField("role", "start", models.BigIntegerField(null=True)),
        migrations.AddField("role", "end", models.BigIntegerField(null=True)),
        migrations.AddField("professional", "active", models.BooleanField(null=True)),
        Step(_read_again),
    ]
