"""What is written besides the consents themselves: a signed paper, a reminder, a young person's own blocking. Pure.

Each is a FHIR resource whose ids are the book's own. Papers and reminders stand with the consents, because they tell
what somebody answered. A blocking denies one entry to everybody else; it names no act and no kind of consent, so that
`mapping.consent_of` never reads a yes out of it.
"""

import base64
import hashlib
from typing import Any

from barnetsbog.consent import terms
from barnetsbog.consent.addressing import NOTICE
from barnetsbog.consent.reading import written
from barnetsbog.fhir.own import BASE, codes_of, members, reference_of
from barnetsbog.kernel.files import Scan, kind_of
from barnetsbog.kernel.time import moment

Resource = dict[str, Any]

ABOUT_CONSENT, BLOCKING = "about-consent", "blocking"
SENSITIVITY = f"{BASE}/CodeSystem/sensitivity"


def document(ident: str, *, child: str, author: str, at: int, scan: Scan, title: str) -> Resource:
    """The scan as a document of the child's book."""
    attachment = {
        "contentType": scan.kind, "data": base64.b64encode(scan.content).decode(), "size": len(scan.content),
        "hash": base64.b64encode(hashlib.sha1(scan.content, usedforsecurity=False).digest()).decode(), "title": title,
    }  # fmt: skip
    return {
        "resourceType": "DocumentReference", "id": ident, "status": "current", "type": {"text": "Samtykke på papir"},
        "category": [_kind(ABOUT_CONSENT)], "subject": {"reference": f"Patient/{child}"}, "date": _instant(at),
        "author": [{"reference": author}], "description": title, "content": [{"attachment": attachment}],
    }  # fmt: skip


def kept_scan(resource: Resource) -> Scan | None:
    """The scan out of its document; None when it is none of ours."""
    attachment = next(members(resource.get("content")), {}).get("attachment") or {}
    try:
        content = base64.b64decode(str(attachment.get("data", "")), validate=True)
    except ValueError:
        return None
    kind = kind_of(content)
    return Scan(content, kind) if kind else None


def reminder(ident: str, *, child: str, author: str, to: str, at: int, title: str, text: str) -> Resource:
    """A message to somebody whose answer is lacking. It names no unit and no other giver."""
    return {
        "resourceType": "Communication", "id": ident, "status": "completed", "category": [_kind(ABOUT_CONSENT)],
        "subject": {"reference": f"Patient/{child}"}, "topic": {"text": title}, "sent": _instant(at),
        "recipient": [{"reference": to}], "sender": {"reference": author}, "payload": [{"contentString": text}],
    }  # fmt: skip


NOTICE_TITLE = "En deling med jer er ophørt"
NOTICE_TEXT = (
    "I kan ikke åbne noget nyt fra den deling. Det, I har fået, må I beholde. Har I adgang af en anden grund, gælder "
    "den stadig."
)


def notice(ident: str, *, child: str, to: str, at: int, read_at: int | None = None) -> Resource:
    """A message to a unit that a sharing with it has ended. It names nobody and no reason, and has no sender: whoever
    sent it would be the one who said no. `read_at`: somebody of the unit has read it."""
    read = {} if read_at is None else {"received": _instant(read_at)}
    return {
        "resourceType": "Communication", "id": ident, "status": "completed", "category": [_kind(NOTICE)],
        "meta": {"security": [{"system": SENSITIVITY, "code": "ordinary"}]},
        "subject": {"reference": f"Patient/{child}"}, "topic": {"text": NOTICE_TITLE}, "sent": _instant(at), **read,
        "recipient": [{"reference": f"Organization/{to}"}], "payload": [{"contentString": NOTICE_TEXT}],
    }  # fmt: skip


def blocking(ident: str, *, child: str, entry: str, at: int, on: bool) -> Resource:
    """A young person's *spærring* of one entry. Only the young person reads it."""
    return {
        "resourceType": "Consent", "id": ident, "status": "active" if on else "inactive",
        "meta": {"security": [{"system": SENSITIVITY, "code": "youth-only"}]},
        "scope": {"coding": [{"system": terms.CONSENT_SCOPE, "code": "patient-privacy"}]},
        "category": [{**_kind(BLOCKING), "text": "Spærring"}], "patient": {"reference": f"Patient/{child}"},
        "dateTime": written(at), "performer": [{"reference": f"Patient/{child}"}],
        "policyRule": {"coding": [{"system": terms.ACT_CODE, "code": "OPTOUT", "display": "opt-out"}]},
        "provision": {"type": "deny", "data": [{"meaning": "instance", "reference": {"reference": entry}}]},
    }  # fmt: skip


def blocked_by(resource: Resource) -> str:
    """The id of the entry that this resource blocks; empty when it is no blocking or has been lifted."""
    return blocking_of(resource) if resource.get("status") == "active" else ""


def blocking_of(resource: Resource) -> str:
    """The id of the entry that this resource blocks or has blocked; empty when it is no blocking."""
    if BLOCKING not in codes_of(resource.get("category"), terms.ENTRY_KIND):
        return ""
    data = next(members((resource.get("provision") or {}).get("data")), {})
    return reference_of(data.get("reference")).rpartition("/")[2]


def _kind(code: str) -> Resource:
    return {"coding": [{"system": terms.ENTRY_KIND, "code": code}]}


def _instant(at: int) -> str:
    """A moment with its clock time, as FHIR's instant wants it."""
    return moment(at).isoformat()
