"""What is agreed, asked for or promised: appointments, referrals and tasks (the ball)."""

from __future__ import annotations

from datetime import timedelta

from barnetsbog.demo.dates import at_noon, day_of, fhir_datetime, instant
from barnetsbog.demo.mapping import terms
from barnetsbog.demo.mapping.frame import Frame, Json, entry_kind, extension, note, resource
from barnetsbog.demo.model import CHILD, Appointment, Referral, Task, Version

_USUAL_LENGTH = timedelta(hours=1)


def appointment(frame: Frame, version: Version, event: Appointment) -> Json:
    """FHIR lets no unit take part in an Appointment, so a unit stands beside it."""
    people = [key for key in dict.fromkeys((CHILD, *event.with_)) if not frame.is_unit(key)]
    units = [key for key in event.with_ if frame.is_unit(key)]
    start = at_noon(event.at)
    end = at_noon(event.until) if event.until else start + _USUAL_LENGTH
    return resource(
        "Appointment",
        frame,
        version,
        [
            extension("place", "String", event.place),
            *(extension("took-part", "Reference", frame.unit(key)) for key in units),
            extension("for-intervention", "Reference", _awaited(frame, event.part_of) if event.part_of else None),
        ],
        profile="appointment",
        status=terms.APPOINTMENTS[_appointment_state(frame, event)],
        description=event.title,
        start=start.isoformat(timespec="seconds"),
        end=end.isoformat(timespec="seconds"),
        created=instant(frame.registered(event)),
        comment=event.text,
        patientInstruction=event.prepare,
        participant=[
            {"actor": frame.refer(key), "status": "needs-action" if key in event.asked else "accepted"}
            for key in people
        ],
    )


def _appointment_state(frame: Frame, event: Appointment) -> str:
    return event.state or ("aftalt" if day_of(event.at) >= frame.today else "holdt")


def referral(frame: Frame, version: Version, event: Referral) -> Json:
    state, status = terms.REFERRAL_STATES[event.state]
    return resource(
        "ServiceRequest",
        frame,
        version,
        [
            extension("referral-state", "Code", state),
            extension("accepted-by", "Reference", frame.unit(event.taken_by) if event.taken_by else None),
        ],
        status=status,
        intent="order",
        category=entry_kind("referral"),
        code={"text": event.title},
        subject=frame.child,
        authoredOn=fhir_datetime(event.at),
        requester=frame.refer(event.by),
        performer=[frame.unit(event.to)],
        reasonCode=[{"text": event.because}] if event.because else [],
        note=note(event.text),
    )


def task(frame: Frame, version: Version, event: Task) -> Json:
    """The ball: its owner has it; without an owner nobody has, and the overview must say so."""
    written = instant(event.at)
    return resource(
        "Task",
        frame,
        version,
        [
            extension("offered-to", "Reference", frame.refer(event.offered_to) if event.offered_to else None),
            *(extension("waits-for", "Reference", _awaited(frame, key)) for key in event.waits_for),
        ],
        profile="ball",
        status=_task_status(event),
        intent="order",
        code={"text": "Bolden"},
        description=event.title,
        for_=frame.child,
        executionPeriod={"start": written, "end": instant(event.done) if event.done else None},
        authoredOn=written,
        lastModified=instant(max(version.at or event.at, event.at, key=at_noon)),
        requester=frame.refer(event.by),
        owner=frame.refer(event.holder) if event.holder else None,
        note=note(event.text),
        restriction={"period": {"end": fhir_datetime(event.due)}} if event.due else None,
    )


def _task_status(event: Task) -> str:
    if event.done or event.state == "færdig":
        return "completed"
    if event.state == "tilbudt" or not event.holder:
        return "requested"
    return "in-progress"


def _awaited(frame: Frame, key: str) -> Json:
    """What the ball waits for: an entry by its key, or somebody's move."""
    found = frame.entry(key)
    if found is None:
        return frame.refer(key)
    return {"reference": f"{RESOURCE_OF[found.kind]}/{found.id}", "display": found.title}


RESOURCE_OF = {
    "meeting": "Encounter",
    "observation": "Observation",
    "measure": "Observation",
    "document": "DocumentReference",
    "letter": "Communication",
    "message": "Communication",
    "concern": "Communication",
    "condition": "Condition",
    "intervention": "CarePlan",
    "goal": "Goal",
    "appointment": "Appointment",
    "referral": "ServiceRequest",
    "task": "Task",
    "consent": "Consent",
    "plan": "CarePlan",
    "carer-status": "Observation",
    "contact-plan": "CarePlan",
    "care-agreement": "CarePlan",
}
"""The resource type a kind becomes: needed where one entry points at another."""
