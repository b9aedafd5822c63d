"""Where each word of a consent stands in FHIR: systems, codes and extensions, one table for reading and for writing.

The standard's own elements come first: `provision.action` is the act, `provision.class` the blocks,
`provision.securityLabel` the classes, `provision.purpose` the purpose, `organization` who shares, the `IRCP` actor who
receives, `performer` who answers. What R4 has no place for is in extensions of ours.
"""

from collections.abc import Mapping

from barnetsbog.fhir.own import BASE
from barnetsbog.law.model import Capacity, Level, Status

ACT = f"{BASE}/CodeSystem/act"
BLOCK = f"{BASE}/CodeSystem/block"
CLASS = f"{BASE}/CodeSystem/sensitivity-class"
KIND = f"{BASE}/CodeSystem/consent-kind"
PURPOSE = f"{BASE}/CodeSystem/purpose"
ENTRY_KIND = f"{BASE}/CodeSystem/entry-kind"
PROFILE = f"{BASE}/StructureDefinition/consent"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CUSTODY_CODE = "PARAUTH"
DANISH_RELATION = "http://hl7.dk/fhir/core/CodeSystem/dk-relatedperson-relationshipcodes"

STATUS: Mapping[Status, str] = {
    Status.ASKED: "proposed",
    Status.GIVEN: "active",
    Status.REFUSED: "rejected",
    Status.WITHDRAWN: "inactive",
    Status.SUPERSEDED: "inactive",
    Status.ENTERED_IN_ERROR: "entered-in-error",
}
"""`inactive` is two things to us; the extension `ended-as` tells them apart."""

LEVELS: Mapping[Level, str] = {Level.AT: "existence", Level.HEADINGS: "headings", Level.CONTENT: "content"}

GIVERS: Mapping[Capacity, str] = {
    Capacity.CHILD: "Patient",
    Capacity.HOLDER: "RelatedPerson",
    Capacity.PARENT: "RelatedPerson",
    Capacity.FOSTER_CARER: "RelatedPerson",
    Capacity.REPRESENTATIVE: "RelatedPerson",
    Capacity.AUTHORITY: "Organization",
    Capacity.OTHER: "RelatedPerson",
}
"""What kind of resource answers in each capacity."""
