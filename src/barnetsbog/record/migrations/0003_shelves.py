"""Rights by shelf: an entry gets the number of its shelf, and grants say which shelves they open.

Grants follow from the entries; the table is made anew, empty, and `access` fills it at the next start.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import Index, Q

from barnetsbog.record.fields import CreateClustered, IdField
from barnetsbog.record.shelves import BLOCKS, CLASSES, default_class, shelf
from barnetsbog.record.steps import Step, has_rows

_LANES = ("family", "school", "ppr", "health_visitor", "gp", "bup", "ltt", "family_dept", "hospital", "adult", "other")


def _number_shelves(_before: ProjectState, editor: BaseDatabaseSchemaEditor) -> None:
    """By raw SQL: Django would copy the table into one that is not its own index."""
    run = editor.execute
    small = "integer" if editor.connection.vendor == "sqlite" else "smallint"
    run(f"ALTER TABLE entry ADD COLUMN shelf {small} NOT NULL DEFAULT 0")
    run("UPDATE entry SET block = 'PE' WHERE what = 'person'")
    _fill_lanes(editor)
    run("UPDATE entry SET block = 'GO' WHERE kind = 'Goal'")
    for block in ("", *BLOCKS):
        for letter in CLASSES:
            where = _where(letter)
            if where:
                run(f"UPDATE entry SET shelf = {shelf(block, letter)} WHERE block = '{block}' AND ({where})")
    run("DROP INDEX entry_timeline")
    run("ALTER TABLE entry DROP COLUMN private")
    run("ALTER TABLE entry DROP COLUMN block")


def _fill_lanes(editor: BaseDatabaseSchemaEditor) -> None:
    """What does not stand on the timeline had no lane. (A new database has no units yet, and no entries.)"""
    if has_rows(editor, "entry"):
        of_unit = "COALESCE((SELECT sector FROM unit WHERE unit.id = entry.unit_id), 'other')"
        editor.execute(f"UPDATE entry SET lane = {of_unit} WHERE lane = ''")


def _where(letter: str) -> str:
    """Which entries have this class, in the words of `shelves.default_class`."""
    if letter == "P":
        return "private"
    lanes = ", ".join(f"'{lane}'" for lane in _LANES if default_class("meeting", lane) == letter)
    if not lanes:
        return ""
    always = "what IN ('child', 'person', 'team', 'consent')"
    if letter == "O":
        return f"NOT private AND ({always} OR (lane IN ({lanes}) AND what <> 'concern'))"
    own = (
        f"lane IN ({lanes})"
        if letter == "H"
        else f"lane IN ({lanes}, '') OR (what = 'concern' AND lane IN ('school', 'ppr'))"
    )
    return f"NOT private AND NOT {always} AND ({own})"


_NEW_INDEX = Index(
    fields=["child_id", "month", "lane", "shelf", "unit_id"], name="entry_timeline", condition=Q(month__gt=0)
)


class Migration(migrations.Migration):
    dependencies = [("record", "0002_append_only")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[Step(_number_shelves)],
            state_operations=[
                migrations.RemoveIndex("entry", "entry_timeline"),
                migrations.RemoveField("entry", "private"),
                migrations.RemoveField("entry", "block"),
                migrations.AddField("entry", "shelf", models.SmallIntegerField(default=0), preserve_default=False),
            ],
        ),
        migrations.AddIndex("entry", _NEW_INDEX),
        migrations.DeleteModel("Grant"),
        CreateClustered(
            name="Grant",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child_id",
                        "grantee_id",
                        "basis_id",
                        "part",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("child_id", IdField()),
                ("grantee_id", IdField()),
                ("basis_id", IdField()),
                ("part", models.SmallIntegerField()),
                ("shelves", models.BigIntegerField()),
                ("level", models.SmallIntegerField()),
                ("source_id", IdField(null=True)),
                ("lane", models.CharField(max_length=14)),
                ("entry_id", IdField(null=True)),
                ("rule", models.CharField(max_length=30)),
                ("purpose", models.CharField(max_length=30)),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField()),
            ],
            options={
                "db_table": "access_grant",
                "indexes": [Index(fields=["grantee_id", "valid_to", "valid_from", "child_id"], name="grant_grantee")],
            },
        ),
    ]
