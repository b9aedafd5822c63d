"""`./bog demo --reset` starts a demonstration over, and touches nothing else."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from barnetsbog.commands.resetting import reset
from tests.builders import patient
from tests.instances import bog, demonstration, new_instance

from .test_commands import take_in, write


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return Path(shutil.copytree(demonstration(), tmp_path / "demo"))


def _entries(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "bog.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM entry").fetchone()[0])


def test_what_was_written_goes_and_what_was_set_up_stays(demo: Path) -> None:
    (demo / "udskrift").mkdir()
    (demo / "licensed").mkdir()
    reset(demo)
    assert sorted(one.name for one in demo.iterdir()) == ["audit.key", "licensed", "secret.key"]
    reset(demo)  # there is none any more, and that is no fault


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
