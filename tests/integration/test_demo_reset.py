"""`./bog demo --reset` starts a demonstration over, and touches nothing else."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import patient
from tests.instances import bog, demonstration

from .test_commands import take_in, write


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return Path(shutil.copytree(demonstration(), tmp_path / "demo"))


def _entries(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "bog.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM entry").fetchone()[0])


def test_what_was_written_goes_and_what_was_set_up_stays(demo: Path) -> None:
    keys, loaded = (demo / "audit.key").read_bytes(), _entries(demo)
    old = (demo / "demo-clients" / "ppr.json").read_bytes()
    (demo / "udskrift").mkdir()
    (demo / "licensed").mkdir()
    with closing(sqlite3.connect(demo / "bog.sqlite3")) as database, database:
        database.execute("DELETE FROM entry WHERE kind = 'Goal'")
    assert _entries(demo) < loaded
    done = bog("demo", "--data", demo, "--load-only", "--reset", "--today", "2027-03-01")
    assert done.returncode == 0, done.stderr
    assert _entries(demo) == loaded
    assert (demo / "demo-clients" / "ppr.json").read_bytes() != old
    assert (demo / "audit.key").read_bytes() == keys and (demo / "licensed").exists()
    assert not (demo / "udskrift").exists()


def test_what_is_no_demonstration_is_not_touched(tmp_path: Path) -> None:
    data = tmp_path / "instans"
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
