"""What the directory and the grants need to know of a resource, read out once.

The tables of the directory are projections: names for lists, the unit of a role, the person numbers of a child. Whom
something is sent to gives them the right to read it. References have been pointed at ids of ours before this runs.
"""

from collections.abc import Callable
from typing import Any

from barnetsbog.consent.addressing import SENT, addressed_to
from barnetsbog.directory.model import SECTORS
from barnetsbog.fhir import folded
from barnetsbog.fhir.own import BASE, extension_of, ident_of, person_numbers, reference_of, texts_in, written
from barnetsbog.record.promotion import text_of

Resource = dict[str, Any]

SECTOR_SYSTEM = f"{BASE}/CodeSystem/sector"
ROLE_SYSTEM = f"{BASE}/CodeSystem/role"


def facts_of(resource: Resource) -> dict[str, Any] | None:
    reader = _READERS.get(resource["resourceType"])
    return reader(resource) if reader else None


def _ident(reference: str) -> str | None:
    """The id in a reference to something here; None when it leads out of the book."""
    found = ident_of(reference)
    return str(found) if found else None


def _coding(concepts: Any, system: str) -> str:
    for concept in concepts or ():
        for coding in concept.get("coding", ()):
            if coding.get("system") == system:
                return str(coding.get("code", ""))
    return ""


def _phone(resource: Resource) -> str:
    return next((str(t.get("value", "")) for t in resource.get("telecom", ()) if t.get("system") == "phone"), "")[:30]


def _name(resource: Resource, use: str = "") -> Resource:
    names: list[Resource] = resource.get("name") or [{}]
    return next((n for n in names if n.get("use") == use), names[0])


def _patient(r: Resource) -> dict[str, Any]:
    name, called = _name(r, "official"), _name(r, "usual")
    given, usual = (" ".join(texts_in(one.get("given"))) for one in (name, called))
    family = str(name.get("family", ""))
    given = given or ("" if family else str(name.get("text", "")))
    return {
        "given": given[:120], "family": family[:120], "called": (usual or given)[:120],
        "search_name": folded(f"{given} {family}")[:240], "born": r.get("birthDate"), "gender": r.get("gender", ""),
        "numbers": person_numbers(r.get("identifier")),
    }  # fmt: skip


def _organization(r: Resource) -> dict[str, Any]:
    sector = _coding(r.get("type"), SECTOR_SYSTEM)
    return {
        "name": str(r.get("name", ""))[:200],
        "parent": _ident(reference_of(r.get("partOf"))),
        "sector": sector if sector in SECTORS else "",
        "phone": _phone(r),
        "active": r.get("active", True) is True,
        "successor": _ident(reference_of(extension_of(r, "successor"))),
    }


def _practitioner(r: Resource) -> dict[str, Any]:
    return {"name": written(_name(r))[:200], "active": r.get("active", True) is True}


def _role(r: Resource) -> dict[str, Any]:
    return {
        "professional": _ident(reference_of(r.get("practitioner"))), "unit":
        _ident(reference_of(r.get("organization"))), "code": _coding(r.get("code"), ROLE_SYSTEM)[:30], "title":
        text_of(r.get("code"))[:120], "phone": _phone(r), "active": r.get("active", True) is True,
        "period": r.get("period"),
    }  # fmt: skip


def _sent(r: Resource) -> dict[str, Any] | None:
    to = addressed_to(r)
    return {"to": to} if to else None


_READERS: dict[str, Callable[[Resource], dict[str, Any] | None]] = {
    "Patient": _patient,
    "Organization": _organization,
    "Practitioner": _practitioner,
    "PractitionerRole": _role,
    **dict.fromkeys(SENT, _sent),
}
