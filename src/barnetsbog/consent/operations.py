"""Asking, answering, taking back: every write of the consent centre.

Each goes the one way: a FHIR resource through the intake, so that versions, provenance, everybody's rights and the log
follow in the same transaction. Nobody answers for anybody else: a giver answers their own record, and a professional
registers only what a giver has said, on paper or aloud, to a unit that the matter is between.

Two who answer in the same second are both kept, for each has a record of their own, and the second waits for the first
(`lock_book`), so that the rights that follow are derived from both. The same record twice at once: the second is told
(`Conflict`) and nothing is lost.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from barnetsbog.access.deriving import judged
from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.access.waiting import WAITS
from barnetsbog.audit.operations import line
from barnetsbog.directory.queries import sectors
from barnetsbog.intake.writing import author_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.files import Scan
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import say
from barnetsbog.kernel.time import local_day
from barnetsbog.law.ages import consent_end
from barnetsbog.law.duties import NO_REMINDERS
from barnetsbog.law.givers import Giver, Givers, givers
from barnetsbog.law.model import Blocked, Capacity, Consent, Incomplete, Matter, Sharing, Status
from barnetsbog.law.rules import HONOUR_CONFLICT
from barnetsbog.plan.model import Said
from barnetsbog.plan.operations import tell_view, write_own_view
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from . import closing, papers, queries, terms
from .answering import OVER, Yes, answered, latest, may_answer
from .effects import taken_back
from .mapping import Asking, consent_resource
from .matters import asked_about, covers, key_of, widest
from .model import Consenting
from .queries import Record, record

CHANGED = "Svaret er ændret imens. Se, hvad der står nu, og svar igen. Intet af det, du skrev, er gået tabt."


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be asked: the act, from whom to whom, what, until when."""

    act: str
    disclosers: frozenset[str]
    recipient: str
    sharing: Sharing
    until: int
    title: str = ""
    text: str = ""
    purpose: str = ""


# -- asking ------------------------------------------------------------------------------------------------------------


def whom(*, by: Scope, child_id: UUID, wanted: Ask) -> Givers:
    """Who would be asked; `Refused` with the law's reason when nobody is."""
    facts = facts_of(child_id)
    _may_ask(by, wanted)
    return _givers(_matter(wanted, facts), facts, by.at)


def ask(*, by: Scope, child_id: UUID, wanted: Ask) -> list[UUID]:
    """One question for each giver who has not got it, or whose yes or time to answer is over, or whose yes counts for
    nothing: in the record they have not answered, else in a new one, so that a yes stands until there is another
    answer."""
    questions: list[str] = []
    with writing(by, Consenting.ASK, child_id, about=wanted.act, questions=questions) as book:
        facts = facts_of(child_id)
        _may_ask(by, wanted)
        matter, found = _matter(wanted, facts), []
        asked = _givers(matter, facts, by.at).people
        uncounted = _uncounted(matter, facts, by.at)
        for giver in asked:
            mine = [record(book, child_id, UUID(one.id)) for one in _records(giver, matter, facts)]
            lasting = (one for one in mine if one.consent.id not in uncounted and _is_in_force(one, by.at))
            if not any(covers(one.asked.sharing, wanted.sharing) for one in lasting):
                found.append(_asked(giver, mine, wanted, facts, by))
        if not found:
            raise Refused("Alle, der skal svare, er spurgt eller har svaret.")
        write(by, *found)
        questions += [one["id"] for one in found]
    return [UUID(one) for one in questions]


def _may_ask(by: Scope, wanted: Ask) -> None:
    """A unit asks about what it gives or gets, for a year at most."""
    _must_handle(by, wanted.disclosers, wanted.recipient)
    if wanted.act not in law_in_use().book.acts:
        raise Refused("Vælg, hvad der skal spørges om.")
    if not by.at < wanted.until <= latest(by.at):
        raise Refused("Et samtykke kan højst gælde et år, og slutdagen skal ligge efter i dag.")


def _matter(wanted: Ask, facts: Facts) -> Matter:
    """The matter as it would be, with what has been asked about it before."""
    sharing = wanted.sharing if wanted.sharing.shelves else None
    return Matter(wanted.act, wanted.disclosers, wanted.recipient, sharing, wanted.purpose)


def _givers(matter: Matter, facts: Facts, at: int) -> Givers:
    found = givers(matter, facts.child, facts.custody, at, law_in_use().book)
    if not isinstance(found, Givers):
        raise Refused(found.reason, found.rules)
    before = asked_about(facts.consents).get(key_of(matter))
    if before:
        said = judged(before.matter, facts, at, law_in_use().book)
        if isinstance(said, Blocked):
            raise Refused(said.reason, said.rules)
    _must_not_wait(found.people, facts)
    return found


_NOT_WAITING = frozenset((Capacity.CHILD, Capacity.AUTHORITY, Capacity.FOSTER_CARER))


