"""Breaking the glass (værdispring): opening a book in an emergency, for an hour, with a reason, under review.

Sundhedsloven § 41(2)(4), § 42 a and § 43(2)(2). Only roles that may do it can, only for a child whose exact number is
known, and never without a reason. The child's confidential talk stays closed; what reveals a protected address opens
only for a reason of its own. Every look-up is in the log and in its manager's queue until it has been reviewed, and the
family sees it (at once, or when it has been reviewed: the instance's policy, because telling at once can endanger a
child).
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from barnetsbog.audit.encoding import without_numbers
from barnetsbog.audit.model import Action
from barnetsbog.audit.operations import note, number_searched
from barnetsbog.directory import queries as directory
from barnetsbog.kernel.cpr import normalise
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import SECOND
from barnetsbog.record.scope import Scope

from .law_in_force import law_in_use
from .models import BreakGlass
from .operations import rights_follow
from .roles import role_named

SHORTEST = 10
"""Characters of a reason. "Akut" is none."""
LONGEST_REMARK = 500


@dataclass(frozen=True, slots=True)
class Broken:
    """A look-up: which, whose book, until when (UTC microseconds)."""

    id: UUID
    child_id: UUID
    until: int


class NoReason(ValueError):
    """Without a reason nothing is opened."""


def break_glass(*, by: Scope, number: str, reason: str, address_reason: str = "") -> Broken:
    """Opens the book of the child with this person number to `by`, for the minutes that the rules say.

    `NotFound`: the role may not, or there is no such child; both are logged, and the same answer.
    """
    reason, address_reason = (without_numbers(text.strip()) for text in (reason, address_reason))
    if len(reason) < SHORTEST or (address_reason and len(address_reason) < SHORTEST):
        raise NoReason
    with transaction.atomic():
        child_id = directory.child_by_number(normalise(number))
        if "break-glass" not in role_named(by.role).may or child_id is None or by.unit_id is None:
            _refused(by, number, reason)
        else:
            return _open(by, child_id, reason, address_reason)
    raise NotFound


def _refused(by: Scope, number: str, reason: str) -> None:
    sought = number_searched(number)
    note(Action.BREAK_GLASS, at=by.at, by=by, allowed=False, reason=reason, **sought._asdict())


def _open(by: Scope, child_id: UUID, reason: str, address_reason: str) -> Broken:
    assert by.unit_id
    until = by.at + minutes() * 60 * SECOND
    told = by.at if settings.BREAK_GLASS_NOTICE == "at-once" else None
    row = BreakGlass(
        id=new_id(), child_id=child_id, role_id=by.role_id, unit_id=by.unit_id, at=by.at, until=until,
        reason=reason[:500], address_reason=address_reason[:500], remark="", told_at=told,
    )  # fmt: skip
    row.save(force_insert=True)
    rights_follow(child_id)
    note(
        Action.BREAK_GLASS, at=by.at, by=by, child_id=child_id, reason=reason, id=str(row.id), until=until,
        address=bool(address_reason),
    )  # fmt: skip
    return Broken(row.id, child_id, until)


def minutes() -> int:
    """How long a look-up lasts."""
    return int(law_in_use().book.option("breakglass-minutes"))


@dataclass(frozen=True, slots=True)
class LookUp:
    """A look-up as its reviewer sees it."""

    id: UUID
    child_id: UUID
    role_id: UUID
    at: int
    until: int
    reason: str
    address_reason: str
    reviewed_at: int | None
    justified: bool | None
    remark: str
    told_at: int | None
    """From when the family may know of it."""


def to_review(by: Scope) -> list[LookUp]:
    """Look-ups that nobody has reviewed: of the own unit for its manager, of every unit for who oversees them all."""
    role = role_named(by.role)
    if "review" not in role.may or by.unit_id is None:
        return []
    own = {by.role_id, *directory.roles_of(by.person_id)}  # in whichever role
    found = BreakGlass.objects.filter(reviewed_at=None).exclude(role_id__in=own).order_by("at")
    if "audit" not in role.may:
        found = found.filter(unit_id=by.unit_id)
    return [_look_up(row) for row in found]


def lasted_until(one: LookUp) -> int:
    """When a look-up was over: its hour, or until the same person began another one in the same book."""
    later = BreakGlass.objects.filter(child_id=one.child_id, role_id=one.role_id, at__gt=one.at).order_by("at")
    return min([one.until, *later.values_list("at", flat=True)[:1]])


def of_child(child_id: UUID) -> list[LookUp]:
    """Every look-up in one child's book: for the log of its family, which tells of those that it may know of."""
    return [_look_up(row) for row in BreakGlass.objects.filter(child_id=child_id).order_by("at")]


def moved(source: UUID, target: UUID, idents: Collection[UUID] | None = None) -> list[UUID]:
    """Look-ups in one child's book, or some of them, are of another's now; which."""
    found = BreakGlass.objects.filter(child_id=source)
    found = found if idents is None else found.filter(id__in=idents)
    these = list(found.values_list("id", flat=True))
    BreakGlass.objects.filter(id__in=these).update(child_id=target)
    return these


def review(*, by: Scope, ident: UUID, justified: bool, remark: str) -> LookUp:
    """A reviewer's judgement, once. Nobody reviews their own look-up."""
    with transaction.atomic():
        if ident not in {one.id for one in to_review(by)}:
            raise NotFound
        row = BreakGlass.objects.get(id=ident)
        row.reviewed_at, row.reviewed_by, row.justified, row.remark = (
            by.at,
            by.role_id,
            justified,
            without_numbers(remark.strip())[:LONGEST_REMARK],
        )
        row.told_at = row.told_at if row.told_at is not None else by.at
        row.save()
        note(
            Action.BREAK_GLASS, at=by.at, by=by, child_id=row.child_id, reason=remark, id=str(ident), review=True,
            justified=justified,
        )  # fmt: skip
        return _look_up(row)


def _look_up(row: BreakGlass) -> LookUp:
    return LookUp(
        row.id, row.child_id, row.role_id, row.at, row.until, row.reason, row.address_reason, row.reviewed_at,
        row.justified, row.remark, row.told_at,
    )  # fmt: skip
