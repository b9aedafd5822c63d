"""Instances for tests: `./bog` in a process of its own, and one demonstration, made once a run and copied."""

import fcntl
import os
import shutil
import subprocess
import sys
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
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, env=environment(**more), cwd=ROOT, timeout=120, check=False
    )


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
