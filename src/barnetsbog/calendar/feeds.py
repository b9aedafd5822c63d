"""Somebody's own calendar address: made, renewed, ended, and fetched (ADR 15).

The address is a secret of 256 bits that stands nowhere but in the owner's calendar program. It says who asks and never
what may be seen: the scope is made anew at each fetch, so whoever has lost their rights gets an empty calendar.
"""

import secrets
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.audit.in_vain import InVain
from barnetsbog.audit.operations import note
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import SECOND
from barnetsbog.record.instance import now
from barnetsbog.record.scope import LoginLevel, Scope

from .ics import feed
from .model import FeedRow, Planning
from .models import Feed
from .queries import for_feed

HOUR = 3600 * SECOND
AN_HOUR = 60
"""Fetches an hour: calendar programs ask once or a few times."""


_missed = InVain()


class TooMany(RuntimeError):
    """The address is fetched more often than any calendar program does."""


def make(*, by: Scope, child_id: UUID | None = None, with_place: bool) -> str:
    """A new secret, shown once. An address that there was before works no more."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        _end(by)
        Feed.objects.create(
            id=new_id(), person_id=by.role_id, child_id=child_id, digest=_digest(secret), with_place=with_place,
            made_at=by.at,
        )  # fmt: skip
        note(Planning.FEED_MADE, at=by.at, by=by, place=with_place)
    return secret


def end(*, by: Scope) -> None:
    """The address works no more."""
    with transaction.atomic():
        if _end(by):
            note(Planning.FEED_ENDED, at=by.at, by=by)


def _end(by: Scope) -> int:
    return Feed.objects.filter(person_id=by.role_id, ended_at=None).update(ended_at=by.at)


def barred(people: Sequence[UUID]) -> None:
    """Somebody may not act as these any more; their addresses work no more either."""
    if people:
        Feed.objects.filter(person_id__in=people, ended_at=None).update(ended_at=now())


def own_feed(scope: Scope) -> FeedRow | None:
    """The reader's own address, without its secret."""
    found = Feed.objects.filter(person_id=scope.role_id, ended_at=None).first()
    return FeedRow(found.id, found.with_place, found.made_at) if found else None


def fetch(secret: str) -> bytes:
    """What the address with this secret tells now.

    `NotFound` when there is none, or none any more: the same answer. `TooMany` when it is asked too often.
    """
    found = Feed.objects.filter(digest=_digest(secret), ended_at=None).first()
    if found is None:
        if times := _missed.times(at := now()):
            note(Planning.FEED, at=at, by=None, allowed=False, reason="ikke fundet", times=times)
        raise NotFound
    _count(found)
    scope = _scope(found)
    if scope is None:
        note(Planning.FEED, at=(at := now()), by=None, allowed=False, reason="ingen adgang", feed=str(found.id))
        return feed((), owner=found.id, at=at)
    try:
        with open_book(scope, Planning.FEED, found.child_id) as book:
            meetings = for_feed(book, found.child_id, with_place=found.with_place)
    except NotFound:
        meetings = []
    return feed(meetings, owner=found.id, at=scope.at)


def _scope(found: Feed) -> Scope | None:
    """Whoever made the address, with the rights they have now. It was made in a session of this level, and what it
    tells is less than any page (ADR 15)."""
    if found.child_id is not None:
        return scope_for_person(found.person_id, found.child_id, level=LoginLevel.SUBSTANTIAL)
    return scope_for(found.person_id, level=LoginLevel.SUBSTANTIAL)


def _count(found: Feed) -> None:
    hour = now() // HOUR
    fetched = found.fetched + 1 if found.hour == hour else 1
    if fetched > AN_HOUR:
        raise TooMany
    Feed.objects.filter(id=found.id).update(hour=hour, fetched=fetched)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
