"""Writing letters, sending them, taking them back while they wait, and what becomes of them.

Nothing leaves the book here: sending writes the letter and one row of the outbox for each receiver, in one transaction.
"""

from collections.abc import Mapping
from uuid import UUID

from barnetsbog.delivery import queue
from barnetsbog.delivery.model import Job
from barnetsbog.delivery.model import State as Sending
from barnetsbog.intake.writing import CHANGED, author_of, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import say
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from . import mapping
from .composing import Composed
from .files import catalogue
from .mapping import Resource
from .model import Draft, Event, Lettering, Receipt, State
from .queries import book_id, composed_of, copy_row, draft_row, is_mine, may_write

KIND = "letter"
"""What a letter is called in the outbox."""

ELSEWHERE = "Brevet svarer på en anmodning. Åbn anmodningen, og svar der."
ANSWER_STANDS = (
    "Brevet er svaret på en anmodning, og anmodningen er besvaret. Det kan ikke trækkes tilbage. "
    "Er noget forkert, så skriv et nyt brev til den, der spurgte."
)
APPROVE_AGAIN = "Brevet er ikke det samme, som du så. Se det igennem igen, og send det så. Intet er gået tabt."


# -- writing -----------------------------------------------------------------------------------------------------------


def write_draft(*, by: Scope, child_id: UUID, draft: Draft) -> UUID:
    """A new draft, which nobody but the writer's unit sees."""
    ident = new_id()
    with writing(by, Lettering.WRITE, child_id, template=draft.template, draft=str(ident)):
        _must_write(by)
        template = catalogue().get(draft.template)
        if template and template.request:
            raise Refused(ELSEWHERE)
        write(by, drafted(by, child_id, ident, draft))
    return ident


def drafted(by: Scope, child_id: UUID, ident: UUID, draft: Draft) -> Resource:
    """A new draft, for whoever writes several things at once."""
    return _drafted(ident, draft, child_id, author_of(by), by.at)


def rewrite(*, by: Scope, child_id: UUID, ident: UUID, version: int, draft: Draft) -> None:
    """The draft's next version. Whoever wrote it signs it."""
    with writing(by, Lettering.WRITE, child_id, draft=str(ident)) as book:
        body = _unsent(book, child_id, ident, version)
        _must_be_written_here(body)
        if mapping.draft_of(body) != draft:
            write(by, _drafted(ident, draft, child_id, mapping.author_of(body), by.at))


def drop(*, by: Scope, child_id: UUID, ident: UUID, version: int) -> None:
    """The draft is given up."""
    with writing(by, Lettering.WRITE, child_id, draft=str(ident)) as book:
        body = _unsent(book, child_id, ident, version)
        _must_be_written_here(body)
        write(by, dropped(book, child_id, ident))


def dropped(book: Book, child_id: UUID, ident: UUID) -> Resource:
    """A draft as it stands when it is given up, for whoever writes several things at once."""
    _, body = draft_row(book, child_id, ident)
    draft, author = mapping.draft_of(body), mapping.author_of(body)
    return _drafted(ident, draft, child_id, author, book.scope.at, state=State.DROPPED)


def _drafted(
    ident: UUID, draft: Draft, child_id: UUID, author: str, at: int, *, state: State = State.DRAFT,
    letter: UUID | None = None,
) -> Resource:  # fmt: skip
    template = catalogue().get(draft.template)
    if template is None:
        raise Refused("Vælg, hvilket brev du vil skrive.")
    return mapping.draft(
        ident, draft, child=patient_of(child_id), author=author, title=template.title, at=at, state=state, letter=letter
    )


def _must_write(by: Scope) -> None:
    if not may_write(by):
        raise NotFound


def _unsent(book: Book, child_id: UUID, ident: UUID, version: int) -> Resource:
    _must_write(book.scope)
    row, body = draft_row(book, child_id, ident)
    if row.version != version or mapping.state_of(body) is not State.DRAFT:
        raise Conflict(CHANGED)
    return body


# -- sending -----------------------------------------------------------------------------------------------------------


def send(*, by: Scope, child_id: UUID, ident: UUID, version: int, approved: Mapping[str, str]) -> None:
    """Into the outbox, for every chosen receiver or for none. `approved`: the fingerprint of each version as the sender
    saw it, by receiver; another one is a `Conflict`. `Refused` says who can't get it, and why."""
    with writing(by, Lettering.SEND, child_id, letter=str(book_id(ident))) as book:
        _must_be_written_here(draft_row(book, child_id, ident)[1])
        write(by, *sent(book, child_id, ident, version, approved))


