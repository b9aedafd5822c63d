"""Children who do not exist, and what each of those around them would find filled in: for administrators who try a form
before it is used. They are in no book; their entries are made here, each time.

What somebody may read is derived from their facts by the law in force and judged as in a book (`access.deriving`,
`record.rights.opens`), and a form is filled as in a book (`prefill.known_of`). Their numbers are of the series that
nobody has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from barnetsbog.access.deriving import rights_of
from barnetsbog.access.facts import Care, Facts
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.naming import somewhere
from barnetsbog.access.roles import role_named
from barnetsbog.consent import terms
from barnetsbog.consent.people import child_of, custody_of
from barnetsbog.contacts.model import Contact
from barnetsbog.fhir.own import complex_extension, extension
from barnetsbog.kernel.cpr import DEMO_SYSTEM
from barnetsbog.kernel.time import DAY, Exactness
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.promotion import ENTRY_KIND, promote, stands
from barnetsbog.record.rights import ADDRESS, CONTENT, GrantRow, opens

from .model import Party
from .parties import SECTORS
from .prefill import About, Known, known_of

Resource = dict[str, Any]

_NAMES = UUID("5f9b1d8e-6c0a-4b7e-9a51-2f4f3a7c1e60")
_ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_ICD = "http://hl7.org/fhir/sid/icd-10"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
HOLDER, CHILD = "holder", "child"


class Place(NamedTuple):
    """A unit that does not exist, and somebody in it. `role`: theirs in `roles.yaml`; `task`: see `Care.task`."""

    name: str
    role: str
    person: str
    title: str
    task: str = ""


PLACES: Mapping[str, Place] = {
    "school": Place("Prøvebakkeskolen", "teacher", "Lis Prøvested", "Lærer"),
    "ppr": Place("PPR Eksempelby", "psychologist", "Kim Demosen", "Psykolog"),
    "family_dept": Place("Familieafdelingen i Eksempelby", "caseworker", "Bo Sagsvang", "Rådgiver"),
    "gp": Place("Lægehuset Demo", "gp", "Eva Demolund", "Læge"),
    "bup": Place("BUP Eksempelby", "bup_clinician", "Pia Prøvegren", "Psykolog"),
    "ltt": Place("Samtaletilbuddet Eksempelby", "ltt", "Ida Opdigt", "Behandler"),
    "health_visitor": Place("Sundhedsplejen i Eksempelby", "health_visitor", "Mia Måling", "Sundhedsplejerske"),
    "hospital": Place("Eksempel Sygehus", "nurse", "Jo Eksempel", "Sygeplejerske"),
    "other": Place("Bostedet Prøvely", "other", "Ole Prøvely", "Pædagog", "placement"),
}  # fmt: skip
"""By sector."""


class Parent(NamedTuple):
    name: str
    relation: str
    code: str
    phone: str
    lives_with_child: bool = True


class Written(NamedTuple):
    """Something that a sector has written, so many days ago."""

    sector: str
    days: int
    resource: Resource


@dataclass(frozen=True, slots=True)
class Invented:
    """`around`: the sectors with a task with the child; `holders`: who has custody."""

    id: str
    title: str
    name: str
    years: int
    holders: tuple[Parent, ...]
    around: tuple[str, ...]
    written: tuple[Written, ...]
    language: str = ""
    protected: bool = False
    placed: bool = False


def _hard(what: str, code: Resource | None = None) -> Resource:
    active = {"coding": [{"system": _CLINICAL, "code": "active"}]}
    found = {"text": what, **({"coding": [code]} if code else {})}
    return {"resourceType": "Condition", "clinicalStatus": active, "code": found}


def _tried(what: str, seen: str) -> Resource:
    return {
        "resourceType": "CarePlan", "status": "active", "intent": "plan", "title": what, "note": [{"text": seen}],
        "activity": [{"detail": {"status": "in-progress", "description": what}}],
    }  # fmt: skip


def _goal(words: str, *, own: bool) -> Resource:
    kind = [{"coding": [{"system": ENTRY_KIND, "code": "own-goal"}]}] if own else []
    shared = [extension("may-be-shared", "Boolean", True)] if own else []
    found: Resource = {"resourceType": "Goal", "lifecycleStatus": "active", "description": {"text": words}}
    return found | ({"category": kind, "extension": shared} if own else {})


def _measured(what: str, value: float, unit: str) -> Resource:
    quantity = {"value": value, "unit": unit}
    return {"resourceType": "Observation", "status": "final", "code": {"text": what}, "valueQuantity": quantity}


CHILDREN: Mapping[str, Invented] = {one.id: one for one in (
    Invented(
        "alma", "Alma, 9 år. Forældrene deler forældremyndigheden", "Alma Prøvegaard", 9,
        (
            Parent("Sara Prøvegaard", "Mor", "MTH", "00 00 00 12"),
            Parent("Jonas Demodal", "Far", "FTH", "00 00 00 13", False),
        ),
        ("school", "ppr", "gp", "family_dept"),
        (
            Written("school", 90, _measured("Fravær fra skole", 14, "%")),
            Written("school", 60, _goal("Jeg vil have en ven i klassen", own=True)),
            Written("ppr", 40, _hard("Har svært ved at holde opmærksomheden")),
            Written("ppr", 30, _tried("Faste pauser", "Hun er roligere efter en pause.")),
            Written("family_dept", 20, _hard("Uro i hjemmet efter skilsmissen")),
        ),
    ),
    Invented(
        "sofus", "Sofus, 16 år. Anbragt, og skal have tolk", "Sofus Demodal", 16,
        (Parent("Lea Demodal", "Mor", "MTH", "00 00 00 14", False),),
        ("school", "family_dept", "bup", "other", "gp"),
        (
            Written("bup", 400, _hard("ADHD", {"system": _ICD, "code": "F90.0", "display": "ADHD"})),
            Written("other", 30, _tried("Fast kontaktperson", "Han kommer selv og fortæller.")),
            Written("family_dept", 25, _goal("Sofus passer sin praktik", own=False)),
        ),
        language="arabisk", placed=True,
    ),
    Invented(
        "liv", "Liv, 6 år. Beskyttet adresse, og mor har forældremyndigheden alene", "Liv Eksempel", 6,
        (Parent("Nora Eksempel", "Mor", "MTH", "00 00 00 15"),),
        ("school", "ppr", "health_visitor", "ltt"),
        (Written("ppr", 15, _hard("Er bange for at være alene")),),
        protected=True,
    ),
)}  # fmt: skip


class Seen(NamedTuple):
    """What somebody would find filled in, and the names of the units it comes from. `rows`: how many entries they may
    read of those that forms are filled from, of how many."""

    known: Known
    people: Mapping[UUID, Contact]
    rows: tuple[int, int]


def ident(*named: str) -> UUID:
    return uuid5(_NAMES, "/".join(named))


def roles_of(party: Party) -> list[str]:
    """As whom a part can be answered: the parents and the child by themselves, professionals by their sectors."""
    if party is Party.PARENT:
        return [HOLDER]
    if party is Party.CHILD:
        return [CHILD]
    return [one for one in SECTORS.get(party, tuple(PLACES)) if one in PLACES]


def seen_by(child: Invented, role: str, *, at: int, today: date) -> Seen:
    """What the book would know of an invented child to somebody who answers (`role`: a sector, `HOLDER` or `CHILD`). A
    professional has a task with the child, whatever the child's other helpers are."""
    around = tuple(dict.fromkeys((*child.around, *([role] if role in PLACES else []))))
    people = {**_units(around), **_persons(around)}
    read = [_row(child, one, at) for one in _resources(child, around, today, at)]
    grants = list(_grants(child, read, around, role, at))
    shelves = role_named(PLACES[role].role if role in PLACES else role).shelves
    mine = [(row, one) for row, one in read if shelves >> row.shelf & 1 and _may_read(grants, row)]
    mine.sort(key=lambda told: -told[0].start)
    cleared = role == CHILD or any(_tells_where(one, shelves) for one in grants)
    veiled = child.protected and not cleared
    if veiled:
        people = {key: _unnamed(one) if key != ident("unit", role) else one for key, one in people.items()}
    me = people.get(ident("role", role))
    unit = f"Organization/{ident('unit', role)}" if me else ""
    return Seen(known_of(mine, About(people, me, unit, at, child.protected or veiled)), people, (len(mine), len(read)))


