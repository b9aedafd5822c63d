"""Alma and the people around her: Kim and Bo in PPR, their leader, Maja at the school, Ida in BUP, Rita in the family
department; and a mother."""

from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for
from barnetsbog.directory.queries import roles, units
from barnetsbog.kernel.time import DAY, SECOND, parse
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.responsibility import operations, queries
from barnetsbog.responsibility.model import Move, NewBall, Page, Tab, WorkList
from barnetsbog.responsibility.rules import Wish
from tests.builders import Json, begin_with, bundle, care, patient, role, unit

NOON = parse("2026-11-25T12:00:00+01:00")[0]


class Clock:
    at = NOON


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in ("access.scopes", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: found.at)
    return found


class Team:
    """Who they are and what they do with balls, in words. Each act is a second after the one before."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        begin_with(*self.story())
        self.child: UUID = Entry.objects.get(what="child", source_ref="Patient/alma").child_id

    def story(self) -> list[Json]:
        """What is in the book before anybody does anything."""
        directory = [unit("ppr"), unit("bup", "bup"), unit("skole", "school"), unit("familie", "family_dept")]
        directory += [unit("gamle", "ppr"), unit("andre", "ppr")]
        for name, place, code in (
            ("kim", "ppr", "psychologist"), ("bo", "ppr", "psychologist"), ("leder", "ppr", "manager"),
            ("maja", "skole", "teacher"), ("ida", "bup", "bup_clinician"), ("ulla", "andre", "psychologist"),
            ("gerda", "gamle", "psychologist"), ("rita", "familie", "caseworker"),
        ):  # fmt: skip
            directory += role(name, place, code)
        mother = {
            "resourceType": "RelatedPerson", "id": "mor", "patient": {"reference": "Patient/alma"},
            "name": [{"text": "Sara"}],
        }  # fmt: skip
        cares = [
            care("c1"),
            care("c2", unit_id="skole"),
            care("c3", unit_id="bup"),
            care("c4", unit_id="gamle"),
            care("c5", unit_id="familie"),
        ]
        return [bundle(*directory, patient(), mother, *cares)]

    def ident(self, name: str) -> UUID:
        return next(one.id for one in roles().values() if one.name.startswith(name.title()))

    def job(self, name: str) -> str:
        return f"PractitionerRole/{self.ident(name)}"

    def unit(self, name: str) -> str:
        return next(f"Organization/{one.id}" for one in units().values() if one.name == f"Enhed {name}")

    def scope(self, name: str) -> Scope:
        made = scope_for(self.ident(name), level=LoginLevel.SUBSTANTIAL)
        assert made
        return made

    def opens(self, name: str, to: str = "", **more: object) -> UUID:
        self.clock.at += SECOND
        wanted = NewBall(**{"title": "Ring til far", "to": to, "due": NOON + DAY, **more})  # type: ignore[arg-type]
        return operations.open_ball(by=self.scope(name), child_id=self.child, wanted=wanted)

    def does(self, name: str, move: Move, ident: UUID, to: str = "", why: str = "", **more: object) -> None:
        self.clock.at += SECOND
        version = more.pop("version", None) or Entry.objects.get(id=ident).version
        operations.move(
            by=self.scope(name), child_id=self.child, ident=ident, version=version, wish=Wish(move, to, why, **more)  # type: ignore[arg-type]
        )  # fmt: skip

    def page(self, name: str, ident: UUID) -> Page:
        with open_book(self.scope(name), "ball", self.child) as book:
            return queries.page(book, self.child, ident)

    def list_of(self, name: str, tab: Tab = Tab.MINE) -> WorkList:
        with open_book(self.scope(name), "work-list") as book:
            return queries.work_list(book, tab)

    def titles(self, name: str, tab: Tab = Tab.MINE) -> list[str]:
        return [case.ball.title for case in self.list_of(name, tab).cases]


@pytest.fixture
def team(database: str, clock: Clock) -> Team:
    return Team(clock)