def _must_not_wait(people: Iterable[Giver], facts: Facts) -> None:
    """To ask a parent is to tell them. The child, an authority and those with daily care don't wait."""
    if facts.child.parents_wait and any(one.capacity not in _NOT_WAITING for one in people):
        raise Refused(WAITS, (HONOUR_CONFLICT,))


def _records(giver: Giver, matter: Matter, facts: Facts) -> list[Consent]:
    """What a giver has been asked about this, or has said yes to."""
    mine = (one for one in facts.consents if one.giver == giver.person and key_of(one) == key_of(matter))
    return [one for one in mine if one.status in (Status.ASKED, Status.GIVEN)]


def _uncounted(matter: Matter, facts: Facts, at: int) -> set[str]:
    """Answers that count for nothing: said as what the giver is not any more, or before they could say it."""
    return {ident for ident, _why in judged(matter, facts, at, law_in_use().book).rejected}


def _is_in_force(found: Record, at: int) -> bool:
    """It can still be answered, or its yes still counts."""
    one = found.consent
    return (consent_end(one, law_in_use().book.max_months) if one.status is Status.GIVEN else one.valid_to) > at


def _asked(giver: Giver, mine: Sequence[Record], wanted: Ask, facts: Facts, by: Scope) -> dict[str, Any]:
    """The question to one giver. What they can still answer is asked about with it and not instead of it."""
    waiting = [one for one in mine if one.consent.status is Status.ASKED]
    open_now = [one.consent.sharing for one in waiting if _is_in_force(one, by.at)]
    sharing = widest((wanted.sharing, *open_now)) or wanted.sharing
    ident = waiting[-1].consent.id if waiting else str(new_id())
    consent = Consent(
        id=ident, giver=giver.person, capacity=giver.capacity, act=wanted.act, kind=law_in_use().book.acts[
        wanted.act].kind, sharing=sharing, status=Status.ASKED, answered_at=None, valid_from=by.at,
        valid_to=wanted.until, disclosers=wanted.disclosers, recipient=wanted.recipient, purpose=wanted.purpose,
    )  # fmt: skip
    return consent_resource(
        consent, Asking(facts.child.id, wanted.title, wanted.text or wanted.title, author=author_of(by))
    )


# -- answering ---------------------------------------------------------------------------------------------------------


def answer(
    *, by: Scope, child_id: UUID, ident: UUID, yes: Yes | None, version: int, language: str = "da"
) -> None:  # fmt: skip
    """A giver's own answer. `NotFound` for everybody else's record. `language`: that the question was read in."""
    with writing(by, Consenting.ANSWER, child_id, consent=str(ident), answer="no" if yes is None else "yes") as book:
        found, facts = _own(book, child_id, ident), facts_of(child_id)
        _must_be(found, version)
        may_answer(found.consent, facts, by.at, own=by.own, yes=yes is not None)
        new = answered(found.asked, facts, yes=yes, at=by.at, form="mitid", language=language)
        write(by, _next(found, new, facts, author=""))


def withdraw(*, by: Scope, child_id: UUID, ident: UUID, version: int, note: str = "") -> None:
    """A yes is taken back: by its giver, or registered for them by a unit that the matter is between."""
    with writing(by, Consenting.WITHDRAW, child_id, consent=str(ident)) as book:
        found = _own(book, child_id, ident) if by.unit_id is None else _handled(book, child_id, ident)
        if by.unit_id is not None and not note.strip():
            raise Refused("Skriv, hvem der har sagt det, og hvordan.")
        _must_be(found, version)
        if found.consent.status is not Status.GIVEN:
            raise Refused("Der er ikke noget ja at trække tilbage.")
        noted = replace(found.asking, text=_noted(found.asking.text, note))
        write(
            by, _next(found._replace(asking=noted), taken_back(found.consent, by.at), facts_of(child_id), author_of(by))
        )


def taken_back_from(book: Book, child_id: UUID, those: Collection[str] | None) -> list[dict[str, Any]]:
    """Every yes of the reader's own that lets a unit of one of these sectors (None: any) know something, as it stands
    when it is taken back: for whoever writes several things at once."""
    facts, me = facts_of(child_id), str(book.scope.role_id)
    mine = [one for one in facts.consents if one.giver == me and one.status is Status.GIVEN and one.recipient]
    known = sectors(UUID(one.recipient) for one in mine)
    wanted = [one for one in mine if those is None or known.get(UUID(one.recipient)) in those]
    found = [record(book, child_id, UUID(one.id)) for one in wanted]
    at, by = book.scope.at, book.scope
    acts = (line(Consenting.WITHDRAW, at=at, by=by, child_id=child_id, consent=one.consent.id) for one in found)
    book.trail.lines += acts
    return [_next(one, taken_back(one.consent, book.scope.at), facts, author_of(book.scope)) for one in found]


