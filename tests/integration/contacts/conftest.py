"""Alma and the people around her (`tests/integration/responsibility/conftest.py`), with a team that Kim leads."""

from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.contacts import operations
from barnetsbog.contacts.circle import circle
from barnetsbog.contacts.model import Circle, Kin, NetworkPerson, Worker
from barnetsbog.kernel.time import SECOND
from barnetsbog.record.models import Entry
from barnetsbog.responsibility.operations import appoint
from tests.integration.responsibility.conftest import Clock, Team, clock

__all__ = ["clock"]


class Around(Team):
    """The same team, and what they do with the contacts."""

    def circle(self, name: str) -> Circle:
        with open_book(self.scope(name), "contacts", self.child) as book:
            return circle(book, self.child)

    def worker(self, reader: str, name: str) -> Worker | None:
        return next((one for one in self.circle(reader).workers if one.contact.name.startswith(name.title())), None)

    def own(self, reader: str, name: str) -> Kin | None:
        found = self.circle(reader)
        return next((one for one in (*found.family, *found.network) if one.contact.name == name), None)

    def writes(self, name: str, wanted: NetworkPerson) -> UUID:
        self.clock.at += SECOND
        return operations.add_person(by=self.scope(name), child_id=self.child, wanted=wanted)

    def version(self, ident: UUID) -> int:
        return Entry.objects.get(id=ident).version

    @property
    def team_version(self) -> int:
        return Entry.objects.get(what="team").version


@pytest.fixture
def around(database: str, clock: Clock) -> Around:
    found = Around(clock)
    appoint(by=found.scope("kim"), child_id=found.child, to=found.job("kim"))
    found.clock.at += SECOND
    return found
