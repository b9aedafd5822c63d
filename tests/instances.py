"""Instances for tests: `./bog` in a process of its own, and one demonstration, made once a run and copied."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.forking import SETTINGS
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
    return run("barnetsbog", *arguments, **more)


def run(module: str, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """`python -m` of a module with these arguments, in this environment, in a process of its own."""
    given = [*map(str, arguments)]
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        told = {name: f"{folder}/{name}" for name in ("stdout", "stderr")}
        asked = {"module": module, "arguments": given, "environment": environment(**more)}
        code = _ask(_forking(), stays=False, **asked, **told)
        return subprocess.CompletedProcess([module, *given], code, *(Path(path).read_text() for path in told.values()))


class Started:
    """A server of the demonstration in this folder: `./bog demo`, as somebody would start it."""

    def __init__(self, folder: Path, port: int) -> None:
        self._process = subprocess.Popen(
            command("demo", "--data", folder, "--port", port),
            env=environment(), stdout=subprocess.DEVNULL, stderr=(folder / "stderr").open("w"), cwd=ROOT,
        )  # fmt: skip

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)


class Forked:
    """The same from a process that has the imports, for a fifth of the price."""

    def __init__(self, folder: Path, port: int) -> None:
        asked = {
            "module": "barnetsbog",
            "arguments": ["demo", "--data", str(folder), "--port", str(port)],
            "stdout": os.devnull,
        }
        moved = environment(BOG_DATA=str(folder))
        self._process = _ask(_serving(), stays=True, environment=moved, stderr=str(folder / "stderr"), **asked)

    def end(self) -> None:
        _ask(_serving(), ends=self._process)


def _ask(forking: "subprocess.Popen[str]", **asked: object) -> int:
    assert forking.stdin and forking.stdout
    forking.stdin.write(f"{json.dumps(asked)}\n")
    forking.stdin.flush()
    return int(forking.stdout.readline())


@cache
def _forking() -> "subprocess.Popen[str]":
    return _forker(FOLDER)


@cache
def _serving() -> "subprocess.Popen[str]":
    return _forker(demonstration(), "serving")


def _forker(*given: object) -> "subprocess.Popen[str]":
    """Ends when this process does, for then nothing more comes in."""
    return subprocess.Popen(
        [sys.executable, ROOT / "tests" / "forking.py", *map(str, given)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env=environment(PYTHONPATH=f"{ROOT / 'src'}:{ROOT}"),
    )  # fmt: skip


def demonstration() -> Path:
    """The folder of a demonstration that nobody writes in: to read from and to copy."""
    return _once("demonstration", lambda draft: bog("demo", "--load-only", "--data", draft))


def new_instance(folder: Path) -> Path:
    """An instance in `folder` where nothing is yet, its tables made: most of what a first command costs is to make
    them. What a command does in an empty folder is tried by those that are about it."""
    made = _once("new", lambda draft: run("django", "migrate", BOG_DATA=str(draft), DJANGO_SETTINGS_MODULE=SETTINGS))
    return Path(shutil.copytree(made, folder))


def _once(name: str, make: Callable[[Path], subprocess.CompletedProcess[str]]) -> Path:
    """A folder that the first process that asks makes, and the others wait for."""
    folder = FOLDER / name
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            draft = FOLDER / f"{name}.draft"
            draft.mkdir()
            shutil.copy2(FOLDER / "audit.key", draft)
            done = make(draft)
            assert done.returncode == 0, done.stderr
            draft.rename(folder)
    return folder
