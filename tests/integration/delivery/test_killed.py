"""A worker that is killed between two steps loses no letter and sends none twice, on a disk."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.instances import run

POST = {
    "BOG_DIGITAL_POST_CVR": "10000000", "BOG_DIGITAL_POST_SYSTEM": "aaaaaaaa-0000-4000-8000-000000000000",
    "BOG_DIGITAL_POST_LABEL": "Eksempelby Kommune",
}  # fmt: skip


def does(step: str, folder: Path) -> dict[str, Any] | None:
    """What the step found afterwards; None when it was killed."""
    done = run("tests.integration.delivery.worker_that_dies", step, folder, **POST)
    if done.returncode == -9:
        return None
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def sent(folder: Path) -> list[tuple[str, int]]:
    return [(one.name, one.stat().st_mtime_ns) for one in (folder / "digital-post").rglob("*.xml")]


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance in which a letter waits to be sent to two, who are carried out in one transaction."""
    folder = tmp_path_factory.mktemp("waiting")
    assert does("send", folder) == {"states": ["waiting"] * 2, "copies": 0}
    return folder


@pytest.mark.parametrize(
    ("dies", "files"), [("die-before-it-is-set", {0}), ("die-after-the-file", {1, 2}), ("die-before-the-commit", {2})]
)
def test_a_worker_that_is_killed_sends_it_once_all_the_same(
    dies: str, files: set[int], waiting: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "instans"
    shutil.copytree(waiting, folder)
    assert does(dies, folder) is None
    before = sent(folder)
    assert len(before) in files
    assert does("work-later", folder) == {"states": ["sent"] * 2, "copies": 2}
    after = sent(folder)
    assert len(after) == 2
    assert set(before) <= set(after)


def test_a_worker_that_is_told_to_end_finishes_what_it_has_begun(waiting: Path, tmp_path: Path) -> None:
    folder = tmp_path / "instans"
    shutil.copytree(waiting, folder)
    assert does("be-told-to-end", folder) == {"states": ["sent"] * 2, "copies": 2}
