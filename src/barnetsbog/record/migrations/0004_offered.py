"""Whom a ball is offered to, so that it stands on their work list."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import Index, Q

import barnetsbog.record.fields
from barnetsbog.fhir.own import ident_of
from barnetsbog.record.promotion import promote
from barnetsbog.record.steps import Step, has_rows, models_in, said_by


def _read_again(before: ProjectState, editor: BaseDatabaseSchemaEditor) -> None:
    """Balls and teams that were received before there was a column for it."""
    if not has_rows(editor, "entry"):
        return
    apps = models_in(before)
    entry = apps.get_model("record", "Entry")
    for row in entry.objects.filter(kind__in=("Task", "CareTeam")).iterator():
        found = promote(said_by(apps, row))
        offered, holder = ident_of(found.offered), ident_of(found.holder)
        if (row.offered_id, row.holder_id, row.open) != (offered, holder, found.open):
            same = entry.objects.filter(child_id=row.child_id, id=row.id)
            same.update(offered_id=offered, holder_id=holder, open=found.open)


class Migration(migrations.Migration):
    dependencies = [("record", "0003_shelves")]
    operations = [
        migrations.AddField("entry", "offered_id", barnetsbog.record.fields.IdField(null=True)),
        Step(_read_again),
        migrations.AddIndex("entry", Index(fields=["holder_id"], name="entry_holder", condition=Q(open=True))),
    ]
