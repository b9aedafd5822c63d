"""Synthetic children: the same ones for the same numbers, 61 entries each, over six years.

They have the shapes of the real book (a patient, two parents, care relations, observations, meetings, letters, tasks,
goals) and no content worth reading. Numbers are of the fictitious series.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import orjson

BASE = "https://barnetsbog.example/fhir"
Json = dict[str, Any]
START = date(2020, 12, 1)
DAYS = 2180
UNITS = 8
MEASURED = 8
"""The number of the unit after them: see `measured_unit`."""

SECTORS = ("ppr", "school", "family_dept", "bup", "gp", "ltt", "health_visitor", "hospital")


def directory() -> Json:
    """One organisation, a unit of each sector and one professional in each."""
    workplaces = [_workplace(index, sector) for index, sector in enumerate(SECTORS)]
    return _bundle([resource for one in workplaces for resource in one], "collection")


def measured_unit() -> Json:
    """One more unit, `MEASURED`, that no synthetic child has to do with unless it is told so."""
    return _bundle(_workplace(MEASURED, "ppr"), "collection")


def _workplace(index: int, sector: str) -> list[Json]:
    """A unit, a professional, and the role that the one has in the other."""
    kind = {"coding": [{"system": f"{BASE}/CodeSystem/sector", "code": sector}]}
    role = {"coding": [{"system": f"{BASE}/CodeSystem/role", "code": "psychologist"}], "text": "psykolog"}
    return [
        {"resourceType": "Organization", "id": f"bench-unit-{index}", "name": f"Enhed {sector}", "type": [kind]},
        {"resourceType": "Practitioner", "id": f"bench-person-{index}", "name": [{"text": f"Fagperson {index}"}]},
        {
            "resourceType": "PractitionerRole",
            "id": f"bench-role-{index}",
            "practitioner": {"reference": f"Practitioner/bench-person-{index}"},
            "organization": {"reference": f"Organization/bench-unit-{index}"},
            "code": [role],
        },
    ]


def directory_transaction() -> Json:
    """The same as a transaction, for a server that knows no other way."""
    return _bundle([entry["resource"] for entry in directory()["entry"]], "transaction")


def child(number: int, entries: int = 61, *, kind: str = "transaction", care: tuple[int, ...] = ()) -> Json:
    """One child's book as a Bundle of exactly `entries` resources."""
    chance = random.Random(number)
    ident = f"b{number}"
    resources = [_patient(ident, number), *_frame(ident, chance, care)]
    makers = (_observation, _meeting, _observation, _letter, _condition, _observation, _task, _goal, _letter, _meeting)
    while len(resources) < entries:
        index = len(resources)
        maker = _plan if index in (20, 40, 55) else makers[index % len(makers)]
        resources.append(maker(ident, index, chance))
    return _bundle(resources[:entries], kind)


def files(count: int, entries: int = 61) -> Iterator[bytes]:
    for number in range(count):
        yield orjson.dumps(child(number, entries))


def _bundle(resources: list[Json], kind: str) -> Json:
    entries: list[Json] = []
    for resource in resources:
        address = f"{resource['resourceType']}/{resource['id']}"
        entry: Json = {"fullUrl": f"https://bench.example/fhir/{address}", "resource": resource}
        if kind == "transaction":
            entry["request"] = {"method": "PUT", "url": address}
        entries.append(entry)
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def number_of(child_number: int) -> str:
    """A number of the fictitious series for each of a million children."""
    day, rest = 61 + child_number % 28, child_number // 28
    month, rest = 1 + rest % 12, rest // 12
    year, rest = 8 + rest % 12, rest // 12
    return f"{day:02}{month:02}{year:02}99{rest % 100:02}"


def _patient(ident: str, number: int) -> Json:
    born = date(2008 + number % 12, 1 + number % 12, 1 + number % 28)
    return {
        "resourceType": "Patient",
        "id": ident,
        "identifier": [{"system": f"{BASE}/identifier/bench", "value": str(number)}],
        "name": [{"use": "official", "family": f"Syntesen{number % 997}", "given": [f"Barn{number % 89}"]}],
        "gender": "female" if number % 2 else "male",
        "birthDate": born.isoformat(),
        "address": [{"line": [f"Prøvevej {number % 300}"], "city": "Eksempelby", "postalCode": "0000"}],
    }


