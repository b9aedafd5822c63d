"""How far people go for what they come to do: walks the tasks of tests/journeys/tasks.yaml and tells what they took.

    python tools/tasks.py            # prints the tables, writes docs/tasks.md and build/tasks.json

Fails as the test does, when a task has become longer than it may be. It needs Debian's chromium.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.journeys.tasks import Group, Task, groups

ROOT = Path(__file__).parents[1]
Found = dict[str, dict[str, Any]]
"""Of one group: by the name of the task its presses, fields and the words of each page on the way."""

HEAD = """# How far people go

Made by `python tools/tasks.py`, which walks every task in Chromium on a demonstration; not edited by hand. What a task
is, and how long it may be, stands in `tests/journeys/tasks.yaml`; `./bog test` fails when one has become longer.

Each begins on the first page after log-in and goes by what is seen there, never by an address. *Presses*: links and
buttons, the one that sends or saves included. *Fields*: what is filled in or chosen. *Pages*: with the first and the
last. *Words*: all that `main` shows, on the longest page and on all of them together; nobody has to read all of it. In
brackets: at most.
"""
TABLE_HEAD = "| task | presses | fields | pages | words | in all |", "|---|---|---|---|---|---|"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        test = [sys.executable, "-m", "pytest", "tests/journeys/test_tasks.py", "-q", "-n", "0", "--no-header"]
        code = subprocess.run(test, cwd=ROOT, env={**os.environ, "BOG_TASKS": folder}).returncode
        found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in Path(folder).iterdir()}
    walked = [group for group in groups() if group.group in found]
    tables = "\n".join(_table(group, found[group.group]) for group in walked)
    print(tables)
    if len(walked) == len(groups()):
        _keep(ROOT / "build" / "tasks.json", json.dumps(found, ensure_ascii=False, indent=2))
        _keep(ROOT / "docs" / "tasks.md", f"{HEAD}\n{tables}")
    return code


def _table(group: Group, found: Found) -> str:
    rows = (_row(task, **found[task.task]) for task in group.tasks)
    return "\n".join([f"## {group.group}", "", *TABLE_HEAD, *rows, ""])


def _row(task: Task, *, presses: int, fields: int, words: list[int]) -> str:
    cells = (
        task.task, f"{presses} ({task.most.presses})", fields, len(words), f"{max(words)} ({task.most.words})",
        sum(words),
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{text.rstrip()}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
