"""Ending a unit's task with a child, and beginning it again, each with its reason, its line in the log, and the rights
that follow, in one transaction."""

from uuid import UUID

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.reading import open_book
from barnetsbog.access.roles import role_named
from barnetsbog.audit.operations import note as note_in_log
from barnetsbog.intake.writing import author_of, body_of, write, writing
from barnetsbog.kernel.decisions import NotFound, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
from barnetsbog.record.scope import Scope

from . import mapping, rules
from .model import Closing
from .queries import may_reopen, open_things, own_tasks


def close(*, by: Scope, child_id: UUID, reason: str, note: str = "") -> None:
    """The unit has no task with the child any more. `note`: the last thing it writes in the book; may be empty."""
    with writing(by, Closing.CLOSE, child_id) as book:
        cares = own_tasks(book, child_id)
        if not cares or "ball" not in role_named(by.role).may:
            raise NotFound
        require(rules.may_close(open_things(book, child_id), reason, note))
        author = author_of(by)
        if note.strip():
            child = facts_of(child_id).child.id
            write(by, mapping.note(
                str(new_id()), child=child, by=author, title="Afslutning", text=note, at=by.at,
            ))  # fmt: skip
        bodies = [body_of(child_id, row.id) for row in cares]
        write(by, *(mapping.ended(one, by=author, reason=reason, at=by.at) for one in bodies))


def reopen(*, by: Scope, ident: UUID, reason: str) -> UUID:
    """The unit has the task again; which child it is about. The unit has lost every other right, so the task is found
    among those that it has ended and not in the book."""
    with open_book(by, Closing.CLOSED, task=str(ident)) as book:
        row = next((one for one in book.closed_tasks() if one.id == ident), None)
        if row is None:
            raise NotFound
        store.lock_book(row.child_id.bytes)
        body = body_of(row.child_id, ident)
        if not may_reopen(body, by) or body["status"] != "finished":
            raise NotFound
        require(rules.may_say(reason))
        write(by, mapping.begun_again(body, by=author_of(by), reason=reason))
        note_in_log(Closing.REOPEN, at=by.at, by=by, allowed=True, child_id=row.child_id, task=str(ident))
    return row.child_id