def _frame(ident: str, chance: random.Random, care: tuple[int, ...]) -> Iterator[Json]:
    for relation, name in (("MTH", "Mor"), ("FTH", "Far")):
        coding = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": relation}
        yield {
            "resourceType": "RelatedPerson",
            "id": f"{ident}-{relation.lower()}",
            "patient": _ref("Patient", ident),
            "relationship": [{"coding": [coding]}],
            "name": [{"text": f"{name} Syntesen"}],
        }
    for unit in care or chance.sample(range(UNITS), 3):
        yield {
            "resourceType": "EpisodeOfCare",
            "id": f"{ident}-care-{unit}",
            "status": "active",
            "patient": _ref("Patient", ident),
            "managingOrganization": _ref("Organization", f"bench-unit-{unit}"),
            "period": {"start": START.isoformat()},
            "type": [{"text": "Opgave med barnet"}],
        }


def _ref(kind: str, ident: str) -> Json:
    return {"reference": f"{kind}/{ident}"}


def _common(kind: str, ident: str, index: int, chance: random.Random) -> tuple[Json, str, Json]:
    day = START + timedelta(days=chance.randrange(DAYS))
    clock = f"{8 + index % 8:02}:{index % 60:02}:00+01:00"
    author = _ref("PractitionerRole", f"bench-role-{chance.randrange(UNITS)}")
    base = {"resourceType": kind, "id": f"{ident}-{index}", "meta": {"source": "urn:barnetsbog:source:bench"}}
    return base, f"{day.isoformat()}T{clock}", author


def _observation(ident: str, index: int, chance: random.Random) -> Json:
    base, at, author = _common("Observation", ident, index, chance)
    category = {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "social-history"}
    return {
        **base,
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"text": f"Iagttagelse {index} i undervisningen"},
        "subject": _ref("Patient", ident),
        "effectiveDateTime": at,
        "performer": [author],
        "valueString": f"Barnet arbejdede med opgave {index} i {chance.randrange(60)} minutter og holdt to pauser.",
    }


def _meeting(ident: str, index: int, chance: random.Random) -> Json:
    base, at, author = _common("Encounter", ident, index, chance)
    return {
        **base,
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "type": [{"text": f"Møde {index} om skolegangen"}],
        "subject": _ref("Patient", ident),
        "participant": [{"individual": author}],
        "period": {"start": at},
    }


def _letter(ident: str, index: int, chance: random.Random) -> Json:
    base, at, author = _common("Communication", ident, index, chance)
    return {
        **base,
        "status": "completed",
        "category": [{"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": "letter"}]}],
        "topic": {"text": f"Brev {index} til forældrene"},
        "subject": _ref("Patient", ident),
        "sender": author,
        "sent": at,
        "recipient": [_ref("RelatedPerson", f"{ident}-mth")],
        "payload": [{"contentString": f"Vi ses på skolen. Sag {index}."}],
    }


def _condition(ident: str, index: int, chance: random.Random) -> Json:
    base, at, author = _common("Condition", ident, index, chance)
    status = {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
    return {
        **base,
        "clinicalStatus": {"coding": [status]},
        "code": {"text": f"Svært ved overgange {index}"},
        "subject": _ref("Patient", ident),
        "onsetDateTime": at,
        "recorder": author,
    }


def _task(ident: str, index: int, chance: random.Random) -> Json:
    base, at, author = _common("Task", ident, index, chance)
    done = index > 7
    return {
        **base,
        "status": "completed" if done else "in-progress",
        "intent": "order",
        "description": f"Opgave {index} for barnet",
        "for": _ref("Patient", ident),
        "authoredOn": at,
        "requester": author,
        "owner": _ref("PractitionerRole", f"bench-role-{chance.randrange(UNITS)}"),
        "restriction": {"period": {"end": "2026-12-20"}},
    }


def _goal(ident: str, index: int, chance: random.Random) -> Json:
    base, at, author = _common("Goal", ident, index, chance)
    return {
        **base,
        "lifecycleStatus": "active",
        "description": {"text": f"Jeg vil gerne være med i leg {index}"},
        "subject": _ref("Patient", ident),
        "startDate": at[:10],
        "expressedBy": author,
        "category": [{"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": "own-goal"}]}],
    }


def _plan(ident: str, index: int, chance: random.Random) -> Json:
    base, at, author = _common("CarePlan", ident, index, chance)
    return {
        **base,
        "status": "completed",
        "intent": "plan",
        "title": f"Faste pauser {index}",
        "subject": _ref("Patient", ident),
        "period": {"start": at, "end": "2026-12-31"},
        "author": author,
        "activity": [{"detail": {"status": "completed", "description": "Pauser efter hver lektion"}}],
    }
