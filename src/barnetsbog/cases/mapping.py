"""A task's end and new beginning in FHIR: versions of its EpisodeOfCare, and the final note. Pure.

Who ended it and why stand in the extensions that a ball has too (`moved-by`, `move-reason`).
"""

import base64
from typing import Any

from barnetsbog.fhir.own import extension, extension_of, members, referred, referring, without
from barnetsbog.kernel.time import iso

Resource = dict[str, Any]


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
    told = [referring("moved-by", by), extension("move-reason", "String", reason.strip())]
    return {**episode, "extension": [*without(episode, "moved-by", "move-reason"), *told]}


def closed_by(episode: Resource) -> str:
    return referred(episode, "moved-by")


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
