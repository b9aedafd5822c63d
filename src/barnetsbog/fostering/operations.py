"""Writing notes of medicine, statuses and agreements, and answering a status."""

from typing import Any
from uuid import UUID

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.roles import works
from barnetsbog.access.waiting import must_reach
from barnetsbog.calendar.queries import invited
from barnetsbog.contacts.queries import relatives
from barnetsbog.intake.writing import CHANGED, SAME, author_of, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import Sentence, say
from barnetsbog.kernel.time import local_day
from barnetsbog.messages.mapping import communication
from barnetsbog.messages.model import Sent
from barnetsbog.messages.operations import danger_in_use
from barnetsbog.messages.queries import reach
from barnetsbog.messages.rules import can_be_sent
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.promotion import CARER_STATUS
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility.operations import done_with
from barnetsbog.responsibility.rules import is_family

from . import mapping, rules
from .model import Agreement, Fostering, Given, Report, Sort
from .queries import AGREEMENTS, is_carer, may_agree, notes, reports

Resource = dict[str, Any]

WRITER_GONE = say(
    "Svaret er ikke sendt: Den, der skrev statussen, kan ikke læse i bogen mere. Opgaven står her stadig. Ring til "
    "plejefamilien, og afslut opgaven på dens egen side.",
    "The answer has not been sent: whoever wrote the status can no longer read in the book. The task is still here. "
    "Call the foster family, and end the task on its own page.",
)


class Unread(Refused):
    """Nobody would read what somebody tells; the reason is a `Sentence`, and says whom to call."""

    reason: Sentence


# -- those with daily care ---------------------------------------------------------------------------------------------


def note_medicine(*, by: Scope, child_id: UUID, given: Given) -> UUID:
    """Keeps a note; those whom `rules.readers` names may read it. `Refused` when it can't be kept, or stands
    there already."""
    between: list[str] = []
    with writing(by, Fostering.WRITE, child_id, between=between) as book:
        if not is_carer(by):
            raise NotFound
        require(rules.can_be_kept(given, by.at))
        if any(one.given == given for one in notes(book, child_id)):
            raise Refused(SAME)
        to = rules.readers(facts_of(child_id), str(by.role_id), by.at)
        between += [str(by.role_id), *people_of(to)]
        ident = new_id()
        write(by, mapping.administration(str(ident), given, child=_child(child_id), by=author_of(by), to=to))
    return ident


def report_status(*, by: Scope, child_id: UUID, report: Report, child_agrees: bool) -> bool:
    """Tells the family department how it goes, and says whether it tells of danger. Asking for help, or danger, opens a
    ball there, in the same transaction (`deadlines.yaml`: carer-help, message-danger). `Refused` when one has told the
    same already that day; danger is told as often as somebody tells it. `Unread`: no family department would get it."""
    between: list[str] = []
    danger = danger_in_use().told_in("\n".join((*report.told.values(), report.words)))
    with writing(by, Fostering.STATUS_WRITE, child_id, between=between) as book:
        if not is_carer(by):
            raise NotFound
        require(rules.can_be_reported(report, child_agrees=child_agrees))
        if not danger and _has_told(book, child_id, report):
            raise Refused(SAME)
        to = rules.status_readers(facts_of(child_id), str(by.role_id), by.at)
        if not any(one.startswith("Organization/") for one in to):
            raise Unread(_unread())
        between += [str(by.role_id), *people_of(to)]
        write(by, mapping.status(
            str(new_id()), report, child=_child(child_id), by=author_of(by), to=to, at=by.at, danger=danger
        ))  # fmt: skip
    return danger


def _unread() -> Sentence:
    numbers = "; ".join(f"{one.name}: {one.number}" for one in danger_in_use().numbers)
    return say(
        "Din status er ikke sendt, og ingen har fået besked, for ingen familieafdeling har en opgave med barnet nu. "
        "Det, du har skrevet, står her stadig. Er nogen i fare, så ring 112 nu. Ellers ring til kommunen. {0}.",
        "Your status has not been sent, and nobody has been told, for no family department has a task with the child "
        "now. What you wrote is still here. If somebody is in danger, call 112 now. Otherwise call the municipality. "
        "{0}.",
        numbers,
    )


def _has_told(book: Book, child_id: UUID, report: Report) -> bool:
    day = local_day(book.scope.at)
    return any(one.mine and one.report == report and local_day(one.at) == day for one in reports(book, child_id))


