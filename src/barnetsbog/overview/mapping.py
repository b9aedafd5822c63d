"""The short status in FHIR: a ClinicalImpression, whose versions are what was written before. Pure."""

from typing import Any

from barnetsbog.fhir.own import referring, without
from barnetsbog.kernel.time import iso
from barnetsbog.record.promotion import ENTRY_KIND

Resource = dict[str, Any]


def status_of(resource: Resource) -> str:
    return str(resource.get("summary", ""))


def new_status(ident: str, *, child: str) -> Resource:
    """A status that says nothing yet, to be filled by `with_words`."""
    kind = {"system": ENTRY_KIND, "code": "status", "display": "Kort status"}
    return {
        "resourceType": "ClinicalImpression", "id": ident, "status": "completed",
        "code": {"coding": [kind], "text": "Kort status"}, "subject": {"reference": f"Patient/{child}"},
    }  # fmt: skip


def with_words(resource: Resource, *, text: str, author: str, at: int) -> Resource:
    """The next version: what it says, by whom, and from when. What its source said besides is left as it stands."""
    return {
        **resource, "extension": [*without(resource, "author"), referring("author", author)],
        "date": iso(at), "assessor": {"reference": author}, "summary": text,
    }  # fmt: skip
