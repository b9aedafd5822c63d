"""What is hard, what is done about it and what it is for: conditions, interventions, goals, plans."""

from __future__ import annotations

from barnetsbog.demo.dates import day_of, fhir_date, fhir_datetime
from barnetsbog.demo.mapping import terms
from barnetsbog.demo.mapping.frame import Frame, Json, concept, entry_kind, extension, note, resource
from barnetsbog.demo.model import CHILD, Condition, Goal, Intervention, Plan, Version

_MAY_CONFIRM = {"psychologist", "gp", "bup_clinician", "nurse", "health_visitor", "ltt"}
OVERALL = "fælles plan"
_DOUBT = ("mistanke", "mulig", "måske", "tvivl", "bekymring")


def condition(frame: Frame, version: Version, event: Condition) -> Json:
    over = _is_over(frame, event)
    return resource(
        "Condition",
        frame,
        version,
        clinicalStatus=concept(terms.CONDITION_CLINICAL, "resolved" if over else "active"),
        verificationStatus=concept(terms.CONDITION_VERIFIED, "confirmed" if _sure(frame, event) else "unconfirmed"),
        code={"text": event.title},
        subject=frame.child,
        onsetDateTime=fhir_datetime(event.at),
        abatementDateTime=fhir_datetime(event.until) if over and event.until else None,
        recordedDate=fhir_datetime(event.at),
        recorder=frame.refer(event.by),
        asserter=frame.refer(event.by),
        note=note(event.text),
    )


def _is_over(frame: Frame, event: Condition) -> bool:
    if event.state:
        return event.state == "ophørt"
    return event.until is not None and day_of(event.until) <= frame.today


def _sure(frame: Frame, event: Condition) -> bool:
    """A condition is confirmed by somebody whose job it is to say so, and who says so without reserve."""
    writer = frame.professional(event.by)
    doubted = any(word in event.title.lower() for word in _DOUBT)
    return writer is not None and writer.role in _MAY_CONFIRM and not doubted and not event.imported


def intervention(frame: Frame, version: Version, event: Intervention) -> Json:
    status, activity = terms.INTERVENTIONS[_intervention_state(frame, event)]
    return resource(
        "CarePlan",
        frame,
        version,
        status=status,
        intent="plan",
        category=entry_kind("intervention"),
        title=event.title,
        description=event.text,
        subject=frame.child,
        period={"start": fhir_datetime(event.at), "end": fhir_datetime(event.until) if event.until else None},
        author=frame.refer(event.by),
        activity=[{"detail": {"status": activity, "description": event.title}}],
        note=note(event.effect),
    )


def _intervention_state(frame: Frame, event: Intervention) -> str:
    if event.state:
        return event.state
    if day_of(event.at) > frame.today:
        return "planlagt"
    return "afsluttet" if event.until and day_of(event.until) <= frame.today else "i gang"


def goal(frame: Frame, version: Version, event: Goal) -> Json:
    """With a quote it is the child's own goal in the child's own words; without, the professionals' goal."""
    own = event.quote is not None
    return resource(
        "Goal",
        frame,
        version,
        [
            extension("entry-title", "String", event.title),
            extension("said-to", "Reference", frame.refer(event.said_to) if event.said_to else None),
            extension("may-be-shared", "Boolean", event.share),
            extension("scale", "Integer", event.scale),
        ],
        lifecycleStatus="active",
        category=entry_kind("own-goal" if own else "goal"),
        description={"text": event.quote or event.title},
        subject=frame.child,
        startDate=fhir_date(event.at),
        statusDate=fhir_date(version.at or event.at),
        expressedBy=frame.refer(CHILD if own else event.by),
        note=note(event.text),
    )


def plan(frame: Frame, version: Version, event: Plan) -> Json:
    kind = "overall-plan" if event.type == OVERALL else "plan"
    goals = [found.id for key in event.goals if (found := frame.entry(key))]
    return resource(
        "CarePlan",
        frame,
        version,
        [extension("follow-up", "Date", fhir_date(event.follow_up) if event.follow_up else None)],
        profile=kind,
        status="active",
        intent="plan",
        category=entry_kind(kind, event.type),
        title=event.title,
        description=event.text,
        subject=frame.child,
        period={"start": fhir_datetime(event.at)},
        created=fhir_datetime(event.at),
        author=frame.refer(event.by),
        goal=[{"reference": f"Goal/{identity}"} for identity in goals],
    )
