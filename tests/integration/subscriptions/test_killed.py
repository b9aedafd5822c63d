"""A worker that is killed between two steps loses no event and gives none a second number, on a disk."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.instances import run

WRITTEN = {"files": [], "told": 0, "waits": 0, "put_aside": 1}
TOLD = {"files": ["event-000000000001.json"], "told": 1, "waits": 0, "put_aside": 0}


def does(step: str, folder: Path) -> dict[str, Any] | None:
    """What the step found afterwards; None when it was killed."""
    done = run("tests.integration.subscriptions.worker_that_dies", step, folder)
    if done.returncode == -9:
        return None
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance in which something is written that is to be told of."""
    folder = tmp_path_factory.mktemp("written")
    assert does("write", folder) == WRITTEN
    return folder


@pytest.mark.parametrize("step", ["die-while-handing-out", "die-before-it-leaves", "die-after-it-left"])
def test_a_worker_that_is_killed_loses_nothing_and_tells_under_one_number(
    written: Path, tmp_path: Path, step: str
) -> None:
    folder = tmp_path / "instans"
    shutil.copytree(written, folder)
    assert does(step, folder) is None
    assert does("work-later", folder) == TOLD
    assert does("work-later", folder) == TOLD
