"""Reads that are written down together (ADR 40): answered when their lines are on the disk, and not otherwise."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, connections

from barnetsbog.access.reading import open_book
from barnetsbog.audit import spool, together
from barnetsbog.audit.encoding import Line
from barnetsbog.audit.models import Event
from barnetsbog.audit.operations import write
from barnetsbog.audit.sealing import seal
from barnetsbog.audit.verifying import verify
from barnetsbog.directory.queries import all_children
from barnetsbog.kernel.decisions import LogDown, NotFound
from barnetsbog.overview.operations import mark_read
from barnetsbog.record.book import Book
from barnetsbog.record.models import Grant, ReadMark
from barnetsbog.record.scope import Scope
from barnetsbog.record.sqlite.base import DatabaseWrapper
from tests.builders import bundle, care, patient, role, send, unit

READERS = 4


@pytest.fixture
def on_disk(db: None, tmp_path: Path) -> Iterator[Path]:
    """The tests' database in a file, as an instance has it: only there does a reader not wait for a writer."""
    memory, path = connections["default"], tmp_path / "bog.sqlite3"
    memory.ensure_connection()
    path.write_bytes(memory.connection.serialize())
    _open(path)
    yield path
    connections["default"].close()
    connections["default"] = memory


def _open(path: Path) -> None:
    """For this thread."""
    connections["default"] = DatabaseWrapper({**connections.settings["default"], "NAME": path}, "default")


@pytest.fixture
def child(on_disk: Path, folder: Path) -> UUID:
    send(bundle(unit("ppr"), *role("kim", "ppr"), patient(), care("c1")))
    (found,) = all_children()
    return found


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many lines each transaction of reads wrote."""
    found: list[int] = []

    def counted(lines: list[Line]) -> None:
        found.append(len(lines))
        write(lines)

    monkeypatch.setattr(together, "write", counted)
    return found


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The disk takes no more."""

    def fails(_lines: list[Line]) -> None:
        raise LogDown("Disken er fuld.") from DatabaseError("database or disk is full")

    monkeypatch.setattr(together, "write", fails)
    yield


def _read(scope: Scope, child: UUID, *, acute: bool = False) -> list[UUID]:
    with open_book(scope, "entry", child, looks=True, acute=acute) as book:
        return book.children()


def _at_once(path: Path, *acts: object) -> list[object]:
    """What each gave or raised, in threads with connections of their own, while none has the turn to write."""

    def run(act: object) -> object:
        _open(path)
        try:
            return act()  # type: ignore[operator]
        except (LogDown, NotFound) as error:
            return error
        finally:
            connections["default"].close()

    shared = together._together
    with ThreadPoolExecutor(len(acts)) as pool:
        with shared._turn:
            running = [pool.submit(run, act) for act in acts]
            while len(shared._waiting) < len(acts) and not any(one.done() for one in running):
                threading.Event().wait(0.005)
        return [one.result(timeout=30) for one in running]


def test_those_who_wait_share_a_transaction_and_each_has_its_line(
    kim: Scope, child: UUID, on_disk: Path, written: list[int]
) -> None:
    stranger = UUID(int=7)
    told = _at_once(on_disk, *[lambda: _read(kim, child)] * (READERS - 1), lambda: _read(kim, stranger))
    assert told[:-1] == [[child]] * (READERS - 1) and isinstance(told[-1], NotFound)
    assert written == [READERS]
    lines = Event.objects.filter(action="entry").values_list("child_id", "allowed")
    assert sorted(lines, key=str) == sorted([*[(child, True)] * (READERS - 1), (stranger, False)], key=str)
    assert verify(jobs=1).damage is None


@pytest.mark.usefixtures("full")
def test_none_is_answered_when_their_lines_cannot_be_written(kim: Scope, child: UUID, on_disk: Path) -> None:
    told = _at_once(on_disk, *[lambda: _read(kim, child)] * READERS)
    assert [str(one) for one in told if isinstance(one, LogDown)] == ["Disken er fuld."] * READERS
    assert not Event.objects.filter(action="entry").exists()


def test_and_the_next_may_read_again(kim: Scope, child: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when what failed was none of what is expected."""
    with monkeypatch.context() as patched:
        patched.setattr(together, "write", lambda _lines: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            _read(kim, child)
    assert _read(kim, child) == [child]


@pytest.mark.usefixtures("full")
def test_what_is_acute_is_spooled(kim: Scope, child: UUID, on_disk: Path) -> None:
    told = _at_once(on_disk, lambda: _read(kim, child), lambda: _read(kim, child, acute=True))
    assert isinstance(told[0], LogDown) and told[1] == [child]
    (line,) = spool.read().lines
    assert (line.action, line.child_id, line.allowed) == ("entry", child.bytes, True)


def test_it_waits_for_no_writer_and_its_answer_does(kim: Scope, child: UUID, on_disk: Path) -> None:
    """A right that ends while the line waits: what was read was read before that, and the log says when."""
    read, ended = threading.Event(), threading.Event()

    def reader() -> list[UUID]:
        _open(on_disk)
        try:
            with open_book(kim, "entry", child, looks=True) as book:
                found = book.children()
                read.set()
                assert ended.wait(30)
                assert book.children() == found, "what is read is of one moment"
            return found
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(reader)
        assert read.wait(30)
        Grant.objects.filter(child_id=child).delete()
        ended.set()
        assert answer.result(timeout=30) == [child]
    assert Event.objects.get(action="entry").at == kim.at
    with pytest.raises(NotFound):
        _read(kim, child)


def test_nothing_can_be_written_in_it(kim: Scope, child: UUID) -> None:
    """Neither in a transaction nor by a statement alone."""

    def alone(book: Book) -> None:
        Grant.objects.filter(child_id=child).update(level=0)

    for how in (lambda book: mark_read(book, child, at=kim.at), alone):
        with pytest.raises(RuntimeError, match="written"), open_book(kim, "entry", child, looks=True) as book:
            how(book)
    assert ReadMark.objects.count() == 0 and not Event.objects.filter(action="entry").exists()
    assert _read(kim, child) == [child]
    seal()
    assert verify(jobs=1).damage is None
