"""Making the versions of one letter out of what the book says now: for its preview, when it is sent and when it goes
out, so that the three are the same."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.access.gathering import facts_of
from barnetsbog.delivery.model import Channel, File
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import RoleName
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.sentences import say
from barnetsbog.kernel.time import local_day
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import RECORD_REQUEST
from barnetsbog.record.shelves import BETWEEN, DRAFT, class_of, default_class
from barnetsbog.requests.mapping import request_of
from barnetsbog.requests.model import Ground, Request

from . import enclosing, filtering
from .blocks import digest, parts, plain
from .files import catalogue
from .filling import filled, missing
from .lix import lix
from .model import (
    LIMITS,
    Audience,
    Candidate,
    Draft,
    Enclosure,
    Envelope,
    Filled,
    Known,
    Person,
    Preview,
    Sender,
    Standing,
    Template,
    Version,
)
from .receivers import abroad, by_reference, candidates, circumstances, the_one_who_asked
from .standing import may_be_enclosed

WRITTEN = (
    "document", "letter", "message", "meeting", "observation", "measure", "condition", "plan", "intervention",
    "concern", "referral", "appointment", "goal", "own-goal", "childs-view", "overall-plan",
)  # fmt: skip
"""What a unit writes about a child that somebody may ask for. What it agrees on with somebody is between the two."""
DOCUMENTS = ("document",)

GONE = say("Modtageren er ikke længere i kredsen om barnet.", "The receiver is no longer around the child.")
NOT_THIS_WAY = say("Den vej kan ikke bruges til modtageren.", "The receiver can't be reached in that way.")


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter with everybody it could go to, and what each of those chosen gets. `text`: as it stands in the book."""

    template: Template
    class_: str
    candidates: tuple[Candidate, ...]
    previews: tuple[Preview, ...]
    missing: tuple[str, ...]
    text: str

    def preview(self, to: str) -> Preview | None:
        return next((one for one in self.previews if one.candidate.person.reference == to), None)


class _Enclosed(NamedTuple):
    """An entry that goes with a letter, and the files that it is."""

    row: EntryRow
    files: list[File]


