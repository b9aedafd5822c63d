"""To whom an entry was sent: what is sent to a unit, that unit may read.

Only what really was addressed counts: not the sender, not somebody who is merely named, and nothing that was never
sent or was entered in error.
"""

from collections.abc import Callable, Mapping
from typing import Any

from barnetsbog.consent import terms
from barnetsbog.fhir.own import BASE, codes_of, extensions_of, members, value_of

Resource = dict[str, Any]

NOTICE, DIALOGUE = "notice", "dialogue"
SENSITIVITY, BETWEEN = f"{BASE}/CodeSystem/sensitivity", "between"
_READERS_OF_MAIL = ("Organization", "PractitionerRole", "RelatedPerson")
_NEVER_SENT = frozenset(("draft", "preparation", "not-done", "unknown", "entered-in-error"))


def addressed_to(resource: Resource) -> tuple[str, ...]:
    """References to the units (`Organization/…`), jobs (`PractitionerRole/…`) and relatives (`RelatedPerson/…`) that an
    entry is sent to, each once. A child sees its own without being sent it; but for what is between few (ADR 30)."""
    reader = _ADDRESSED.get(str(resource.get("resourceType")))
    if reader is None or resource.get("status") in _NEVER_SENT:
        return ()
    told = (one.get("reference") for one in reader(resource) if isinstance(one, dict))
    kinds = (*_READERS_OF_MAIL, "Patient") if _is_between(resource) else _READERS_OF_MAIL
    return tuple(dict.fromkeys(str(one) for one in told if str(one).partition("/")[0] in kinds))


def is_notice(resource: Resource) -> bool:
    """Whether it tells a unit that a sharing with it has ended."""
    return _is(resource, NOTICE)


def _is(resource: Resource, kind: str) -> bool:
    return kind in codes_of(resource.get("category"), terms.ENTRY_KIND)


def _is_between(resource: Resource) -> bool:
    """Whether no relation opens it, the child's own neither."""
    labels = (resource.get("meta") or {}).get("security")
    return _is(resource, DIALOGUE) or BETWEEN in codes_of(labels, SENSITIVITY)


def _extended(resource: Resource, name: str) -> list[Any]:
    return [value_of(found) for found in extensions_of(resource, name)]


def _task(task: Resource) -> list[Any]:
    return [task.get("owner"), *_extended(task, "offered-to")]


def _appointment(appointment: Resource) -> list[Any]:
    invited = [one.get("actor") for one in members(appointment.get("participant"))]
    return [*invited, *_extended(appointment, "took-part")]


_ADDRESSED: Mapping[str, Callable[[Resource], list[Any]]] = {
    "ServiceRequest": lambda request: [*members(request.get("performer")), *_extended(request, "accepted-by")],
    "Communication": lambda sent: list(members(sent.get("recipient"))),
    "Task": _task,
    "Appointment": _appointment,
    "QuestionnaireResponse": lambda form: _extended(form, "sent-to"),
    "DocumentReference": lambda enclosed: _extended(enclosed, "sent-to"),
    "MedicationAdministration": lambda given: _extended(given, "sent-to"),
    "Observation": lambda told: _extended(told, "sent-to"),
    "CarePlan": lambda agreed: _extended(agreed, "sent-to"),
    "RiskAssessment": lambda suspected: _extended(suspected, "sent-to"),
}

SENT = frozenset(_ADDRESSED)
"""The types of resources that are sent to somebody."""
