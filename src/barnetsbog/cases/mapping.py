"""A task's end and new beginning in FHIR: versions of its EpisodeOfCare, and the final note. Pure.

Who ended it and why stand in the extensions that a ball has too (`moved-by`, `move-reason`).
"""

import base64
from typing import Any

from barnetsbog.fhir.own import EXTENSION, extension_of, members, reference_of
from barnetsbog.kernel.time import iso

Resource = dict[str, Any]
_OURS = (f"{EXTENSION}moved-by", f"{EXTENSION}move-reason")


def ended(episode: Resource, *, by: str, reason: str, at: int) -> Resource:
    period = {**(episode.get("period") or {}), "end": iso(at)}
    return {**_moved(episode, by, reason), "status": "finished", "period": period}


def begun_again(episode: Resource, *, by: str, reason: str) -> Resource:
    """It lasts again; that it was over stands in its history."""
    period = episode.get("period") or {}
    before = [*members(episode.get("statusHistory")), {"status": "finished", "period": period}]
    open_ended = {key: value for key, value in period.items() if key != "end"}
    return {**_moved(episode, by, reason), "status": "active", "period": open_ended, "statusHistory": before}


def _moved(episode: Resource, by: str, reason: str) -> Resource:
    others = [one for one in members(episode.get("extension")) if one.get("url") not in _OURS]
    told = [
        {"url": _OURS[0], "valueReference": {"reference": by}},
        {"url": _OURS[1], "valueString": reason.strip()},
    ]
    return {**episode, "extension": [*others, *told]}


def closed_by(episode: Resource) -> str:
    return reference_of(extension_of(episode, "moved-by"))


def reason_of(episode: Resource) -> str:
    return str(extension_of(episode, "move-reason") or "")


def note(ident: str, *, child: str, by: str, title: str, text: str, at: int) -> Resource:
    """The final note."""
    data = base64.b64encode(text.strip().encode()).decode("ascii")
    attachment = {"contentType": "text/plain; charset=utf-8", "language": "da", "data": data, "title": title}
    return {
        "resourceType": "DocumentReference", "id": ident, "status": "current", "docStatus": "final",
        "type": {"text": "afslutning"}, "subject": {"reference": f"Patient/{child}"}, "date": iso(at),
        "author": [{"reference": by}], "description": title, "content": [{"attachment": attachment}],
    }  # fmt: skip
