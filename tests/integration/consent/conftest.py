"""Alma, her two parents who both hold custody, PPR that has written about her, and BUP that would like to read it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.consent import operations
from barnetsbog.consent.answering import Yes
from barnetsbog.consent.operations import Ask
from barnetsbog.directory.queries import all_children, roles, units
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel.time import DAY, parse
from barnetsbog.law.model import Block, Class, Level, Sharing
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import begin_with, bundle, care, observation, patient, role, unit

NOON = parse("2026-11-25T12:00:00+01:00")[0]
ALL = frozenset((block, Class.ORDINARY) for block in (Block.CONDITION, Block.ACTIVITY, Block.CONTACTS))
Json = dict[str, Any]


class Clock:
    """It is noon on the day of the stories until a test says otherwise."""

    at = NOON

    def days_later(self, days: int) -> None:
        self.at = NOON + days * DAY


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in ("access.scopes", "access.operations", "intake.storing", "consent.endings"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: found.at)
    return found


def holder(ident: str, name: str, *, at_home: bool = True) -> Json:
    """A parent who has held custody since Alma was born."""
    parts: list[Json] = [
        {"url": "kind", "valueCode": "parent"},
        {"url": "period", "valuePeriod": {"start": "2009-01-01"}},
        {"url": "evidence", "valueCode": "cpr"},
    ]
    return {
        "resourceType": "RelatedPerson", "id": ident, "patient": {"reference": "Patient/alma"},
        "name": [{"text": name}], "extension": [
            {"url": f"{EXTENSION}custody", "extension": parts},
            {"url": f"{EXTENSION}lives-with-child", "valueBoolean": at_home},
        ],
    }  # fmt: skip


class Family:
    """The people of the test, and what they do, in words."""

    def __init__(self, **patient_more: Any) -> None:
        directory = [unit("ppr"), unit("bup", "bup"), unit("skole", "school")]
        for name, place, code in (
            ("kim", "ppr", "psychologist"), ("ida", "bup", "bup_clinician"), ("maja", "skole", "teacher"), ("leder", "skole", "school_leader"),
        ):  # fmt: skip
            directory += role(name, place, code)
        parents = [holder("mor", "Sara"), holder("far", "Jonas", at_home=False)]
        begin_with(bundle(*directory, patient(**patient_more), *parents, care(), observation()))
        (self.child,) = all_children()
        self.units = {one.name.removeprefix("Enhed "): str(one.id) for one in units().values()}
        self.entry = Entry.objects.get(what="observation").id

    def professional(self, name: str) -> Scope:
        found = next(one for one in roles().values() if one.name.startswith(name.title()))
        made = scope_for(found.id, level=LoginLevel.SUBSTANTIAL)
        assert made
        return made

    def person(self, name: str) -> Scope:
        title = {"mother": "Sara", "father": "Jonas", "alma": "Alma Prøvegaard"}[name]
        ident = Entry.objects.get(title=title, what__in=("person", "child")).id
        made = scope_for_person(ident, self.child, level=LoginLevel.SUBSTANTIAL)
        assert made
        return made

    def asking(self, **more: Any) -> Ask:
        wanted = Ask(
            "ppr-to-bup", frozenset((self.units["ppr"],)), self.units["bup"], Sharing(ALL, Level.CONTENT), NOON + 300 * DAY,
        )  # fmt: skip
        return Ask(**{**{name: getattr(wanted, name) for name in Ask.__dataclass_fields__}, **more})

    def are_asked(self, **more: Any) -> dict[str, UUID]:
        """Kim asks whether BUP may read what PPR has written. The record of each giver, by name."""
        operations.ask(by=self.professional("kim"), child_id=self.child, wanted=self.asking(**more))
        return {name: self.record_of(name) for name in ("mother", "father")}

    def record_of(self, name: str) -> UUID:
        ident = self.person(name).role_id
        return next(row.id for row in Entry.objects.filter(what="consent") if row.author_id == ident or _of(row, ident))

    def says(self, name: str, yes: Yes | None, **more: Any) -> None:
        ident = self.record_of(name)
        version = Entry.objects.get(id=ident).version
        operations.answer(
            by=self.person(name), child_id=self.child, ident=ident, yes=yes, **{"version": version, **more}
        )

    def takes_it_back(self, name: str) -> None:
        ident = self.record_of(name)
        version = Entry.objects.get(id=ident).version
        operations.withdraw(by=self.person(name), child_id=self.child, ident=ident, version=version)

    def can_read(self, name: str) -> str:
        """What somebody of a unit can read of PPR's observation: nothing, its heading, or its contents."""
        from barnetsbog.kernel.decisions import NotFound

        try:
            with open_book(self.professional(name), "timeline", self.child) as book:
                rows = book.entries(self.child, Filter(what=("observation",)))
        except NotFound:
            return "nothing"
        return "nothing" if not rows else "contents" if rows[0].readable else "heading"


def _of(row: Entry, ident: UUID) -> bool:
    """Whether a consent's giver is this person: read from its present words."""
    from barnetsbog.record.models import Version

    body = bytes(Version.objects.get(child_id=row.child_id, entry_id=row.id, number=row.version).body)
    return f'"performer":[{{"reference":"RelatedPerson/{ident}"}}]'.encode() in body or (
        f'"performer":[{{"reference":"Patient/{ident}"}}]'.encode() in body
    )


@pytest.fixture
def family(clock: Clock) -> Family:
    return Family()


Make = Callable[..., Family]