class _Letter:
    """What is read once for all versions of a letter. `at`: the day it bears."""

    def __init__(self, book: Book, child_id: UUID, ident: UUID, draft: Draft, writer: RoleName, at: int) -> None:
        self.book, self.child_id, self.draft = book, child_id, draft
        self.template = catalogue()[draft.template]
        self.writer, self.day, self.reference = writer, local_day(at), f"Brev {ident.hex[-8:]}"
        self.class_ = self.template.class_ or default_class("letter", writer.sector)
        self.asked = answered_request(book, child_id, draft)
        assert writer.unit_id
        self.now = now = circumstances(
            book, child_id, facts_of(child_id), unit=writer.unit_id, lane=writer.sector, class_=self.class_
        )
        self.candidates = (
            the_one_who_asked(book, child_id, self.template, now, self.asked) if self.asked
            else candidates(book, child_id, self.template, now)
        )  # fmt: skip
        name = directory.child(child_id)
        self.child, self.called = (name.full, name.called or name.given) if name else ("", "")
        chosen = self.asked.verdict.given if self.asked and self.asked.verdict else draft.enclosures
        rows = _written(book, child_id, WRITTEN if self.asked else DOCUMENTS) if chosen else []
        self.enclosed = [row for row in rows if row.id in chosen]

    def previews(self) -> tuple[Preview, ...]:
        known = by_reference(self.candidates)
        return tuple(self._preview(one, known.get(one.to)) for one in self.draft.to)

    def _preview(self, envelope: Envelope, candidate: Candidate | None) -> Preview:
        if candidate is None:
            nobody = Person(envelope.to, "?", Audience.UNIT)
            return Preview(Candidate(nobody, Standing(why=GONE), ()), envelope.channel)
        if candidate.standing.may and envelope.channel not in candidate.channels:
            candidate = replace(candidate, standing=Standing(why=candidate.hint or NOT_THIS_WAY))
        if not candidate.standing.may or missing(self.template, self.draft.answers):
            return Preview(candidate, envelope.channel)
        version, enclosed, left_out = self._version(candidate, envelope.channel)
        files = tuple(file for one in enclosed for file in one.files)
        return Preview(
            candidate, envelope.channel, version, digest(version, envelope.channel, files), lix(parts(version)),
            LIMITS[candidate.person.audience], left_out, files, self._copy_class(candidate.person, version, enclosed),
        )  # fmt: skip

    def _copy_class(self, person: Person, version: Version, enclosed: Iterable[_Enclosed]) -> str:
        """What somebody of the family gets is between them and its sender; what a unit gets, as guarded as the most
        guarded thing in it. An answer to somebody without custody is read by them on paper or in Digital Post, and here
        by its sender alone."""
        if self.asked and self.asked.ground is Ground.ORIENTATION:
            return DRAFT
        if self.template.between or person.audience is not Audience.UNIT:
            return BETWEEN
        told = {self.class_, *(one.class_ for one in version.blocks), *(class_of(one.row.shelf) for one in enclosed)}
        return min(told.intersection("HFO"), key="HFO".index)

    def _version(self, candidate: Candidate, channel: Channel) -> tuple[Version, list[_Enclosed], bool]:
        person, standing = candidate.person, candidate.standing
        body = self.template.child if person.audience is Audience.CHILD else self.template.body
        assert body
        sender = self._sender(standing)
        name = self.called if person.audience is Audience.CHILD else person.name
        whole = filled(self.template, body, Known(self.child, self.called, sender, self.day, name), self.draft.answers)
        veil = None if standing.cleared else naming.veil_of(_unit(person.reference))
        told = filtering.told(whole, person.audience, standing, veil)
        enclosed, kept_back = self._enclosed_for(standing, person)
        address = person.address if channel is Channel.PRINT and standing.cleared else ()
        version = Version(
            body.title, (person.name, *address), _lines(sender), self.day, self.reference, told,
            tuple(file.name for one in enclosed for file in one.files),
        )  # fmt: skip
        return version, enclosed, kept_back or _shortened(whole, told, person.audience)

    def _sender(self, standing: Standing) -> Sender:
        writer = self.writer
        if not standing.cleared:
            return filtering.hidden(Sender("", "", "", "", ""), naming.somewhere(writer.sector))
        organisation = writer.organisation if writer.organisation != writer.unit else ""
        return Sender(writer.name, writer.title, writer.unit, organisation, writer.phone)

    def _enclosed_for(self, standing: Standing, person: Person) -> tuple[list[_Enclosed], bool]:
        """The enclosures that somebody may read, and whether there are others. A scan can't be read through a veil, so
        they get none."""
        rows = [row for row in self.enclosed if standing.cleared and self._may_have(row, standing, person)]
        bodies = self.book.bodies(rows)
        read = ((row, orjson.loads(bodies[row.id])) for row in rows if row.id in bodies)
        return [_Enclosed(row, enclosing.files(row, body)) for row, body in read], len(bodies) < len(self.enclosed)

    def _may_have(self, row: EntryRow, standing: Standing, person: Person) -> bool:
        """What answers a request was decided upon paper by paper."""
        class_ = class_of(row.shelf)
        if self.asked:
            return class_ in standing.classes | {"X"}
        away = abroad(person, self.now, directory.elsewhere(self.now.unit))
        allowed = standing.classes | ({"P"} if person.audience is Audience.CHILD else set())
        return class_ in allowed and may_be_enclosed(row, person, self.now, away)

    def text(self) -> str:
        """As it stands in the book: for whoever may read a letter of its class there."""
        if missing(self.template, self.draft.answers):
            return ""
        known = Known(self.child, self.called, self._sender(Standing()), self.day, "modtager")
        whole = filled(self.template, self.template.body, known, self.draft.answers)
        told = filtering.told(whole, None, Standing(frozenset((self.class_,))), None)
        return plain(Version(self.template.title, (), (), self.day, self.reference, told))