def _unnamed(one: Contact) -> Contact:
    return Contact(one.id, somewhere(one.sector), sector=one.sector)


def _units(around: tuple[str, ...]) -> dict[UUID, Contact]:
    return {
        (key := ident("unit", one)): Contact(key, PLACES[one].name, sector=one, phone="00 00 00 30") for one in around
    }  # fmt: skip


def _persons(around: tuple[str, ...]) -> dict[UUID, Contact]:
    return {
        (key := ident("role", one)): Contact(
            key, PLACES[one].person, PLACES[one].title, PLACES[one].name, one, "00 00 00 34"
        )
        for one in around
    }


# -- what they may read ------------------------------------------------------------------------------------------------


def _grants(
    child: Invented, read: list[tuple[EntryRow, Resource]], around: tuple[str, ...], role: str, at: int
) -> Iterator[GrantRow]:  # fmt: skip
    """What is open to them now, by the law in force."""
    persons = [one for row, one in read if row.what == "person"]
    patient = next(one for row, one in read if row.what == "child")
    cares = tuple(
        Care(str(ident(child.id, "care", one)), str(ident("unit", one)), one, at - DAY, task=PLACES[one].task)
        for one in around
    )
    facts = Facts(child_of(patient), custody_of(persons, str(patient["id"])), child.protected, cares)
    mine = {
        HOLDER: str(ident(child.id, child.holders[0].name)), CHILD: str(ident(child.id)),
    }.get(role, str(ident("unit", role)))  # fmt: skip
    for one in rights_of(facts, law_in_use()):
        if one.grantee == mine and one.start <= at < one.end:
            yield GrantRow(
                one.shelves, one.level, UUID(one.source) if one.source else None, one.lane,
                UUID(one.entry) if one.entry else None, one.rule,
            )  # fmt: skip


