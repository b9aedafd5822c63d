"""Gathering the facts that a child's rights follow from, out of what its book says now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection

from barnetsbog.consent.mapping import answer_of
from barnetsbog.consent.matters import Asked, Key, asked_about
from barnetsbog.consent.people import agreed_custody, child_in, custody_of, told_of
from barnetsbog.consent.reading import Unclear, period_of
from barnetsbog.directory.queries import sectors
from barnetsbog.fhir.own import BASE, codes_of, extension_of, ident_of, members, reference_of
from barnetsbog.kernel.time import DAY, FOREVER, parse
from barnetsbog.law.model import Child, Consent, Custody
from barnetsbog.mandates.mapping import mandates_of
from barnetsbog.packs.mapping import pack_of
from barnetsbog.packs.model import Pack
from barnetsbog.record import store
from barnetsbog.record.fields import for_database, uuid_of
from barnetsbog.record.former import now_called, pointed, without_former
from barnetsbog.record.promotion import HONOUR_CONFLICT, is_former, kind_code
from barnetsbog.record.relocating import origins
from barnetsbog.record.sql import fetch

from .facts import Blocked, Care, Facts, Fostering, Glass, Referred

Resource = dict[str, Any]
Told = Sequence[tuple[str, bytes]]
"""What some entries are (`RIGHTS_FOLLOW_FROM`) and say, oldest first."""

RIGHTS_FOLLOW_FROM = ("child", "person", "former", "care", "consent", "referral", "concern", "pack", HONOUR_CONFLICT)
"""What an entry must be for somebody's rights to follow from it."""

DECIDED_WITHIN = 366 * DAY
"""A referral that nobody has decided on by then opens nothing any more."""

JUDGED_WITHIN = 124 * DAY
"""A notification of concern that has led to no task by then opens nothing any more."""

_RELATED = frozenset(("active", "onhold", "finished", "waitlist"))
_ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_TASK = f"{BASE}/CodeSystem/care-task"
_FOSTER = frozenset(("PRNFOST", "FTHFOST", "MTHFOST", "FOSTER", "CHLDFOST"))
_UNKNOWN = Custody((), known=False)


def facts_of(child_id: UUID, *, new: Told | None = None) -> Facts:
    """Everything that matters for rights in one child's book. `new`: the child had no book before, and this is what it
    says. Such a child has had no emergencies."""
    is_new = new is not None
    found: dict[str, list[Resource]] = {kind: [] for kind in RIGHTS_FOLLOW_FROM}
    for what, body in store.bodies_of(child_id.bytes, RIGHTS_FOLLOW_FROM) if new is None else new:
        found[what].append(orjson.loads(body))
    patient = _counting({child_id.bytes: [str(one["id"]) for one in found["child"]]}).get(child_id.bytes, "")
    found["consent"] = _of_one_child(found, patient)
    return Facts(
        child=_child(found, patient) if patient else Child("", None),
        custody=_custody(found, patient, _origins(found)) if patient else _UNKNOWN,
        protected=_protected(child_id, found, is_new=is_new),
        cares=tuple(_cares(found["care"])),
        fostering=tuple(fostering for one in found["person"] for fostering in _fostering(one)),
        mandates=tuple(mandate for one in found["person"] for mandate in mandates_of(one)),
        consents=_answers(found["consent"]),
        blocked=tuple(blocked for one in found["consent"] for blocked in _blocked(one)),
        glass=() if is_new else tuple(_glass(child_id)),
        referred=tuple(referred for one in found["referral"] for referred in _referred(one))
        + tuple(notified for one in found["concern"] for notified in _notified(one)),
        packs=tuple(_packs(found["pack"])),
    )


def _answers(consents: Iterable[Resource]) -> tuple[Consent, ...]:
    return tuple(one for one in map(answer_of, consents) if one)


def patients_of(children: Iterable[UUID]) -> dict[UUID, str]:
    """The id of the Patient that each of these children is, for those that have a book."""
    told: dict[bytes, list[str]] = {}
    for child, _, body in store.bodies_of_many(sorted(one.bytes for one in children), ["child"]):
        told.setdefault(child, []).append(str(orjson.loads(body)["id"]))
    return {UUID(bytes=child): patient for child, patient in _counting(told).items()}


def _counting(patients: Mapping[bytes, Sequence[str]]) -> dict[bytes, str]:
    """The id of the Patient that each of these children is. Where several systems have each told who it is, that is the
    one that came here first: it stays the same whoever tells of it next."""
    several = [(child, UUID(one).bytes) for child, some in patients.items() if len(some) > 1 for one in some]
    first = store.came_first(several) if several else {}
    return {
        child: str(UUID(bytes=first[child])) if child in first else some[0]
        for child, some in patients.items() if some
    }  # fmt: skip


