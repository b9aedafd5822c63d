"""Reading who has said yes to what.

Records are read through the Book, so what the reader may not see leaves no trace. What the law makes of a matter is
judged over everything in the child's book; of that judgement a reader is shown what is theirs: a unit that the matter
is between, all of it; somebody of the family, whether it is shared and whether a yes is lacking, and never what another
one said. Where a child's address is protected, a reader who does not live with it is told no unit's name.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.access.deriving import judged
from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.fhir.own import members, reference_of
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.files import Scan
from barnetsbog.law.ages import PARTY_AGE, YOUNG_AGE, consent_end, turned
from barnetsbog.law.model import (
    Answer,
    Blocked,
    Capacity,
    Complete,
    Consent,
    Incomplete,
    Matter,
    NotRequired,
    Status,
)
from barnetsbog.plan import mapping as views
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import CHILDS_VIEW
from barnetsbog.record.scope import Scope

from . import effects
from .answering import Yes, answered, latest, may_answer, must_answer
from .mapping import Asking, Problem, asking_of, consent_of
from .matters import Asked, Key, asked_about, key_of
from .model import (
    Effect,
    Heard,
    Message,
    Opening,
    Person,
    Place,
    Question,
    Reply,
    Rule,
    Standing,
    State,
    Told,
    Unread,
)
from .papers import BLOCKING, kept_scan
from .reading import text_in

Json = dict[str, Any]


class Record(NamedTuple):
    """A consent record that the reader may see. `asked` is what the giver was asked last, however they answered."""

    row: EntryRow
    consent: Consent
    asking: Asking
    asked: Consent


class Sharings(NamedTuple):
    """A child's matters as the reader may see them, and the records that can't be read."""

    questions: tuple[Question, ...]
    unread: tuple[Unread, ...]

    @property
    def waiting(self) -> tuple[Question, ...]:
        """Those that wait for somebody."""
        return tuple(one for one in self.questions if one.waits)


def sharings(book: Book, child_id: UUID) -> Sharings:
    """Every matter that the reader may see."""
    facts, found = facts_of(child_id), _records(book, child_id)
    records = [one for one in found if isinstance(one, Record)]
    reader = _Reader(book, child_id, facts, records, _views(book, child_id) if records and book.scope.unit_id else ())
    matters = asked_about(facts.consents)
    mine: dict[Key, list[Record]] = {}
    for record in records:
        mine.setdefault(key_of(record.consent), []).append(record)
    questions = [reader.question(matters[key], own) for key, own in mine.items() if key in matters]
    return Sharings(tuple(sorted(questions, key=_rank)), tuple(one for one in found if isinstance(one, Unread)))


def question(book: Book, child_id: UUID, ident: UUID) -> Question:
    """The matter that a record is about; `NotFound` when the reader may see no such record."""
    for one in sharings(book, child_id).questions:
        if any(reply.id == ident for reply in one.replies):
            return one
    raise NotFound


def matters_about(book: Book, child_id: UUID) -> tuple[Question, ...]:
    """What others are asked about a child who does not answer itself yet: who wants to read what, and nothing of what
    anybody has said. For the child itself, from the age at which it is a party."""
    facts = facts_of(child_id)
    born, at = facts.child.born, book.scope.at
    is_party = turned(born, PARTY_AGE, at) and not turned(born, YOUNG_AGE, at)
    if not book.scope.own or not is_party or not book.sees(child_id):
        return ()
    reader = _Reader(book, child_id, facts, [], _views(book, child_id))
    found = [reader.question(asked, []) for asked in asked_about(facts.consents).values() if _is_live(asked, book)]
    return tuple(one for one in found if one.answering)


def _is_live(asked: Asked, book: Book) -> bool:
    """The time that somebody was asked about is not over, whatever they have said: a matter that went away with a no
    would tell of it."""
    return any(one.valid_to > book.scope.at for one in asked.consents)


def own_waiting(book: Book, child_id: UUID) -> int:
    """How many questions wait for the reader's own answer. None wait for a child who does not answer itself yet."""
    if book.scope.own and not turned(facts_of(child_id).child.born, YOUNG_AGE, book.scope.at):
        return 0
    return len(sharings(book, child_id).waiting)


