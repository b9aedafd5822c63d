"""Authorities, units and professionals: Organization, Practitioner and PractitionerRole."""

from __future__ import annotations

from barnetsbog.demo.mapping import terms
from barnetsbog.demo.mapping.frame import Json, as_json, coding, concept
from barnetsbog.demo.model import Cast, Organisation, Professional, Unit
from barnetsbog.demo.story import slug

_META = {"source": "urn:barnetsbog:source:organisation"}


def phone(number: str | None, use: str = "work") -> list[Json]:
    return [{"system": "phone", "value": number, "use": use}] if number else []


def human_name(name: str, use: str = "official") -> Json:
    """The last word is the family name: the cast has no longer ones."""
    given, _, family = name.rpartition(" ")
    return {"use": use, "text": name, "family": family, "given": given.split()}


def organisation(found: Organisation) -> Json:
    return as_json("Organization", slug(found.key), meta=_META, active=True, name=found.name)


def unit(found: Unit, cast: Cast) -> Json:
    return as_json(
        "Organization",
        slug(found.key),
        meta=_META,
        active=True,
        type=[concept(terms.SECTOR, found.sector)],
        name=found.name,
        telecom=phone(found.phone),
        partOf={"reference": f"Organization/{slug(found.of)}", "display": cast.organisations[found.of].name},
    )


def professional(found: Professional, cast: Cast, identity: str) -> list[Json]:
    """The human being and the job, so that somebody can leave a job and the book still knows who wrote."""
    practitioner = as_json("Practitioner", identity, meta=_META, active=True, name=[human_name(found.name)])
    where = cast.units[found.unit]
    role = as_json(
        "PractitionerRole",
        identity,
        meta=_META,
        active=True,
        practitioner={"reference": f"Practitioner/{identity}", "display": found.name},
        organization={"reference": f"Organization/{slug(found.unit)}", "display": where.name},
        code=[{"coding": [coding(terms.ROLE, found.role)], "text": found.title}],
        telecom=phone(where.phone),
    )
    return [practitioner, role]


def directory(cast: Cast) -> list[Json]:
    return [
        *(organisation(found) for found in cast.organisations.values()),
        *(unit(found, cast) for found in cast.units.values()),
        *(part for found in cast.professionals.values() for part in professional(found, cast, slug(found.key))),
    ]