def _of_one_child(found: Mapping[str, list[Resource]], patient: str) -> list[Resource]:
    """What has been answered of the child and by it, by whichever Patient."""
    names = {f"Patient/{one['id']}": f"Patient/{patient}" for one in found["child"] if one["id"] != patient}
    if not names:
        return found["consent"]
    return [orjson.loads(pointed(orjson.dumps(one), names)) for one in found["consent"]]


def _child(found: Mapping[str, list[Resource]], patient: str) -> Child:
    """By what was said last, and all that restricts in what others say."""
    *others, newest = found["child"]
    return child_in({**newest, "id": patient}, [*others[::-1], *_former(found, "Patient")], found[HONOUR_CONFLICT])


def _former(found: Mapping[str, list[Resource]], kind: str) -> list[Resource]:
    return [one for one in found["former"] if one["resourceType"] == kind]


def _custody(found: Mapping[str, list[Resource]], patient: str, origins: Mapping[str, UUID]) -> Custody:
    """Who holds custody. Of a book that was two, each must say the same, or nothing (ADR 39). `origins`: out of whose
    book somebody came, if not this one."""
    patient = told_of(found["person"], [*(str(one["id"]) for one in reversed(found["child"])), patient])
    if not found["former"]:
        return custody_of(found["person"], patient)
    told: dict[UUID | None, list[Resource]] = {None: []}
    for one in (*found["person"], *_former(found, "RelatedPerson")):
        told.setdefault(origins.get(one["id"]), []).append(_as_now(one))
    return agreed_custody(told.values(), patient)


def _as_now(person: Resource) -> Resource:
    """What somebody is said to be where they stand a second time, said of the one that counts."""
    now = ident_of(now_called(person)) if is_former(person) else None
    return {**without_former(person), "id": str(now)} if now else person


def _origins(found: Mapping[str, list[Resource]]) -> Mapping[str, UUID]:
    if not found["former"]:
        return {}
    return origins(one["id"] for one in (*found["person"], *found["former"]))


def _packs(lists: Iterable[Resource]) -> Iterable[Pack]:
    packs = [pack for one in lists if (pack := pack_of(one))]
    known = sectors(UUID(unit) for pack in packs for unit, _ in pack.to)
    for pack in packs:
        yield replace(pack, to=tuple((unit, known.get(UUID(unit), "")) for unit, _ in pack.to))


class Family(NamedTuple):
    """Who a child is to the law, who holds custody, who has said what, and of what they were asked."""

    facts: Facts
    matters: Mapping[Key, Asked]


def consenting(children: Sequence[UUID], acts: Collection[str]) -> dict[UUID, Family]:
    """What the law asks about consents to some acts: who the children are, who holds custody, who has said what. Two
    thousand children as well as one, in one query. Like `facts_of` it knows everything, so whoever shows what follows
    must ask first whom it may be shown to."""
    found: dict[bytes, list[tuple[str, bytes]]] = {}
    named = tuple(f'"{act}"'.encode() for act in acts)
    kinds = ("child", "person", "former", "consent", HONOUR_CONFLICT)
    for child, what, body in store.bodies_of_many([one.bytes for one in children], kinds):
        if what != "consent" or any(name in body for name in named):
            found.setdefault(child, []).append((what, body))
    came_from = _came_from(found)
    patients = {child: [body for what, body in told if what == "child"] for child, told in found.items()}
    several = {child: some for child, some in patients.items() if len(some) > 1}
    first = _counting({child: [str(orjson.loads(one)["id"]) for one in some] for child, some in several.items()})
    return {
        UUID(bytes=child): _of_family(tuple(told), came_from.get(child, ()), first.get(child, ""))
        for child, told in found.items() if patients[child]
    }  # fmt: skip


Origins = tuple[tuple[str, UUID], ...]


def _came_from(found: Mapping[bytes, Told]) -> dict[bytes, Origins]:
    """Out of whose book people came, for the few books that were two: one question, whatever their number."""
    people = {
        child: [orjson.loads(body)["id"] for what, body in told if what in ("person", "former")]
        for child, told in found.items() if any(what == "former" for what, _ in told)
    }  # fmt: skip
    known = origins(ident for some in people.values() for ident in some) if people else {}
    return {child: tuple((one, known[one]) for one in some if one in known) for child, some in people.items()}


