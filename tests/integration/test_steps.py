"""Steps of migrations that read again what was received before there was a column for it."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from barnetsbog.directory.models import Professional, Role
from barnetsbog.kernel.time import day_start, parse
from barnetsbog.record.models import Entry
from barnetsbog.record.steps import Step, has_rows
from tests.builders import begin_with, bundle, patient, role, task, unit
from tests.conftest import BOTH_DATABASES

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


def steps(migration: str, of: str = "record") -> list[Operation]:
    found = import_module(f"barnetsbog.{of}.migrations.{migration}").Migration.operations
    parts = [part for one in found for part in getattr(one, "database_operations", [one])]
    return [one for one in parts if isinstance(one, Step)]


def whether_it_was_a_day() -> None:
    """The column that there was until the exactness of a date was kept."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE entry ADD COLUMN whole_day bool NOT NULL DEFAULT FALSE")
        cursor.execute("UPDATE entry SET whole_day = (exactness > 0)")


def test_a_ball_from_before_is_read_again_with_the_models_of_that_day() -> None:
    begin_with(bundle(unit("ppr"), *role("kim"), patient(), task()))
    ball = Entry.objects.get(kind="Task")
    assert ball.holder_id and ball.open
    Entry.objects.filter(child_id=ball.child_id, id=ball.id).update(holder_id=None, open=False)
    whether_it_was_a_day()
    before = MigrationLoader(None).project_state(("record", "0004_offered"))
    for step in steps("0004_offered"):
        step.database_forwards("record", connection.schema_editor(), before, before)
    again = Entry.objects.get(child_id=ball.child_id, id=ball.id)
    assert (again.holder_id, again.open) == (ball.holder_id, True)


@pytest.mark.parametrize("began", ["2019", "2019-03", "2019-03-01", "2019-03-04", "2019-03-01T00:00:00+01:00"])
def test_what_was_told_as_a_year_or_a_month_from_before_is_listed_so(began: str) -> None:
    begin_with(bundle(unit("ppr"), *role("kim"), patient(), task(executionPeriod={"start": began, "end": began})))
    told = Entry.objects.filter(kind="Task").values_list("exactness", "end_exactness")
    assert [*told] == [(parse(began)[1], parse(began)[1])]
    whether_it_was_a_day()
    with connection.cursor() as cursor:
        for column in ("exactness", "end_exactness"):
            cursor.execute(f"ALTER TABLE entry DROP COLUMN {column}")
    before = MigrationLoader(None).project_state(("record", "0012_longer_kinds"))
    for step in steps("0013_exactness"):
        step.database_forwards("record", connection.schema_editor(), before, before)
    assert [*told.all()] == [(parse(began)[1], parse(began)[1])]


def test_jobs_from_before_end_when_they_said_so() -> None:
    person, job = role("kim")
    begin_with(bundle(unit("ppr"), {**person, "active": False}, {**job, "period": {"end": "2026-11-24"}}, *role("ida")))
    Role.objects.update(start=None, end=None)
    Professional.objects.update(active=None)
    before = MigrationLoader(None).project_state([("directory", "0006_working"), ("record", "0013_exactness")])
    for step in steps("0006_working", "directory"):
        step.database_forwards("directory", connection.schema_editor(), before, before)
    ends = list(Role.objects.order_by("end").values_list("end", flat=True))
    assert day_start(date(2026, 11, 25)) in ends and None in ends
    assert set(Professional.objects.values_list("active", flat=True)) == {False, None}


def test_in_a_new_database_nobody_makes_the_models_of_that_day() -> None:
    before = MigrationLoader(None).project_state(("record", "0005_clocks"))
    assert not has_rows(connection.schema_editor(), Entry._meta.db_table)
    for name in ("0004_offered", "0005_clocks", "0006_searching"):
        for step in steps(name):
            step.database_forwards("record", connection.schema_editor(), before, before)
    assert "apps" not in vars(before)
