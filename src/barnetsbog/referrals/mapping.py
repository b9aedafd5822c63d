"""Referrals in FHIR: a ServiceRequest, whose versions are its history. Pure.

What another system's ServiceRequest says besides is left as it stands. Our own state is finer than FHIR's status and
stands in an extension; who only reads FHIR sees MedCom's five.
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
    value_of,
    without,
)
from barnetsbog.kernel.time import iso, parse
from barnetsbog.record.decided import SAID_HERE, STEP
from barnetsbog.record.promotion import ENTRY_KIND, SENSITIVITY, kind_code, text_of

from .model import Event, Move, Referral, State, Urgency

Resource = dict[str, Any]

STATUS = {
    State.DRAFT: "draft", State.SENT: "active", State.RECEIVED: "active", State.INCOMPLETE: "on-hold",
    State.ACCEPTED: "active", State.RETURNED: "revoked", State.REJECTED: "revoked", State.REDIRECTED: "revoked",
    State.WITHDRAWN: "revoked", State.CLOSED: "completed",
}  # fmt: skip
_FOREIGN = {
    "draft": State.DRAFT, "active": State.SENT, "on-hold": State.INCOMPLETE, "revoked": State.WITHDRAWN,
    "completed": State.CLOSED, "entered-in-error": State.WITHDRAWN, "unknown": State.SENT,
}  # fmt: skip
_STATES = {state.value: state for state in State}
_MOVES = {move.value: move for move in Move}
_URGENCY = {"asap": Urgency.SOON, **{one.value: one for one in Urgency}}

TRANSFER = "transfer"
"""The kind of a referral that is a package to a new municipality."""

_WORDS = ("tried", "route-override", "move-reason", "alternative")
_OURS = (*SAID_HERE, *STEP)


# -- reading -----------------------------------------------------------------------------------------------------------


def referral_of(resource: Resource) -> Referral:
    said = {name: str(extension_of(resource, name) or "") for name in _WORDS}
    sent = extension_of(resource, "sent-at")
    return Referral(
        id=str(resource.get("id", "")), state=state_of(resource), referrer=reference_of(resource.get("requester")),
        to=reference_of(resource.get("performer")), title=text_of(resource.get("code")),
        suspicion=str(extension_of(resource, "suspicion") or ""),
        urgency=_URGENCY.get(str(resource.get("priority")), Urgency.PLANNED),
        reason=text_of(resource.get("reasonCode")), tried=said["tried"] or _notes(resource),
        package=tuple(reference_of(one) for one in members(resource.get("supportingInfo"))),
        override=said["route-override"], replaces=reference_of(resource.get("replaces")),
        gaps=tuple(str(value_of(one)) for one in extensions_of(resource, "gap")), cause=said["move-reason"],
        alternative=said["alternative"], accepted_by=referred(resource, "accepted-by"),
        written_at=parse(str(resource["authoredOn"]))[0] if "authoredOn" in resource else 0,
        sent_at=parse(str(sent))[0] if sent else None, ball=referred(resource, "ball-of"),
        transfer=kind_code(resource) == TRANSFER,
    )  # fmt: skip


def state_of(resource: Resource) -> State:
    """Our own state, or the nearest to what another system says."""
    ours = _STATES.get(str(extension_of(resource, "referral-state")))
    return ours or _FOREIGN.get(str(resource.get("status")), State.SENT)


def _notes(resource: Resource) -> str:
    return "\n\n".join(str(note["text"]) for note in members(resource.get("note")) if note.get("text"))


def event_of(resource: Resource, *, recorded_at: int, by: str) -> Event:
    move = _MOVES.get(str(extension_of(resource, "move")))
    doer = referred(resource, "moved-by") or by
    if move is None:
        told = (referred(resource, name) for name in ("changed-by", "author"))
        doer = next(filter(None, told), doer)
    return Event(move, recorded_at, doer, referral_of(resource))


# -- writing -----------------------------------------------------------------------------------------------------------


def new(ident: str, *, child: str, referrer: str, at: int, kind: str = "referral") -> Resource:
    """An empty referral, to be filled by `with_move`."""
    return {
        "resourceType": "ServiceRequest", "id": ident, "meta": {"profile": [f"{BASE}/StructureDefinition/referral"]},
        "extension": [referring("author", referrer)], "intent": "order",
        "category": [{"coding": [{"system": ENTRY_KIND, "code": kind}]}],
        "subject": {"reference": f"Patient/{child}"}, "authoredOn": iso(at), "requester": {"reference": referrer},
    }  # fmt: skip


def with_move(resource: Resource, event: Event) -> Resource:
    """The next version of a referral."""
    found = {**resource, "status": STATUS[event.after.state], "priority": event.after.urgency.value}
    found["extension"] = [*without(resource, *_OURS), *_told(event)]
    _put(found, "meta", _labelled(resource.get("meta") or {}, event.after.state))
    _put(found, "code", {"text": event.after.title} if event.after.title else None)
    _put(found, "performer", [{"reference": event.after.to}] if event.after.to else None)
    _put(found, "reasonCode", [{"text": event.after.reason}] if event.after.reason else None)
    _put(found, "supportingInfo", [{"reference": one} for one in event.after.package])
    _put(found, "replaces", [{"reference": event.after.replaces}] if event.after.replaces else None)
    return found


def _labelled(meta: Resource, state: State) -> Resource:
    """A draft is its writer's unit's alone."""
    others = [one for one in members(meta.get("security")) if one.get("code") != "draft"]
    labels = [*others, {"system": SENSITIVITY, "code": "draft"}] if state is State.DRAFT else others
    found = {key: value for key, value in meta.items() if key != "security"}
    return {**found, "security": labels} if labels else found


def _put(resource: Resource, name: str, value: Any) -> None:
    """Sets an element, or leaves it out when there is nothing to say."""
    resource.pop(name, None)
    if value:
        resource[name] = value


def _told(event: Event) -> list[Resource]:
    after = event.after
    found = [extension("referral-state", "Code", after.state.value)]
    if event.move:
        found.append(extension("move", "Code", event.move.value))
    found.append(referring("moved-by", event.by))
    words = {"suspicion": after.suspicion, "route-override": after.override, "move-reason": after.cause,
             "tried": after.tried, "alternative": after.alternative}  # fmt: skip
    found += [extension(name, "String", text) for name, text in words.items() if text.strip()]
    found += [extension("gap", "String", gap) for gap in after.gaps]
    if after.sent_at is not None:
        found.append(extension("sent-at", "DateTime", iso(after.sent_at)))
    if after.ball:
        found.append(referring("ball-of", after.ball))
    if after.accepted_by:
        found.append(referring("accepted-by", after.accepted_by))
    return found


def care(ident: str, *, child: str, unit: str, at: int, title: str) -> Resource:
    """The relation that begins when a unit takes a child on."""
    return {
        "resourceType": "EpisodeOfCare", "id": ident, "status": "active", "patient": {"reference": f"Patient/{child}"},
        "managingOrganization": {"reference": unit}, "period": {"start": iso(at)}, "type": [{"text": title}],
    }  # fmt: skip
