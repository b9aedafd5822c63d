"""What finds a child whoever asks; and search rows that say more than before."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Index, Q

from barnetsbog.record.reindexing import reindex


def _index_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for _ in reindex():
        pass


class Migration(migrations.Migration):
    dependencies = [("record", "0005_clocks")]
    operations = [
        migrations.AddIndex("entry", Index(fields=["start"], name="entry_born", condition=Q(what="child"))),
        migrations.AddIndex("tokenrow", Index(fields=["code"], name="token_number", condition=Q(param=587468934))),
        migrations.RunPython(_index_again, migrations.RunPython.noop),
    ]
