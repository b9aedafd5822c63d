"""Reading letters: a child's, one of them with its versions and what has become of it, those that wait to be posted,
those that somebody has received."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

import orjson

from barnetsbog.access import naming
from barnetsbog.access.roles import role_named
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import Named, names, names_over
from barnetsbog.delivery import queue
from barnetsbog.delivery.model import File, Job
from barnetsbog.delivery.model import State as Sending
from barnetsbog.directory import queries as directory
from barnetsbog.fhir.own import ident_of, members, reference_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.scope import Scope

from . import mapping, typesetting
from .composing import Composed, compose
from .files import catalogue
from .mapping import COPIES, DRAFT, LETTER, Resource
from .model import Copy, Draft, Page, Progress, State, Summary, Template

MAY = "letter"
"""What a role must be able to do to write letters."""


def may_write(scope: Scope) -> bool:
    return scope.unit_id is not None and MAY in role_named(scope.role).may


SENDERS: Mapping[str, frozenset[str]] = {
    "PPR": frozenset({"ppr"}), "BUP": frozenset({"bup"}), "Familieafdelingen": frozenset({"family_dept"}),
    "Egen læge": frozenset({"gp"}), "Det lettilgængelige tilbud": frozenset({"ltt"}),
    "Kommunen (visitationen)": frozenset({"ppr", "family_dept", "school"}),
}  # fmt: skip
"""The sectors that usually send a letter, by who the catalogue says it is from. Any other sender is anybody."""


def to_write(scope: Scope) -> tuple[list[Template], list[Template]]:
    """The letters that the reader's sector usually sends, and those that others do."""
    me = naming.roles(scope, [scope.role_id], veiled=False).get(scope.role_id)
    found = [one for one in catalogue().values() if not one.request]
    others = [one for one in found if me and one.sender in SENDERS and me.sector not in SENDERS[one.sender]]
    return [one for one in found if one not in others], others


def book_id(draft: UUID) -> UUID:
    """The id of the letter in the book that a draft becomes. The log names it, so that whoever may not know of the
    letter is not told that there was one."""
    return uuid5(draft, "letter")


def copy_id(draft: UUID, to: str) -> UUID:
    """The id of what somebody gets of a letter: the same however often it is tried."""
    return uuid5(draft, to)


# -- a child's letters -------------------------------------------------------------------------------------------------


def own_letters(book: Book, child_id: UUID) -> list[Summary]:
    """What the reader's unit has written, also what is not sent yet, the newest first."""
    rows = book.entries(child_id, Filter(what=(DRAFT,), on_timeline=False))
    bodies = {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}
    known = names(book, child_id, (row.author_id for row in rows))
    jobs = queue.of_child(child_id) if rows else []
    return [
        _summary(row, bodies[row.id], known[row.author_id].name if row.author_id in known else "", jobs)
        for row in rows if row.id in bodies
    ]  # fmt: skip


def _summary(row: EntryRow, body: Resource, by: str, jobs: Iterable[Job]) -> Summary:
    mine = [one.state for one in jobs if one.subject == row.id]
    failed = sum(one in (Sending.STOPPED, Sending.DEAD) for one in mine)
    receivers = len(mapping.draft_of(body).to)
    return Summary(
        row.id, row.title, mapping.state_of(body), row.start, by, receivers, mine.count(Sending.SENT), failed,
        mapping.letter_of(body),
    )  # fmt: skip


def letters_in_book(book: Book, child_id: UUID, own: Iterable[Summary]) -> list[EntryRow]:
    """The letters in the book besides those that the reader's unit has written here (`own`), the newest first: those of
    other units, and what came from the unit's own system."""
    here = {one.letter for one in own}
    return [row for row in book.entries(child_id, Filter(what=(LETTER,))) if row.id not in here]


def page(book: Book, child_id: UUID, ident: UUID) -> Page:
    """One letter of the reader's unit. `NotFound` for everybody else."""
    row, body = draft_row(book, child_id, ident)
    draft, state = mapping.draft_of(body), mapping.state_of(body)
    composed = composed_of(book, child_id, ident, body)
    return Page(
        ident, catalogue()[draft.template], draft, state, row.version, composed.missing, composed.previews,
        tuple(_progress(book, child_id, ident)), mapping.letter_of(body), composed.class_,
        composed.candidates,
    )  # fmt: skip


def preview_file(book: Book, child_id: UUID, ident: UUID, to: UUID) -> File:
    """The PDF of a draft as one receiver would get it, made for this reading and kept nowhere. `to`: the id in the
    receiver's reference. `NotFound` for everybody who gets none."""
    _, body = draft_row(book, child_id, ident)
    if mapping.state_of(body) is not State.DRAFT:
        raise NotFound
    composed = composed_of(book, child_id, ident, body)
    found = (one.version for one in composed.previews if ident_of(one.candidate.person.reference) == to)
    version = next(found, None)
    if version is None:
        raise NotFound
    return File(f"{version.title}.pdf", "application/pdf", typesetting.pdf(version))


def draft_row(book: Book, child_id: UUID, ident: UUID) -> tuple[EntryRow, Resource]:
    """A letter's draft. `NotFound` for everybody but the unit that writes it."""
    row = book.entry(child_id, ident)
    body = book.bodies([row]).get(ident)
    if row.what != DRAFT or body is None or row.unit_id != book.scope.unit_id:
        raise NotFound
    return row, orjson.loads(body)


