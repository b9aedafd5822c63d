"""Everybody around a child: its own people, and the professionals with what they do.

A professional stands here when the reader may see that their unit has a task with the child, or when they lead the
work. Somebody whose unit is hidden from the reader leaves no trace: no row, no number, no name as somebody's stand-in.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.access.roles import works
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import SECTORS, Away, RoleName
from barnetsbog.fhir.own import extension_of, ident_of
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow
from barnetsbog.responsibility import queries as responsibility
from barnetsbog.responsibility.model import Actor, Receiver
from barnetsbog.responsibility.queries import JOB, UNIT, actor_of

from . import mapping, rules
from .model import Circle, Contact, Description, Handing, Involvement, Kin, Part, Worker
from .queries import own_people, professionals, team_row, working


def circle(book: Book, child_id: UUID) -> Circle:
    """The people around a child, in a fixed number of queries."""
    people = kin(book, child_id)
    around = _Around(book, child_id)
    workers = sorted(around.workers(), key=_rank)
    own = sorted(people, key=_as_chosen)
    return Circle(
        tuple(one for one in own if not one.network), tuple(one for one in own if one.network), tuple(workers),
        around.team is not None and _is_vacant(around.team, workers),
        around.team.version if around.team else 0, may_write(book),
    )  # fmt: skip


def _is_vacant(team: EntryRow, workers: list[Worker]) -> bool:
    """A team that may be seen, and nobody who leads it. A heading tells whether somebody does."""
    if not team.readable:
        return team.holder_id is None
    lead = next((one for one in workers if one.role == "coordinator" and one.left_at is None), None)
    return rules.vacant(lead.reference if lead else "", lead.away if lead else None)


def may_write(book: Book) -> bool:
    """Whether the reader works with children's people at all: a professional who may have a ball."""
    return works(book.scope)


def _as_chosen(one: Kin) -> tuple[object, ...]:
    """As the child has put them; then those who hold custody, then those it lives with."""
    order = one.choice.order
    return order is None, order or 0, not one.holds_custody, not one.lives_with_child, one.contact.name


def _rank(one: Worker) -> tuple[object, ...]:
    """Who leads first, then by sector and unit; those who have left last."""
    leads = ("coordinator", "substitute", "").index(one.role)
    sector = SECTORS.index(one.contact.sector) if one.contact.sector in SECTORS else len(SECTORS)
    return one.left_at is not None, leads, sector, one.contact.unit or one.contact.name, one.contact.name


# -- the child's own people --------------------------------------------------------------------------------------------


def kin(book: Book, child_id: UUID) -> list[Kin]:
    """The child's own people now, in the order they were written down."""
    people = own_people(book, child_id)
    holders = mapping.holders_of(tuple(one for _, one in people if one), book.scope.at)
    return [
        _kin(row, one, book.scope.at, whole=not book.reads_through_a_veil(row), holds=str(row.id) in holders)
        for row, one in people
    ]


def _kin(row: EntryRow, body: dict[str, object] | None, at: int, *, whole: bool, holds: bool) -> Kin:
    if body is None:
        choice = mapping.choice_of({})
        return Kin(Contact(row.id, row.title), False, (), False, False, choice, row.version, readable=False)
    contact = Contact(row.id, row.title, mapping.relation_of(body), phone=mapping.phone_of(body, at))
    return Kin(
        contact, mapping.is_network(body), mapping.custody_held(body), extension_of(body, "lives-with-child") is True,
        mapping.has_died(body), mapping.choice_of(body), row.version, readable=whole,
        holds_custody=holds,
    )  # fmt: skip


# -- professionals -----------------------------------------------------------------------------------------------------


