"""Alma and those around her, as in the tests of the ball, and a school that notifies."""

from typing import Any

from barnetsbog.fhir.own import BASE
from barnetsbog.kernel.time import iso
from barnetsbog.record.models import Entry
from tests.builders import Json
from tests.integration.responsibility.conftest import clock, team  # noqa: F401

NOW = "2026-11-25T12:00:00+01:00"


def kind(code: str) -> list[Json]:
    return [{"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": code}]}]


def concern(ident: str = "u1", to: str = "Organization/familie", sent: str = NOW, **more: Any) -> Json:
    """A teacher notifies."""
    return {
        "resourceType": "Communication", "id": ident, "status": "completed", "category": kind("concern"),
        "subject": {"reference": "Patient/alma"}, "topic": {"text": "Skolen er bekymret for Alma"}, "sent": sent,
        "recipient": [{"reference": to}], "sender": {"reference": "PractitionerRole/maja"},
        "payload": [{"contentString": "Hun vil ikke hjem."}], **more,
    }  # fmt: skip


def support(ident: str = "i1", by: str = "rita", start: str = "2026-11-20", **more: Any) -> Json:
    return {
        "resourceType": "CarePlan", "id": ident, "status": "active", "intent": "plan", "title": "Støtte i hjemmet",
        "subject": {"reference": "Patient/alma"}, "period": {"start": start}, "category": kind("intervention"),
        "author": {"reference": f"PractitionerRole/{by}"}, **more,
    }  # fmt: skip


def plan(ident: str = "p1", by: str = "rita", start: str = "2026-11-01", **more: Any) -> Json:
    return {**support(ident, by, start), "title": "Barnets plan", "category": kind("plan"), **more}


def decision(ident: str = "d1", by: str = "rita", at: str = NOW, type_: str = "afgørelse") -> Json:
    return {
        "resourceType": "DocumentReference", "id": ident, "status": "current", "type": {"text": type_},
        "subject": {"reference": "Patient/alma"}, "date": at, "author": [{"reference": f"PractitionerRole/{by}"}],
        "description": "Støtte blev bevilget", "content": [{"attachment": {"title": "Afgørelse"}}],
    }  # fmt: skip


def opened() -> set[tuple[str, str]]:
    """The titles of open balls and the ends of their deadlines."""
    rows = Entry.objects.filter(what="task", open=True).values_list("title", "due")
    return {(title, iso(due)[:16] if due else "") for title, due in rows}
