"""What happened and what was written down: meetings, observations, measures, documents, letters, messages, concerns."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any

from barnetsbog.demo.dates import day_of, fhir_datetime, instant
from barnetsbog.demo.mapping import terms
from barnetsbog.demo.mapping.frame import Frame, Json, coding, concept, entry_kind, extension, note, resource
from barnetsbog.demo.model import CHILD, Document, Measure, Meeting, Observation, Sent, Version


def meeting(frame: Frame, version: Version, event: Meeting) -> Json:
    """Neither child nor unit may be an Encounter's participant: the one is its subject, the other an extension."""
    people = [key for key in dict.fromkeys((event.by, *event.with_)) if key != CHILD]
    units = [key for key in people if frame.is_unit(key)]
    return resource(
        "Encounter",
        frame,
        version,
        [
            extension("text", "Markdown", event.text),
            *(extension("took-part", "Reference", frame.unit(key)) for key in units),
        ],
        status="finished" if day_of(event.at) <= frame.today else "planned",
        class_=coding(terms.ACT_CODE, "AMB", "ambulatory"),
        type=[{"text": event.title}],
        subject=frame.child,
        participant=[{"individual": frame.refer(key)} for key in people if key not in units],
        period=_held(event),
        length=_minutes(event.minutes),
        serviceProvider=frame.unit_of(event.by),
    )


def _held(event: Meeting) -> Json:
    start = fhir_datetime(event.at)
    if isinstance(event.at, datetime) and event.minutes:
        return {"start": start, "end": fhir_datetime(event.at + timedelta(minutes=event.minutes))}
    return {"start": start}


def _minutes(minutes: int | None) -> Json | None:
    return {"value": minutes, "unit": "min", "system": terms.UNITS_OF_MEASURE, "code": "min"} if minutes else None


def observation(frame: Frame, version: Version, event: Observation) -> Json:
    return resource(
        "Observation",
        frame,
        version,
        **_observed(frame, event, "social-history"),
        valueString=event.text,
    )


def _observed(frame: Frame, event: Observation | Measure, category: str) -> dict[str, Any]:
    return {
        "status": "final",
        "category": [concept(terms.OBSERVATION_CATEGORY, category)],
        "code": {"text": event.title},
        "subject": frame.child,
        "effectiveDateTime": fhir_datetime(event.at),
        "performer": [frame.refer(event.by)],
    }


def measure(frame: Frame, version: Version, event: Measure) -> Json:
    number = isinstance(event.value, int | float)
    return resource(
        "Observation",
        frame,
        version,
        **_observed(frame, event, "survey"),
        method={"text": event.instrument},
        valueQuantity={"value": event.value, "unit": event.unit} if number else None,
        valueCodeableConcept={"text": _words(event)} if not number else None,
        note=note(event.text),
    )


def _words(event: Measure) -> str | None:
    """A result that isn't a number: `udtalt (niveau)`."""
    return f"{event.value} {event.unit or ''}".strip() if event.value is not None else None


def document(frame: Frame, version: Version, event: Document) -> Json:
    return resource(
        "DocumentReference",
        frame,
        version,
        status="current",
        docStatus="final",
        type={"text": event.type},
        subject=frame.child,
        date=instant(event.at),
        author=[frame.refer(event.by)],
        description=event.title,
        content=[
            {
                "attachment": {
                    "contentType": "text/plain; charset=utf-8",
                    "language": "da",
                    "data": base64.b64encode(event.text.encode()).decode("ascii"),
                    "title": event.title,
                }
            }
        ],
    )


def sent(frame: Frame, version: Version, event: Sent) -> Json:
    """A letter, a message or a concern: the three are one thing to FHIR, told apart by category."""
    return resource(
        "Communication",
        frame,
        version,
        status="completed",
        category=entry_kind(event.kind),
        priority="urgent" if event.kind == "concern" else None,
        subject=frame.child,
        topic={"text": event.title},
        sent=fhir_datetime(event.at),
        recipient=[frame.refer(key) for key in event.to],
        sender=frame.refer(event.by),
        payload=[{"contentString": event.text}],
    )
