"""Alma's plan: Kim in PPR is her coordinator, Maja teaches her, Rita is in the family department, Ida in BUP."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.time import SECOND
from barnetsbog.plan import operations, queries
from barnetsbog.plan.model import Frame, Goal, Intervention, Page, Said
from barnetsbog.record.models import Entry
from barnetsbog.responsibility.operations import appoint
from tests.integration.responsibility.conftest import Clock, Team, clock  # noqa: F401 - the same people

TODAY = date(2026, 11, 25)
QUOTE = "Jeg vil gerne kunne være med i frikvarteret uden at blive sur."


class Plan:
    """What they do with the plan, in words."""

    def __init__(self, team: Team) -> None:
        self.team, self.child = team, team.child
        appoint(by=team.scope("kim"), child_id=self.child, to=team.job("kim"))

    def later(self) -> None:
        self.team.clock.at += SECOND

    def by(self, name: str) -> dict[str, Any]:
        self.later()
        return {"by": self.team.scope(name), "child_id": self.child}

    def page(self, name: str) -> Page:
        with open_book(self.team.scope(name), "plan", self.child) as book:
            return queries.page(book, self.child)

    def said(self, name: str = "maja", words: str = QUOTE, *, shared: bool = True, **more: Any) -> UUID:
        return operations.write_down(**self.by(name), said=Said(words, TODAY, shared, **more))

    def goal(self, name: str = "kim", words: str = "Alma kommer ind i legen", **more: Any) -> UUID:
        return operations.set_goal(**self.by(name), wanted=Goal(False, words, **more))

    def tries(self, name: str = "maja", title: str = "Faste pauser", **more: Any) -> UUID:
        wanted = Intervention(title, since=TODAY, **{"responsible": (self.team.job(name),), **more})
        return operations.try_out(**self.by(name), wanted=wanted)

    def made(self, **more: Any) -> UUID:
        frame = Frame("Fælles plan for Alma", "Skole og PPR hjælpes ad.", **{"follow_up": date(2027, 1, 15), **more})
        return operations.make_plan(**self.by("kim"), frame=frame)

    def version(self, ident: UUID) -> int:
        return Entry.objects.get(id=ident).version

    def balls(self, name: str) -> list[tuple[str, str, str]]:
        """The open balls somebody sees: what, who has it or is asked, until when."""
        return [
            (ball.title, (ball.holder or ball.offered_to or _Nobody).name, f"{_day(ball.due)}")
            for ball in self.page(name).balls
        ]

    def condition(self) -> str:
        row = Entry.objects.get(what="condition")
        return f"Condition/{row.id}"

    def ref(self, kind: str, ident: UUID) -> str:
        assert ident_of(f"{kind}/{ident}") == ident
        return f"{kind}/{ident}"


class _Nobody:
    name = ""


def _day(at: int | None) -> str:
    from barnetsbog.kernel.time import local_day

    return str(local_day(at)) if at else ""


@pytest.fixture
def plan(database: str, clock: Clock) -> Plan:  # noqa: F811
    return Plan(Team(clock))
