"""Keeping the directory in step with the resources it is a projection of."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS, REPLACEMENT_SYSTEMS, normalise
from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
from barnetsbog.record.inserting import insert

from .models import Absence, Child, ChildIdentifier, Professional, Role, Unit
from .working import spans

Facts = dict[str, Any]
NewChild = tuple[bytes, Facts, Sequence[tuple[str, str]]]
"""Its id, what is known of it, and the keys that lead to it (system, value)."""


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def organisation_changed(ident: UUID, facts: Facts) -> None:
    """A unit that says nothing of its sector has that of the organisation it is part of."""
    parent = _uuid(facts["parent"])
    inherited = Unit.objects.filter(id=parent).values_list("sector", flat=True).first() if parent else None
    sector = facts["sector"] or inherited or "other"
    values = {"name": facts["name"], "parent_id": parent, "sector": sector, "phone": facts["phone"]}
    values |= {"active": facts["active"], "successor_id": _uuid(facts["successor"])}
    Unit.objects.update_or_create(id=ident, defaults=values)


def professional_changed(ident: UUID, facts: Facts) -> None:
    Professional.objects.update_or_create(id=ident, defaults={"name": facts["name"], "active": facts["active"]})


def role_changed(ident: UUID, facts: Facts) -> None:
    start, end = spans(facts["period"])
    values = {
        "professional_id": _uuid(facts["professional"]), "unit_id": _uuid(facts["unit"]), "code": facts["code"],
        "title": facts["title"], "phone": facts["phone"], "active": facts["active"],
        "start": start, "end": end,
    }  # fmt: skip
    Role.objects.update_or_create(id=ident, defaults=values)


def child_changed(child_id: UUID, facts: Facts) -> None:
    """The name, birth date and person numbers by which a child is found."""
    values = {name: facts[name] for name in ("given", "family", "called", "search_name", "gender")}
    Child.objects.update_or_create(id=child_id, defaults={**values, "born": birth_date(facts["born"])})
    numbers_added(child_id, facts)
    _corrected(child_id)


def numbers_added(child_id: UUID, facts: Facts) -> None:
    """The numbers lead to the child too; one that leads to another already goes on doing so."""
    numbers = [ChildIdentifier(system=system, value=value, child_id=child_id) for system, value in facts["numbers"]]
    ChildIdentifier.objects.bulk_create(numbers, ignore_conflicts=True)


def _corrected(child_id: UUID) -> None:
    """A number that nobody in the book says any more, where another of the same register is said, was a wrong one: it
    leads to nobody, or it would bring another child's papers here. What was a temporary one still leads here, and so
    does a former one that is still said (FHIR's `use`: old)."""
    said = {(system, normalise(value)) for system, value in store.person_numbers_of(child_id.bytes)}
    known = {system for system, _ in said} - {*REPLACEMENT_SYSTEMS}
    for one in ChildIdentifier.objects.filter(child_id=child_id, system__in=known & PERSON_NUMBER_SYSTEMS):
        if (one.system, one.value) not in said:
            one.delete()


class Told(NamedTuple):
    """What the directory had of a child before its book was put into another's: to be told again."""

    child: dict[str, Any]
    numbers: list[list[str]]


def joined(child_id: UUID, other: UUID, *, wrong: bool) -> Told:
    """What led to another child leads to this one; numbers that are `wrong` lead to nobody."""
    keys = ChildIdentifier.objects.filter(child_id=other)
    told = Told(
        dict(Child.objects.filter(id=other).values().get()), [list(one) for one in keys.values_list("system", "value")]
    )
    if wrong:
        keys.filter(system__in=PERSON_NUMBER_SYSTEMS).delete()
    keys.update(child_id=child_id)
    Child.objects.filter(id=other).delete()
    return told


def apart(kept: UUID, other: UUID, told: Told, facts: Facts | None, numbers: Iterable[tuple[str, str]]) -> None:
    """What led to the other child leads to it again; a number that leads to a third child by now goes on doing so.
    `facts`: what the other child's Patient says now, who may have got another name meanwhile; `numbers`: those that it
    has got."""
    Child.objects.create(**told.child)
    for system, value in {*map(tuple, told.numbers), *numbers}:
        leads = ChildIdentifier.objects.filter(system=system, value=value)
        if not leads.filter(child_id=kept).update(child_id=other) and not leads.exists():
            ChildIdentifier.objects.create(system=system, value=value, child_id=other)
    if facts:
        child_changed(other, facts)


def children_added(new: Sequence[NewChild]) -> None:
    """Many new children at once, for the hot path of the intake. A key that leads to another child already is an
    `IntegrityError`."""
    rows = [
        (child_id, f["given"], f["family"], f["called"], f["search_name"], _stored_day(f["born"]), f["gender"])
        for child_id, f, _ in new
    ]
    insert(Child, rows)
    insert(ChildIdentifier, [(*key, child_id) for child_id, _, keys in new for key in keys])


def _stored_day(text: str | None) -> date | str | None:
    """A date as a raw SQL parameter: SQLite keeps it as text."""
    day = birth_date(text)
    return day.isoformat() if day and connection.vendor == "sqlite" else day


def birth_date(text: str | None) -> date | None:
    """A whole date, or None: a year or a month finds nobody."""
    return date.fromisoformat(text) if text and len(text) == 10 else None


def absent(role_id: UUID, *, start: int, end: int, substitute: UUID | None, by: UUID, at: int) -> None:
    """Somebody is away from a job; what was said before of the same days no longer counts."""
    for one in Absence.objects.filter(role_id=role_id, start__lt=end, end__gt=start):
        _cut(one, start)
    Absence.objects.create(
        id=new_id(), role_id=role_id, start=start, end=end, substitute_id=substitute, recorded_at=at, by_id=by
    )


def back(role_id: UUID, absence: UUID, *, at: int) -> None:
    for one in Absence.objects.filter(role_id=role_id, id=absence, end__gt=at):
        _cut(one, at)


def _cut(absence: Absence, at: int) -> None:
    """An absence ends earlier; one that had not begun by then was never one."""
    if absence.start >= at:
        absence.delete()
    else:
        absence.end = at
        absence.save()
