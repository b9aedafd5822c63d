"""Somebody who works with a child tells the administrators of their own organisation that it may have two books.

They are answered with the same words whatever is found: that there is another book is nobody's to learn by asking.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from barnetsbog.access.reading import open_book
from barnetsbog.audit.encoding import without_numbers
from barnetsbog.audit.operations import note
from barnetsbog.kernel.decisions import NotFound, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
from barnetsbog.record.scope import Scope

from . import rules
from .model import Joins
from .models import Sighting
from .reach import has_administrator, own_units


def tell(child_id: UUID, *, by: Scope, seen: str) -> UUID:
    """`seen`: what makes them think so. `Refused` when it says nothing, nobody could look at it, or the unit is waiting
    for an answer already; `NotFound` where the child may not be known."""
    if by.unit_id is None:
        raise NotFound
    with open_book(by, Joins.TELL, child_id):
        store.lock_book(child_id.bytes)
        waits = Sighting.objects.filter(child_id=child_id, unit_id=by.unit_id, answered_at=None).exists()
        require(rules.may_tell(seen, waits=waits, somebody=has_administrator(by)))
        ident, said = new_id(), whole(seen)
        Sighting.objects.create(id=ident, child_id=child_id, at=by.at, by_id=by.role_id, unit_id=by.unit_id, seen=said)
    return ident


def whole(text: str) -> str:
    """A reason as it is kept: without person numbers. `Refused` when there is no room for it."""
    kept = without_numbers(text.strip())
    require(rules.has_room(kept))
    return kept


def answer(ident: UUID, *, by: Scope) -> None:
    """Somebody has looked into it. `NotFound` when it is not the own organisation's, or is answered."""
    with transaction.atomic():
        row = Sighting.objects.filter(id=ident, unit_id__in=own_units(by), answered_at=None).first()
        if row is None:
            raise NotFound
        _answer(row, by)


def answer_all(children: Collection[UUID], *, by: Scope) -> None:
    """Whatever the own organisation has been told of these children has been looked into, in the caller's
    transaction."""
    for row in Sighting.objects.filter(child_id__in=children, unit_id__in=own_units(by), answered_at=None):
        _answer(row, by)


def _answer(row: Sighting, by: Scope) -> None:
    row.answered_at, row.answered_by = by.at, by.role_id
    row.save()
    note(Joins.ANSWER, at=by.at, by=by, child_id=row.child_id, sighting=str(row.id))
