"""Alma, Kim who coordinates in PPR, Bo who leads there, the school, the family department and BUP; and two parents."""

from pathlib import Path
from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.directory.queries import roles
from barnetsbog.messages import operations, queries
from barnetsbog.messages.model import Sent, Thread, Wanted
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility.operations import appoint
from barnetsbog.responsibility.queries import balls
from tests.builders import bundle, role, send
from tests.integration.letters.conftest import Clock, Writing, clock  # noqa: F401 - the same people

FAMILY = ("Sara", "Jonas", "Alma Prøvegaard")


class Talking(Writing):
    """Who writes to whom, in words. Each act is a second after the one before."""

    def __init__(self, clock: Clock, folder: Path) -> None:  # noqa: F811
        super().__init__(clock, folder)
        assert not send(bundle(*role("hanne", "ppr", "manager"))).refusals
        appoint(by=self.scope("kim"), child_id=self.child, to=self.job("kim"))

    def job(self, name: str) -> str:
        return f"PractitionerRole/{next(one.id for one in roles().values() if one.name.startswith(name.title()))}"

    def who(self, name: str) -> Scope:
        return self.parent(name) if name in FAMILY else self.scope(name)

    def writes(self, name: str, text: str = "Kan vi flytte mødet?", to: str = "", **more: object) -> Sent:
        self.clock.later(1)
        wanted = Wanted(text, to or ("" if more.get("thread") else self.job("kim")), **more)  # type: ignore[arg-type]
        return operations.send(by=self.who(name), child_id=self.child, wanted=wanted)

    def threads(self, name: str) -> list[Thread]:
        with open_book(self.who(name), "messages", self.child) as book:
            return queries.threads(book, self.child)

    def texts(self, name: str) -> list[str]:
        return [one.sent.text for thread in self.threads(name) for one in thread.messages]

    def balls(self, name: str) -> list[tuple[str, bool]]:
        """The open tasks somebody sees: what, and whether it is the most important one."""
        with open_book(self.who(name), "ball", self.child) as book:
            return [(one.title, one.important) for one in balls(book, self.child)]

    def reads(self, name: str, thread: UUID) -> None:
        self.clock.later(1)
        operations.seen(by=self.who(name), child_id=self.child, thread=thread)


@pytest.fixture
def talk(database: str, clock: Clock, tmp_path: Path) -> Talking:  # noqa: F811
    return Talking(clock, tmp_path)
