"""Alma, PPR that refers her, BUP's visitation and its team, her GP, and two parents who must both say yes."""

from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.consent import operations as consents
from barnetsbog.consent.answering import Yes
from barnetsbog.consent.operations import Ask
from barnetsbog.directory.queries import all_children, roles, units
from barnetsbog.kernel.time import DAY, SECOND, parse
from barnetsbog.law.model import Block, Class, Level, Sharing
from barnetsbog.record import store
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.referrals import operations, queries
from barnetsbog.referrals.model import Answered, Draft, Move, Page, Urgency, Waiting
from tests.builders import begin_with, bundle, care, observation, patient, role, unit
from tests.integration.consent.conftest import holder

NOON = parse("2026-11-25T12:00:00+01:00")[0]
BLOCKS = (Block.CONDITION, Block.INTERVENTION, Block.ACTIVITY)
ALL, HEALTH = (frozenset((block, one) for block in BLOCKS) for one in (Class.ORDINARY, Class.HEALTH))
Json = dict[str, Any]


class Clock:
    at = NOON


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in ("access.scopes", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: found.at)
    return found


def part_of(ident: str, sector: str, parent: str) -> Json:
    return {**unit(ident, sector), "partOf": {"reference": f"Organization/{parent}"}}


class Referring:
    """Who they are and what they do, in words. Each act is a second after the one before."""

    def __init__(self, clock: Clock, **patient_more: Any) -> None:
        self.clock = clock
        region = {"resourceType": "Organization", "id": "region", "name": "Region Nord"}
        directory = [unit("ppr"), unit("skole", "school"), unit("laege", "gp"), unit("fam", "family_dept"), region]
        directory += [
            part_of("vis", "bup", "region"),
            part_of("team", "bup", "region"),
            unit("andet", "bup"),
            unit("ltt", "ltt"),
        ]
        for name, place, code in (
            ("kim", "ppr", "psychologist"), ("bo", "ppr", "psychologist"), ("jytte", "vis", "bup_secretary"),
            ("ida", "team", "bup_clinician"), ("astrid", "laege", "gp"), ("anders", "andet", "bup_clinician"),
            ("nanna", "ltt", "ltt"), ("rita", "fam", "caseworker"),
        ):  # fmt: skip
            directory += role(name, place, code)
        parents = [holder("mor", "Sara"), holder("far", "Jonas", at_home=False)]
        told = observation("obs", performer=[{"reference": "PractitionerRole/kim"}])
        secret = observation("p1", meta={"security": [{"code": "child-private"}]}, code={"text": "Hemmeligt"})
        cares = [care(), care("c2", unit_id="laege")]
        begin_with(bundle(*directory, patient(**patient_more), *parents, *cares, told, secret))
        (self.child,) = all_children()
        self.entry = Entry.objects.get(title="Sad ved vinduet")

    def ident(self, name: str) -> UUID:
        return next(one.id for one in roles().values() if one.name.startswith(name.title()))

    def unit(self, name: str) -> str:
        return next(f"Organization/{one.id}" for one in units().values() if one.name == f"Enhed {name}")

    def scope(self, name: str) -> Scope:
        made = scope_for(self.ident(name), level=LoginLevel.SUBSTANTIAL)
        assert made
        return made

    def parent(self, name: str) -> Scope:
        ident = Entry.objects.get(title=name, what="person").id
        made = scope_for_person(ident, self.child, level=LoginLevel.SUBSTANTIAL)
        assert made
        return made

    # -- consents

    def both_say_yes(self, to: str = "vis", sender: str = "kim") -> None:
        for name in ("Sara", "Jonas"):
            self.asked_says(name, Yes(), to, sender)

    def asked_says(self, name: str, yes: Yes | None, to: str = "vis", sender: str = "kim") -> None:
        """A parent is asked whether PPR or the GP may tell another place, or the school PPR, and answers."""
        self.clock.at += SECOND
        act, place, shelves = {
            "kim": ("ppr-to-bup", "ppr", ALL), "astrid": ("gp-to-bup", "laege", ALL | HEALTH),
            "skole": ("school-to-ppr", "skole", ALL),
        }[sender]  # fmt: skip
        recipient, discloser = (self.unit(one).partition("/")[2] for one in (to, place))
        if not self._asked(name, recipient, act):
            wanted = Ask(act, frozenset((discloser,)), recipient, Sharing(shelves, Level.CONTENT), NOON + 300 * DAY)
            by = self.scope("kim" if sender == "skole" else sender)
            consents.ask(by=by, child_id=self.child, wanted=wanted)
        (mine,) = self._asked(name, recipient, act)
        self.clock.at += SECOND
        consents.answer(by=self.parent(name), child_id=self.child, ident=mine.id, yes=yes, version=mine.version)

    def takes_back(self, name: str, to: str = "vis") -> None:
        """A parent who has said yes to what PPR tells takes it back."""
        self.clock.at += SECOND
        (mine,) = self._asked(name, self.unit(to).partition("/")[2], "ppr-to-bup")
        consents.withdraw(by=self.parent(name), child_id=self.child, ident=mine.id, version=mine.version)

    def school_may_tell(self, level: Level | None) -> None:
        """Both parents say yes to so much of what the school writes for PPR; None: they say no."""
        for name in ("Sara", "Jonas"):
            self.asked_says(name, None if level is None else Yes(level=level), "ppr", "skole")

    def _asked(self, name: str, recipient: str, act: str = "") -> list[Entry]:
        """The records that ask somebody about a recipient, and an act."""
        person = f'"performer":[{{"reference":"RelatedPerson/{self.parent(name).role_id}"}}]'.encode()
        rows = Entry.objects.filter(what="consent")
        bodies = {row.id: store.body_of(self.child.bytes, row.id.bytes) for row in rows}
        asked = (person, act.encode(), recipient.encode())
        return [row for row in rows if all(one in bodies[row.id] for one in asked)]

    # -- referrals

    def draft(self, **more: Any) -> Draft:
        wanted = Draft(
            self.unit("vis"), "Udredning for ADHD", "adhd", reason="Uro i alle fag", tried="Faste pauser i et halvt år",
            package=(f"Observation/{self.entry.id}",),
        )  # fmt: skip
        return wanted._replace(**more)

    def begins(self, name: str = "kim", **more: Any) -> UUID:
        self.clock.at += SECOND
        return operations.begin(by=self.scope(name), child_id=self.child, draft=self.draft(**more))

    def sends(self, ident: UUID, name: str = "kim", ground: str = "") -> None:
        self.clock.at += SECOND
        operations.send(
            by=self.scope(name), child_id=self.child, ident=ident, version=self.version(ident), ground=ground
        )

    def has_sent(self, **more: Any) -> UUID:
        self.both_say_yes()
        ident = self.begins(**more)
        self.sends(ident)
        return ident

    def has_sent_in_haste(self) -> UUID:
        """Without anybody's yes, which alone would open more than the referral does."""
        ident = self.begins(urgency=Urgency.ACUTE)
        self.sends(ident)
        return ident

    def does(self, name: str, move: Move, ident: UUID, **said: Any) -> None:
        self.clock.at += SECOND
        version = said.pop("version", None) or self.version(ident)
        operations.act(
            by=self.scope(name), child_id=self.child, ident=ident, version=version, move=move, answered=Answered(**said)
        )

    def version(self, ident: UUID) -> int:
        return int(Entry.objects.get(id=ident).version)

    def page(self, name: str, ident: UUID) -> Page:
        with open_book(self.scope(name), "referral", self.child) as book:
            return queries.page(book, self.child, ident)

    def queue(self, name: str) -> list[Waiting]:
        with open_book(self.scope(name), "referral-queue") as book:
            return queries.waiting(book)


@pytest.fixture
def referring(database: str, clock: Clock) -> Referring:
    return Referring(clock)
