"""Batons in FHIR: a Task is a ball, and the coordinator is a participant of the child's CareTeam. Pure.

Each version of the resource says what was done in it (extension `move`), by whom and why, so that its versions are its
history. What another system said about it besides is left as it stands.
"""

from typing import Any

from barnetsbog.fhir.own import (
    BASE,
    extension,
    extension_of,
    extensions_of,
    members,
    reference_of,
    referred,
    referring,
    without,
)
from barnetsbog.kernel.time import iso, parse
from barnetsbog.record.promotion import TEAM_ROLE, coordinator_of

from .model import Baton, Event, Move, NewBall, State

Resource = dict[str, Any]

_OVER = {
    "completed": State.DONE, "cancelled": State.CANCELLED, "rejected": State.CANCELLED, "failed": State.CANCELLED,
    "entered-in-error": State.CANCELLED,
}  # fmt: skip
_STATUS = {
    State.NOBODY: "requested", State.NEW: "requested", State.HELD: "in-progress", State.OFFERED: "in-progress",
    State.DONE: "completed", State.CANCELLED: "cancelled",
}  # fmt: skip
_MOVES = {move.value: move for move in Move}


# -- reading -----------------------------------------------------------------------------------------------------------


def baton_of(resource: Resource) -> Baton:
    offered_to, offered_by = (referred(resource, name) for name in ("offered-to", "offered-by"))
    if resource["resourceType"] == "CareTeam":
        return Baton(reference_of(coordinator_of(resource).get("member")), offered_to, offered_by)
    return Baton(
        reference_of(resource.get("owner")), offered_to, offered_by, reference_of(resource.get("requester")),
        _OVER.get(str(resource.get("status"))),
    )  # fmt: skip


def event_of(resource: Resource, *, recorded_at: int, by: str) -> Event:
    """What was done in one version. `by`: who registered it, where the version does not say who did it."""
    move = _MOVES.get(str(extension_of(resource, "move")))
    doer = referred(resource, "moved-by") or by
    if move is None:
        doer = referred(resource, "changed-by") or referred(resource, "author") or doer
    return Event(move, recorded_at, doer, baton_of(resource), str(extension_of(resource, "move-reason") or ""),
                 due_of(resource))  # fmt: skip


def due_of(task: Resource) -> int | None:
    end = ((task.get("restriction") or {}).get("period") or {}).get("end")
    return parse(str(end), end=True)[0] if end else None


def deadline_of(task: Resource) -> str:
    """The id of the deadline that it is due by; empty when somebody chose the day."""
    return str(extension_of(task, "deadline") or "")


def about_of(task: Resource) -> str:
    """A reference to what set it off; empty when somebody opened it."""
    return reference_of(task.get("focus"))


def text_of_ball(task: Resource) -> str:
    """What there is to do, in whole sentences."""
    return "\n\n".join(str(note["text"]) for note in members(task.get("note")) if note.get("text"))


# -- writing -----------------------------------------------------------------------------------------------------------


def ball(ident: str, *, child: str, wanted: NewBall, baton: Baton, at: int) -> Resource:
    """A new ball, as whoever opens it wants it."""
    refers = [referring("waits-for", one) for one in wanted.waits_for]
    resource: Resource = {
        "resourceType": "Task", "id": ident, "meta": {"profile": [f"{BASE}/StructureDefinition/ball"]},
        "extension": [referring("author", baton.opened_by), *refers], "intent": "order",
        "code": {"text": "Bolden"}, "description": wanted.title.strip(), "for": {"reference": f"Patient/{child}"},
        "authoredOn": iso(at), "executionPeriod": {"start": iso(at)}, "requester": {"reference": baton.opened_by},
    }  # fmt: skip
    if wanted.about:
        resource = about(resource, wanted.about)
    if wanted.important:
        resource["meta"]["tag"] = [{"system": f"{BASE}/CodeSystem/entry-tag", "code": "important"}]
    if wanted.text.strip():
        resource["note"] = [{"text": wanted.text.strip()}]
    if wanted.deadline:
        resource["extension"].append(extension("deadline", "Code", wanted.deadline))
    if wanted.due is not None:
        resource["restriction"] = {"period": {"end": iso(wanted.due)}}
    return with_move(resource, Event(Move.OPEN, at, baton.opened_by, baton))


def about(task: Resource, thing: str) -> Resource:
    """The same ball, about something."""
    return {**task, "focus": {"reference": thing}}