def _may_read(grants: list[GrantRow], row: EntryRow) -> bool:
    return any(
        one.level >= CONTENT and opens(one, entry_id=row.id, shelf=row.shelf, unit_id=row.unit_id, lane=row.lane)
        for one in grants
    )


def _tells_where(grant: GrantRow, shelves: int) -> bool:
    """Whether it opens what reveals an address, whoever wrote it: see `Rights.veiled`."""
    return grant.source_id is None and not grant.lane and bool(grant.shelves & ADDRESS & shelves)


# -- what is written ---------------------------------------------------------------------------------------------------


def _resources(
    child: Invented, around: tuple[str, ...], today: date, at: int
) -> Iterator[tuple[str, Resource, int]]:  # fmt: skip
    """What is in the book: by which sector (empty: a register), what, and when."""
    subject = {"reference": f"Patient/{ident(child.id)}"}
    yield "", _patient(child, today), at
    for parent in child.holders:
        yield "", _related(child, parent, subject), at
    for one in around:
        care = {
            "resourceType": "EpisodeOfCare", "id": str(ident(child.id, "care", one)), "status": "active",
            "type": [{"text": PLACES[one].title}], "patient": subject, "period": {"start": f"{today.year - 1}-01-01"},
            "managingOrganization": {"reference": f"Organization/{ident('unit', one)}"},
        }  # fmt: skip
        yield one, care, at
    for number, said in enumerate(child.written):
        yield (
            said.sector,
            {**said.resource, "id": str(ident(child.id, str(number))), "subject": subject},
            at - said.days * DAY,
        )


def _patient(child: Invented, today: date) -> Resource:
    born = (
        date(today.year - child.years, 5, 17)
        if today >= date(today.year, 5, 17)
        else date(today.year - child.years - 1, 5, 17)
    )
    said = [extension("protected-address", "Boolean", True)] if child.protected else []
    said += [extension("interpreter", "Code", child.language)] if child.language else []
    placed = {"period": ("Period", {"start": f"{today.year - 1}-03-01"}), "covers": ("Code", "day-care")}
    said += [complex_extension("placement", placed)] if child.placed else []
    return {
        "resourceType": "Patient", "id": str(ident(child.id)), "extension": said, "birthDate": born.isoformat(),
        "name": [{"use": "official", "text": child.name}],
        "identifier": [{"system": DEMO_SYSTEM, "value": f"{born.day + 60:02}{born:%m%y}-99{child.years:02}"}],
        "address": [{"line": ["Opdigtet Allé 4"], "postalCode": "0999", "city": "Eksempelby"}],
    }  # fmt: skip


def _related(child: Invented, parent: Parent, subject: Resource) -> Resource:
    custody = {"kind": ("Code", "parent"), "period": ("Period", {"start": "2000-01-01"})}
    code = {"system": _ROLE_CODE, "code": parent.code}
    holds = {"system": terms.DANISH_RELATION, "code": terms.CUSTODY_CODE}
    return {
        "resourceType": "RelatedPerson", "id": str(ident(child.id, parent.name)), "active": True, "patient": subject,
        "extension": [
            extension("lives-with-child", "Boolean", parent.lives_with_child), complex_extension("custody", custody),
        ],
        "relationship": [{"coding": [code, holds], "text": parent.relation}], "name": [{"text": parent.name}],
        "telecom": [{"system": "phone", "value": parent.phone}],
    }  # fmt: skip


def _row(child: Invented, told: tuple[str, Resource, int], at: int) -> tuple[EntryRow, Resource]:
    lane, one, written_at = told
    read = promote(one)
    unit = ident("unit", lane) if lane else None
    row = EntryRow(
        child_id=ident(child.id), id=UUID(one["id"]), kind=one["resourceType"], what=read.what,
        shelf=stands(read, lane), lane=lane, month=read.month or 0,
        start=written_at if lane else read.start, end=None, exactness=Exactness.DAY, end_exactness=Exactness.CLOCK,
        title=read.title, status=read.status, author_id=None, unit_id=unit, open=read.open, holder_id=None,
        offered_id=None, due=None, important=False, imported=False, version=1, recorded_at=written_at, source="",
    )  # fmt: skip
    return row, one
