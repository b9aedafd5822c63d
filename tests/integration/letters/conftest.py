"""Alma, PPR that writes letters about her, the school, BUP, two parents, and a folder for what goes out."""

from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.consent import operations as consents
from barnetsbog.consent.answering import Yes
from barnetsbog.consent.operations import Ask
from barnetsbog.delivery.channels import carriers
from barnetsbog.delivery.model import Channel
from barnetsbog.delivery.models import Outbox
from barnetsbog.delivery.worker import work_once
from barnetsbog.directory.queries import all_children, roles, units
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel.time import DAY, parse
from barnetsbog.law.model import Block, Class, Level, Sharing
from barnetsbog.letters import operations, queries
from barnetsbog.letters.files import catalogue
from barnetsbog.letters.filling import examples
from barnetsbog.letters.model import Copy, Draft, Envelope, Page
from barnetsbog.letters.sending import handlers
from barnetsbog.record.models import Entry, Version
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import begin_with, bundle, care, observation, patient, role, send, unit
from tests.integration.consent.conftest import _of as is_of
from tests.integration.consent.conftest import holder

NOON = parse("2026-11-25T12:00:00+01:00")[0]
Json = dict[str, Any]


class Clock:
    at = NOON

    def later(self, seconds: int) -> None:
        self.at += seconds * 1_000_000

    def days_later(self, days: int) -> None:
        self.at += days * DAY


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in ("access.scopes", "intake.storing", "delivery.worker", "letters.sending"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: found.at)
    return found


def numbered(person: Json, number: str) -> Json:
    return {**person, "identifier": [{"system": "urn:oid:1.2.208.176.1.2", "value": number}]}