def sent(book: Book, child_id: UUID, ident: UUID, version: int, approved: Mapping[str, str]) -> list[Resource]:
    """What is written when a letter is sent, which is in the outbox then: for whoever writes several things at once."""
    body = _unsent(book, child_id, ident, version)
    composed = composed_of(book, child_id, ident, body)
    _must_be_sendable(composed)
    if {one.candidate.person.reference: one.digest for one in composed.previews} != dict(approved):
        raise Conflict(APPROVE_AGAIN)
    return posted_off(book, child_id, ident, mapping.draft_of(body), mapping.author_of(body), composed)


def posted_off(
    book: Book, child_id: UUID, ident: UUID, draft: Draft, author: str, composed: Composed
) -> list[Resource]:
    """The draft as one that is sent, and its letter in the book. Each receiver's is in the outbox."""
    by, letter = book.scope, book_id(ident)
    queue.put(_jobs(by, child_id, ident, composed))
    told = mapping.letter(
        letter, child=patient_of(child_id), author=author, title=composed.template.title, text=composed.text, at=by.at,
        class_=composed.class_,
    )  # fmt: skip
    return [_drafted(ident, draft, child_id, author, by.at, state=State.SENT, letter=letter), told]


def _must_be_written_here(body: Resource) -> None:
    """What answers a request is written and sent where the request is."""
    if mapping.draft_of(body).request:
        raise Refused(ELSEWHERE)


def _must_be_sendable(composed: Composed) -> None:
    if composed.missing:
        raise Refused(f"Udfyld først: {', '.join(composed.missing)}.")
    if not composed.previews:
        raise Refused("Vælg mindst én modtager.")
    for one in composed.previews:
        if one.version is None:
            raise Refused(say("{0}: {1}", "{0}: {1}", one.candidate.person.name, one.candidate.standing.why))


def _jobs(by: Scope, child_id: UUID, ident: UUID, composed: Composed) -> list[Job]:
    assert by.unit_id
    return [
        Job(
            child_id, new_id(), KIND, ident, one.candidate.person.reference, one.channel, one.digest, by.role_id,
            by.unit_id, by.at,
        )
        for one in composed.previews
    ]  # fmt: skip


def withdraw(*, by: Scope, child_id: UUID, ident: UUID, to: str) -> None:
    """Taken back from one receiver, while it waits. `Refused` when it is on its way, or answers a request: that is
    answered, and nobody has the ball of answering it any more."""
    with writing(by, Lettering.WITHDRAW, child_id, letter=str(book_id(ident))) as book:
        _must_write(by)
        if mapping.draft_of(draft_row(book, child_id, ident)[1]).request:
            raise Refused(ANSWER_STANDS)
        job = next((one for one in queue.of_subject(child_id, ident) if one.to == to), None)
        if job is None:
            raise NotFound
        if not queue.finish(job, Sending.WITHDRAWN):
            raise Refused("Brevet er sendt. Det kan ikke trækkes tilbage.")
        if gone := revoked(child_id, ident):
            write(by, gone)


def revoked(child_id: UUID, ident: UUID) -> Resource | None:
    """The letter in the book as it must stand when nobody got it and nobody will; None when somebody did, or may."""
    states = {one.state for one in queue.of_subject(child_id, ident)}
    letter = mapping.letter_of(body_of(child_id, ident))
    if states & {Sending.WAITING, Sending.SENT} or letter is None:
        return None
    told = body_of(child_id, letter)
    return None if mapping.is_never_sent(told) else mapping.never_sent(told)


# -- what has become of it ---------------------------------------------------------------------------------------------


def opened(*, by: Scope, child_id: UUID, ident: UUID) -> None:
    """Its receiver has read it: the first time is kept."""
    with writing(by, Lettering.OPENED, child_id, copy=str(ident)) as book:
        _, body = copy_row(book, child_id, ident)
        if not is_mine(body, by):
            raise NotFound
        _keep(by, body, Event.READ)


def posted(*, by: Scope, child_id: UUID, ident: UUID) -> UUID:
    """Somebody has printed and posted it. The id by which the print queue knows it."""
    with writing(by, Lettering.POST, child_id, copy=str(ident)) as book:
        _must_write(by)
        row, body = copy_row(book, child_id, ident)
        if row.unit_id != by.unit_id:
            raise NotFound
        _keep(by, body, Event.POSTED)
    return ident


def _keep(by: Scope, body: Resource, event: Event) -> None:
    if event not in {one.event for one in mapping.receipts_of(body)}:
        write(by, mapping.with_receipt(body, Receipt(event, by.at)))