def messages(book: Book, child_id: UUID) -> list[Message]:
    """What has been sent to the reader about their answers, the newest first. Somebody of the family reads their own,
    also the young person, who may read everything else about consents."""
    me = str(book.scope.role_id)
    rows = book.entries(child_id, Filter(what=("message",), blocks=("SA",)))
    bodies = book.bodies(rows)
    told = [(row, orjson.loads(bodies[row.id])) for row in rows if row.id in bodies]
    return [
        Message(row.title, text_in(next(members(one.get("payload")), {}), "contentString"), row.start)
        for row, one in told
        if any(reference_of(to).rpartition("/")[2] == me for to in members(one.get("recipient")))
    ]


def history(book: Book, child_id: UUID, ident: UUID) -> list[Told]:
    """What a record has said, the newest first."""
    row = book.entry(child_id, ident)
    told = []
    for version in reversed(book.versions(row)):
        body = orjson.loads(version.body)
        consent = consent_of(body)
        if isinstance(consent, Consent):
            at = version.recorded_at if consent.status is Status.ASKED else book.scope.at  # it could be answered then
            reply = _reply(Record(row._replace(version=version.number), consent, asking_of(body), consent), at, {})
            told.append(Told(reply, version.recorded_at))
    return told


def effect_of(book: Book, child_id: UUID, changed: Consent) -> Effect:
    """What would follow if this record were so: for the reader to see before pressing. Nothing is written."""
    facts, at = facts_of(child_id), book.scope.at
    names = _Names(book, child_id)
    after = effects.with_answer(facts, changed)
    difference = effects.what_if(facts, changed, law_in_use(), at)
    key = key_of(changed)
    before = asked_about(facts.consents).get(key) or asked_about([changed])[key]
    return Effect(
        tuple(names.opening(one) for one in difference.gained), tuple(names.opening(one) for one in difference.lost),
        _standing(before.matter, facts, at)[0], _standing(asked_about(after.consents)[key].matter, after, at)[0],
    )  # fmt: skip


def scan(book: Book, child_id: UUID, ident: UUID) -> Scan:
    """The signed paper that a record rests on; `NotFound` when there is none that the reader may see."""
    kind, _, paper = record(book, child_id, ident).consent.evidence.partition("/")
    if kind != "DocumentReference":
        raise NotFound
    row = book.entry(child_id, UUID(paper))
    found = kept_scan(orjson.loads(book.bodies([row]).get(row.id, b"{}")))
    if found is None:
        raise NotFound
    return found


def why_not(book: Book, child_id: UUID, ident: UUID) -> str:
    """Why the reader's own yes to this would not count; empty when it would."""
    try:
        may_answer(
            record(book, child_id, ident).consent, facts_of(child_id), book.scope.at, own=book.scope.own, yes=True
        )
    except Refused as why:
        return why.reason
    return ""


def preview(book: Book, child_id: UUID, ident: UUID, yes: Yes | None, *, form: str = "mitid") -> Effect:
    """What would follow if this record were answered so now."""
    found = record(book, child_id, ident)
    return effect_of(book, child_id, answered(found.asked, facts_of(child_id), yes=yes, at=book.scope.at, form=form))


def preview_withdrawal(book: Book, child_id: UUID, ident: UUID) -> Effect:
    """Who would lose what if this yes were taken back now."""
    return effect_of(book, child_id, effects.taken_back(record(book, child_id, ident).consent, book.scope.at))


def record(book: Book, child_id: UUID, ident: UUID) -> Record:
    """One consent record that the reader may see; somebody of the family, only their own."""
    row = book.entry(child_id, ident)
    body = book.bodies([row]).get(row.id)
    found = _record(row, body, book.scope) if body and row.what == "consent" else None
    if not isinstance(found, Record):
        raise NotFound
    told = (consent_of(orjson.loads(version.body)) for version in book.versions(row))
    asked = [one for one in told if isinstance(one, Consent) and one.status is Status.ASKED]
    return found._replace(asked=asked[-1] if asked else found.consent)