@dataclass(frozen=True, slots=True)
class Paper:
    """An answer that was not given here: when, on a paper (with its scan) or aloud (with a note)."""

    at: int
    scan: Scan | None = None
    note: str = ""


def register_paper(*, by: Scope, child_id: UUID, ident: UUID, yes: Yes | None, paper: Paper, version: int) -> None:
    """What a giver has answered on paper or aloud. It stands as a fact also when it counts for nothing; but a record
    says what its giver said last, so an older answer than the one that stands is refused."""
    with writing(by, Consenting.REGISTER, child_id, consent=str(ident), answer="no" if yes is None else "yes") as book:
        found, facts = _handled(book, child_id, ident), facts_of(child_id)
        _must_be(found, version)
        if paper.scan is None and not paper.note.strip():
            raise Refused("Vedlæg en scanning af papiret, eller skriv, hvad der blev sagt og til hvem.")
        at = by.at if local_day(paper.at) == local_day(by.at) else paper.at
        if at > by.at:
            raise Refused("Dagen for svaret kan ikke ligge efter i dag.")
        _must_be_newest(found.consent, at)
        new = answered(found.asked, facts, yes=yes, at=at, form="paper" if paper.scan else "oral")
        kept = _kept(paper.scan, found, facts, by)
        evidence = f"DocumentReference/{kept[0]['id']}" if kept else new.evidence
        noted = found._replace(asking=replace(found.asking, text=_noted(found.asking.text, paper.note)))
        write(by, *kept, _next(noted, replace(new, evidence=evidence), facts, author_of(by)))


def _must_be_newest(stands: Consent, at: int) -> None:
    since = max(stands.answered_at or 0, stands.withdrawn_at or 0)
    if at < since:
        raise Refused(say(
            "Der står et nyere svar: »{0}« fra {1}. Det, du registrerer, er fra {2}, og det nyeste svar gælder. Intet "
            "er gemt. Ret dagen, hvis den er forkert. Har personen skiftet mening, så bed om et nyt svar.",
            "There is a newer answer: “{0}” of {1}. The one that you register is of {2}, and the newest counts. "
            "Nothing is stored. Correct the day if it is wrong. If the person has changed their mind, ask them for a "
            "new answer.",
            _ANSWERS[stands.status], f"{local_day(since):%d.%m.%Y}", f"{local_day(at):%d.%m.%Y}",
        ))  # fmt: skip


def _kept(scan: Scan | None, found: Record, facts: Facts, by: Scope) -> list[dict[str, Any]]:
    if scan is None:
        return []
    title = found.asking.what or found.asking.title
    ident, child, author = str(new_id()), facts.child.id, author_of(by)
    return [papers.document(ident, child=child, author=author, at=by.at, scan=scan, title=title[:200])]


def _noted(text: str, note: str) -> str:
    return "\n\n".join(part for part in (text, note.strip()[:2000]) if part)


# -- reminding ---------------------------------------------------------------------------------------------------------

REMINDER = "Vi mangler dit svar"
REMINDER_TEXT = "Du er blevet spurgt om noget. Du kan sige ja eller nej under »Ja og nej«. Du kan også ringe til os."


def remind(*, by: Scope, child_id: UUID, ident: UUID) -> None:
    """A message to a giver who has not answered. After a no nobody is reminded."""
    with writing(by, Consenting.REMIND, child_id, consent=str(ident)) as book:
        found, facts = _handled(book, child_id, ident), facts_of(child_id)
        matter = asked_about(facts.consents)[key_of(found.consent)].matter
        said = judged(matter, facts, by.at, law_in_use().book)
        if NO_REMINDERS in said.duties:
            raise Refused(said.reason, said.rules)
        if found.consent.status is Status.ASKED and found.consent.valid_to <= by.at:
            raise Refused(OVER)
        waiting = isinstance(said, Incomplete) and any(one.person == found.consent.giver for one in said.missing)
        if found.consent.status is not Status.ASKED or not waiting:
            raise Refused("Der mangler ikke svar fra den person.")
        _must_not_wait((Giver(found.consent.giver, found.consent.capacity),), facts)
        to = f"{terms.GIVERS[found.consent.capacity]}/{found.consent.giver}"
        message, child, author = str(new_id()), facts.child.id, author_of(by)
        about = papers.reminder(
            message, child=child, author=author, to=to, at=by.at, title=REMINDER, text=REMINDER_TEXT
        )
        write(by, about)


# -- what a unit has been told -----------------------------------------------------------------------------------------


