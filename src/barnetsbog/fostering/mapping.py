"""Notes of medicine (MedicationAdministration), statuses (Observation) and agreements (CarePlan) to and from FHIR.

All stand on the class of what is between few (M), and name who reads them (`sent-to`). Words are kept letter by letter.
Pure.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from barnetsbog.fhir.own import (
    BASE,
    all_referred,
    codes_of,
    extension,
    extension_of,
    members,
    reference_of,
    referred,
    referring,
    without,
)
from barnetsbog.kernel.time import iso, local_day, parse
from barnetsbog.record.promotion import CARER_STATUS, CARER_TOPIC, ENTRY_KIND, MEDICINE, label_of, text_of
from barnetsbog.record.shelves import BETWEEN

from .model import Agreement, Given, Report, Sort, Support, Topic

Resource = dict[str, Any]

SUPPORT = f"{BASE}/CodeSystem/contact-support"
CHILDS_WORDS = "childs-words"
STATUS_TITLE = "Status fra plejefamilien"


def _between(kind: str, ident: str, of_kind: str, *, by: str, to: Iterable[str]) -> Resource:
    """What every resource of this room begins with."""
    return {
        "resourceType": kind, "id": ident, "meta": {"security": [label_of(BETWEEN)]},
        "extension": [referring("author", by), *(referring("sent-to", one) for one in to)],
        "category": [{"coding": [{"system": ENTRY_KIND, "code": of_kind}]}],
    }  # fmt: skip


def readers_of(resource: Resource) -> tuple[str, ...]:
    """Those whom it names as its readers."""
    return all_referred(resource, "sent-to")


# -- medicine ----------------------------------------------------------------------------------------------------------


def administration(ident: str, given: Given, *, child: str, by: str, to: Iterable[str]) -> Resource:
    """`by`: whoever writes; `given.by`: whoever gave it, where that is somebody else."""
    performer = {"display": given.by.strip()} if given.by.strip() else {"reference": by}
    found = _between("MedicationAdministration", ident, MEDICINE, by=by, to=to)
    found |= {
        "status": "completed", "category": found["category"][0],
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


# -- how it goes -------------------------------------------------------------------------------------------------------


def status(
    ident: str, report: Report, *, child: str, by: str, to: Iterable[str], at: int, danger: bool = False
) -> Resource:
    """A component for each topic, and one for the child's own words."""
    found = _between("Observation", ident, CARER_STATUS, by=by, to=to)
    found["extension"] += [extension("danger", "Boolean", True)] if danger else []
    said = [(topic.value, report.told[topic]) for topic in Topic if topic in report.told]
    said += [(CHILDS_WORDS, report.words)] if report.words else []
    return found | {
        "status": "final", "code": {"text": STATUS_TITLE}, "subject": {"reference": child},
        "effectiveDateTime": iso(at), "performer": [{"reference": by}],
        "component": [
            {"code": {"coding": [{"system": CARER_TOPIC, "code": code}]}, "valueString": text} for code, text in said
        ],
    }  # fmt: skip


def report_of(body: Resource) -> Report:
    said = {
        code: str(one.get("valueString", ""))
        for one in members(body.get("component")) for code in codes_of([one.get("code")], CARER_TOPIC)
    }  # fmt: skip
    return Report({topic: said[topic] for topic in Topic if topic in said}, said.get(CHILDS_WORDS, ""))


def tells_of_danger(body: Resource) -> bool:
    return extension_of(body, "danger") is True


# -- what is agreed ----------------------------------------------------------------------------------------------------


def care_plan(ident: str, agreed: Agreement, *, child: str, by: str, to: Iterable[str]) -> Resource:
    found = _between("CarePlan", ident, agreed.sort.value, by=by, to=to)
    found["extension"] += [extension("place", "String", agreed.place)] if agreed.place else []
    found["extension"] += [referring("call", agreed.call)] if agreed.call else []
    period = {name: day.isoformat() for name, day in (("start", agreed.since), ("end", agreed.until)) if day}
    found |= {
        "status": "active", "intent": "plan", "title": agreed.title, "subject": {"reference": child},
        "period": period, "author": {"reference": by},
    }  # fmt: skip
    if agreed.text:
        found["description"] = agreed.text
    return found | ({"activity": [{"detail": _contact(agreed)}]} if agreed.sort is Sort.CONTACT else {})


def _contact(agreed: Agreement) -> Resource:
    """Whom the child sees, how often, and who is with it."""
    support = [{"coding": [{"system": SUPPORT, "code": agreed.support.value}]}] if agreed.support else []
    return {
        "status": "in-progress", "scheduledString": agreed.often, "performer": [{"reference": agreed.who}],
        **({"code": support[0]} if support else {}),
    }  # fmt: skip


def agreement_of(body: Resource) -> Agreement:
    """Also of one that came from elsewhere and lacks what ours have."""
    detail: Resource = next((one.get("detail") or {} for one in members(body.get("activity"))), {})
    support = next(iter(codes_of([detail.get("code")], SUPPORT)), "")
    period = body.get("period") or {}
    return Agreement(
        sort=Sort(codes_of(body.get("category"), ENTRY_KIND)[0]), since=_day(period.get("start")),
        title=str(body.get("title", "")), text=str(body.get("description", "")),
        who=reference_of(detail.get("performer")), often=str(detail.get("scheduledString", "")),
        place=str(extension_of(body, "place") or ""), support=Support(support) if support in list(Support) else None,
        call=referred(body, "call"), until=_day(period.get("end")),
    )  # fmt: skip


def _day(text: Any) -> date | None:
    return local_day(parse(str(text))[0]) if text else None


def changed(before: Resource, after: Resource, *, by: str) -> Resource:
    """The next version of an agreement: whoever wrote it first stays its author."""
    told = [referring("author", referred(before, "author")), referring("changed-by", by)]
    return {**after, "author": before["author"], "extension": [*without(after, "author"), *told]}


def ended(before: Resource, *, on: date, reason: str, by: str) -> Resource:
    """The next version: it is not in force any more, and why."""
    told = [referring("changed-by", by), extension("change-reason", "String", reason.strip())]
    return {
        **before, "status": "completed", "period": {**before.get("period", {}), "end": on.isoformat()},
        "extension": [*without(before, "changed-by", "change-reason"), *told],
    }  # fmt: skip


def is_ended(body: Resource) -> bool:
    return body.get("status") != "active"


def why_ended(body: Resource) -> str:
    return str(extension_of(body, "change-reason") or "")