class _Around:
    """What is read once to tell who does what around a child."""

    def __init__(self, book: Book, child_id: UUID) -> None:
        self.book, self.me, self.veiled = book, actor_of(book.scope), book.veiled(child_id)
        self.tasks = {row.unit_id: row.title for row in working(book, child_id) if row.unit_id}
        self.team = team_row(book, child_id)
        bodies = book.bodies([self.team]) if self.team else {}
        self.parts = mapping.parts_of(orjson.loads(body)) if (body := next(iter(bodies.values()), None)) else []
        self.holders = {one.holder.id for one in responsibility.balls(book, child_id) if one.holder}
        self._look_up()

    def _look_up(self) -> None:
        named = [one.reference for one in self.parts] + [one.said.stand_in for one in self.parts]
        ids = self.holders | {ident for ident in map(ident_of, named) if ident}
        self.jobs = self._jobs(ids)
        self.away = directory.away({*self.jobs, *self.tasks}, self.book.scope.at)
        others = (ident for one in self.away.values() for ident in (one.substitute_id, one.successor_id) if ident)
        missing = set(others) - self.jobs.keys()
        self.jobs |= self._jobs(missing)
        self.contacts = professionals(self.book.scope, {*ids, *missing, *self.tasks}, veiled=self.veiled)

    def _jobs(self, ids: Iterable[UUID]) -> dict[UUID, RoleName]:
        """Where they work, to decide who is shown. What they are called is in `contacts`."""
        return naming.roles(self.book.scope, ids, veiled=False)

    def workers(self) -> Iterable[Worker]:
        parts = [one for one in self.parts if one.reference.startswith(JOB) and self._shown(one)]
        listed = {one.reference for one in parts}
        parts += [
            Part(reference, frozenset(), Description()) for ident in sorted(self.holders & self.jobs.keys())
            if (reference := f"{JOB}/{ident}") not in listed
        ]  # fmt: skip
        found = [one for one in (self._worker(part) for part in parts) if one is not None]
        staffed = {self.jobs[one.contact.id].unit_id for one in found if one.left_at is None}
        yield from found
        for unit, task in self.tasks.items():
            if unit not in staffed and unit in self.contacts:
                yield self._unit(unit, task)

    def _job(self, reference: str) -> RoleName | None:
        ident = ident_of(reference)
        return self.jobs.get(ident) if ident else None

    def _shown(self, part: Part) -> bool:
        job = self._job(part.reference)
        units = {f"{UNIT}/{one}" for one in self.tasks}
        return job is not None and rules.shown(part, f"{UNIT}/{job.unit_id}", units, self.me.job)

    def _worker(self, part: Part) -> Worker | None:
        job = self._job(part.reference)
        if job is None or job.id not in self.contacts:
            return None
        away, has_ball = self.away.get(job.id), job.id in self.holders
        role = next((one for one in rules.LEADS if one in part.roles), "")
        return Worker(
            part.reference, self.contacts[job.id], role, part.said.task or self._task(job),
            rules.involvement_of(part, has_ball=has_ball), has_ball, part.said.hours, self._instead(part, job, away),
            away, part.left_at, part.said, self._may_describe(part.reference, job),
        )  # fmt: skip

    def _task(self, job: RoleName) -> str:
        """What one does oneself, else what one's unit does."""
        return self.tasks.get(job.unit_id, "") if job.unit_id else ""

    def _instead(self, part: Part, job: RoleName, away: Away | None) -> Contact | None:
        """Who answers instead: whom the directory names for an absence or a closed unit, else whom the team names; for
        the coordinator the coordinator's substitute."""
        ids = [away.substitute_id, away.successor_id] if away else []
        ids.append(ident_of(part.said.stand_in))
        if "coordinator" in part.roles:
            ids += [ident_of(one.reference) for one in self.parts if "substitute" in one.roles and one.left_at is None]
        known = (self.contacts.get(one) for one in ids if one and one != job.id and self._may_name(one, job))
        return next((one for one in known if one), None)

    def _may_name(self, ident: UUID, beside: RoleName) -> bool:
        """A stand-in of a unit that the reader does not see is not named."""
        job = self.jobs.get(ident)
        unit = job.unit_id if job else ident
        return unit in self.tasks or unit == beside.unit_id or self._leads(ident)

    def _leads(self, ident: UUID) -> bool:
        return any(ident_of(one.reference) == ident and one.roles.intersection(rules.LEADS) for one in self.parts)

    def _may_describe(self, reference: str, job: RoleName) -> bool:
        written = self.team is not None and self.team.readable and may_write(self.book)
        return written and _described_by(self.me, reference, job, self.parts)

    def _unit(self, unit: UUID, task: str) -> Worker:
        away = self.away.get(unit)
        instead = self.contacts.get(away.successor_id) if away and away.successor_id in self.tasks else None
        return Worker(
            f"{UNIT}/{unit}", self.contacts[unit], "", task, Involvement.HAS_TASK, unit in self.holders, "", instead,
            away, None, Description(), False,
        )  # fmt: skip


def _described_by(me: Actor, reference: str, job: RoleName, parts: list[Part]) -> bool:
    lead = next((one.reference for one in parts if "coordinator" in one.roles), "")
    return rules.may_describe(me.job, me.unit, reference, f"{UNIT}/{job.unit_id}", lead).allowed


def colleagues(book: Book, child_id: UUID, job: UUID) -> list[Contact]:
    """Those of the same unit, who can answer instead of somebody."""
    there = naming.roles(book.scope, [job], veiled=False).get(job)
    found = directory.roles_in(there.unit_id) if there and there.unit_id else []
    ids = (one.id for one in found if one.id != job)
    return list(professionals(book.scope, ids, veiled=book.veiled(child_id)).values())


# -- leaving -----------------------------------------------------------------------------------------------------------


class Leaving(NamedTuple):
    """What follows when the reader leaves this child: what is handed on, and to whom it can be."""

    handed: tuple[Handing, ...]
    receivers: tuple[Receiver, ...]


def leaving(book: Book, child_id: UUID) -> Leaving:
    me = book.scope.role_id
    found = [one for one in responsibility.balls(book, child_id) if one.holder and one.holder.id == me]
    lead = responsibility.coordination(book, child_id)
    found += [lead] if lead and lead.holder and lead.holder.id == me else []
    handed = tuple(Handing(one.id, one.title, one.coordination, one.offered_to, one.version) for one in found)
    others = [one for one in responsibility.receivers(book, child_id) if one.reference != f"{JOB}/{me}"]
    return Leaving(handed, tuple(others))
