"""Writing something for oneself, showing it to somebody by name, and taking it away again.

What is shown is sent as a message of the child's (`messages.send`), with its reader, its time and its rule of danger;
the note itself stays where it is, and the child's alone.
"""

from uuid import UUID

from barnetsbog.intake.writing import CHANGED, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.messages import operations as messages
from barnetsbog.messages.model import Sent, Wanted
from barnetsbog.plan.rules import can_be_kept
from barnetsbog.record.scope import Scope

from . import mapping, queries
from .model import Note, Room, Told, Voicing

SAY = "Skriv noget først."
NAME = "Navnet er for langt. Der er plads til 100 tegn."


def keep(*, by: Scope, child_id: UUID, room: Room, words: str, writer: str = "") -> UUID:
    """Keeps what a child says, letter by letter. `writer`: the grown-up who wrote it down."""
    with writing(by, Voicing.WRITE, child_id, confidential=True):
        _must_be_the_child(by)
        require(can_be_kept(words, SAY))
        if len(writer) > 100:
            raise Refused(NAME)
        note = Note(new_id(), room, words, by.at, writer.strip())
        write(by, mapping.observation(note, child=f"Patient/{patient_of(child_id)}"))
    return note.id


def show(*, by: Scope, child_id: UUID, ident: UUID, to: str, holders: bool = False) -> Sent:
    """Shows a note to a reader whom the child has chosen: its words are sent as they stand."""
    with writing(by, Voicing.WRITE, child_id, confidential=True) as book:
        found = queries.note(book, child_id, ident)
        sent = messages.send(by=by, child_id=child_id, wanted=Wanted(found.note.words, to, holders))
        write(by, mapping.shown_in(body_of(child_id, ident), sent.thread))
    return sent


def take_away(*, by: Scope, child_id: UUID, ident: UUID, version: int) -> Told:
    """The child will not have it any more. What has been shown to somebody stays with them."""
    with writing(by, Voicing.WRITE, child_id, confidential=True) as book:
        found = queries.note(book, child_id, ident)
        if found.version != version:
            raise Conflict(CHANGED)
        write(by, mapping.taken_away(body_of(child_id, ident)))
    return found


def _must_be_the_child(by: Scope) -> None:
    if not by.own:
        raise NotFound
