"""What the overseer is told of checks and checkpoints, and the files that prove something to somebody else."""

from pathlib import Path

import pytest
from django.db import connection

from barnetsbog.audit import checkpoints, checks, proofs, proving
from barnetsbog.audit.checkpoints import all_marks
from barnetsbog.audit.diagnosis import Kind
from barnetsbog.audit.models import Link
from barnetsbog.audit.operations import note
from barnetsbog.audit.verifying import verify
from barnetsbog.record.instance import keep_log_check, log_check
from tests.conftest import BOTH_DATABASES
from tests.integration.audit.test_chain import event, ident

pytestmark = BOTH_DATABASES


def test_before_the_first_check_there_is_no_result(log: str) -> None:
    assert checks.last() is None


def test_a_sound_log_is_told_so(log: str) -> None:
    checks.keep(verify(jobs=1))
    found = checks.last()
    assert found and (found.size, found.checkpoints, found.damage, found.seq) == (40, 4, None, None)
    assert found.vouched and not found.alarming and not found.too_old


def test_damage_is_told_with_its_place(log: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET reason = 'x' WHERE id = %s", [ident(event(7))])
    checks.keep(verify(jobs=1))
    found = checks.last()
    assert found and found.alarming and (found.damage, found.seq) == (Kind.CHANGED, 7)


@pytest.mark.parametrize("wrong", ["another result", "no JSON", "{}", '["x", "y"]', "[1, 2]"])
def test_a_result_that_somebody_wrote_into_the_database_is_not_believed(log: str, wrong: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET reason = 'x' WHERE id = %s", [ident(event(7))])
    checks.keep(verify(jobs=1))
    kept = log_check()
    written = kept.replace('\\"changed\\",7', "null,null") if wrong == "another result" else wrong
    assert written != kept
    keep_log_check(written)
    found = checks.last()
    assert found and found.alarming and not found.vouched


def test_a_check_of_last_month_is_too_old(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checks.keep(verify(jobs=1))
    found = checks.last()
    assert found
    assert found._replace(at=found.at - checks.TOO_OLD - 1_000_000).too_old


def test_checkpoints_are_listed_from_the_newest_on_page_by_page(log: str) -> None:
    first = checkpoints.newest_first(below=None, limit=3)
    assert [(one.mark.size, one.new) for one in first] == [(40, 10), (30, 10), (20, 10)]
    assert [(one.mark.size, one.new) for one in checkpoints.newest_first(below=20, limit=3)] == [(10, 10)]
    assert checkpoints.newest_first(below=10, limit=3) == []
    assert checkpoints.of_size(20) == first[2].mark and checkpoints.of_size(21) is None


def test_a_proof_shows_that_the_log_has_only_grown_since(log: str) -> None:
    for old in all_marks():
        told = proving.continued(old)
        given = told["continues"]
        path = [bytes.fromhex(one) for one in given["proof"]]
        new = bytes.fromhex(told["root"])
        assert proofs.is_continued(given["size"], bytes.fromhex(given["root"]), told["size"], new, path)
        assert not proofs.is_continued(given["size"], bytes(32), told["size"], new, path)


def test_only_what_stands_in_a_checkpoint_can_be_proved(log: str, folder: Path) -> None:
    note("overview", at=1, by=None)
    events = list(Link.objects.order_by("seq").values_list("event_id", flat=True))
    assert proving.provable(events) == set(events[:40])
    assert proving.provable([]) == set()
