"""A worker that is killed between two steps loses no event and gives none a second number, on a disk."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.instances import ROOT, environment

WRITTEN = {"files": [], "told": 0, "waits": 0, "put_aside": 1}
TOLD = {"files": ["event-000000000001.json"], "told": 1, "waits": 0, "put_aside": 0}


def does(step: str, folder: Path) -> dict[str, Any] | None:
    """What the step found afterwards; None when it was killed."""
    command = [sys.executable, "-m", "tests.integration.subscriptions.worker_that_dies", step, str(folder)]
    path = f"{ROOT / 'src'}:{ROOT}"
    done = subprocess.run(command, cwd=ROOT, env=environment(PYTHONPATH=path), capture_output=True, text=True)
    if done.returncode == -9:
        return None
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("step", ["die-while-handing-out", "die-before-it-leaves", "die-after-it-left"])
def test_a_worker_that_is_killed_loses_nothing_and_tells_under_one_number(tmp_path: Path, step: str) -> None:
    assert does("write", tmp_path) == WRITTEN
    assert does(step, tmp_path) is None
    assert does("work-later", tmp_path) == TOLD
    assert does("work-later", tmp_path) == TOLD