# -- records -----------------------------------------------------------------------------------------------------------


def _records(book: Book, child_id: UUID) -> list[Record | Unread]:
    rows = book.entries(child_id, Filter(what=("consent",), on_timeline=False), newest_first=False)
    bodies = book.bodies(rows)
    found = (_record(row, bodies[row.id], book.scope) for row in rows if row.id in bodies)
    return [one for one in found if one is not None]


def _record(row: EntryRow, body: bytes, scope: Scope) -> Record | Unread | None:
    """Blockings are no consents; and of the consents, somebody of the family sees their own."""
    resource = orjson.loads(body)
    if any(one.get("code") == BLOCKING for c in resource.get("category", ()) for one in c.get("coding", ())):
        return None
    consent = consent_of(resource)
    if isinstance(consent, Problem):
        return Unread(row.id, row.title, consent.reason) if scope.unit_id else None
    if scope.unit_id is None and consent.giver != str(scope.role_id):
        return None
    return Record(row, consent, asking_of(resource), consent)


def _reply(found: Record, at: int, faults: dict[str, str]) -> Reply:
    one, asking = found.consent, found.asking
    asked = one.status is Status.ASKED
    ends = min(one.valid_to, latest(at)) if asked else consent_end(one, law_in_use().book.max_months)
    expired = one.status in (Status.ASKED, Status.GIVEN) and ends <= at
    return Reply(
        found.row.id, one.giver, one.capacity, one.status, one.answered_at, one.withdrawn_at, ends, one.form,
        one.sharing, asking.title, asking.text, one.evidence, found.row.version, expired,
        faults.get(one.id, ""), one.language,
    )  # fmt: skip


# -- what the law says -------------------------------------------------------------------------------------------------


def _standing(matter: Matter, facts: Facts, at: int, *, heard: bool = False) -> tuple[Standing, Answer]:
    """`heard`: the reader may know what the child thinks of the matter."""
    book, facts = law_in_use().book, facts._replace(child=replace(facts.child, view_recorded=heard))
    answer = judged(matter, facts, at, book)
    rules = tuple(_rule(name) for name in answer.rules if name in book.rules)
    found = Standing(_STATES.get(type(answer), State.REVIEW), answer.reason, rules, duties=answer.duties)
    if isinstance(answer, Complete):
        return replace(found, until=answer.until, sharing=answer.sharing), answer
    if isinstance(answer, Incomplete):
        return replace(found, missing=tuple(one.person for one in answer.missing)), answer
    if isinstance(answer, NotRequired):
        return replace(found, basis=_rule(answer.basis)), answer
    return found, answer


def _rule(name: str) -> Rule:
    found = law_in_use().book.rules[name]
    return Rule(name, " ".join(part for part in (found.statute, found.paragraph) if part), found.summary)


_STATES = {
    Complete: State.COMPLETE, Incomplete: State.INCOMPLETE, Blocked: State.BLOCKED, NotRequired: State.NOT_REQUIRED,
}  # fmt: skip


# -- for one reader ----------------------------------------------------------------------------------------------------


class _Names:
    """Names of units, or their sectors where a name would tell too much."""

    def __init__(self, book: Book, child_id: UUID) -> None:
        self.scope, self.is_veiled = book.scope, book.veiled(child_id)
        self._known: dict[str, Place] = {}

    def learn(self, ids: Iterable[str]) -> None:
        wanted = {UUID(one) for one in ids if one and one not in self._known}
        for ident, unit in naming.units(self.scope, wanted, veiled=self.is_veiled).items() if wanted else ():
            self._known[str(ident)] = Place(str(ident), "" if unit.veiled else unit.name, unit.sector)

    def place(self, ident: str) -> Place:
        self.learn([ident])
        return self._known.get(ident, Place(ident, "", "other"))

    def opening(self, one: effects.Opened) -> Opening:
        return Opening(self.place(one.unit), self.place(one.source) if one.source else None, one.blocks, one.level)


Views = Sequence[tuple[Heard, frozenset[str]]]


