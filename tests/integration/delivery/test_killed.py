"""A worker that is killed between two steps loses no letter and sends none twice, on a disk."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.instances import ROOT, environment


def does(step: str, folder: Path) -> dict[str, Any] | None:
    """What the step found afterwards; None when it was killed."""
    command = [sys.executable, "-m", "tests.integration.delivery.worker_that_dies", step, str(folder)]
    path = f"{ROOT / 'src'}:{ROOT}"
    done = subprocess.run(command, cwd=ROOT, env=environment(PYTHONPATH=path), capture_output=True, text=True)
    if done.returncode == -9:
        return None
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def sent(folder: Path) -> list[tuple[str, int]]:
    return [(one.name, one.stat().st_mtime_ns) for one in (folder / "digital-post").glob("*.xml")]


@pytest.mark.parametrize(
    ("dies", "files"), [("die-before-it-is-set", 0), ("die-after-the-file", 1), ("die-before-the-commit", 1)]
)
def test_a_worker_that_is_killed_sends_it_once_all_the_same(dies: str, files: int, tmp_path: Path) -> None:
    assert does("send", tmp_path) == {"states": ["waiting"], "copies": 0}
    assert does(dies, tmp_path) is None
    before = sent(tmp_path)
    assert len(before) == files
    # While it may still be at work nobody else tries; then the row is another's.
    assert does("work", tmp_path) == {"states": ["waiting"], "copies": 0}
    assert does("work-later", tmp_path) == {"states": ["sent"], "copies": 1}
    after = sent(tmp_path)
    assert len(after) == 1
    assert before in ([], after)
    assert does("work-later", tmp_path) == {"states": ["sent"], "copies": 1}
    assert sent(tmp_path) == after
