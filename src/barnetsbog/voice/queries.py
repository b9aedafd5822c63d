"""Reading what a child has written for itself. For everybody else there is nothing: not a row, not a count."""

from uuid import UUID

import orjson

from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.directory.queries import child
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.messages import queries as messages
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.promotion import OWN_WORD

from .mapping import note_of, stands
from .model import Rights, Told
from .rules import rights


def notes(book: Book, child_id: UUID) -> list[Told]:
    """What the child has written, the newest first. `NotFound` for everybody but the child."""
    if not book.scope.own:
        raise NotFound
    rows = book.entries(child_id, Filter(what=(OWN_WORD,), on_timeline=False))
    bodies = {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}
    found = [(note_of(bodies[row.id]), row.version) for row in rows if row.id in bodies and stands(bodies[row.id])]
    threads = messages.threads(book, child_id) if any(note.shared for note, _ in found) else []
    return [Told(note, version, tuple(one for one in threads if one.id in note.shared)) for note, version in found]


def note(book: Book, child_id: UUID, ident: UUID) -> Told:
    found = next((one for one in notes(book, child_id) if one.note.id == ident), None)
    if found is None:
        raise NotFound
    return found


def own_rights(book: Book, child_id: UUID) -> Rights:
    """What the child has a right to today, by the law in use."""
    if not book.scope.own:
        raise NotFound
    known = child(child_id)
    return rights(known.born if known else None, book.scope.at, law_in_use().book)