def _views(book: Book, child_id: UUID) -> Views:
    """What the child has said of matters, as far as the reader may read it, the newest first; with the consents that it
    is about. What somebody else was told in confidence does not tell the reader that the child is heard."""
    rows = [one for one in book.entries(child_id, Filter(what=(CHILDS_VIEW,))) if one.status != "entered-in-error"]
    bodies = {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}
    told = ((row, bodies[row.id]) for row in rows if row.id in bodies)
    return [
        (Heard(row.id, row.start, str(body.get("valueString", ""))), about) for row, body in told
        if (about := views.about(body))
    ]  # fmt: skip


class _Reader:
    """Makes questions of matters for one reader."""

    def __init__(self, book: Book, child_id: UUID, facts: Facts, records: list[Record], views: Views = ()) -> None:
        self.facts, self.at, self.family = facts, book.scope.at, book.scope.unit_id is None
        self.me = str(book.scope.role_id)
        self.names = _Names(book, child_id)
        self.names.learn(u for one in records for u in (*one.consent.disclosers, one.consent.recipient))
        people = {holder.person for holder in facts.custody.holders} | {one.consent.giver for one in records}
        titles = book.titles([UUID(one) for one in people | {facts.child.id} if one])
        self.titles = {str(ident): title for ident, title in titles.items()}
        self.views = views

    def question(self, asked: Asked, own: list[Record]) -> Question:
        matter, act = asked.matter, law_in_use().book.acts[asked.matter.act]
        heard = [one for one, about in self.views if about & {each.id for each in asked.consents}]
        itself = any(one.consent.capacity is Capacity.CHILD and one.consent.status is not Status.ASKED for one in own)
        standing, answer = _standing(matter, self.facts, self.at, heard=itself or bool(heard))
        faults = dict(answer.rejected)
        replies = tuple(_reply(one, self.at, faults) for one in own)
        needed = must_answer(matter, self.facts, self.at)
        subjects = ["", *(one.asking.what for one in own if not self.names.is_veiled and one.asking.what)]
        first = own[0].row.id if own else UUID(asked.consents[0].id)
        return Question(
            first, matter, act.kind, act.title, subjects[-1],
            tuple(self.names.place(one) for one in sorted(matter.disclosers)),
            self.names.place(matter.recipient) if matter.recipient else None,
            matter.wanted, self._shown(standing, answer, needed), tuple(map(self._unveiled, replies)),
            tuple(self._people(needed, replies)), len(needed), tuple(heard),
        )  # fmt: skip

    def _shown(self, standing: Standing, answer: Answer, needed: Collection[str]) -> Standing:
        """Somebody of the family is not told who said what: neither a no nor silence of another one. Their own no stops
        it for them whatever the other says, also when it stands in a record about more than this. Whoever is not asked
        any more (a parent, of somebody of 15) is not told of a yes either, nor until when it is."""
        not_asked = bool(needed) and self.me not in needed
        if not self.family or (standing.state not in (State.INCOMPLETE, State.BLOCKED) and not not_asked):
            return standing
        own_no = isinstance(answer, Blocked) and self.me in answer.by
        missing = tuple(one for one in standing.missing if one == self.me)
        return Standing(State.BLOCKED if own_no else State.INCOMPLETE, "", (), missing=missing)

    def _unveiled(self, reply: Reply) -> Reply:
        return replace(reply, title="", text="") if self.names.is_veiled else reply

    def _people(self, needed: dict[str, Capacity], replies: tuple[Reply, ...]) -> Iterator[Person]:
        """Those who must answer first, then others who have answered."""
        told = {one.giver: one.capacity for one in replies}
        for ident, capacity in {**needed, **{k: v for k, v in told.items() if k not in needed}}.items():
            if not self.family or ident == self.me:
                yield Person(ident, self.titles.get(ident, ""), capacity, ident in needed)


def _rank(one: Question) -> tuple[int, int, str]:
    """What waits or is contested first, then the newest."""
    order = (State.INCOMPLETE, State.BLOCKED, State.REVIEW, State.COMPLETE, State.NOT_REQUIRED)
    first = len(order) if one.expired else order.index(one.standing.state)
    return first, -max((r.when or 0 for r in one.replies), default=0), str(one.id)
