"""A line of the log as a FHIR R4 AuditEvent, in the shape of IHE's Basic Audit Log Patterns (BALP 1.1). Pure.

Who is told what is decided before: a `Telling` holds what its reader may know and nothing else, and whatever is empty
in it is left out here.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

import orjson

from barnetsbog.fhir.own import BASE
from barnetsbog.kernel.time import iso

from .model import READS, Action

Json = dict[str, Any]

DICOM = "http://dicom.nema.org/resources/ontology/DCM"
HL7 = "http://terminology.hl7.org/CodeSystem"
INTERACTION = "http://hl7.org/fhir/restful-interaction"
OWN_ACTION = f"{BASE}/CodeSystem/log-action"
PROFILES = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit"
OBSERVER = {"display": "Barnets Bog"}


def _coding(system: str, code: str, display: str) -> Json:
    return {"system": system, "code": code, "display": display}


REST = _coding(f"{HL7}/audit-event-type", "rest", "RESTful Operation")
ACTIVITY = _coding(DICOM, "110100", "Application Activity")
PERSON, OBJECT = (_coding(f"{HL7}/audit-entity-type", *one) for one in (("1", "Person"), ("2", "System Object")))
PATIENT, REPORT, QUERY = (
    _coding(f"{HL7}/object-role", *one) for one in (("1", "Patient"), ("3", "Report"), ("24", "Query"))
)


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acted, as its reader may know it. `reference` is empty where following it would tell more than `name`."""

    name: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a reader of the log is told of one line. `patient` is a reference; `at` is in UTC microseconds."""

    id: str
    at: int
    action: str
    allowed: bool
    agent: Agent
    client: str
    """The system or app through which somebody acted; '' a page."""
    patient: str
    purpose: str
    reason: str
    glass: bool
    detail: Json = field(default_factory=dict)
    """What was asked or seen: ids, numbers and criteria, for whoever oversees the log."""


_READ, _SEARCH, _CREATE, _UPDATE, _DELETE = "read", "search-type", "create", "update", "delete"
_ALSO_READ = ("fhir-read", "fhir-history")
_INTERACTIONS = {
    **dict.fromkeys((*READS, *_ALSO_READ), _READ),
    **dict.fromkeys((Action.SEARCH, Action.WORK_LIST, "fhir-search"), _SEARCH),
    "fhir-create": _CREATE,
    "fhir-write": _UPDATE,
    "fhir-restrict": _DELETE,
}
"""What an action is among the interactions of FHIR, where it is one."""
_LETTERS = {_READ: "R", _SEARCH: "E", _CREATE: "C", _UPDATE: "U", _DELETE: "D"}
_EVENTS = {
    Action.LOGIN: ("110114", "User Authentication"), Action.LOGOUT: ("110114", "User Authentication"),
    Action.LOG_READ: ("110101", "Audit Log Used"), Action.EXPORT: ("110106", "Export"),
    Action.IMPORT: ("110107", "Import"), Action.BREAK_GLASS: ("110113", "Security Alert"),
}  # fmt: skip
"""What DICOM has a name for that is no reading or writing (DCM context group 400)."""


def letter(action: str) -> str:
    """C, R, U, D, or E for whatever else was done; a search is executed (BALP, "Query")."""
    return "R" if action == Action.LOG_READ else _LETTERS.get(_INTERACTIONS.get(action, ""), "E")


def actions_of(wanted: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The actions of the log that a letter stands for: any of these, and none of those."""
    known = [str(one) for one in (*_INTERACTIONS, Action.LOG_READ)]
    if wanted == "E":
        return (), tuple(one for one in known if letter(one) != "E")
    return tuple(one for one in known if letter(one) == wanted) or ("",), ()


def audit_event(one: Telling) -> Json:
    """The AuditEvent of a line, as JSON."""
    kind, recorded = _INTERACTIONS.get(one.action, ""), iso(one.at)
    found: Json = {
        "resourceType": "AuditEvent", "id": one.id,
        "meta": {"versionId": "1", "lastUpdated": recorded, **_profile(one, kind)},
        "type": _type(one.action, kind), "subtype": _subtypes(one.action, kind), "action": letter(one.action),
        "recorded": recorded, "outcome": "0" if one.allowed else "4",
        "outcomeDesc": "" if one.allowed else one.reason, "purposeOfEvent": _purposes(one),
        "agent": [_user(one), *_programs(one)], "source": {"observer": OBSERVER},
        "entity": [*_patient(one), *_query(one), *_entry(one)],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _profile(one: Telling, kind: str) -> Json:
    """A profile is named where the line has all that it demands."""
    name = {_READ: "Read", _SEARCH: "Query"}.get(kind, "")
    if not name or not one.client or (kind == _SEARCH and not _query(one)):
        return {}
    return {"profile": [f"{PROFILES}.{'Patient' if one.patient else ''}{name}"]}


def _type(action: str, kind: str) -> Json:
    return _coding(DICOM, *_EVENTS[Action(action)]) if action in _EVENTS else REST if kind else ACTIVITY


def _subtypes(action: str, kind: str) -> list[Json]:
    return [*([{"system": INTERACTION, "code": kind}] if kind else []), {"system": OWN_ACTION, "code": action}]


def _purposes(one: Telling) -> list[Json]:
    broken = {"coding": [_coding(f"{HL7}/v3-ActReason", "BTG", "break the glass")], "text": one.reason or "værdispring"}
    return [*([broken] if one.glass else []), *([{"text": one.purpose}] if one.purpose else [])]


def _user(one: Telling) -> Json:
    kind = _coding(f"{HL7}/v3-ParticipationType", "IRCP", "information recipient")
    who = {"reference": one.agent.reference} if one.agent.reference else {}
    return {"type": {"coding": [kind]}, "who": {**who, "display": one.agent.name}, "requestor": True}


def _programs(one: Telling) -> list[Json]:
    source, here = _coding(DICOM, "110153", "Source Role ID"), _coding(DICOM, "110152", "Destination Role ID")
    client = [{"type": {"coding": [source]}, "who": {"display": one.client}, "requestor": False}] if one.client else []
    return [*client, {"type": {"coding": [here]}, "who": OBSERVER, "requestor": False}]


def _patient(one: Telling) -> list[Json]:
    return [{"what": {"reference": one.patient}, "type": PERSON, "role": PATIENT}] if one.patient else []


_ASKED = ("criterion", "value", "query", "sought", "people", "since", "until", "case")


def _query(one: Telling) -> list[Json]:
    """What was looked for, as the log keeps it: never a name or number in the clear (ADR 7)."""
    asked = {name: one.detail[name] for name in _ASKED if name in one.detail}
    text = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
    return [{"type": OBJECT, "role": QUERY, "query": b64encode(text).decode()}] if asked else []


def _entry(one: Telling) -> list[Json]:
    if "entry" not in one.detail:
        return []
    name = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{one.detail['entry']}"}
    return [{"what": {"identifier": name}, "type": OBJECT, "role": REPORT}]