@lru_cache(maxsize=4096)
def _of_family(told: tuple[tuple[str, bytes], ...], came_from: Origins, first: str) -> Family:
    """What these words, by kind and oldest first, say of a family. The same words always say the same, so a list that
    is looked at again reads only those that are new. `first`: which Patient counts, where there are several."""
    read: dict[str, list[Resource]] = {"child": [], "person": [], "former": [], "consent": [], HONOUR_CONFLICT: []}
    for what, body in told:
        read[what].append(orjson.loads(body))
    patient = first or str(read["child"][0]["id"])
    consents = _answers(_of_one_child(read, patient))
    child = _child(read, patient)
    custody = _custody(read, patient, dict(came_from))
    return Family(Facts(child, custody, consents=consents), asked_about(consents))


def _cares(episodes: Iterable[Resource]) -> Iterable[Care]:
    units = {one["id"]: ident_of(reference_of(one.get("managingOrganization"))) for one in episodes}
    known: Mapping[UUID, str] = sectors(unit for unit in units.values() if unit)
    for one in episodes:
        unit, period = units[one["id"]], one.get("period") or {}
        span = lasting(one.get("status"), period.get("start"), period.get("end"))
        if unit and span:
            task = next(iter(codes_of(one.get("type"), _TASK)), "")
            closed = one.get("status") == "finished" and bool(extension_of(one, "moved-by"))
            yield Care(one["id"], str(unit), known.get(unit, "other"), *span, task, closed)


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


def _protected(child_id: UUID, found: Mapping[str, list[Resource]], *, is_new: bool) -> bool:
    """A protected address stays one when the register stops saying so, until a human being has looked (CPR28): until a
    later version says that it was reviewed."""
    told: dict[str, bool] = {}
    kinds = () if is_new else ("child", *(("former",) if found["former"] else ()))
    earlier = [orjson.loads(body) for kind in kinds for body in store.versions_of(child_id.bytes, kind)]
    for one in (*earlier, *found["child"], *_former(found, "Patient")):
        says, reviewed = (extension_of(one, name) is True for name in ("protected-address", "protection-reviewed"))
        told[one["id"]] = says or (told.get(one["id"], False) and not reviewed)
    return any(told.values())


def protected_among(child_ids: Iterable[UUID], at: int) -> set[UUID]:
    """Those of these children whose address is protected at a moment, whoever asks."""
    return store.protected(child_ids, at)


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


_DECIDING = frozenset(("sent", "received", "incomplete"))
_TAKEN_ON = frozenset(("accepted", "closed"))


def _referred(request: Resource) -> Iterable[Referred]:
    """A referral that was sent from here, while its receiver decides and when it has taken the child on. What another
    system calls active may be years old, and opens no more than itself."""
    state, sent = str(extension_of(request, "referral-state")), extension_of(request, "sent-at")
    references = [reference_of(request.get("performer")), reference_of(extension_of(request, "accepted-by"))]
    units = tuple(dict.fromkeys(str(ident) for one in references if (ident := ident_of(one))))
    if state not in _DECIDING | _TAKEN_ON or not sent or not units:
        return
    package = [ident_of(reference_of(one)) for one in members(request.get("supportingInfo"))]
    start, deciding = parse(str(sent))[0], state in _DECIDING
    end = start + DECIDED_WITHIN if deciding else FOREVER
    yield Referred(
        request["id"], units, deciding, start, end, tuple(str(ident) for ident in package if ident),
        kind_code(request) == "transfer",
    )  # fmt: skip


def _notified(concern: Resource) -> Iterable[Referred]:
    """A notification of concern: the unit that is told knows whom it is about while it judges it, also without a task
    with the child yet. A task of its own opens more; without one it knows nothing any more when an examination would
    have been over (four months, barnets lov § 20)."""
    sent = concern.get("sent")
    units = [ident_of(reference) for one in members(concern.get("recipient")) if (
        reference := reference_of(one)).startswith("Organization/")]  # fmt: skip
    told = tuple(dict.fromkeys(str(ident) for ident in units if ident))
    if concern.get("status") == "completed" and sent and told:
        start = parse(str(sent))[0]
        yield Referred(concern["id"], told, True, start, start + JUDGED_WITHIN, concern=True)


def _glass(child_id: UUID) -> Iterable[Glass]:
    for ident, role, at, until, reason in fetch(_GLASS, [for_database(child_id, connection)]):
        yield Glass(str(uuid_of(ident)), str(uuid_of(role)), at, until, bool(reason))


_GLASS = "SELECT id, role_id, at, until, address_reason FROM break_glass WHERE child_id = %s ORDER BY id"
