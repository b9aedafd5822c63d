"""What the book says of each fact that a visit needs; and the reason for doing without something, as FHIR. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from barnetsbog.contacts.mapping import holders_of, phone_of
from barnetsbog.fhir.own import BASE, extension_of, ident_of, in_use, members, reference_of, referring
from barnetsbog.kernel.time import iso
from barnetsbog.record.promotion import ENTRY_KIND
from barnetsbog.referrals.model import Referral

from .model import Fact, Override, Said, Visit

Resource = dict[str, Any]

OVERRIDE = "readiness-override"
"""The kind of entry that says why something is done without."""

_UNSEEN = Said(None)


# -- what is read ------------------------------------------------------------------------------------------------------


class Patient(NamedTuple):
    """What a Patient says. `interpreter`: whether one is needed; `body`: all of it, for an address may have ended."""

    id: UUID | None
    protected: bool
    interpreter: bool
    body: Resource


class Person(NamedTuple):
    """What a RelatedPerson says. `body`: all of it, for who holds custody is said of all of them at once."""

    id: UUID | None
    name: str
    body: Resource


def patient_of(resource: Resource) -> Patient:
    protected = extension_of(resource, "protected-address") is True
    interpreter = bool(extension_of(resource, "interpreter"))
    return Patient(ident_of(str(resource.get("id", ""))), protected, interpreter, resource)


def person_of(resource: Resource) -> Person:
    name = next((str(one["text"]) for one in members(resource.get("name")) if one.get("text")), "en forælder")
    return Person(ident_of(str(resource.get("id", ""))), name, resource)


_AN_INTERPRETER = re.compile(r"(?<!for)tolk(?:en|ebistand)?(?!\w)", re.IGNORECASE)
"""Tolk, telefontolk, tolken; not fortolkning."""


def books_interpreter(appointment: Resource) -> bool:
    """An appointment says so: in its own place, as the calendar writes it, or in its words, as other systems do."""
    words = " ".join(str(appointment.get(name, "")) for name in ("description", "comment", "patientInstruction"))
    return bool(extension_of(appointment, "interpreter")) or _AN_INTERPRETER.search(words) is not None


# -- facts -------------------------------------------------------------------------------------------------------------


def custody(persons: Sequence[Person], *, known: bool) -> Said:
    """Whether somebody has established who holds custody. Who may see no relative is not told."""
    if not persons:
        return _UNSEEN
    return Said(known, "" if known else "Ingen har undersøgt, hvem der har forældremyndighed.")


def parent_phones(persons: Sequence[Person], at: int) -> Said:
    """Whether everybody who holds custody at a moment can be called."""
    now = holders_of([one.body for one in persons], at)
    holders = [one for one in persons if str(one.id) in now]
    if not holders:
        return Said(False, "Ingen forælder er skrevet op.") if persons else _UNSEEN
    silent = [one.name for one in holders if not phone_of(one.body, at)]
    return Said(not silent, f"Mangler for {', '.join(silent)}." if silent else "", holders[0].id)


def address(patient: Patient | None, at: int) -> Said:
    """Whether it is known where the child lives at a moment."""
    if patient is None:
        return _UNSEEN
    if patient.protected:
        return Said(True, "Adressen er beskyttet.", patient.id)
    return Said(any(in_use(patient.body.get("address"), at)), "", patient.id)


def interpreter(patient: Patient | None, booked: UUID | None) -> Said:
    """Whether an interpreter is booked for the visit (by this appointment), where the family needs one."""
    if patient is None:
        return _UNSEEN
    if not patient.interpreter:
        return Said(True, "Familien behøver ikke tolk.", patient.id, needed=False)
    return Said(booked is not None, "" if booked else "Familien har brug for tolk.", booked)


_COMES_BY_ITSELF = frozenset({"ltt"})
"""Sectors that a family turns to itself, and where nobody has to refer it (sundhedsloven § 126 a, pathway §3)."""


def _without_a_referral(visit: Visit) -> Said:
    if visit.sector in _COMES_BY_ITSELF:
        return Said(True, "Familien kan komme uden henvisning.", needed=False)
    return Said(False, "Der er ingen henvisning, du kan se.")


def reason(visit: Visit, referral: Referral | None) -> Said:
    if referral is None:
        return _without_a_referral(visit)
    return Said(bool(referral.reason.strip() or referral.suspicion), "", ident_of(referral.id))


def tried(referral: Referral | None, interventions: Sequence[UUID], *, decided: bool) -> Said:
    """In the referral's own words; or, when the receiver has taken the child on, in what the book tells."""
    if referral and referral.tried.strip():
        return Said(True, "", ident_of(referral.id))
    if decided and interventions:
        return Said(True, "", interventions[-1])
    return Said(False, "Der står ikke, hvad der er prøvet.")


def referrer_phone(visit: Visit, referral: Referral | None, phones: Mapping[UUID, str]) -> Said:
    if referral is None:
        return _without_a_referral(visit)
    ident = ident_of(referral.referrer)
    return Said(bool(ident and phones.get(ident)), "", ident_of(referral.id))


def said(
    visit: Visit, patient: Patient | None, persons: Sequence[Person], referral: Referral | None,
    booked: UUID | None, interventions: Sequence[UUID], phones: Mapping[UUID, str], *, custody_known: bool, at: int,
) -> tuple[tuple[Fact, Said], ...]:  # fmt: skip
    """Every fact, from what one reader may see."""
    return (
        (Fact.CUSTODY, custody(persons, known=custody_known)), (Fact.PARENT_PHONES, parent_phones(persons, at)),
        (Fact.ADDRESS, address(patient, at)), (Fact.INTERPRETER, interpreter(patient, booked)),
        (Fact.REASON, reason(visit, referral)), (Fact.TRIED, tried(referral, interventions, decided=visit.decided)),
        (Fact.REFERRER_PHONE, referrer_phone(visit, referral, phones)),
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
    visit, ident = next(filter(None, about), None), ident_of(str(resource.get("id", "")))
    if resource.get("status") != "completed" or visit is None or ident is None:
        return None
    requirement = next((str(one.get("value")) for one in members(resource.get("identifier"))), "")
    words = next((str(one.get("contentString", "")) for one in members(resource.get("payload"))), "")
    return visit, Override(ident, requirement, words, at, by, version)
