"""A pack as a FHIR List, and back. Pure.

The entries are the List's own; act, day of the meeting, receivers, reason and approval stand in one extension of ours.
A List that can't be read precisely is no pack: it tells nobody anything.
"""

from collections.abc import Sequence
from typing import Any

from barnetsbog.consent.reading import written
from barnetsbog.fhir.own import (
    BASE,
    codes_of,
    complex_extension,
    extensions_of,
    ident_of,
    members,
    parts_of,
    reference_of,
)
from barnetsbog.kernel.time import parse

from .model import ACTS, Pack

Resource = dict[str, Any]
KIND, EXTENSION = "meeting-pack", "meeting-pack"
_ENTRY_KIND = f"{BASE}/CodeSystem/entry-kind"


def pack_of(resource: Resource) -> Pack | None:
    """The pack in a List; None when it is none, or no longer."""
    found = extensions_of(resource, EXTENSION)
    code = (resource.get("code") or {}).get("coding")
    if resource.get("status") != "current" or KIND not in codes_of(code, _ENTRY_KIND) or len(found) != 1:
        return None
    try:
        return _read(resource, found[0])
    except ValueError:  # a day that is none
        return None


def _read(resource: Resource, told: Resource) -> Pack | None:
    act, meeting = _one(told, "act"), _one(told, "meeting")
    units = [ident_of(reference_of(one)) for one in parts_of(told, "for")]
    entries = [ident_of(reference_of(one.get("item"))) for one in members(resource.get("entry"))]
    made = str(resource.get("date", ""))
    if act not in ACTS or not meeting or not made or not units or None in units or not entries or None in entries:
        return None
    return Pack(
        id=str(resource["id"]), act=act, made_at=parse(made)[0], until=parse(meeting, end=True)[0] + 1,
        to=tuple((str(unit), "") for unit in units), entries=tuple(str(one) for one in entries),
        reason=_one(told, "reason").strip(), approved_by=_approver(told),
    )  # fmt: skip


def _one(extension: Resource, name: str) -> str:
    values = parts_of(extension, name)
    return str(values[0] or "") if len(values) == 1 else ""


def _approver(extension: Resource) -> str:
    found = [ident_of(reference_of(one)) for one in parts_of(extension, "approved-by")]
    return str(found[0]) if len(found) == 1 and found[0] else ""


def resource_of(pack: Pack, *, child: str, author: str, title: str, entries: Sequence[str]) -> Resource:
    """The List of a pack. `author`: who made it; `entries`: references (`Type/id`) to what is told."""
    approved = {"reference": f"PractitionerRole/{pack.approved_by}"} if pack.approved_by else ""
    parts = {
        "act": ("Code", pack.act), "meeting": ("Date", written(pack.until - 1)[:10]), "reason": ("String", pack.reason),
        "for": ("Reference", tuple({"reference": f"Organization/{unit}"} for unit, _ in pack.to)),
        "approved-by": ("Reference", approved),
    }  # fmt: skip
    return {
        "resourceType": "List", "id": pack.id, "status": "current", "mode": "snapshot", "title": title,
        "code": {"coding": [{"system": _ENTRY_KIND, "code": KIND}]}, "subject": {"reference": f"Patient/{child}"},
        "date": written(pack.made_at), "source": {"reference": author},
        "extension": [complex_extension(EXTENSION, parts)], "entry": [{"item": {"reference": one}} for one in entries],
    }  # fmt: skip
