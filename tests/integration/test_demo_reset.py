"""`./bog demo --reset` starts a demonstration over, and touches nothing else."""

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from barnetsbog.access import watching
from barnetsbog.audit import checkpoints, spool
from barnetsbog.audit.operations import line
from barnetsbog.commands.resetting import reset
from barnetsbog.delivery import channels as letters
from barnetsbog.delivery.model import Announcement, Parcel
from barnetsbog.exchange.fhir import exports
from barnetsbog.kernel.folder import Made
from barnetsbog.kernel.ids import new_id
from barnetsbog.subscriptions import channels as systems
from barnetsbog.subscriptions import model as subscriptions
from barnetsbog.subscriptions.rules import BROKER
from tests.builders import patient
from tests.instances import ROOT, bog, command, demonstration, environment, new_instance

from .test_commands import take_in, write


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return Path(shutil.copytree(demonstration(), tmp_path / "demo"))


def _names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def _entries(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "bog.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM entry").fetchone()[0])


def test_what_was_written_goes_and_what_was_set_up_stays(demo: Path) -> None:
    (demo / "udskrift").mkdir()
    (demo / "licensed").mkdir()
    reset(demo)
    assert _names(demo) == ["audit.key", "licensed", "secret.key"]
    reset(demo)  # there is none any more, and that is no fault


def test_one_that_cannot_be_read_is_not_said_to_be_something_else(demo: Path) -> None:
    with closing(sqlite3.connect(demo / "bog.sqlite3")) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        done = bog("demo", "--reset", "--load-only", "--data", demo)
    assert done.returncode == 1 and "et andet program bruger databasen" in done.stderr and _entries(demo)


def test_one_that_is_stopped_can_be_done_again(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database tells that it is a demonstration, so it is there for as long as anything else is."""
    gone: list[str] = []
    names = ["bog.sqlite3", "audit-checkpoint.json"]
    monkeypatch.setattr("barnetsbog.commands.resetting.made_in", lambda folder: (folder / name for name in names))
    monkeypatch.setattr(Path, "unlink", lambda path, **_: gone.append(path.name))
    reset(demo)
    assert gone == [*reversed(names)]


def test_nothing_is_left_of_what_was_written_in_it(demo: Path, settings: Any) -> None:
    """Every room that writes in an instance's folder does so here, and has its name from the kernel."""
    settings.DATA, settings.DIGITAL_POST, key = demo, ("12345678", str(new_id()), "Eksempelby"), new_id()
    for carrier in letters.carriers(demo).values():
        carrier.deliver(Parcel(key, "Brev", "6705179902", 0, b"%PDF-1.7 brev"))
    for announcer in letters.announcers(demo).values():
        announcer.tell(Announcement(key, "+4520304050", "Koden", "Koden er 123456."))
    notification = subscriptions.Parcel("k", key, "", (), b"{}")
    systems.carriers(demo, demo=True)[subscriptions.Way.BROKER].deliver(notification, (BROKER,))
    exports._write(exports.Export("e" * 32, [], 0, "", 0, [], [], "", []))
    checkpoints.keep(checkpoints.Mark(10_000_000, b"", b"", b"", 0))
    for name in (checkpoints.FILE + f".{key}", spool.ASIDE, spool.ASIDE + ".2"):  # left by a process that died
        (demo / name).touch()
    spool.append(line("overview", at=0, by=None))
    with watching._alone():
        pass
    assert {*_names(demo)} >= {*Made}
    (demo / "bog.sqlite3.kopi").touch()  # somebody's own
    reset(demo)
    assert _names(demo) == ["audit.key", "bog.sqlite3.kopi", "secret.key"]


def test_of_two_that_are_started_at_once_one_is_loaded_and_the_other_waits(demo: Path) -> None:
    """Loaded by both, the drafts were there twice, and one of them could not register what calls the interface."""
    opened = os.open(demo, os.O_RDONLY)  # as the other holds it
    fcntl.flock(opened, fcntl.LOCK_EX)
    given = command("demo", "--load-only", "--data", demo)
    second = subprocess.Popen(given, env=environment(), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert second.stderr
        assert "Venter" in second.stderr.readline() and second.poll() is None
        os.close(opened)
        assert second.wait(timeout=30) == 0
    finally:
        second.kill()
        second.communicate()


def test_names_in_an_instances_folder_are_in_one_place() -> None:
    """A room that wrote under a name of its own would be forgotten when a demonstration is started over."""
    own = re.compile(r"""(?:settings\.DATA\)?|\b(?:folder|data)) / f?["'](?!\.)([\w.-]+)["']""")
    rooms = [
        ROOT / "src" / "barnetsbog" / one
        for one in ("audit", "delivery", "exchange", "subscriptions", "demo", "access")
    ]
    found = {name for room in rooms for path in room.rglob("*.py") for name in own.findall(path.read_text())}
    assert found <= {"actors.yaml"}  # read, and no instance's


def test_what_is_no_demonstration_is_not_touched(tmp_path: Path) -> None:
    data = new_instance(tmp_path / "instans")
    take_in(data, write(tmp_path / "a.json", patient()))
    other = tmp_path / "andet"
    other.mkdir()
    write(other / "bog.sqlite3", b"no database at all")
    for folder in (data, other):
        before = (folder / "bog.sqlite3").read_bytes()
        done = bog("demo", "--data", folder, "--load-only", "--reset")
        assert done.returncode == 1 and "ikke en demonstration" in done.stderr
        assert (folder / "bog.sqlite3").read_bytes() == before
    done = bog("demo", "--data", data, "--load-only", "--reset", DATABASE_URL="postgresql://x@127.0.0.1/y")
    assert done.returncode == 1 and "DATABASE_URL" in done.stderr


def test_a_demonstration_in_use_is_not_pulled_away(demo: Path) -> None:
    with closing(sqlite3.connect(demo / "bog.sqlite3")) as somebody:
        somebody.execute("SELECT count(*) FROM entry").fetchone()
        done = bog("demo", "--data", demo, "--load-only", "--reset")
    assert done.returncode == 1 and "er i brug" in done.stderr
    assert _entries(demo) > 1000
