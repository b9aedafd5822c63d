"""What somebody comes to do, as data (`tasks.yaml`), and somebody who does it in a browser and counts.

A walker knows no addresses: it follows what it sees from the first page on, by names that anybody can read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Locator, Page

FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, slots=True)
class Most:
    """How far a task may go."""

    presses: int
    words: int
    """On any one page."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that somebody comes to do. `of`: whose relative they are; None for a professional."""

    task: str
    name: str
    ends: str
    most: Most
    of: str | None = None
    steps: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks of one sort of people, at one sort of screen."""

    group: str
    screen: str
    tasks: tuple[Task, ...]


def groups() -> tuple[Group, ...]:
    """Raises TypeError where the file says something that is not known."""
    return tuple(
        Group(**{**one, "tasks": tuple(_task(**task) for task in one["tasks"])})
        for one in yaml.safe_load(FILE.read_text(encoding="utf-8"))
    )


def _task(*, most: dict[str, int], steps: Sequence[dict[str, Any]] = (), **rest: str) -> Task:
    return Task(most=Most(**most), steps=tuple(steps), **rest)


@dataclass(slots=True)
class Walked:
    """What a task took: links and buttons pressed, fields filled in, and the words of each page on the way."""

    presses: int = 0
    fields: int = 0
    words: list[int] = field(default_factory=list)


class Walker:
    """Somebody who does what a task says, by what stands on the page, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.walked = Walked()

    def walk(self, task: Task) -> Walked:
        """Raises AssertionError when the end is not reached."""
        for step in task.steps:
            ((act, what),) = step.items()
            getattr(self, act)(what)
        told = self._read()
        assert task.ends in told, f"{task.task}: »{task.ends}« is not on {self.page.url}\n{told}"
        return self.walked

    def follow(self, name: str) -> None:
        self._press(self.page.get_by_role("link", name=_beginning(name)))

    def tab(self, name: str) -> None:
        book = self.page.get_by_role("navigation", name="Barnets bog")
        self._press(book.get_by_role("link", name=name))

    def press(self, name: str) -> None:
        self._press(self.page.get_by_role("button", name=_beginning(name)))

    def tick(self, name: str) -> None:
        self.walked.fields += 1
        self.page.get_by_label(name, exact=True).first.check()

    def write(self, what: dict[str, str]) -> None:
        for name, words in what.items():
            self._field(name).fill(words)

    def choose(self, what: dict[str, str]) -> None:
        for name, label in what.items():
            self._field(name).select_option(label=label)

    def _field(self, name: str) -> Locator:
        self.walked.fields += 1
        return self.page.locator(name) if name.startswith("#") else self.page.get_by_label(_beginning(name)).first

    def _press(self, found: Locator) -> None:
        self._read()
        self.walked.presses += 1
        found.locator("visible=true").first.click()

    def _read(self) -> str:
        """A page is read when somebody is about to leave it: what was folded out by then is read too."""
        self.page.wait_for_load_state()
        told = self.page.inner_text("main")
        self.walked.words.append(sum(any(sign.isalpha() for sign in word) for word in told.split()))
        return told


def _beginning(name: str) -> re.Pattern[str]:
    return re.compile(f"^\\s*{re.escape(name)}")
