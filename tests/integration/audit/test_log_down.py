"""When the log can't be written: nothing is read, except what is acute, and that is logged later."""

import json
import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import InterfaceError, connection, transaction

from barnetsbog.access.reading import open_book
from barnetsbog.audit import spool
from barnetsbog.audit.models import Event, Link
from barnetsbog.audit.operations import line, note
from barnetsbog.audit.sealing import once, seal
from barnetsbog.audit.verifying import verify
from barnetsbog.directory.queries import all_children
from barnetsbog.kernel.decisions import LogDown, NotFound
from barnetsbog.overview.operations import mark_read
from barnetsbog.record.models import ReadMark
from barnetsbog.record.scope import Scope
from tests.builders import bundle, care, patient, role, send, unit
from tests.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES


@pytest.fixture
def child(database: str, folder: Path) -> UUID:
    send(bundle(unit("ppr"), *role("kim", "ppr"), patient(), care("c1")))
    seal()
    (found,) = all_children()
    return found


@pytest.fixture
def down(child: UUID) -> Iterator[None]:
    _rename("audit_event", "audit_event_gone")
    yield
    _rename("audit_event_gone", "audit_event")


def _rename(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        if new not in connection.introspection.table_names():
            cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")


def up() -> None:
    _rename("audit_event_gone", "audit_event")


def _titles(scope: Scope, child: UUID, *, acute: bool = False) -> list[UUID]:
    with open_book(scope, "overview", child, acute=acute) as book:
        return book.children()


@pytest.mark.usefixtures("down")
def test_what_cannot_be_logged_cannot_be_read(kim: Scope, child: UUID, folder: Path) -> None:
    with pytest.raises(LogDown):
        _titles(kim, child)
    assert not spool.waiting()
    up()
    assert Event.objects.filter(action="overview").count() == 0
    assert _titles(kim, child) == [child]


@pytest.mark.usefixtures("down")
def test_nor_written(kim: Scope, child: UUID) -> None:
    with pytest.raises(LogDown), open_book(kim, "mark-read", child) as book:
        mark_read(book, child, at=kim.at)
    assert ReadMark.objects.count() == 0


@pytest.mark.usefixtures("down")
def test_nor_when_somebody_catches_it_too_early(kim: Scope, child: UUID) -> None:
    """The transaction can only be undone."""
    with transaction.atomic():
        with transaction.atomic():
            ReadMark.objects.create(child_id=child, reader_id=kim.role_id, at=1)
            with suppress(LogDown):
                note("mark-read", at=1, by=kim)
        assert ReadMark.objects.count() == 0


@pytest.mark.usefixtures("down")
def test_an_acute_read_is_spooled_and_chained_later(kim: Scope, child: UUID, folder: Path) -> None:
    assert _titles(kim, child, acute=True) == [child]
    with pytest.raises(NotFound):
        _titles(kim, uuid4(), acute=True)
    (first, second), mode = spool.read().lines, (folder / spool.FILE).stat().st_mode & 0o777
    assert (first.at, first.allowed, second.allowed, mode) == (kim.at, True, False, 0o600)
    up()
    assert verify(jobs=1).spooled == 2
    assert seal().from_spool == 2
    event = Event.objects.get(action="overview", allowed=True)
    assert (event.id.bytes, event.at, event.child_id, event.person_id) == (first.id, kim.at, child, kim.role_id)
    assert event.detail["acute"] is True
    assert Link.objects.filter(event_id=event.id).exists()
    verdict = verify(jobs=1)
    assert (verdict.damage, verdict.spooled, (folder / spool.FILE).exists()) == (None, 0, False)


def test_an_acute_read_is_logged_as_usual_when_it_can_be(kim: Scope, child: UUID) -> None:
    assert _titles(kim, child, acute=True) == [child]
    assert not spool.waiting()
    assert Event.objects.get(action="overview").detail["acute"] is True


@pytest.mark.usefixtures("down")
def test_what_can_be_neither_logged_nor_spooled_cannot_be_read(kim: Scope, child: UUID, folder: Path) -> None:
    (folder / spool.FILE).mkdir()
    with pytest.raises(LogDown):
        _titles(kim, child, acute=True)


@pytest.mark.usefixtures("down")
def test_a_sealing_that_fails_keeps_the_spool(kim: Scope, child: UUID, folder: Path) -> None:
    _titles(kim, child, acute=True)
    content = (folder / spool.FILE).read_bytes()
    with pytest.raises(Exception, match="audit_event"), transaction.atomic():
        seal()
    assert (folder / spool.FILE).read_bytes() == content


@pytest.mark.usefixtures("down")
def test_a_spool_whose_lines_are_stored_already_brings_no_doubles(kim: Scope, child: UUID, folder: Path) -> None:
    """The process died between the commit and the removal of the file."""
    _titles(kim, child, acute=True)
    content = (folder / spool.FILE).read_bytes()
    up()
    assert seal().from_spool == 1
    (folder / spool.FILE).write_bytes(content)
    assert (seal().from_spool, spool.waiting()) == (0, False)
    assert Event.objects.filter(action="overview").count() == 1
    assert verify(jobs=1).damage is None


@pytest.mark.usefixtures("down")
@pytest.mark.parametrize("how", ["changed", "deleted", "reordered", "invented"])
def test_a_spool_that_was_tampered_with(kim: Scope, child: UUID, folder: Path, how: str) -> None:
    path = folder / spool.FILE
    for _ in range(4):
        _titles(kim, child, acute=True)
    lines = path.read_bytes().splitlines(keepends=True)
    if how == "changed":
        lines[2] = lines[2].replace(b'"overview"', b'"timeline"')
    elif how == "deleted":
        del lines[2]
    elif how == "reordered":
        lines[2], lines[3] = lines[3], lines[2]
    else:
        given = json.loads(lines[2])
        lines[2] = json.dumps({**given, "hash": "00" * 32}).encode() + b"\n"
    path.write_bytes(b"".join(lines))
    up()
    found = verify(jobs=1).damage
    assert found and (found.kind, found.seq) == ("spool", 3)
    assert seal().from_spool == 2
    assert (folder / spool.ASIDE).read_bytes() == b"".join(lines)
    event = Event.objects.get(action="spool")
    assert not event.allowed and "Linje 3" in event.reason


@pytest.mark.usefixtures("down")
def test_a_line_that_was_being_written_when_the_process_died_is_dropped(kim: Scope, child: UUID, folder: Path) -> None:
    _titles(kim, child, acute=True)
    with (folder / spool.FILE).open("ab") as file:
        file.write(b'{"event":["AB')
    _titles(kim, child, acute=True)
    assert len(spool.read().lines) == 2 and spool.read().damaged is None


def test_a_line_that_the_disk_has_half_room_for_is_none(database: str, folder: Path) -> None:
    """The beginning of it is written without an error."""
    spool.append(line("overview", at=1, by=None))
    size = (folder / spool.FILE).stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, before[1]))
    try:
        with pytest.raises(LogDown):
            spool.append(line("overview", at=2, by=None))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (folder / spool.FILE).stat().st_size == size and len(spool.read().lines) == 1


@pytest.mark.usefixtures("down")
@pytest.mark.parametrize("fault", [LogDown("nede"), InterfaceError("nede")], ids=type)
def test_the_sealer_lives_on(
    fault: Exception, child: UUID, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    monkeypatch.setattr("barnetsbog.audit.sealing.seal", lambda: (_ for _ in ()).throw(fault))
    once()
    assert "nede" in caplog.text
