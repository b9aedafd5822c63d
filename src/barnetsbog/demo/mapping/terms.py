"""The names of systems, codes and extensions that the demonstration writes.

Everything under `BASE` is defined in `fhir/profiles/`, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping

from barnetsbog.fhir.own import BASE
from barnetsbog.law.model import Level, Status
from barnetsbog.mandates.model import Kind

SERVER = "https://demo.barnetsbog.example/fhir"

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
DANISH_RELATION = "http://hl7.dk/fhir/core/CodeSystem/dk-relatedperson-relationshipcodes"
OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CONDITION_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CONDITION_VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
LANGUAGES = "urn:ietf:bcp:47"
UNITS_OF_MEASURE = "http://unitsofmeasure.org"

DEMO_CPR = f"{BASE}/identifier/demo-cpr"
"""The invented numbers must never stand under the CPR office's own OID."""

SECTOR = f"{BASE}/CodeSystem/sector"
ROLE = f"{BASE}/CodeSystem/role"
TEAM_ROLE = f"{BASE}/CodeSystem/team-role"
CARE_TASK = f"{BASE}/CodeSystem/care-task"
MANDATES = {"bisidder": Kind.LAY.value, "fuldmagt": Kind.MANDATE.value}
ENTRY_KIND = f"{BASE}/CodeSystem/entry-kind"
ENTRY_TAG = f"{BASE}/CodeSystem/entry-tag"
SENSITIVITY = f"{BASE}/CodeSystem/sensitivity"

RELATIONS: Mapping[str, tuple[str, str]] = {
    "mother": ("MTH", "mor"),
    "father": ("FTH", "far"),
    "parent": ("PRN", "forælder"),
    "stepparent": ("STPPRN", "stedforælder"),
    "grandparent": ("GRPRN", "bedsteforælder"),
    "sibling": ("SIB", "søskende"),
    "foster_carer": ("PRNFOST", "plejeforælder"),
    "guardian": ("GUARD", "forældremyndighedsindehaver eller værge"),
    "network": ("FRND", "netværk"),
}
"""HL7's role code and the word a Danish page shows."""

REFERRAL_STATES: Mapping[str, tuple[str, str]] = {
    "sendt": ("sent", "active"),
    "modtaget": ("received", "active"),
    "mangler": ("incomplete", "on-hold"),
    "returneret": ("returned", "revoked"),
    "afvist": ("rejected", "revoked"),
    "accepteret": ("accepted", "active"),
    "trukket": ("withdrawn", "revoked"),
    "afsluttet": ("closed", "completed"),
}
"""Our own state, and FHIR's coarser status."""

ANSWERS: Mapping[str, Status] = {
    "ja": Status.GIVEN,
    "nej": Status.REFUSED,
    "trukket": Status.WITHDRAWN,
    "intet svar": Status.ASKED,
}

LEVELS: Mapping[str, Level] = {"at": Level.AT, "overskrifter": Level.HEADINGS, "indhold": Level.CONTENT}
FORMS: Mapping[str, str] = {"MitID": "mitid", "papir": "paper", "mundtligt": "oral"}
APPOINTMENTS: Mapping[str, str] = {
    "aftalt": "booked",
    "holdt": "fulfilled",
    "aflyst": "cancelled",
    "udeblevet": "noshow",
}
INTERVENTIONS: Mapping[str, tuple[str, str]] = {
    "i gang": ("active", "in-progress"),
    "afsluttet": ("completed", "completed"),
    "planlagt": ("draft", "not-started"),
}
"""Status of the plan, and of its one activity."""


def extension_url(name: str) -> str:
    return f"{BASE}/StructureDefinition/{name}"
