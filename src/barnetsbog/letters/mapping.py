"""A letter to and from FHIR. Pure.

- The *draft* is a Communication of class D: the unit that writes it reads it, and nobody else ever does. It holds what
  was typed, who it is for and how far it is, and stays what it is when the letter has been sent.
- The *letter* is a Communication as every letter of the book: what whoever may read it there is told. It names no
  receiver: who gets what is no news for the others.
- A *copy* is what one receiver got: the text, the PDF, its enclosures. It stands with the consents (block SA), which no
  holder's right opens, so that one parent does not read the other's; the child's own is the child's confidential word
  (class P). Each receipt is a version of it.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.delivery.model import Channel, File
from barnetsbog.fhir.own import (
    complex_extension,
    extension,
    extension_of,
    extensions_of,
    ident_of,
    members,
    parts_of,
    reference_of,
    referred,
    referring,
    without,
)
from barnetsbog.kernel.time import iso, parse
from barnetsbog.record.promotion import ENTRY_KIND, label_of, text_of

from .model import Draft, Envelope, Event, Filled, Kind, Receipt, State

Resource = dict[str, Any]
DRAFT, LETTER, COPY, CHILDS_COPY = "letter-draft", "letter", "letter-copy", "letter-to-child"
COPIES = (COPY, CHILDS_COPY)

_STATUS = {State.DRAFT: "preparation", State.SENT: "completed", State.DROPPED: "stopped"}
_STATES = {status: state for state, status in _STATUS.items()}


# -- the draft ---------------------------------------------------------------------------------------------------------


def draft(
    ident: UUID, written: Draft, *, child: str, author: str, title: str, at: int, state: State = State.DRAFT,
    letter: UUID | None = None,
) -> Resource:  # fmt: skip
    """`at`: when it was written, or sent. `letter`: the letter in the book that it became."""
    return {
        **_communication(DRAFT, ident, child=child, author=author, title=title, at=at, class_="D"),
        "status": _STATUS[state],
        "extension": [
            extension("letter-template", "Code", written.template),
            extension("letter-answers", "String", orjson.dumps(written.answers).decode()),
            *map(_sent_to, written.to),
            *(referring("letter-enclosure", f"DocumentReference/{one}") for one in written.enclosures),
            *([referring("letter-request", f"Communication/{written.request}")] if written.request else []),
            *([referring("letter", f"Communication/{letter}")] if letter else []),
        ],
    }


def _sent_to(one: Envelope) -> Resource:
    to = {"to": ("Reference", {"reference": one.to}), "channel": ("Code", one.channel.value)}
    return complex_extension("letter-to", to)


def draft_of(resource: Resource) -> Draft:
    answers = extension_of(resource, "letter-answers")
    enclosures = (ident_of(reference_of(extension_value)) for extension_value in _values(resource, "letter-enclosure"))
    return Draft(
        str(extension_of(resource, "letter-template") or ""), orjson.loads(str(answers or "{}")),
        tuple(_envelope(one) for one in extensions_of(resource, "letter-to")), tuple(one for one in enclosures if one),
        ident_of(referred(resource, "letter-request")),
    )  # fmt: skip


def _values(resource: Resource, name: str) -> list[Any]:
    return [one.get("valueReference") for one in extensions_of(resource, name)]


def _envelope(told: Resource) -> Envelope:
    (to,), (channel,) = parts_of(told, "to"), parts_of(told, "channel")
    return Envelope(reference_of(to), Channel(channel))


def state_of(resource: Resource) -> State:
    return _STATES[str(resource["status"])]


def letter_of(resource: Resource) -> UUID | None:
    return ident_of(referred(resource, "letter"))


def sent_at(resource: Resource) -> int:
    return parse(str(resource["sent"]))[0]


def author_of(resource: Resource) -> str:
    return reference_of(resource.get("sender"))


# -- the letter --------------------------------------------------------------------------------------------------------


def letter(
    ident: UUID, *, child: str, author: str, title: str, text: str, at: int, class_: str, sent: bool = True
) -> Resource:
    """`sent` False: nobody got it after all."""
    return {
        **_communication(LETTER, ident, child=child, author=author, title=title, at=at, class_=class_),
        "status": "completed" if sent else "stopped", "payload": [{"contentString": text}],
    }  # fmt: skip


def never_sent(resource: Resource) -> Resource:
    """The letter in the book, when nobody got it."""
    return {**resource, "status": "stopped", "topic": {"text": f"Ikke sendt: {text_of(resource.get('topic'))}"}}


def is_never_sent(resource: Resource) -> bool:
    return bool(resource["status"] == "stopped")


# -- a copy ------------------------------------------------------------------------------------------------------------


def copy(
    ident: UUID, *, child: str, author: str, to: str, title: str, text: str, blocks: Sequence[Filled], pdf: bytes,
    enclosures: Sequence[File], at: int, channel: Channel, class_: str, letter: UUID,
) -> Resource:  # fmt: skip
    """What somebody gets: as text, part by part, and on paper. Printed, it waits (`in-progress`) until somebody has
    posted it."""
    childs = to.startswith("Patient/")
    kind, class_ = (CHILDS_COPY, "P") if childs else (COPY, class_)
    return {
        **_communication(kind, ident, child=child, author=author, title=title, at=at, class_=class_),
        "status": "in-progress" if channel is Channel.PRINT else "completed",
        "recipient": [{"reference": to}], "partOf": [{"reference": f"Communication/{letter}"}],
        "extension": [
            extension("letter-channel", "Code", channel.value), _receipt(Receipt(Event.DELIVERED, at)),
            extension("letter-blocks", "String", orjson.dumps([_told(one) for one in blocks]).decode()),
        ],
        "payload": [
            {"contentString": text}, _attached(File(f"{title}.pdf", "application/pdf", pdf)),
            *(_attached(one) for one in enclosures),
        ],
    }  # fmt: skip


def with_receipt(resource: Resource, receipt: Receipt) -> Resource:
    """The next version, in which one more thing has come of it."""
    status = "completed" if receipt.event is Event.POSTED else resource["status"]
    received = {"received": iso(receipt.at)} if receipt.event is Event.READ else {}
    kept = without(resource)
    return {**resource, "status": status, **received, "extension": [*kept, _receipt(receipt)]}


def _receipt(receipt: Receipt) -> Resource:
    return complex_extension(
        "letter-receipt", {"event": ("Code", receipt.event.value), "at": ("Instant", iso(receipt.at))}
    )


def receipts_of(resource: Resource) -> tuple[Receipt, ...]:
    told = ((parts_of(one, "event"), parts_of(one, "at")) for one in extensions_of(resource, "letter-receipt"))
    return tuple(Receipt(Event(event), parse(str(at))[0]) for (event,), (at,) in told)


def receiver_of(resource: Resource) -> str:
    return reference_of(resource.get("recipient"))


def text_in(resource: Resource) -> str:
    return next((str(one["contentString"]) for one in members(resource.get("payload")) if "contentString" in one), "")


def _told(block: Filled) -> list[Any]:
    return [block.kind.value, block.lines, block.head, block.rows]


def blocks_in(resource: Resource) -> tuple[Filled, ...]:
    """The parts of a copy, to be read with their headings and lists; none of a letter that another system has sent."""
    told = orjson.loads(str(extension_of(resource, "letter-blocks") or "[]"))
    return tuple(
        Filled(Kind(kind), tuple(lines), tuple(head), tuple(map(tuple, rows))) for kind, lines, head, rows in told
    )


def files_in(resource: Resource) -> list[File]:
    """The PDF first, then the enclosures."""
    found = (one["contentAttachment"] for one in members(resource.get("payload")) if "contentAttachment" in one)
    return [file_of(one) for one in found]


def file_of(attachment: Mapping[str, Any]) -> File:
    content = b64decode(str(attachment.get("data", "")))
    return File(str(attachment.get("title", "")), str(attachment.get("contentType", "")), content)


def _attached(file: File) -> Resource:
    content = {"contentType": file.kind, "data": b64encode(file.content).decode(), "title": file.name}
    return {"contentAttachment": content}


def _communication(kind: str, ident: UUID, *, child: str, author: str, title: str, at: int, class_: str) -> Resource:
    return {
        "resourceType": "Communication", "id": str(ident), "meta": {"security": [label_of(class_)]},
        "category": [{"coding": [{"system": ENTRY_KIND, "code": kind}]}], "topic": {"text": title},
        "subject": {"reference": f"Patient/{child}"}, "sent": iso(at), "sender": {"reference": author},
    }  # fmt: skip
