"""The people of the referrals' tests, with a first visit at BUP's team to prepare."""

from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.consent import operations as consents
from barnetsbog.consent.answering import Yes
from barnetsbog.consent.operations import Ask
from barnetsbog.kernel.time import DAY, SECOND, iso
from barnetsbog.law.model import Level, Sharing
from barnetsbog.readiness import queries
from barnetsbog.readiness.model import Coming, Item
from barnetsbog.record.models import Entry
from barnetsbog.referrals.model import Move
from tests.builders import send
from tests.integration.referrals.conftest import NOON, Clock, Referring, clock

__all__ = ["clock"]

VISIT = NOON + 8 * DAY


class Visiting(Referring):
    """Alma is referred to BUP, which takes her on and finds a time for her."""

    def is_taken_on(self) -> UUID:
        ident = self.has_sent()
        self.does("jytte", Move.ACCEPT, ident, unit=self.unit("team"))
        return ident

    def gets_a_time(self, at: int = VISIT, ident: str = "tid", unit: str = "ida", status: str = "booked") -> UUID:
        found = send({
            "resourceType": "Appointment", "id": ident, "status": status, "description": "Første samtale",
            "start": iso(at), "end": iso(at + 3600 * SECOND),
            "extension": [{"url": "https://barnetsbog.example/fhir/StructureDefinition/author",
                           "valueReference": {"reference": f"PractitionerRole/{unit}"}}],
            "participant": [{"actor": {"reference": "Patient/alma"}, "status": "accepted"}],
        })  # fmt: skip
        assert not found.refusals
        return Entry.objects.filter(what="appointment").latest("recorded_at").id

    def are_asked_about_the_assessment(self) -> None:
        self.clock.at += SECOND
        nothing = Sharing(frozenset(), Level.CONTENT)
        team = self.unit("team").partition("/")[2]
        wanted = Ask("bup-assessment", frozenset(), team, nothing, NOON + 300 * DAY)
        consents.ask(by=self.scope("ida"), child_id=self.child, wanted=wanted)

    def answers_the_assessment(self, name: str, yes: Yes | None) -> None:
        """What a parent says when asked whether BUP may assess."""
        self.clock.at += SECOND
        asked = self._asked(name, self.unit("team").partition("/")[2])
        mine = next(one for one in asked if one.open)
        consents.answer(by=self.parent(name), child_id=self.child, ident=mine.id, yes=yes, version=mine.version)

    def of_unit(self, name: str) -> list[Coming]:
        with open_book(self.scope(name), "readiness-list") as book:
            return queries.named(book, queries.of_unit(book))

    def of_child(self, name: str) -> list[Coming]:
        with open_book(self.scope(name), "readiness", self.child) as book:
            return queries.of_child(book, self.child)

    def item(self, name: str, requirement: str) -> Item:
        (found,) = self.of_child(name)
        return next(one for one in found.readiness.items if one.requirement.id == requirement)


@pytest.fixture
def visiting(database: str, clock: Clock) -> Visiting:
    return Visiting(clock)
