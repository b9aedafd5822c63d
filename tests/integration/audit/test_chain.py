"""The log in the database: what is written, sealed, and found when somebody changes it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from barnetsbog.audit import checkpoints, keys, links, proofs, proving, standing, verifying
from barnetsbog.audit.checkpoints import all_marks
from barnetsbog.audit.diagnosis import Damage, Kind
from barnetsbog.audit.models import Checkpoint, Event, Head, Link, Unsealed
from barnetsbog.audit.operations import note
from barnetsbog.audit.proofs import leaf_hash
from barnetsbog.audit.sealing import seal
from barnetsbog.audit.verifying import verify
from barnetsbog.kernel.decisions import LogDown, NotFound
from barnetsbog.record.fields import for_database
from tests.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def event(seq: int) -> UUID:
    return Link.objects.get(seq=seq).event_id


def ident(value: UUID) -> Any:
    return for_database(value, connection)


def damage(**given: Any) -> tuple[str, int | None]:
    found = verify(jobs=1, **given).damage
    assert found is not None
    return str(found.kind), found.seq


# -- writing -----------------------------------------------------------------------------------------------------------


def test_an_event_gets_its_place(database: str, folder: Path) -> None:
    note("overview", at=1, by=None)
    waiting = 0 if database == "sqlite" else 1
    assert (Link.objects.count(), Unsealed.objects.count()) == (1 - waiting, waiting)
    assert verify(jobs=1).unsealed == waiting
    assert seal().sealed == waiting
    verdict = verify(jobs=1)
    assert (verdict.size, verdict.unsealed, verdict.damage) == (1, 0, None)


def test_an_act_that_is_undone_leaves_nothing(database: str, folder: Path) -> None:
    note("overview", at=1, by=None)
    seal()
    before = Head.objects.values_list().get()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note("timeline", at=2, by=None)
        raise ZeroDivisionError
    assert seal(checkpoint=True).sealed == 0
    assert (Event.objects.count(), Link.objects.count(), Unsealed.objects.count()) == (1, 1, 0)
    assert Head.objects.values_list().get() == before
    note("entry", at=3, by=None)
    seal()
    assert verify(jobs=1).damage is None


def test_sealing_many_at_once_keeps_their_order(database: str, folder: Path) -> None:
    with patch("barnetsbog.audit.links.own_chain", return_value=False), patch("barnetsbog.audit.sealing.BATCH", 3):
        sealed_by_hand = database == "sqlite"
        for number in range(10):
            note("overview", at=number, by=None)
        if sealed_by_hand:
            assert Link.objects.count() == 0
    with patch("barnetsbog.audit.sealing.BATCH", 3):
        assert seal().sealed == 10
    order = [Event.objects.get(id=link.event_id).at for link in Link.objects.order_by("seq")]
    assert sorted(order) == list(range(10))
    assert [link.event_id for link in Link.objects.order_by("seq")] == sorted(
        Event.objects.values_list("id", flat=True)
    )
    assert verify(jobs=1).damage is None


def test_what_note_did_not_write_gets_no_place(database: str, folder: Path) -> None:
    """Somebody puts an event and its waiting row into the tables, but has no key."""
    stranger = Event.objects.create(id=uuid4(), at=1, action="overview", allowed=True, role="", purpose="", reason="")
    Unsealed.objects.create(event_id=stranger.id, mac=b"x" * 32)
    note("overview", at=2, by=None)
    assert seal().sealed == (0 if database == "sqlite" else 1)
    assert Link.objects.count() == 1
    found = verify(jobs=1).damage
    assert found and (found.kind, found.seq, found.event_id) == ("changed", None, stranger.id)


def test_rows_are_only_added(database: str, folder: Path) -> None:
    note("overview", at=1, by=None)
    seal(checkpoint=True)
    for table, column in (("audit_event", "at"), ("audit_link", "seq"), ("audit_checkpoint", "at")):
        for statement in (f"UPDATE {table} SET {column} = 7", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
                sql(statement)


def test_a_log_with_records_is_not_given_a_new_key(database: str, folder: Path) -> None:
    note("overview", at=1, by=None)
    seal()
    assert (folder / keys.FILE).stat().st_mode & 0o777 == 0o600
    (folder / keys.FILE).unlink()
    keys.forget()
    with pytest.raises(LogDown, match=r"audit\.key"), transaction.atomic():
        note("overview", at=2, by=None)
    assert not (folder / keys.FILE).exists()


def test_another_key_adds_nothing(database: str, folder: Path) -> None:
    note("overview", at=1, by=None)
    seal()
    (folder / keys.FILE).write_text("ab" * 32)
    keys.forget()
    with pytest.raises(LogDown, match="verify"), transaction.atomic():
        note("overview", at=2, by=None)
        seal()
    assert damage() == ("key", None)


# -- damage ------------------------------------------------------------------------------------------------------------


def test_a_sound_log(log: str) -> None:
    verdict = verify(jobs=1)
    assert (verdict.damage, verdict.size, verdict.checkpoints) == (None, 40, 4)


@pytest.mark.parametrize("column", ["at", "action", "allowed", "role", "purpose", "reason", "detail", "child_id"])
def test_a_changed_record(log: str, column: str) -> None:
    value = {"at": 1, "allowed": False, "child_id": ident(uuid4()), "detail": '{"entries":1}'}.get(column, "x")
    sql(f"UPDATE audit_event SET {column} = %s WHERE id = %s", value, ident(event(17)))
    at = 1 if column == "at" else Event.objects.get(id=event(17)).at
    assert verify(jobs=1).damage == Damage(Kind.CHANGED, 17, event(17), at)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_not_even_of_its_kind(log: str) -> None:
    """SQLite lets anything be written anywhere; the place is named all the same. PostgreSQL takes nothing of the sort."""
    for statement, kind, seq in (
        ("UPDATE audit_head SET hash = 'x'", "head", None),
        ("UPDATE audit_head SET size = -1", "head", None),
        ("UPDATE audit_head SET size = 'x'", "head", None),
        ("UPDATE audit_link SET hash = 'x' WHERE seq = 30", "changed", 30),
        ("UPDATE audit_link SET leaf = 7 WHERE seq = 25", "changed", 25),
        (f"UPDATE audit_event SET reason = x'ff' WHERE id = {_OF}20)", "changed", 20),
        (f"UPDATE audit_event SET at = 'x' WHERE id = {_OF}15)", "changed", 15),
        ("UPDATE audit_link SET event_id = 'x' WHERE seq = 10", "missing", 10),
    ):
        sql(statement)
        assert damage() == (kind, seq), statement
        standing.doubt()
        with pytest.raises(LogDown), transaction.atomic():
            note("overview", at=1, by=None)


_OF = "(SELECT event_id FROM audit_link WHERE seq = "


def test_an_event_with_another_id(log: str) -> None:
    sql("UPDATE audit_event SET id = %s WHERE id = %s", ident(uuid4()), ident(event(17)))
    assert damage() == ("missing", 17)


@pytest.mark.parametrize("how", ["event", "link", "both", "closed up"])
def test_a_deleted_record(log: str, how: str) -> None:
    gone = event(17)
    if how != "link":
        sql("DELETE FROM audit_event WHERE id = %s", ident(gone))
    if how != "event":
        sql("DELETE FROM audit_link WHERE seq = 17")
    if how == "closed up":
        for seq in range(18, 40):
            sql("UPDATE audit_link SET seq = %s WHERE seq = %s", seq - 1, seq)
    assert damage() == ("missing", 17)


def test_records_in_another_order(log: str) -> None:
    for old, new in ((7, 100), (23, 7), (100, 23)):
        sql("UPDATE audit_link SET seq = %s WHERE seq = %s", new, old)
    assert damage() == ("out-of-order", 7)


def test_an_inserted_record(log: str) -> None:
    stranger = _stranger()
    for seq in range(39, 16, -1):
        sql("UPDATE audit_link SET seq = %s WHERE seq = %s", seq + 1, seq)
    Link.objects.create(seq=17, event_id=stranger, leaf=b"l" * 32, hash=b"h" * 32)
    found = verify(jobs=1).damage
    assert found and (found.kind, found.seq, found.event_id) == ("inserted", 17, stranger)


def test_an_event_beside_the_chain(log: str) -> None:
    stranger = _stranger()
    found = verify(jobs=1).damage
    assert found and (found.kind, found.seq, found.event_id) == ("inserted", None, stranger)


def _stranger() -> UUID:
    made = Event.objects.create(id=uuid4(), at=5, action="overview", allowed=True, role="", purpose="", reason="")
    return made.id


def _cut(size: int) -> None:
    gone = list(Link.objects.filter(seq__gte=size).values_list("event_id", flat=True))
    sql("DELETE FROM audit_link WHERE seq >= %s", size)
    for one in gone:
        sql("DELETE FROM audit_event WHERE id = %s", ident(one))


@pytest.mark.parametrize("size", [0, 1, 20, 35, 39])
def test_a_log_that_was_cut_off(log: str, size: int) -> None:
    _cut(size)
    assert damage() == ("truncated", size)


def test_a_head_that_was_moved_back(log: str, folder: Path) -> None:
    """With the checkpoints gone too, and the file beside the database."""
    _cut(20)
    sql("UPDATE audit_head SET size = 20, hash = %s", bytes(Link.objects.get(seq=19).hash))
    sql("DELETE FROM audit_checkpoint WHERE size > 20")
    (folder / checkpoints.FILE).unlink()
    assert damage() == ("head", None)
    with pytest.raises(LogDown, match="verify"), transaction.atomic():
        note("overview", at=1, by=None)
        seal()


def test_without_a_head(log: str) -> None:
    sql("DELETE FROM audit_head")
    assert damage() == ("head", None)
    with pytest.raises(LogDown, match="verify"), transaction.atomic():
        note("overview", at=1, by=None)
        seal()


def _anew(size: int) -> None:
    """Somebody with the key too makes the log anew, as if the events from `size` on had never been."""
    _cut(size)
    last = bytes(Link.objects.get(seq=size - 1).hash)
    sql("UPDATE audit_head SET size = %s, hash = %s, mac = %s", size, last, keys.chain().head(size, last))
    sql("DELETE FROM audit_checkpoint WHERE size > %s", size)


def test_the_file_beside_the_database_knows_how_long_the_log_was(log: str) -> None:
    _anew(20)
    assert damage() == ("truncated", 20)


def test_an_exported_checkpoint_knows_it_even_if_all_else_is_in_the_wrong_hands(log: str, folder: Path) -> None:
    exported = list(all_marks())[-1]
    _anew(20)
    (folder / checkpoints.FILE).unlink()
    assert verify(jobs=1).damage is None
    assert damage(against=[exported]) == ("truncated", 20)
    for number in range(30):
        note("overview", at=number, by=None)
    seal(checkpoint=True)
    assert verify(jobs=1).damage is None
    found = verify(jobs=1, against=[exported]).damage
    assert found and (found.kind, found.seq, found.since) == ("checkpoint", 39, 0)
    assert verify(jobs=1, against=[next(all_marks())]).damage is None


def test_a_changed_checkpoint(log: str) -> None:
    sql("UPDATE audit_checkpoint SET root = %s WHERE size = 20", b"r" * 32)
    found = verify(jobs=1).damage
    assert found and (found.kind, found.seq, found.since) == ("checkpoint", 19, 10)


def test_a_checkpoint_taken_out_of_the_middle(log: str) -> None:
    sql("DELETE FROM audit_checkpoint WHERE size = 20")
    assert damage() == ("checkpoint", 29)


def test_ranges_are_put_together_as_one_log(log: str) -> None:
    with patch.object(verifying, "RANGE", 8):
        whole = verify(jobs=1)
        assert (whole.damage, whole.root) == (None, bytes(list(all_marks())[-1].root))
        for seq in (0, 7, 8, 15, 16, 39):
            with transaction.atomic():
                sql("UPDATE audit_event SET reason = 'x' WHERE id = %s", ident(event(seq)))
                assert damage() == ("changed", seq)
                transaction.set_rollback(True)
        for seq in (0, 7, 8, 38):
            with transaction.atomic():
                sql("DELETE FROM audit_link WHERE seq = %s", seq)
                assert damage() == ("missing", seq)
                transaction.set_rollback(True)


# -- checkpoints and proofs --------------------------------------------------------------------------------------------


def test_a_checkpoint_goes_out_and_comes_in(log: str, folder: Path) -> None:
    (newest, frontier), content = checkpoints.newest() or (None, None), (folder / checkpoints.FILE).read_bytes()
    assert newest and frontier and frontier.root == newest.root
    assert checkpoints.imported(content) == (keys.chain().name, newest)
    assert set(json.loads(content)) == {"format", "log", "size", "root", "head", "previous", "at"}
    for broken in (b"", b"[]", b'{"format":"x"}', content.replace(b'"size": ', b'"size": "x", "y": ')):
        with pytest.raises(ValueError):
            checkpoints.imported(broken)


def test_checkpoints_come_when_they_are_due(database: str, folder: Path) -> None:
    note("overview", at=1, by=None)
    assert seal().checkpoint is not None  # there was none yet
    note("overview", at=2, by=None)
    assert seal().checkpoint is None
    with patch.object(checkpoints, "EVERY_RECORDS", 2):
        assert seal().checkpoint is None
        note("overview", at=3, by=None)
        assert seal().checkpoint is not None
    note("overview", at=4, by=None)
    with patch.object(checkpoints, "EVERY_SECONDS", 0):
        assert seal().checkpoint is not None
    assert seal(checkpoint=True).checkpoint is None
    note("overview", at=5, by=None)
    with patch.object(checkpoints.time, "time_ns", return_value=1):  # the clock was ahead, and is put right
        assert seal().checkpoint is not None
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [1, 3, 4, 5]


def test_an_event_is_proved_to_somebody_who_has_only_a_checkpoint(log: str) -> None:
    import orjson

    given = proving.inclusion(event(17))
    leaf = leaf_hash(orjson.dumps(given["content"]))
    path, root = [bytes.fromhex(one) for one in given["proof"]], bytes.fromhex(given["checkpoint"]["root"])
    assert given["content"][6] == Event.objects.get(id=event(17)).reason
    assert proofs.includes(leaf, given["seq"], given["checkpoint"]["size"], path, root)
    with pytest.raises(NotFound):
        proving.inclusion(uuid4())


def test_a_proof_reads_few_lines_of_what_checkpoints_know(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log has forty lines, with a checkpoint every ten: each proof is what it is when all of them are read."""
    whole = list(links.leaves(0, 40))
    read: list[tuple[int, int]] = []

    def leaves(low: int, high: int) -> Iterator[bytes]:
        read.append((low, high))
        return iter(whole[low:high])

    monkeypatch.setattr(proving, "_FEW", 2)
    monkeypatch.setattr(proving.links, "leaves", leaves)
    for index in range(40):
        told = [bytes.fromhex(one) for one in proving.inclusion(event(index))["proof"]]
        assert told == proofs.inclusion(index, whole)
    assert sum(high - low for low, high in read) / 40 < 20
    for size in (10, 20, 30, 40):
        mark = checkpoints.of_size(size)
        assert mark
        told = [bytes.fromhex(one) for one in proving.continued(mark)["continues"]["proof"]]
        assert told == proofs.consistency(size, whole)


def test_a_log_is_proved_to_continue_a_checkpoint(log: str) -> None:
    old, *_, new = all_marks()
    path = [bytes.fromhex(one) for one in proving.consistency(old, new)]
    assert proofs.is_continued(old.size, old.root, new.size, new.root, path)
