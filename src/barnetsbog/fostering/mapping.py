"""A note of medicine to and from FHIR: a MedicationAdministration of kind `medicine-note`, on the class of what is
between two (M). Pure."""

from collections.abc import Iterable
from typing import Any

from barnetsbog.fhir.own import members, referring
from barnetsbog.kernel.time import iso, parse
from barnetsbog.record.promotion import ENTRY_KIND, MEDICINE, label_of, text_of
from barnetsbog.record.shelves import BETWEEN

from .model import Given

Resource = dict[str, Any]


def administration(ident: str, given: Given, *, child: str, by: str, to: Iterable[str]) -> Resource:
    """`by`: whoever writes; `given.by`: whoever gave it, where that is somebody else."""
    performer = {"display": given.by.strip()} if given.by.strip() else {"reference": by}
    found: Resource = {
        "resourceType": "MedicationAdministration", "id": ident, "meta": {"security": [label_of(BETWEEN)]},
        "extension": [referring("author", by), *(referring("sent-to", one) for one in to)], "status": "completed",
        "category": {"coding": [{"system": ENTRY_KIND, "code": MEDICINE}]},
        "medicationCodeableConcept": {"text": given.what.strip()}, "subject": {"reference": child},
        "effectiveDateTime": iso(given.at), "performer": [{"actor": performer}],
    }  # fmt: skip
    # R4 wants a measured dose in `dosage` (mad-1), and people write "half a tablet".
    return found | ({"note": [{"text": given.dose.strip()}]} if given.dose.strip() else {})


def given_of(body: Resource) -> Given:
    actors = (one.get("actor") or {} for one in members(body.get("performer")))
    by = next((str(one["display"]) for one in actors if "display" in one), "")
    dose = next((str(one["text"]) for one in members(body.get("note"))), "")
    return Given(text_of(body["medicationCodeableConcept"]), dose, parse(body["effectiveDateTime"])[0], by)
