"""What finds a child whoever asks; and search rows that say more than before."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import Index, Q

from barnetsbog.record.reindexing import reindex
from barnetsbog.record.steps import Step


def _index_again(_before: ProjectState, _editor: BaseDatabaseSchemaEditor) -> None:
    for _ in reindex():
        pass


class Migration(migrations.Migration):
    dependencies = [("record", "0005_clocks")]
    operations = [
        migrations.AddIndex("entry", Index(fields=["start"], name="entry_born", condition=Q(what="child"))),
        migrations.AddIndex("tokenrow", Index(fields=["code"], name="token_number", condition=Q(param=587468934))),
        Step(_index_again),
    ]
