"""Putting names to the ids of units and professionals, for a reader of a child's book.

The one place where it is done: where the reader must not learn where the child is (`Book.veiled`), a unit goes by what
kind of place it is and its people by their unit, without a telephone number (law-and-access §2, Address). The reader's
own unit keeps its name: it is no news. Free text goes through the `Veil` made here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import RoleName, UnitName
from barnetsbog.record.scope import Scope
from barnetsbog.record.veil import Veil

SOMEWHERE: dict[str, str | Promise] = {
    "school": _("En skole eller et dagtilbud"), "ppr": _("En skolepsykolog i PPR"), "gp": _("En læge"),
    "health_visitor": _("En sundhedsplejerske"), "bup": _("Børne- og ungdomspsykiatrien"),
    "ltt": _("Et samtaletilbud"), "family_dept": _("En kommune"), "hospital": _("Et hospital"),
    "adult": _("Et tilbud for voksne"), "police": _("Politiet"), "other": _("Et andet sted"),
}  # fmt: skip
"""What a unit is called when its name would tell too much, by sector."""


def somewhere(sector: str) -> str:
    return str(SOMEWHERE.get(sector, SOMEWHERE["other"]))


MUNICIPALITY = " Kommune"
SOMEBODY, A_PLACE, A_NUMBER = _("en fagperson"), _("et sted"), _("skjult nummer")


def units(scope: Scope, ids: Iterable[UUID], *, veiled: bool) -> dict[UUID, UnitName]:
    """Units by id, as this reader may know them."""
    found = directory.units(ids)
    return {ident: _unit(one, scope) for ident, one in found.items()} if veiled else found


def _unit(unit: UnitName, scope: Scope) -> UnitName:
    return unit if unit.id == scope.unit_id else UnitName(unit.id, somewhere(unit.sector), unit.sector, "", "", True)


def roles(scope: Scope, ids: Iterable[UUID], *, veiled: bool) -> dict[UUID, RoleName]:
    """Professionals by the id of their role, as this reader may know them."""
    found = directory.roles(ids)
    return {ident: _role(one, scope) for ident, one in found.items()} if veiled else found


def _role(role: RoleName, scope: Scope) -> RoleName:
    if role.unit_id == scope.unit_id:
        return role
    return replace(without_place(role), professional_id=None, name=somewhere(role.sector), title="", unit="")


def without_place(role: RoleName) -> RoleName:
    """Who it is, but not where they work: for overseers, who must know whom to ask."""
    return replace(role, phone="", unit_id=None, unit=somewhere(role.sector), organisation="")


def veil_for(scope: Scope) -> Veil:
    """The veil that a reader's free text goes through. It knows every name of the directory and not only those of the
    child's own places, so that what it leaves out tells nothing of the book."""
    return veil_of(scope.unit_id)


def veil_of(unit_id: UUID | None) -> Veil:
    """The veil for somebody of a unit, or (None) of the family, who is written to and does not read the book."""
    return Veil(_hidden(unit_id))


def _hidden(unit_id: UUID | None) -> Iterator[tuple[str, str]]:
    everywhere = directory.units()
    own = everywhere.get(unit_id) if unit_id else None
    known = {own.name, own.parent} if own else set()
    for unit in everywhere.values():
        if unit.name not in known:
            yield from _names(unit)
        if unit.phone and (own is None or unit.phone != own.phone):
            yield unit.phone, str(A_NUMBER)
    for role in directory.roles().values():
        if own is None or role.unit_id != own.id:
            yield role.name, str(SOMEBODY)


def _names(unit: UnitName) -> Iterator[tuple[str, str]]:
    """The names that give a place away: a municipality's with and without that word."""
    name, found, _rest = unit.name.partition(MUNICIPALITY)
    word = somewhere("family_dept" if found else unit.sector)
    yield unit.name, word[:1].lower() + word[1:]
    if found:
        yield name, str(A_PLACE)