# -- the family department ---------------------------------------------------------------------------------------------


def answer_status(*, by: Scope, child_id: UUID, ident: UUID, text: str) -> None:
    """Answers a status by a message to whoever wrote it; what it opened at the writer's unit is done with that.
    `Refused` when they can read no answer any more: then nothing is done with it."""
    between: list[str] = []
    with writing(by, Fostering.STATUS_ANSWER, child_id, between=between) as book:
        row = _entry(by, book, child_id, ident, (CARER_STATUS,))
        require(can_be_sent(text))
        to = f"RelatedPerson/{row.author_id}"
        if to not in reach(book, child_id).references:
            raise Refused(WRITER_GONE)
        between += people_of((to,))
        message = new_id()
        sent = Sent(message, author_of(by), to, (), text, by.at, message)
        about = {f"Observation/{ident}"}
        write(by, communication(sent, child=_child(child_id)), *done_with(book, child_id, about))


def agree(*, by: Scope, child_id: UUID, agreed: Agreement, ident: UUID | None = None, version: int = 0) -> UUID:
    """A new agreement, or the next version of one (`version`: the one that was changed). `Conflict` when somebody else
    was first, `Refused` when it can't be kept, or is agreed already."""
    between: list[str] = []
    with writing(by, Fostering.AGREE, child_id, between=between) as book:
        _may_agree(by, child_id)
        before = _agreement(by, book, child_id, ident, version) if ident else None
        agreed = _named(book, child_id, agreed)
        require(rules.can_be_agreed(agreed))
        to = rules.agreement_readers(facts_of(child_id), agreed, by.at)
        must_reach(child_id, to, by.at)
        if before and (mapping.agreement_of(before), set(mapping.readers_of(before))) == (agreed, set(to)):
            raise Refused(SAME)
        between += people_of(to)
        child, me, made = _child(child_id), author_of(by), ident or new_id()
        new = mapping.care_plan(str(made), agreed, child=child, by=me, to=to)
        write(by, mapping.changed(before, new, by=me) if before else new)
    return made


def end_agreement(*, by: Scope, child_id: UUID, ident: UUID, version: int, reason: str) -> None:
    """It is no longer in force, and why. Its readers are told the reason."""
    between: list[str] = []
    with writing(by, Fostering.AGREE, child_id, between=between) as book:
        _may_agree(by, child_id)
        before = _agreement(by, book, child_id, ident, version)
        require(rules.can_be_ended(reason))
        between += people_of(mapping.readers_of(before))
        write(by, mapping.ended(before, on=local_day(by.at), reason=reason, by=author_of(by)))


def _may_agree(by: Scope, child_id: UUID) -> None:
    if not may_agree(by, facts_of(child_id)):
        raise NotFound


def _named(book: Book, child_id: UUID, agreed: Agreement) -> Agreement:
    """With the name of whom the child sees as its title; whom it names must be around the child."""
    people = {f"RelatedPerson/{one.id}": one.name for one, _ in relatives(book, child_id)}
    calls = {one for one, _ in invited(book, child_id) if not is_family(one)}
    if agreed.call and agreed.call not in calls:
        raise Refused("Vælg, hvem man skal ringe til.", (rules.AGREEMENT,))
    if agreed.sort is Sort.DAILY:
        return agreed
    if agreed.who not in people:
        raise Refused("Vælg, hvem barnet skal se.", (rules.AGREEMENT,))
    return agreed.seeing(people[agreed.who])


def _agreement(by: Scope, book: Book, child_id: UUID, ident: UUID, version: int) -> Resource:
    if _entry(by, book, child_id, ident, AGREEMENTS).version != version:
        raise Conflict(CHANGED)
    before = body_of(child_id, ident)
    if mapping.is_ended(before):
        raise Conflict(CHANGED)
    return before


def _entry(by: Scope, book: Book, child_id: UUID, ident: UUID, kinds: tuple[str, ...]) -> EntryRow:
    row = book.entry(child_id, ident)
    if row.what not in kinds or not row.readable or not works(by):
        raise NotFound
    return row


def people_of(references: tuple[str, ...]) -> list[str]:
    """The ids of those of the family among some references: who may know of it from the log."""
    return [one.partition("/")[2] for one in references if one.startswith(("RelatedPerson/", "Patient/"))]


def _child(child_id: UUID) -> str:
    return f"Patient/{patient_of(child_id)}"