def composed_of(book: Book, child_id: UUID, ident: UUID, body: Resource) -> Composed:
    """What the letter is now: it bears the day it was sent, or today's."""
    at = mapping.sent_at(body) if mapping.state_of(body) is State.SENT else book.scope.at
    return compose(book, child_id, ident, mapping.draft_of(body), writer=mapping.author_of(body), at=at)


def beginning(book: Book, child_id: UUID, draft: Draft) -> Composed:
    """A letter that is not written down yet."""
    writer = f"PractitionerRole/{book.scope.role_id}"
    return compose(book, child_id, UUID(int=0), draft, writer=writer, at=book.scope.at)


def _progress(book: Book, child_id: UUID, ident: UUID) -> Iterable[Progress]:
    jobs = queue.of_subject(child_id, ident)
    known = names(book, child_id, (ident_of(one.to) for one in jobs))
    copies = _copies(book, child_id, {copy_id(ident, one.to) for one in jobs})
    for job in jobs:
        who, found = ident_of(job.to), copy_id(ident, job.to)
        yield Progress(
            known[who].name if who in known else "?", job.to, job.channel, job.state, job.why,
            mapping.receipts_of(copies[found]) if found in copies else (), found if found in copies else None,
            mapping.text_in(copies[found]) if found in copies else "",
            mapping.blocks_in(copies[found]) if found in copies else (),
        )  # fmt: skip


def _copies(book: Book, child_id: UUID, wanted: set[UUID]) -> dict[UUID, Resource]:
    rows = [row for row in book.entries(child_id, Filter(what=COPIES, on_timeline=False)) if row.id in wanted]
    return {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}


# -- what somebody has received ----------------------------------------------------------------------------------------


def received(book: Book, child_id: UUID) -> list[Copy]:
    """The letters to the reader, or to their unit, the newest first."""
    rows = book.entries(child_id, Filter(what=COPIES, on_timeline=False))
    bodies = book.bodies(rows)
    told = [(row, orjson.loads(bodies[row.id])) for row in rows if row.id in bodies]
    mine = [(row, body) for row, body in told if is_mine(body, book.scope)]
    known = names(book, child_id, (row.author_id for row, _ in mine))
    return [_copy(row, body, known[row.author_id].line if row.author_id in known else "") for row, body in mine]


def written_to(book: Book, child_id: UUID) -> list[EntryRow]:
    """The letters to the reader that came into the book from elsewhere, so that there is no copy, the newest first."""
    rows = book.entries(child_id, Filter(what=(LETTER,)))
    bodies = book.bodies(rows)
    return [row for row in rows if row.id in bodies and book.scope.role_id in _recipients(orjson.loads(bodies[row.id]))]


def _recipients(body: Resource) -> list[UUID | None]:
    return [ident_of(reference_of(one)) for one in members(body.get("recipient"))]


def is_mine(body: Resource, scope: Scope) -> bool:
    """Whether a copy was sent to the reader: themselves, or their unit."""
    return ident_of(mapping.receiver_of(body)) == (scope.unit_id or scope.role_id)


def copy(book: Book, child_id: UUID, ident: UUID) -> Copy:
    """A letter to the reader. `NotFound` for everybody else."""
    row, body = copy_row(book, child_id, ident)
    if not is_mine(body, book.scope):
        raise NotFound
    known = names(book, child_id, [row.author_id])
    return _copy(row, body, known[row.author_id].line if row.author_id in known else "")


def copy_row(book: Book, child_id: UUID, ident: UUID) -> tuple[EntryRow, Resource]:
    """What somebody got, for them and for the unit that sent it."""
    row = book.entry(child_id, ident)
    body = book.bodies([row]).get(ident)
    if row.what not in COPIES or body is None:
        raise NotFound
    told = orjson.loads(body)
    if not is_mine(told, book.scope) and (row.unit_id is None or row.unit_id != book.scope.unit_id):
        raise NotFound
    return row, told


def file(book: Book, child_id: UUID, ident: UUID, number: int) -> File:
    """The PDF of a copy (0), or one of its enclosures."""
    found = mapping.files_in(copy_row(book, child_id, ident)[1])
    if not 0 <= number < len(found):
        raise NotFound
    return found[number]


def _copy(row: EntryRow, body: Resource, sender: str, to: str = "", child: str = "") -> Copy:
    enclosures = tuple(one.name for one in mapping.files_in(body)[1:])
    return Copy(
        row.id, row.child_id, row.title, mapping.text_in(body), row.start, sender, mapping.receipts_of(body),
        enclosures, to, child, mapping.blocks_in(body),
    )  # fmt: skip


# -- what is to be posted ----------------------------------------------------------------------------------------------


def to_print(book: Book) -> list[Copy]:
    """The letters of the reader's unit that are to be printed and posted, over all children, the oldest first: in a
    fixed number of queries."""
    found = [
        (row, orjson.loads(body)) for row, body in book.words(book.children(), COPIES, waiting=True)
        if row.unit_id and row.unit_id == book.scope.unit_id
    ]  # fmt: skip
    known = names_over(book, ((row.child_id, ident_of(mapping.receiver_of(body))) for row, body in found))
    children = directory.children({row.child_id for row, _ in found})
    return [
        _copy(row, body, "", _name(known, row, body), children[row.child_id].full if row.child_id in children else "")
        for row, body in found
    ]


def _name(known: dict[Named, Contact], row: EntryRow, body: Resource) -> str:
    contact = known.get((row.child_id, ident_of(mapping.receiver_of(body))))
    return contact.name if contact else "?"