def _shortened(whole: tuple[Filled, ...], told: tuple[Filled, ...], audience: Audience) -> bool:
    return len(told) < sum(not one.only or audience in one.only for one in whole)


def _unit(reference: str) -> UUID | None:
    return ident_of(reference) if reference.startswith("Organization/") else None


def _lines(sender: Sender) -> tuple[str, ...]:
    phone = f"Telefon {sender.phone}" if sender.phone else ""
    return tuple(one for one in (sender.unit, sender.organisation, phone) if one)


def compose(book: Book, child_id: UUID, ident: UUID, draft: Draft, *, writer: str, at: int) -> Composed:
    """`writer`: the reference of whoever signs it. `NotFound` when nobody does, or there is no such template."""
    job = ident_of(writer)
    role = naming.roles(book.scope, [job], veiled=False).get(job) if job else None
    if role is None or role.unit_id is None or draft.template not in catalogue():
        raise NotFound
    return _composed(_Letter(book, child_id, ident, draft, role, at))


def compose_for(
    book: Book, child_id: UUID, ident: UUID, draft: Draft, audiences: Collection[Audience]
) -> tuple[Draft, Composed]:
    """The reader's letter to everybody of these sorts who may have it, by the best way to each; and the draft of it."""
    job = naming.roles(book.scope, [book.scope.role_id], veiled=False).get(book.scope.role_id)
    if job is None or job.unit_id is None or draft.template not in catalogue():
        raise NotFound
    letter = _Letter(book, child_id, ident, draft, job, book.scope.at)
    wanted = (one for one in letter.candidates if one.person.audience in audiences and one.standing.may)
    to = tuple(Envelope(one.person.reference, one.channels[0]) for one in wanted)
    letter.draft = replace(draft, to=to)
    return letter.draft, _composed(letter)


def _composed(one: _Letter) -> Composed:
    draft = one.draft
    lacking = tuple(missing(one.template, draft.answers))
    class_ = DRAFT if one.asked or one.template.between else one.class_
    return Composed(one.template, class_, tuple(one.candidates), one.previews(), lacking, one.text())


def answered_request(book: Book, child_id: UUID, draft: Draft) -> Request | None:
    """The request that a letter answers. `NotFound` when there is none, it is not decided, or this is not its answer: a
    letter of that sort is sent on a decision and on nothing else."""
    if draft.template not in catalogue() or not catalogue()[draft.template].request:
        return None
    if draft.request is None:
        raise NotFound
    row = book.entry(child_id, draft.request)
    body = book.bodies([row]).get(row.id)
    if row.what != RECORD_REQUEST or row.unit_id != book.scope.unit_id or body is None:
        raise NotFound
    found = request_of(orjson.loads(body))
    if found.verdict is None:
        raise NotFound
    return found


def enclosures(book: Book, child_id: UUID) -> list[Enclosure]:
    """The documents that the reader's unit has written itself, the newest first. What is not finished is none."""
    rows = _written(book, child_id, DOCUMENTS)
    return [Enclosure(row.id, row.title, row.start, row.exactness, class_of(row.shelf)) for row in rows]


def papers(book: Book, child_id: UUID) -> list[EntryRow]:
    """Everything that the reader's unit has written itself, the newest first: what somebody may ask for."""
    return _written(book, child_id, WRITTEN)


def _written(book: Book, child_id: UUID, what: tuple[str, ...]) -> list[EntryRow]:
    rows = book.entries(child_id, Filter(what=what))
    mine = (row for row in rows if row.unit_id == book.scope.unit_id and row.readable)
    return [row for row in mine if class_of(row.shelf) != DRAFT]
