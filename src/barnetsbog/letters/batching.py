"""One letter to many children: a version for each child and receiver, and each child's letter whole or not at all.

The id of each child's letter follows from the batch and the child, so that pressing twice sends nothing twice. Each
book is opened for itself, and each opening is in its log.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from uuid import UUID, uuid5

from barnetsbog.access.reading import open_book
from barnetsbog.delivery import queue
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import ChildName
from barnetsbog.intake.writing import author_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from .composing import Composed, compose_for
from .files import catalogue
from .filling import missing
from .model import Batch, Draft, Lettering, Outcome, Preview, Row
from .operations import APPROVE_AGAIN, posted_off
from .queries import book_id, may_write

MOST = 50
"""Children of one batch: as many as somebody can look through."""

NOT_FOUND = "Barnet findes ikke, eller du har ikke adgang til bogen."
NOBODY = "Ingen af dem, du har valgt, kan få brevet."


def own_children(book: Book) -> list[ChildName]:
    """The children that the reader's unit has a task with now, by name: in a fixed number of queries."""
    unit, at = book.scope.unit_id, book.scope.at
    cares = (row for row, _ in book.words(book.children(), ("care",)) if row.unit_id == unit)
    mine = {row.child_id for row in cares if row.start <= at and (row.end is None or row.end > at)}
    return sorted(directory.children(mine).values(), key=lambda one: (one.full, one.id))


def looked_through(*, by: Scope, batch: Batch, chosen: Iterable[UUID]) -> list[Row]:
    """What each child's receivers would get now."""
    _must_be_one(by, batch)
    return [_row(by, batch, one) for one in _some(chosen)]


def send(*, by: Scope, batch: Batch, approved: Mapping[UUID, str]) -> list[Outcome]:
    """Into the outbox, each child for itself. `approved`: the fingerprint of each row as it was looked through, empty
    for one of which nobody gets it."""
    _must_be_one(by, batch)
    return [_sent(by, batch, one, approved[one]) for one in _some(approved)]


def _must_be_one(by: Scope, batch: Batch) -> None:
    template = catalogue().get(batch.template)
    if not may_write(by) or template is None or not template.for_many:
        raise NotFound
    if lacking := missing(template, batch.answers):
        raise Refused(f"Udfyld først: {', '.join(lacking)}.")


def _some(children: Iterable[UUID]) -> list[UUID]:
    found = list(dict.fromkeys(children))
    if not found:
        raise Refused("Vælg mindst ét barn.")
    if len(found) > MOST:
        raise Refused(f"Vælg højst {MOST} børn ad gangen.")
    return found


def letter_id(batch: Batch, child_id: UUID) -> UUID:
    return uuid5(batch.id, child_id.hex)


def _row(by: Scope, batch: Batch, child_id: UUID) -> Row:
    try:
        with open_book(by, Lettering.READ, child_id) as book:
            _, composed = _composed(book, batch, child_id)
    except NotFound:
        return Row(child_id, why=NOT_FOUND)
    wanted = (one for one in composed.candidates if one.person.audience in batch.audiences)
    left_out = tuple(one for one in wanted if not one.standing.may)
    why = "" if composed.previews else NOBODY
    return Row(child_id, composed.previews, left_out, digest(composed.previews), why)


def _composed(book: Book, batch: Batch, child_id: UUID) -> tuple[Draft, Composed]:
    draft = Draft(batch.template, dict(batch.answers))
    return compose_for(book, child_id, letter_id(batch, child_id), draft, batch.audiences)


def digest(previews: Iterable[Preview]) -> str:
    """The fingerprint of a child's letter: to whom, and what each of them gets."""
    told = sorted(f"{one.candidate.person.reference}={one.digest}" for one in previews)
    return sha256("\n".join(told).encode()).hexdigest()


def _sent(by: Scope, batch: Batch, child_id: UUID, approved: str) -> Outcome:
    ident = letter_id(batch, child_id)
    try:
        with writing(by, Lettering.SEND, child_id, letter=str(book_id(ident)), batch=str(batch.id)) as book:
            if there := queue.of_subject(child_id, ident):
                return Outcome(child_id, ident, len(there), before=True)
            draft, composed = _composed(book, batch, child_id)
            if not composed.previews:
                raise Refused(NOBODY)
            if digest(composed.previews) != approved:
                raise Conflict(APPROVE_AGAIN)
            write(by, *posted_off(book, child_id, ident, draft, author_of(by), composed))
    except NotFound:
        return Outcome(child_id, ident, why=NOT_FOUND)
    except (Refused, Conflict) as why:
        return Outcome(child_id, ident, why=str(why))
    return Outcome(child_id, ident, len(composed.previews))