def team(ident: str, *, child: str) -> Resource:
    """A team without anybody in it, where there was none."""
    return {
        "resourceType": "CareTeam", "id": ident, "status": "active", "name": "Teamet om barnet",
        "subject": {"reference": f"Patient/{child}"},
    }  # fmt: skip


def with_move(resource: Resource, event: Event) -> Resource:
    """The next version of a Task or a CareTeam: the same, and who has it now."""
    found = {**resource, "extension": [*without(resource, *_OURS), *_told(event)]}
    if resource["resourceType"] != "CareTeam":
        return _task(found, event)
    participants = _participants(resource, event.after.holder)
    return {**found, "participant": participants} if participants else found


def _task(task: Resource, event: Event) -> Resource:
    task = {**task, "status": _STATUS[event.after.state], "lastModified": iso(event.at)}
    task.pop("owner", None)
    if event.after.holder:
        task["owner"] = {"reference": event.after.holder}
    period = {key: value for key, value in (task.get("executionPeriod") or {}).items() if key != "end"}
    if event.after.over:
        period["end"] = iso(max(event.at, parse(str(period["start"]))[0]) if "start" in period else event.at)
    if period:
        task["executionPeriod"] = period
    if event.move is Move.DUE and event.due is not None:
        task["restriction"] = _until(task.get("restriction") or {}, event.due)
    return task


def still_moved(sent: Resource, before: Resource) -> Resource | None:
    """A Task as its source sends it, with what has been done with the ball here since it last knew (`before`); None
    where that is nothing. Who has it, and that it is over, is as it was left here; but that it is over there counts."""
    over = sent.get("status") in _OVER and before.get("status") not in _OVER
    if over or _modified(sent) >= _modified(before):
        return None
    due = ["restriction"] if "lastModified" in sent or extension_of(before, "move") == Move.DUE else []
    names = ("status", "owner", "lastModified", "executionPeriod", *due)
    offered = [one for name in ("offered-to", "offered-by") for one in extensions_of(before, name)]
    found = {key: value for key, value in sent.items() if key not in (*names, "extension")}
    kept = {name: before[name] for name in names if name in before}
    told = [*without(sent, *_OURS), *offered]
    return found | kept | ({"extension": told} if told else {})


def _modified(task: Resource) -> int:
    """When it was last said to be moved; before anything else where nobody says."""
    told = task.get("lastModified")
    return parse(str(told))[0] if told else 0


def _until(restriction: Resource, due: int) -> Resource:
    """The same, with another end; and with its beginning, unless that would come after it."""
    period = {**(restriction.get("period") or {}), "end": iso(due)}
    if "start" in period and parse(str(period["start"]))[0] > due:
        del period["start"]
    return {**restriction, "period": period}


_OURS = ("offered-to", "offered-by", "move", "moved-by", "move-reason")
"""The extensions that a move says anew."""


def _told(event: Event) -> list[Resource]:
    references = {"offered-to": event.after.offered_to, "offered-by": event.after.offered_by, "moved-by": event.by}
    found = [referring(name, one) for name, one in references.items() if one]
    if event.move:
        found.append(extension("move", "Code", event.move.value))
    if event.reason.strip():
        found.append(extension("move-reason", "String", event.reason.strip()))
    return found


def _participants(team: Resource, coordinator: str) -> list[Resource]:
    """Whoever was coordinator is still of the team; the new one stands first. What else is said of them stays."""
    before, listed = coordinator_of(team), list(members(team.get("participant")))
    if before and reference_of(before.get("member")) == coordinator:
        return listed
    others = [one for one in listed if one is not before]
    if before:
        others.append(_with_role(before, "member"))
    mine = [one for one in others if reference_of(one.get("member")) == coordinator and not _named(one)]
    others = [one for one in others if one not in mine]
    return [*_lead(coordinator, *mine[:1]), *others] if coordinator else others


def _named(participant: Resource) -> bool:
    """A part of its own, and not merely being of the team."""
    codes = [c.get("code") for role in members(participant.get("role")) for c in members(role.get("coding"))]
    return "member" not in codes


def _lead(reference: str, was: Resource | None = None) -> list[Resource]:
    """Somebody who becomes coordinator is of the team from now on, also if they had left it."""
    kept = {key: value for key, value in (was or {}).items() if key != "period"}
    return [_with_role({**kept, "member": {"reference": reference}}, "coordinator")]


def _with_role(participant: Resource, code: str) -> Resource:
    return {**participant, "role": [{"coding": [{"system": TEAM_ROLE, "code": code}]}]}
