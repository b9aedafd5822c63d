"""A suspicion as a RiskAssessment, whose versions are its history: preliminary while parents and network wait, final
when the risk is assessed, cancelled when there is no such conflict. Pure.

It stands on the class of what is between few (M) and names the units that read it: that there is a suspicion at all is
told to nobody of the family, and by the Patient it would leave a trace there. What it means for what goes out is read
by `consent.people.child_in`.
"""

from collections.abc import Iterable
from typing import Any

from barnetsbog.fhir.own import (
    all_referred,
    members,
    reference_of,
    referred,
    referring,
    without,
)
from barnetsbog.kernel.ids import derived_id
from barnetsbog.kernel.time import iso, parse
from barnetsbog.record.promotion import ENTRY_KIND, HONOUR_CONFLICT, label_of
from barnetsbog.record.shelves import BETWEEN

from .model import Stand, Suspicion

Resource = dict[str, Any]

TITLE = "Mistanke om æreskonflikt"


def risk_assessment(ident: str, one: Suspicion, *, child: str, by: str, to: Iterable[str]) -> Resource:
    """`by`: whose it is, a job or a unit; `to`: the units that read it."""
    period = {"start": iso(one.since)} | ({"end": iso(one.at)} if one.at is not None else {})
    found: Resource = {
        "resourceType": "RiskAssessment", "id": ident, "meta": {"security": [label_of(BETWEEN)]},
        "extension": [referring("author", by), *(referring("sent-to", unit) for unit in to)],
        "status": one.stand.value, "code": {"coding": [{"system": ENTRY_KIND, "code": HONOUR_CONFLICT}], "text": TITLE},
        "subject": {"reference": child}, "occurrencePeriod": period,
    }  # fmt: skip
    found |= {"note": [{"text": one.seen}]} if one.seen else {}
    found |= {"basis": [{"reference": one.basis}]} if one.basis else {}
    return found | ({"mitigation": one.found} if one.found else {})


def of_form(response: str, key: bytes) -> str:
    """The id of the suspicion that a form tells of: the same however often it is corrected."""
    return str(derived_id(key, HONOUR_CONFLICT, response))


def assessed(before: Resource, one: Suspicion, *, by: str, to: Iterable[str]) -> Resource:
    """The next version. Whoever wrote it first stays its author, and whoever could read it still can."""
    author = referred(before, "author") or by
    child = reference_of(before.get("subject"))
    readers = tuple(dict.fromkeys((*readers_of(before), *to)))
    now = risk_assessment(str(before["id"]), one, child=child, by=author, to=readers)
    return {**before, **now, "extension": [
        *without(before, "author", "sent-to", "changed-by"), *now["extension"], referring("changed-by", by),
    ]}  # fmt: skip


def readers_of(resource: Resource) -> tuple[str, ...]:
    return all_referred(resource, "sent-to")


def writer_of(resource: Resource) -> str:
    """Who wrote this version."""
    return referred(resource, "changed-by") or referred(resource, "author")


def suspicion_of(body: Resource) -> Suspicion:
    """Also of one that came from elsewhere: a status that is none of ours waits."""
    period = body.get("occurrencePeriod") or {}
    status = body.get("status")
    stand = next((one for one in Stand if one.value == status), Stand.WAITS)
    return Suspicion(
        stand, "\n\n".join(str(one.get("text", "")) for one in members(body.get("note"))),
        _moment(period.get("start") or body.get("occurrenceDateTime")) or 0, str(body.get("mitigation", "")),
        _moment(period.get("end")), reference_of(body.get("basis")),
    )  # fmt: skip


def _moment(text: Any) -> int | None:
    return parse(text)[0] if isinstance(text, str) else None
