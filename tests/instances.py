"""Instances for tests: `./bog` in a process of its own, and one demonstration, made once a run and copied."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.settings import FOLDER

ROOT = Path(__file__).parents[1]
OF_THE_TESTS = "BOG_DATA", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER"


def environment(**more: str) -> dict[str, str]:
    """That of somebody who has just fetched the program."""
    clean = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    return {**clean, "PYTHONPATH": str(ROOT / "src"), **more}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "barnetsbog", *map(str, arguments)]


def bog(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """`./bog` with these arguments, in this environment."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        told = {name: f"{folder}/{name}" for name in ("stdout", "stderr")}
        asked = {"arguments": [str(one) for one in arguments], "environment": environment(**more), **told}
        code = _in_a_fork(json.dumps(asked))
        return subprocess.CompletedProcess(
            command(*arguments), code, *(Path(path).read_text() for path in told.values())
        )


def _in_a_fork(asked: str) -> int:
    forking = _forking()
    assert forking.stdin and forking.stdout
    forking.stdin.write(f"{asked}\n")
    forking.stdin.flush()
    return int(forking.stdout.readline())


@cache
def _forking() -> "subprocess.Popen[str]":
    """Ends when this process does, for then nothing more comes in."""
    return subprocess.Popen(
        [sys.executable, ROOT / "tests" / "forking.py"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(), cwd=ROOT,
    )  # fmt: skip


def demonstration() -> Path:
    """The folder of a demonstration that nobody writes in: to read from and to copy. The first process that asks makes
    it, and the others wait for it."""
    folder = FOLDER / "demonstration"
    with (FOLDER / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            draft = FOLDER / "demonstration.draft"
            draft.mkdir()
            shutil.copy2(FOLDER / "audit.key", draft)
            done = bog("demo", "--load-only", "--data", draft)
            assert done.returncode == 0, done.stderr
            draft.rename(folder)
    return folder
