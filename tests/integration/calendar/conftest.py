"""Alma and the people around her, and what they do with appointments. Sara is her mother and Jonas her father."""

from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.calendar import operations, queries
from barnetsbog.calendar.model import Answer, Meeting, Slot, Wanted
from barnetsbog.consent.terms import DANISH_RELATION
from barnetsbog.kernel.time import DAY, SECOND
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import Json, care, patient
from tests.integration.responsibility.conftest import NOON, Clock, Team, clock

__all__ = ["NOON", "clock"]

HOUR = 3600 * SECOND
PARAUTH = {"system": DANISH_RELATION, "code": "PARAUTH"}


def parent(ident: str, name: str, about: str = "alma", *, resident: bool = True) -> Json:
    url = "https://barnetsbog.example/fhir/StructureDefinition/lives-with-child"
    return {
        "resourceType": "RelatedPerson", "id": ident, "patient": {"reference": f"Patient/{about}"},
        "name": [{"text": name}], "relationship": [{"coding": [PARAUTH], "text": ident}],
        "extension": [{"url": url, "valueBoolean": resident}],
    }  # fmt: skip


def later(hours: float, length: float = 1) -> Slot:
    start = NOON + DAY + int(hours * HOUR)
    return Slot(start, start + int(length * HOUR))


class Calendar(Team):
    """The same team; Alma has two parents, and Noah is another child of Kim's."""

    def story(self) -> list[Json]:
        given = [parent("mor", "Sara"), parent("far", "Jonas", resident=False)]
        noah = patient("noah", number="1402149903") | {"birthDate": "2014-02-14"}
        return [*super().story(), *given, noah, care("n1", about="noah")]

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.noah = Entry.objects.get(what="child", title__contains="Prøvegaard", source_ref="Patient/noah").child_id

    def person(self, name: str) -> UUID:
        return Entry.objects.get(what="person", title=name).id

    def family(self, name: str) -> Scope:
        made = scope_for_person(self.person(name), self.child, level=LoginLevel.SUBSTANTIAL)
        assert made, name
        return made

    def reference(self, name: str) -> str:
        return f"RelatedPerson/{self.person(name)}"

    def who(self, name: str) -> Scope:
        return self.family(name) if name in ("Sara", "Jonas") else self.scope(name)

    def arranges(self, name: str, *slots: Slot, guests: tuple[str, ...] = (), child: UUID | None = None, **more: Any) -> list[UUID]:  # fmt: skip
        self.clock.at += SECOND
        wanted = Wanted(more.pop("title", "Netværksmøde"), slots, guests, **{"booked": len(slots) == 1, **more})
        return operations.arrange(by=self.scope(name), child_id=child or self.child, wanted=wanted)

    def reads(self, name: str, ident: UUID, child: UUID | None = None) -> Meeting:
        with open_book(self.who(name), "calendar", child or self.child) as book:
            return queries.meeting(book, child or self.child, ident)

    def sees(self, name: str, child: UUID | None = None) -> list[Meeting]:
        with open_book(self.who(name), "calendar", child or self.child) as book:
            return queries.of_child(book, child or self.child, self.clock.at, self.clock.at + 400 * DAY)

    def answers(self, name: str, ident: UUID, comes: Answer, *, about: str = "", seen: int | None = None) -> None:
        self.clock.at += SECOND
        start = seen if seen is not None else Entry.objects.get(id=ident).start
        who = about or (self.reference(name) if name in ("Sara", "Jonas") else self.job(name))
        operations.answer(by=self.who(name), child_id=self.child, ident=ident, who=who, comes=comes, seen=start)

    def version(self, ident: UUID) -> int:
        return Entry.objects.get(id=ident).version

    def moves(self, name: str, ident: UUID, slot: Slot, reason: str = "Ida er syg", version: int | None = None) -> None:
        self.clock.at += SECOND
        operations.move(
            by=self.scope(name), child_id=self.child, ident=ident, version=version or self.version(ident), slot=slot,
            reason=reason,
        )  # fmt: skip

    def coming(self, name: str, ident: UUID) -> dict[str, str]:
        return {one.contact.name: one.answer.value for one in self.reads(name, ident).guests if one.answer}


@pytest.fixture
def calendar(database: str, clock: Clock) -> Calendar:
    return Calendar(clock)
