"""What the book says of each fact that a visit needs; and the reason for doing without something, as FHIR. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from barnetsbog.fhir.own import BASE, extension_of, extensions_of, ident_of, members, reference_of, referring
from barnetsbog.kernel.time import iso
from barnetsbog.record.promotion import ENTRY_KIND
from barnetsbog.referrals.model import Referral

from .model import Fact, Override, Said, Visit

Resource = dict[str, Any]

OVERRIDE = "readiness-override"
"""The kind of entry that says why something is done without."""

_UNSEEN = Said(None)


# -- facts -------------------------------------------------------------------------------------------------------------


def custody(persons: Sequence[Resource], *, known: bool) -> Said:
    """Whether somebody has established who holds custody. Who may see no relative is not told."""
    if not persons:
        return _UNSEEN
    return Said(known, "" if known else "Ingen har undersøgt, hvem der har forældremyndighed.")


def parent_phones(persons: Sequence[Resource]) -> Said:
    """Whether everybody who holds custody can be called."""
    holders = [one for one in persons if _holds(one)]
    if not holders:
        return Said(False, "Ingen forælder er skrevet op.") if persons else _UNSEEN
    silent = [_name(one) for one in holders if not any(t.get("value") for t in members(one.get("telecom")))]
    return Said(not silent, f"Mangler for {', '.join(silent)}." if silent else "", _ident(holders[0]))


def _holds(person: Resource) -> bool:
    codes = (code for kind in members(person.get("relationship")) for code in _codes(kind))
    return bool(extensions_of(person, "custody")) or "PARAUTH" in codes


def _codes(concept: Resource) -> list[str]:
    return [str(one.get("code")) for one in members(concept.get("coding"))]


def _name(person: Resource) -> str:
    return next((str(one["text"]) for one in members(person.get("name")) if one.get("text")), "en forælder")


def address(patient: Resource | None) -> Said:
    if patient is None:
        return _UNSEEN
    if extension_of(patient, "protected-address") is True:
        return Said(True, "Adressen er beskyttet.", _ident(patient))
    return Said(any(members(patient.get("address"))), "", _ident(patient))


def interpreter(patient: Resource | None, appointment: Resource | None) -> Said:
    """Whether an interpreter is booked for the visit, where the family needs one. An appointment says so in its words
    (`tolk`)."""
    if patient is None:
        return _UNSEEN
    if not extension_of(patient, "interpreter"):
        return Said(True, "Familien behøver ikke tolk.", _ident(patient), needed=False)
    told = appointment or {}
    words = " ".join(str(told.get(name, "")) for name in ("description", "comment", "patientInstruction"))
    booked = "tolk" in words.casefold()
    return Said(booked, "" if booked else "Familien har brug for tolk.", _ident(told) if booked else None)


def reason(referral: Referral | None) -> Said:
    if referral is None:
        return Said(False, "Der er ingen henvisning, du kan se.")
    return Said(bool(referral.reason.strip() or referral.suspicion), "", ident_of(referral.id))


def tried(referral: Referral | None, interventions: Sequence[UUID], *, decided: bool) -> Said:
    """In the referral's own words; or, when the receiver has taken the child on, in what the book tells."""
    if referral and referral.tried.strip():
        return Said(True, "", ident_of(referral.id))
    if decided and interventions:
        return Said(True, "", interventions[-1])
    return Said(False, "Der står ikke, hvad der er prøvet.")


def referrer_phone(referral: Referral | None, phones: Mapping[UUID, str]) -> Said:
    if referral is None:
        return Said(False, "Der er ingen henvisning, du kan se.")
    ident = ident_of(referral.referrer)
    return Said(bool(ident and phones.get(ident)), "", ident_of(referral.id))


def _ident(resource: Resource) -> UUID | None:
    return ident_of(str(resource.get("id", "")))


def said(
    visit: Visit, patient: Resource | None, persons: Sequence[Resource], referral: Referral | None,
    appointment: Resource | None, interventions: Sequence[UUID], phones: Mapping[UUID, str], *, custody_known: bool,
) -> tuple[tuple[Fact, Said], ...]:  # fmt: skip
    """Every fact, from what one reader may see."""
    return (
        (Fact.CUSTODY, custody(persons, known=custody_known)), (Fact.PARENT_PHONES, parent_phones(persons)),
        (Fact.ADDRESS, address(patient)), (Fact.INTERPRETER, interpreter(patient, appointment)),
        (Fact.REASON, reason(referral)), (Fact.TRIED, tried(referral, interventions, decided=visit.decided)),
        (Fact.REFERRER_PHONE, referrer_phone(referral, phones)),
    )  # fmt: skip


# -- doing without -----------------------------------------------------------------------------------------------------


def override(
    ident: str, *, child: str, visit: str, requirement: str, title: str, reason: str, by: str, at: int
) -> Resource:
    """Why a visit is held without something."""
    return {
        "resourceType": "Communication", "id": ident, "status": "completed",
        "extension": [referring("author", by)],
        "category": [{"coding": [{"system": ENTRY_KIND, "code": OVERRIDE}]}],
        "identifier": [{"system": f"{BASE}/readiness-requirement", "value": requirement}],
        "subject": {"reference": f"Patient/{child}"}, "about": [{"reference": visit}], "topic": {"text": title},
        "sent": iso(at), "sender": {"reference": by}, "payload": [{"contentString": reason}],
    }  # fmt: skip


def taken_back(resource: Resource) -> Resource:
    """The next version: it is not done without after all."""
    return {**resource, "status": "stopped"}


def override_of(resource: Resource, *, at: int, by: UUID | None, version: int) -> tuple[UUID, Override] | None:
    """Which visit it is about, and what it says; None when it was taken back."""
    about = (ident_of(reference_of(one)) for one in members(resource.get("about")))
    visit, ident = next(filter(None, about), None), _ident(resource)
    if resource.get("status") != "completed" or visit is None or ident is None:
        return None
    requirement = next((str(one.get("value")) for one in members(resource.get("identifier"))), "")
    words = next((str(one.get("contentString", "")) for one in members(resource.get("payload"))), "")
    return visit, Override(ident, requirement, words, at, by, version)
