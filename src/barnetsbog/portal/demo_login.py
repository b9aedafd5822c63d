"""The demonstration's ready-made log-ins: one for each kind of role, by name.

Only in a demonstration: everywhere else these addresses do not exist.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from barnetsbog.access.people import everybody_with_rights
from barnetsbog.directory.model import SECTORS, SYSTEM_ROLES, RoleName
from barnetsbog.directory.queries import children, roles
from barnetsbog.record.instance import now

from . import words

# The keys stand in the addresses that `./bog demo` prints; the names are those of the cast (demo/actors.yaml).
KEYS = {
    "ppr-psykolog": "Kim Demosen",
    "laerer": "Maja Prøvelund",
    "raadgiver": "Rikke Sagsby",
    "bup-psykolog": "Ida Testrup",
    "bup-visitator": "Jytte Kølin",
    "laege": "Astrid Recept",
    "ltt-psykolog": "Nanna Døråben",
    "specialskole": "Henrik Tegneby",
    "sundhedsplejerske": "Gitte Vægtkurve",
    "ungeraadgiver": "Camilla Overgang",
    "familiebehandler": "Lene Samtaleby",
    "bup-overlaege": "Niels Stuegang",
    "ppr-leder": "Hanne Overblik",
    "vagtlaege": "Vagn Hastesen",
    "akut-leder": "Grethe Vagtplan",
    "dpo": "Ruth Tavsing",
    "administrator": "Ib Systemby",
    "administrator-2": "Vera Tjekby",
    "analytiker": "Signe Regneby",
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    key: str
    role_id: UUID
    name: str
    role: str
    unit: str
    sector: str


def people() -> list[DemoPerson]:
    """Those one can be, the ready-made ones first, then everybody else by sector and name."""
    by_name = {name: key for key, name in KEYS.items()}
    found = [_person(role, by_name.get(role.name, "")) for role in roles().values() if _is_somebody(role)]
    return sorted((p for p in found if p.key), key=lambda p: list(KEYS).index(p.key))


def everybody() -> list[tuple[str, list[DemoPerson]]]:
    """All professionals, sector by sector."""
    found = sorted(
        (_person(role, "") for role in roles().values() if _is_somebody(role)), key=lambda p: (p.unit, p.name)
    )
    return [(sector, mine) for sector in SECTORS if (mine := [p for p in found if p.sector == sector])]


@dataclass(frozen=True, slots=True)
class DemoRelative:
    """Somebody of a family one can be."""

    person_id: UUID
    child_id: UUID
    name: str
    line: str


def families() -> list[tuple[str, list[DemoRelative]]]:
    """Those of each family who may open the child's book now, the child first."""
    found = everybody_with_rights()
    known = children({child for child, *_ in found})
    by_child: dict[UUID, list[DemoRelative]] = {}
    for child, ident, what, name in sorted(found, key=lambda row: (known[row[0]].full, row[2], row[3])):
        line = str(_("barnet selv")) if what == "child" else known[child].called
        by_child.setdefault(child, []).append(DemoRelative(ident, child, name, line))
    return [(known[child].full, relatives) for child, relatives in by_child.items()]


def _is_somebody(role: RoleName) -> bool:
    return role.works(now()) and role.unit_id is not None and role.code not in SYSTEM_ROLES


def _person(role: RoleName, key: str) -> DemoPerson:
    return DemoPerson(
        key, role.id, role.name, role.title or str(words.ROLES.get(role.code, "")), role.unit, role.sector
    )