def read_notice(*, by: Scope, ident: UUID) -> None:
    """Somebody of the unit has read that a sharing has ended; it is not shown to the unit again. The unit may have lost
    every other right, so the notice is found among the unit's own and not in the book."""
    with open_book(by, Consenting.NOTICE, notice=str(ident)) as book:
        found = next((row for row in book.notices() if row.id == ident), None)
        if found is None or by.unit_id is None:
            raise NotFound
        child, unit = facts_of(found.child_id).child.id, str(by.unit_id)
        write(by, papers.notice(str(ident), child=child, to=unit, at=found.start, read_at=by.at))


# -- a young person's own blocking -------------------------------------------------------------------------------------


def block_entry(*, by: Scope, child_id: UUID, entry_id: UUID) -> UUID:
    """From 15 a young person may close an entry of their own book for everybody else (sundhedsloven § 42 b).
    `NotFound` for everybody else, and of what can't be closed (`closing`)."""
    with writing(by, Consenting.BLOCK, child_id, closed=str(entry_id)) as book:
        facts, row = closing.require_young(book, child_id), closing.closable(book, child_id, entry_id)
        if str(entry_id) in closing.shut(book, child_id):
            raise Refused("Det er lukket allerede.")
        ident, entry = new_id(), f"{row.kind}/{row.id}"
        write(by, papers.blocking(str(ident), child=facts.child.id, entry=entry, at=by.at, on=True))
    return ident


def unblock_entry(*, by: Scope, child_id: UUID, entry_id: UUID) -> None:
    """Opens it again for those who may otherwise read it."""
    with writing(by, Consenting.UNBLOCK, child_id, closed=str(entry_id)) as book:
        facts, row = closing.require_young(book, child_id), book.entry(child_id, entry_id)
        found = [one for one in closing.blockings(book, child_id).get(str(entry_id), []) if one.on]
        if not found:
            raise Refused("Det er ikke lukket.")
        entry, child, at = f"{row.kind}/{row.id}", facts.child.id, by.at
        write(by, *(papers.blocking(one.id, child=child, entry=entry, at=at, on=False) for one in found))


# -- whose record ------------------------------------------------------------------------------------------------------


def _own(book: Book, child_id: UUID, ident: UUID) -> Record:
    found = record(book, child_id, ident)
    if book.scope.unit_id is not None or found.consent.giver != str(book.scope.role_id):
        raise NotFound
    return found


def _handled(book: Book, child_id: UUID, ident: UUID) -> Record:
    found = record(book, child_id, ident)
    _must_handle(book.scope, found.consent.disclosers, found.consent.recipient)
    return found


def hear(*, by: Scope, child_id: UUID, ident: UUID, said: Said) -> UUID:
    """What the child thinks of a matter that its unit handles, letter by letter: the law wants it known before more is
    done, and it is no answer (law-and-access § 4, step 7)."""
    with open_book(by, Consenting.PREVIEW, child_id) as book:
        matter = queries.question(book, child_id, ident)
    _must_handle(by, matter.matter.disclosers, matter.matter.recipient)
    about = tuple(f"Consent/{one.id}" for one in matter.replies)
    return tell_view(by=by, child_id=child_id, said=replace(said, about=about))


def say_itself(*, by: Scope, child_id: UUID, ident: UUID, said: Said) -> UUID:
    """What the child writes itself of a matter that others are asked about (`queries.matters_about`)."""
    with open_book(by, Consenting.READ, child_id) as book:
        if all(one.id != ident for one in queries.matters_about(book, child_id)):
            raise NotFound
    return write_own_view(by=by, child_id=child_id, said=replace(said, about=(f"Consent/{ident}",)))


def handles(by: Scope, disclosers: frozenset[str], recipient: str) -> bool:
    """Whether a professional may ask and register here: the role may, and the unit gives or gets."""
    return (
        by.unit_id is not None and "consent" in role_named(by.role).may and str(by.unit_id) in {*disclosers, recipient}
    )


def _must_handle(by: Scope, disclosers: frozenset[str], recipient: str) -> None:
    if not handles(by, disclosers, recipient):
        raise NotFound


def _must_be(found: Record, version: int) -> None:
    if found.row.version != version:
        raise Conflict(CHANGED)


_ANSWERS = {
    Status.GIVEN: say("Ja", "Yes"), Status.REFUSED: say("Nej", "No"),
    Status.WITHDRAWN: say("Ja trukket tilbage", "Yes taken back"),
}  # fmt: skip
"""How the entry is called in the timeline after an answer."""


def _next(found: Record, consent: Consent, facts: Facts, author: str) -> dict[str, Any]:
    """The next version of a record. A holder answers on what is known of their custody now."""
    seen = found.asking.custody
    if consent.capacity is Capacity.HOLDER and facts.custody.known and consent.answered_at is not None:
        seen = (facts.custody.evidence.partition(",")[0], consent.answered_at)
    title = f"{_ANSWERS[consent.status]}: {found.asking.what or found.asking.title}"
    return consent_resource(consent, replace(found.asking, title=title, author=author, custody=seen))
