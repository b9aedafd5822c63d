"""How far people have to go for what they come to do. The tasks and their limits are data: `tasks.yaml`.

`python tools/tasks.py` walks them too, and writes what it took into docs/tasks.md.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .conftest import DESKTOP, PHONE, _visitor, demonstration
from .tasks import Group, Task, Walked, Walker, groups

pytestmark = pytest.mark.journey

SCREENS = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here people answer and write."""
    yield from demonstration(tmp_path_factory)


@pytest.mark.parametrize("group", groups(), ids=lambda group: group.group)
def test_nobody_has_to_go_further_than_this(browser: Browser, server: str, group: Group) -> None:
    """[OSL]: many clicks, and trouble to find one's way. A parent who has never been here is asked something on the first
    page, and has answered after three presses."""
    walked = {task.task: _walked(browser, server, group, task) for task in group.tasks}
    _tell(group, walked)
    too_long = [
        f"{task.task}: {took.presses} presses and {max(took.words)} words on a page, at most {task.most}"
        for task, took in zip(group.tasks, walked.values(), strict=True)
        if took.presses > task.most.presses or max(took.words) > task.most.words
    ]
    assert too_long == []


def _walked(browser: Browser, server: str, group: Group, task: Task) -> Walked:
    with contextmanager(_visitor)(browser, server, viewport=SCREENS[group.screen]) as visitor:
        if task.of:
            visitor.logs_in_as_family(task.name, task.of)
        else:
            visitor.logs_in_as(task.name)
        return Walker(visitor.page).walk(task)


def _tell(group: Group, walked: dict[str, Walked]) -> None:
    """To whoever asked for the figures: a file for each group in the folder `BOG_TASKS`."""
    if folder := os.environ.get("BOG_TASKS"):
        found = {name: asdict(took) for name, took in walked.items()}
        Path(folder, f"{group.group}.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
