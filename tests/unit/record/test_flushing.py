"""Transactions that share a flush of the disk: none is said to be stored before a flush that began after its commit."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sqlite3 import OperationalError
from threading import Event

import pytest

from barnetsbog.record.sqlite.flushing import Flushed, Turn

MANY = 8


class Disk:
    """Flushes when it is let, and counts."""

    def __init__(self) -> None:
        self.begun = self.ended = 0
        self.ready = Event()
        self.ready.set()
        self.busy = Event()
        self.broken = False

    def fdatasync(self, _file: int) -> None:
        self.begun += 1
        self.busy.set()
        assert self.ready.wait(10)
        if self.broken:
            raise OSError("no room")
        self.ended += 1


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    found = Disk()
    monkeypatch.setattr(os, "fdatasync", found.fdatasync)
    return found


@pytest.fixture
def log(tmp_path: Path) -> Flushed:
    (tmp_path / "bog.sqlite3-wal").write_bytes(b"frames")
    return Flushed(str(tmp_path / "bog.sqlite3"))


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MANY + 1) as pool:
        yield pool


def test_one_that_is_alone_is_flushed_for_at_once(disk: Disk, log: Flushed) -> None:
    log.wait()
    log.wait()
    assert disk.ended == 2


def test_those_who_come_during_a_flush_share_the_next(disk: Disk, log: Flushed, threads: ThreadPoolExecutor) -> None:
    disk.ready.clear()
    first = threads.submit(log.wait)
    assert disk.busy.wait(10)
    # They committed after that flush began, so it says nothing of them
    others = [threads.submit(log.wait) for _ in range(MANY)]
    while log._asked < 1 + MANY:
        time.sleep(0.001)
    assert not any(one.done() for one in (first, *others))
    disk.ready.set()
    for one in (first, *others):
        one.result(10)
    assert disk.ended == 2


def test_nobody_is_told_that_it_is_stored_when_the_disk_says_no(disk: Disk, log: Flushed) -> None:
    disk.broken = True
    for _ in range(2):
        with pytest.raises(OperationalError, match="could not be flushed"):
            log.wait()
    disk.broken = False
    log.wait()
    assert disk.ended == 1


def test_a_log_that_is_another_file_now_is_opened_anew(log: Flushed, tmp_path: Path) -> None:
    log.wait()
    before = log._file
    wal = tmp_path / "bog.sqlite3-wal"
    wal.rename(tmp_path / "old")
    wal.write_bytes(b"new frames")
    log.wait()
    assert log._file is not None
    assert os.fstat(log._file).st_ino == wal.stat().st_ino
    assert before is not None


def test_a_log_that_is_gone_is_no_flushed_log(log: Flushed, tmp_path: Path) -> None:
    (tmp_path / "bog.sqlite3-wal").unlink()
    with pytest.raises(OperationalError):
        log.wait()


def test_a_turn_is_one_persons_at_a_time() -> None:
    turn = Turn()
    assert turn.take(0.01)
    assert not turn.take(0.01)
    turn.give()
    assert turn.take(0.01)
