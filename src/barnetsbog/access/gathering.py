"""Gathering the facts that a child's rights follow from, out of what its book says now."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.consent.mapping import consent_of
from barnetsbog.consent.people import child_of, custody_of
from barnetsbog.consent.reading import Unclear, period_of
from barnetsbog.directory.queries import sectors
from barnetsbog.fhir.own import codes_of, extension_of, ident_of, members, reference_of
from barnetsbog.kernel.time import FOREVER, parse
from barnetsbog.law.model import Child, Consent, Custody
from barnetsbog.record import store

from .facts import Blocked, Care, Facts, Fostering, Glass
from .models import BreakGlass

Resource = dict[str, Any]

RIGHTS_FOLLOW_FROM = ("child", "person", "care", "consent")
"""What an entry must be for somebody's rights to follow from it."""

_RELATED = frozenset(("active", "onhold", "finished", "waitlist"))
_ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_FOSTER = frozenset(("PRNFOST", "FTHFOST", "MTHFOST", "FOSTER", "CHLDFOST"))
_UNKNOWN = Custody((), known=False)


def facts_of(child_id: UUID, *, is_new: bool = False) -> Facts:
    """Everything that matters for rights in one child's book. A new child has had no emergencies."""
    found: dict[str, list[Resource]] = {kind: [] for kind in RIGHTS_FOLLOW_FROM}
    for what, body in store.bodies_of(child_id.bytes, RIGHTS_FOLLOW_FROM):
        found[what].append(orjson.loads(body))
    patient = found["child"][-1] if found["child"] else {}
    read = [consent_of(one) for one in found["consent"]]
    return Facts(
        child=child_of(patient) if patient else Child("", None),
        custody=custody_of(found["person"], str(patient["id"])) if patient else _UNKNOWN,
        protected=_protected(child_id, found["child"], is_new=is_new),
        cares=tuple(_cares(found["care"])),
        fostering=tuple(fostering for one in found["person"] for fostering in _fostering(one)),
        consents=tuple(one for one in read if isinstance(one, Consent)),
        blocked=tuple(blocked for one in found["consent"] for blocked in _blocked(one)),
        glass=() if is_new else tuple(_glass(child_id)),
    )


def _cares(episodes: Iterable[Resource]) -> Iterable[Care]:
    units = {one["id"]: ident_of(reference_of(one.get("managingOrganization"))) for one in episodes}
    known: Mapping[UUID, str] = sectors(unit for unit in units.values() if unit)
    for one in episodes:
        unit, period = units[one["id"]], one.get("period") or {}
        span = lasting(one.get("status"), period.get("start"), period.get("end"))
        if unit and span:
            yield Care(one["id"], str(unit), known.get(unit, "other"), *span)


def lasting(status: str | None, start: str | None, end: str | None) -> tuple[int, int] | None:
    """The time in which a care relation is one; None when it never is.

    A relation without a beginning opens nothing: nobody has said when the task began. One without an end lasts. A
    relation that is planned, cancelled or entered in error opens nothing.
    """
    if status not in _RELATED or not start or (status == "finished" and not end):
        return None
    begins = parse(start)[0]
    ends = parse(end, end=True)[0] + 1 if end else FOREVER
    return (begins, ends) if begins < ends else None


def _protected(child_id: UUID, patients: list[Resource], *, is_new: bool) -> bool:
    """A protected address stays one when the register stops saying so, until a human being has looked (CPR28): until a
    later version says that it was reviewed."""
    earlier = () if is_new else store.versions_of(child_id.bytes, "child")
    return _says_protected([*(orjson.loads(body) for body in earlier), *patients])


def protected_among(child_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these children whose address is protected: one query, whatever their number."""
    told: dict[UUID, list[Resource]] = {}
    for child, body in store.versions_among([child.bytes for child in child_ids], "child"):
        told.setdefault(child, []).append(orjson.loads(body))
    return {child for child, patients in told.items() if _says_protected(patients)}


def _says_protected(patients: Iterable[Resource]) -> bool:
    told: dict[str, bool] = {}
    for one in patients:
        says, reviewed = (extension_of(one, name) is True for name in ("protected-address", "protection-reviewed"))
        told[one["id"]] = says or (told.get(one["id"], False) and not reviewed)
    return any(told.values())


def _fostering(person: Resource) -> Iterable[Fostering]:
    """Somebody who has daily care, in the time that the relation states; without one, as long as a placement lasts.
    A time that can't be read is none."""
    codes = codes_of(person.get("relationship"), _ROLE_CODE)
    if person.get("active") is False or not any(code in _FOSTER for code in codes):
        return
    try:
        start, end = period_of(person.get("period"), "Plejeforholdet")
    except Unclear:
        return
    yield Fostering(person["id"], start or 0, end)


def _blocked(consent: Resource) -> Iterable[Blocked]:
    """A young person's *spærring*: a Consent that denies one entry to others, while it is active. Said by nobody but
    the child itself: a parent who could close a note for those who help would close the wrong ones."""
    provision = consent.get("provision") or {}
    if consent.get("status") != "active" or provision.get("type") != "deny":
        return
    givers = [reference_of(one) for one in members(consent.get("performer"))]
    if not givers or any(giver != reference_of(consent.get("patient")) for giver in givers):
        return
    start = parse(str(consent["dateTime"]))[0] if "dateTime" in consent else 0
    for data in members(provision.get("data")):
        entry = ident_of(reference_of(data.get("reference")))
        if entry:
            yield Blocked(consent["id"], str(entry), start, FOREVER)


def _glass(child_id: UUID) -> Iterable[Glass]:
    for one in BreakGlass.objects.filter(child_id=child_id).order_by("id"):
        yield Glass(str(one.id), str(one.role_id), one.at, one.until, bool(one.address_reason))
