"""A message to and from FHIR: a Communication of kind `dialogue`, whose words are kept letter by letter. Pure."""

from typing import Any
from uuid import UUID

from barnetsbog.fhir.own import (
    extension,
    extension_of,
    ident_of,
    members,
    reference_of,
    referred,
    referring,
    without,
)
from barnetsbog.kernel.time import iso, parse
from barnetsbog.record.promotion import DIALOGUE, ENTRY_KIND, label_of
from barnetsbog.record.shelves import BETWEEN

from .model import Sent

Resource = dict[str, Any]
TITLE = "Besked"
"""The same for all: what a message is about is between those who write."""


def communication(sent: Sent, *, child: str) -> Resource:
    to = [sent.to, *sent.also]
    extensions = [extension("answer-by", "DateTime", iso(sent.answer_by))] if sent.answer_by is not None else []
    extensions += [extension("danger", "Boolean", True)] if sent.danger else []
    resource: Resource = {
        "resourceType": "Communication", "id": str(sent.id), "meta": {"security": [label_of(BETWEEN)]},
        "status": "completed", "category": [{"coding": [{"system": ENTRY_KIND, "code": DIALOGUE}]}],
        "topic": {"text": TITLE}, "subject": {"reference": child}, "sender": {"reference": sent.sender},
        "recipient": [{"reference": one} for one in to], "sent": iso(sent.at),
        "payload": [{"contentString": sent.text}],
    }  # fmt: skip
    if extensions:
        resource["extension"] = extensions
    if sent.about:
        resource["about"] = [{"reference": sent.about}]
    if sent.thread != sent.id:
        resource["inResponseTo"] = [{"reference": f"Communication/{sent.thread}"}]
    return resource


def with_receipt(message: Resource, *, at: int, by: str) -> Resource:
    """The message when somebody of its receivers has read it."""
    return {**message, "received": iso(at), "extension": [*without(message, "seen-by"), referring("seen-by", by)]}


def sent_of(message: Resource) -> Sent:
    """Also of one that came from elsewhere and lacks what ours have."""
    ident = UUID(message["id"])
    to, *also = [reference_of(one) for one in members(message.get("recipient"))] or [""]
    answer_by, received = extension_of(message, "answer-by"), message.get("received")
    first = ident_of(reference_of(message.get("inResponseTo")))
    said = "\n".join(str(one["contentString"]) for one in members(message.get("payload")) if "contentString" in one)
    return Sent(
        ident, reference_of(message.get("sender")), to, tuple(also), said,
        parse(message["sent"])[0] if "sent" in message else 0, first or ident,
        parse(answer_by)[0] if answer_by else None, extension_of(message, "danger") is True,
        parse(received)[0] if received else None, referred(message, "seen-by"),
        reference_of(message.get("about")),
    )  # fmt: skip
