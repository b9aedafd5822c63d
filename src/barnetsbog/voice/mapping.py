"""A child's own words to and from FHIR: an Observation of kind `own-word` by the child, on the child's confidential
class, whose words are kept letter by letter. Pure."""

from typing import Any
from uuid import UUID

from barnetsbog.fhir.own import (
    all_referred,
    extension,
    extension_of,
    ident_of,
    referring,
)
from barnetsbog.kernel.time import iso, parse
from barnetsbog.record.promotion import ENTRY_KIND, OWN_WORD, label_of

from .model import Note, Room

Resource = dict[str, Any]
TITLE = "Barnets egne ord"


def observation(note: Note, *, child: str) -> Resource:
    extensions = [referring("author", child), extension("room", "Code", note.room.value)]
    extensions += [extension("written-by", "String", note.writer)] if note.writer else []
    return {
        "resourceType": "Observation", "id": str(note.id), "meta": {"security": [label_of("P")]}, "status": "final",
        "category": [{"coding": [{"system": ENTRY_KIND, "code": OWN_WORD}]}], "code": {"text": TITLE},
        "subject": {"reference": child}, "effectiveDateTime": iso(note.at), "performer": [{"reference": child}],
        "valueString": note.words, "extension": extensions,
    }  # fmt: skip


def shown_in(body: Resource, thread: UUID) -> Resource:
    """The next version of a note that its child has shown to somebody, in this conversation."""
    return body | {"extension": [*body["extension"], referring("shown-in", f"Communication/{thread}")]}


def taken_away(body: Resource) -> Resource:
    """The next version of a note that its child will not have any more."""
    return body | {"status": "entered-in-error"}


def note_of(body: Resource) -> Note:
    shown = map(ident_of, all_referred(body, "shown-in"))
    return Note(
        UUID(body["id"]), Room(str(extension_of(body, "room") or Room.NOTE)), str(body["valueString"]),
        parse(body["effectiveDateTime"])[0], str(extension_of(body, "written-by") or ""),
        tuple(one for one in shown if one),
    )  # fmt: skip


def stands(body: Resource) -> bool:
    return str(body["status"]) != "entered-in-error"
