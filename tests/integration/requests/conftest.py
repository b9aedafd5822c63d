"""August and those around him: a school that is asked, a mother with custody, a father without; and a young person."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel.time import DAY, local_day
from barnetsbog.letters import queries as letters
from barnetsbog.letters.model import Page as Letter
from barnetsbog.record.models import Entry
from barnetsbog.requests import operations, queries
from barnetsbog.requests.model import Answer, Page, Verdict
from tests.builders import Json, care, observation
from tests.integration.consent.conftest import holder
from tests.integration.letters.conftest import Clock, Writing, numbered
from tests.integration.letters.conftest import clock as clock
from tests.integration.letters.conftest import folder as folder

PARTLY = {"told": "Han trives.", "reason": "Resten handler om andre.", "complaint": "Skriv til os."}


def noted(ident: str, words: str, *labels: str, by: str = "maja", **more: Any) -> Json:
    """Something that somebody has written down, whose title is its id."""
    guarded = {"meta": {"security": [{"code": one} for one in labels]}} if labels else {}
    who = [{"reference": f"PractitionerRole/{by}"}]
    return {**observation(ident, code={"text": ident}, valueString=words, performer=who), **guarded, **more}


class Asking(Writing):
    """What is asked and answered, in words. Each act is a second after the one before."""

    def __init__(self, clock: Clock, folder: Path, **patient_more: Any) -> None:
        super().__init__(clock, folder, **patient_more)
        father = holder("papa", "Poul")
        parent = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "FTH"}
        away = [{"url": f"{EXTENSION}lives-with-child", "valueBoolean": False}]
        self.happens(
            numbered({**father, "extension": away, "relationship": [{"coding": [parent]}]}, "0303809903"),
            care("c6", unit_id="bup"), noted("iagttagelse", "Han læser selv."), noted("om-mor", "Sara ringede."),
            noted("fortroligt", "Han er bange.", "child-private"), noted("bup-note", "Journal.", by="ida"),
        )  # fmt: skip

    def asks(
        self, name: str, by: str = "maja", about: str = "Hvordan går det?", days_ago: int = 0, to: str = ""
    ) -> UUID:
        self.clock.later(1)
        return operations.register(
            by=self.scope(by), child_id=self.child, asker=self.person(name), about=about,
            received=self.day(days_ago), to=f"PractitionerRole/{self.scope(to or by).role_id}",
        )  # fmt: skip

    def day(self, days_ago: int = 0) -> date:
        return local_day(self.clock.at - days_ago * DAY)

    def decides(self, ident: UUID, answer: Answer, by: str = "maja", given: tuple[str, ...] = (), **more: Any) -> None:
        self.clock.later(1)
        version = Entry.objects.get(id=ident).version
        papers = tuple(Entry.objects.get(title=one).id for one in given)
        verdict = Verdict(answer, **more, given=papers)
        operations.decide(by=self.scope(by), child_id=self.child, ident=ident, version=version, verdict=verdict)

    def reads(self, ident: UUID, by: str = "maja") -> Page:
        with open_book(self.scope(by), "request", self.child) as book:
            return queries.page(book, self.child, ident)

    def letter(self, ident: UUID, by: str = "maja") -> Letter:
        draft = self.reads(ident, by).line.request.letter
        assert draft
        return self.page(draft, by)

    def answers(self, ident: UUID, by: str = "maja") -> UUID:
        """The answer is sent. The draft of its letter."""
        page, letter = self.reads(ident, by), self.letter(ident, by)
        self.clock.later(1)
        approved = {one.candidate.person.reference: one.digest for one in letter.previews}
        operations.answer(
            by=self.scope(by), child_id=self.child, ident=ident, version=page.version, letter=letter.version,
            approved=approved,
        )  # fmt: skip
        return letter.id

    def of_unit(self, by: str) -> list[UUID]:
        with open_book(self.scope(by), "request", self.child) as book:
            return [one.request.id for one in queries.of_child(book, self.child)]

    def enclosures(self, draft: UUID, by: str = "maja") -> list[str]:
        (sent,) = self.page(draft, by).progress
        assert sent.copy
        with open_book(self.scope(by), "letter-pdf", self.child) as book:
            row = letters.copy_row(book, self.child, sent.copy)[1]
        return [one.name for one in letters.mapping.files_in(row)[1:]]


@pytest.fixture
def asking(clock: Clock, folder: Path) -> Asking:
    return Asking(clock, folder)


@pytest.fixture
def young(clock: Clock, folder: Path) -> Asking:
    """The child is seventeen."""
    return Asking(clock, folder, birthDate="2009-05-07")


@pytest.fixture
def hidden(clock: Clock, folder: Path) -> Asking:
    """The address is protected."""
    return Asking(clock, folder, extension=[{"url": f"{EXTENSION}protected-address", "valueBoolean": True}])