class Writing:
    """Who they are and what they do, in words. Each act is a second after the one before."""

    def __init__(self, clock: Clock, folder: Path, **patient_more: Any) -> None:
        self.clock, self.folder = clock, folder
        directory = [
            unit("ppr"),
            unit("skole", "school"),
            unit("fam", "family_dept"),
            unit("bup", "bup"),
            unit("ltt", "ltt"),
        ]
        for name, place, code in (
            ("kim", "ppr", "psychologist"), ("bo", "ppr", "school_leader"), ("maja", "skole", "teacher"),
            ("rita", "fam", "caseworker"), ("ida", "bup", "bup_clinician"),
        ):  # fmt: skip
            directory += role(name, place, code)
        self.parents = [
            numbered(holder("mor", "Sara"), "0101809901"), numbered(holder("far", "Jonas", at_home=False), "0202809902"),
            {key: value for key, value in holder("onkel", "Otto").items() if key != "extension"},
        ]  # fmt: skip
        cares = [care(), care("c2", unit_id="skole"), care("c3", unit_id="fam"), care("c4", unit_id="ltt")]
        begin_with(bundle(*directory, patient(**patient_more), *self.parents, *cares, observation()))
        (self.child,) = all_children()

    def happens(self, *resources: Json) -> None:
        """Another system tells something."""
        report = send(bundle(*resources))
        assert not report.refusals
        assert report.stored

    def unit(self, name: str) -> str:
        return next(f"Organization/{one.id}" for one in units().values() if one.name == f"Enhed {name}")

    def person(self, name: str) -> str:
        kind = "Patient" if name.startswith("Alma") else "RelatedPerson"
        row = Entry.objects.get(title=name, what__in=("person", "child"))
        body = orjson.loads(bytes(Version.objects.get(entry_id=row.id, number=row.version).body))
        return f"{kind}/{body['id']}"

    def scope(self, name: str) -> Scope:
        ident = next(one.id for one in roles().values() if one.name.startswith(name.title()))
        made = scope_for(ident, level=LoginLevel.SUBSTANTIAL)
        assert made
        return made

    def parent(self, name: str) -> Scope:
        ident = Entry.objects.get(title=name, what__in=("person", "child")).id
        made = scope_for_person(ident, self.child, level=LoginLevel.SUBSTANTIAL)
        assert made
        return made

    # -- consents

    def is_agreed(self, to: str, *more: tuple[Block, Class]) -> dict[str, UUID]:
        """Both parents say yes to that a unit reads the ordinary things that PPR writes, and `more`. Their records."""
        ordinary = (Block.ACTIVITY, Class.ORDINARY), (Block.CONTACTS, Class.ORDINARY)
        sharing = Sharing(frozenset((*ordinary, *more)), Level.CONTENT)
        ids = [one.rpartition("/")[2] for one in (self.unit("ppr"), self.unit(to))]
        until = self.clock.at + 100 * DAY
        wanted = Ask("ppr-to-bup", frozenset(ids[:1]), ids[1], sharing, until)
        self.clock.later(1)
        consents.ask(by=self.scope("kim"), child_id=self.child, wanted=wanted)
        rows = {name: self._record_of(self.parent(name).role_id) for name in ("Sara", "Jonas")}
        for name, ident in rows.items():
            self.clock.later(1)
            version = Entry.objects.get(id=ident).version
            consents.answer(by=self.parent(name), child_id=self.child, ident=ident, yes=Yes(), version=version)
        return rows

    def _record_of(self, giver: UUID) -> UUID:
        found = Entry.objects.filter(what="consent")
        return next(row.id for row in found if row.author_id == giver or is_of(row, giver))

    def takes_back(self, name: str, records: dict[str, UUID]) -> None:
        self.clock.later(1)
        version = Entry.objects.get(id=records[name]).version
        consents.withdraw(by=self.parent(name), child_id=self.child, ident=records[name], version=version)

    # -- letters

    def draft(self, template: str, *to: str, channel: Channel = Channel.IN_APP, **answers: str) -> Draft:
        given = {**examples(catalogue()[template]), **answers}
        return Draft(template, given, tuple(Envelope(one, channel) for one in to))

    def writes(
        self, template: str, *to: str, by: str = "kim", channel: Channel = Channel.IN_APP, **answers: str
    ) -> UUID:
        self.clock.later(1)
        draft = self.draft(template, *to, channel=channel, **answers)
        return operations.write_draft(by=self.scope(by), child_id=self.child, draft=draft)

    def page(self, ident: UUID, by: str = "kim") -> Page:
        with open_book(self.scope(by), "letter", self.child) as book:
            return queries.page(book, self.child, ident)

    def sends(self, ident: UUID, by: str = "kim") -> None:
        page = self.page(ident, by)
        approved = {one.candidate.person.reference: one.digest for one in page.previews}
        operations.send(by=self.scope(by), child_id=self.child, ident=ident, version=page.version, approved=approved)

    def works(self) -> int:
        """The worker looks once."""
        self.clock.later(1)
        return work_once(handlers())

    def sent(self, template: str, *to: str, by: str = "kim", channel: Channel = Channel.IN_APP, **answers: str) -> UUID:
        ident = self.writes(template, *to, by=by, channel=channel, **answers)
        self.sends(ident, by)
        return ident

    def states(self, ident: UUID) -> list[str]:
        return list(Outbox.objects.filter(subject_id=ident).order_by("id").values_list("state", flat=True))

    def received(self, who: Scope) -> list[Copy]:
        with open_book(who, "letter", self.child) as book:
            return queries.received(book, self.child)

    def balls(self) -> list[str]:
        return list(Entry.objects.filter(what="task", title="Brevet kunne ikke sendes").values_list("title", flat=True))

    def files(self, folder: str) -> list[Path]:
        return sorted((self.folder / folder).rglob("*.*")) if (self.folder / folder).exists() else []


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the channels put what they deliver."""
    monkeypatch.setattr("barnetsbog.letters.sending.carriers", lambda _: carriers(tmp_path))
    return tmp_path


@pytest.fixture
def writing(clock: Clock, folder: Path) -> Writing:
    return Writing(clock, folder)


@pytest.fixture
def protected(clock: Clock, folder: Path) -> Writing:
    """Alma's address is protected."""
    return Writing(clock, folder, extension=[{"url": f"{EXTENSION}protected-address", "valueBoolean": True}])
