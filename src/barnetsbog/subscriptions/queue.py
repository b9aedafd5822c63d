"""The outbox of notifications: what happened is handed to those who subscribed; a subscription is one worker's at a
time, so that its events go out in order; a worker that is killed loses its hold (ADR 20).

An event gets its number when it is told and not before: what may not be told leaves no gap. A number that nobody can
have got is given back.
"""

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import F

from barnetsbog.clients.clock import wall
from barnetsbog.clients.models import Approval
from barnetsbog.delivery import rules as waits
from barnetsbog.kernel.sentences import Sentence
from barnetsbog.kernel.time import DAY, SECOND

from .model import Event, Status, Subscription
from .models import Happening, Subscribed, Waiting
from .queries import read, waiting
from .topics import topics

KEPT = 30 * DAY
"""How long an event can be asked for again, and waits for a subscription that is in error."""

NEVER = 2**62
NOTHING = Sentence("", "")
_AT_ONCE = 200
_LIVE = (Status.REQUESTED, Status.ACTIVE, Status.ERROR)
_SENDING = (Status.REQUESTED, Status.ACTIVE)


def hand_out() -> int:
    """Makes an event of each happening for each subscription whose topic it is; how many happenings that were. Whether
    it may be told is asked when it is told."""
    if not Happening.objects.exists():
        return 0
    with transaction.atomic():
        # Another worker waits: it would make the later events first, and they are told in the order they are made.
        found = list(Happening.objects.order_by("id").select_for_update()[:_AT_ONCE])
        wanted = [(row, topics()[row.topic]) for row in Subscribed.objects.filter(status__in=_LIVE)
                  if row.topic in topics()]  # fmt: skip
        made = [
            Waiting(
                subscription_id=row.id, child_id=one.child_id, entry_id=one.entry_id, kind=one.kind,
                at=one.at,
            )
            for one in found for row, topic in wanted
            if row.child_id in (None, one.child_id) and topic.is_about(one.kind, one.what, one.version)
        ]  # fmt: skip
        Waiting.objects.bulk_create(made)
        Happening.objects.filter(id__in=[one.id for one in found]).delete()
        for ident in sorted({one.subscription_id for one in made}):
            Subscribed.objects.filter(id=ident, attempts=0).update(next_at=wall())
    return len(found)


def hand_out_all() -> int:
    """The same for everything that has happened until now."""
    done = 0
    while handed := hand_out():
        done += handed
    return done


def forget(before: int) -> None:
    """Events older than a moment (of the book's clock) can't be asked for any more."""
    old = Waiting.objects.filter(at__lt=before)
    if old.exists():  # a worker with nothing to do must not take the writer's turn
        old.delete()


def end_with_approvals() -> None:
    """When somebody has stopped an app, has logged out of it or its time is over, nothing is left of what it asked."""
    stands = Approval.objects.filter(ended_at=None, ends_at__gt=wall())
    over = Subscribed.objects.filter(approval_id__isnull=False).exclude(approval_id__in=stands.values("id"))
    if ended := list(over.values_list("id", flat=True)):
        with transaction.atomic():
            Waiting.objects.filter(subscription_id__in=ended).delete()
            Subscribed.objects.filter(id__in=ended).delete()


def claim(before: int) -> Subscription | None:
    """One that has had something to do since a moment or earlier, for this worker alone; None when there is none. It
    counts as begun."""
    at = wall()
    due = Subscribed.objects.filter(status__in=_SENDING, next_at__lte=before, held_until__lte=at)
    due = due.order_by("next_at", "id")
    for row in due[:5]:
        mine = Subscribed.objects.filter(id=row.id, held_until=row.held_until, version=row.version)
        if mine.filter(status__in=_SENDING).update(held_until=at + waits.LEASE, begun=F("begun") + 1):
            return replace(read(row), begun=row.begun + 1)
    return None


def ends_workers(of: Subscription) -> bool:
    """Whether telling of it is what ends those that begin it."""
    return waits.ends_workers(of.begun)


def is_current(of: Subscription) -> bool:
    """Whether its client has asked for nothing else meanwhile."""
    return Subscribed.objects.filter(id=of.id, version=of.version).exists()


def next_event(of: Subscription) -> Event | None:
    found = waiting(of.id, 1)
    return found[0] if found else None


def number(of: UUID, event: Event) -> int:
    """The event's number: the next one, unless it has one already. In the transaction in which it is told, or goes out
    to be."""
    row = Subscribed.objects.select_for_update().get(id=of)
    mine = Waiting.objects.filter(subscription_id=of, id=event.id)
    known = mine.values_list("number", flat=True).get()
    if known is None:
        known = row.told + 1
        mine.update(number=known)
        Subscribed.objects.filter(id=of).update(told=known)
    return int(known)


def give_back(of: UUID, event: Event, told: int) -> None:
    """Nobody can have heard of it: its number is the next one's again, unless somebody has asked meanwhile."""
    with transaction.atomic():
        if Subscribed.objects.filter(id=of, told=told).update(told=told - 1):
            mine = Waiting.objects.filter(subscription_id=of, id=event.id, heard=False)
            if not mine.update(number=None):
                Subscribed.objects.filter(id=of).update(told=told)


def heard(of: UUID, event: Event) -> None:
    """Its receiver has it."""
    Waiting.objects.filter(subscription_id=of, id=event.id).update(heard=True)


def drop(of: UUID, event: Event) -> None:
    """It may not be told, and nobody was: it never was."""
    Waiting.objects.filter(subscription_id=of, id=event.id, number=None).delete()


def _said(why: Sentence) -> dict[str, str]:
    """The columns of what went wrong."""
    return {"error": why[:300], "error_english": why.english[:300]}


def answered(of: Subscription) -> None:
    """A notification was received: the subscription is in order."""
    at = wall()
    mine = Subscribed.objects.filter(id=of.id, version=of.version, status__in=_SENDING)
    mine.update(status=Status.ACTIVE, attempts=0, begun=0, last_at=at, **_said(NOTHING))


def failed(of: Subscription, why: Sentence) -> bool:
    """It was not received: it is tried again later. True when that was the last time, and it is in error now."""
    attempts = (Subscribed.objects.filter(id=of.id).values_list("attempts", flat=True).first() or 0) + 1
    status = {"status": Status.ERROR} if waits.is_last(attempts) or ends_workers(of) else {}
    mine = Subscribed.objects.filter(id=of.id, version=of.version)
    mine.update(
        attempts=attempts, **_said(why), next_at=wall() + waits.wait(attempts), held_until=0, begun=0, **status
    )  # fmt: skip
    return bool(status)


def off(of: Subscription, why: Sentence) -> None:
    """Its end has come, or its client may not call any more. What waited is gone."""
    with transaction.atomic():
        Subscribed.objects.filter(id=of.id).update(status=Status.OFF, held_until=0, **_said(why))
        Waiting.objects.filter(subscription_id=of.id, number=None).delete()


def release(of: Subscription) -> None:
    """Nothing more to do until something happens, or its heart is to beat. Somebody who hands out at the same moment
    waits for this row, or is seen here."""
    with transaction.atomic():
        row = Subscribed.objects.select_for_update().filter(id=of.id).first()
        if row is None:
            return
        beat = row.last_at + row.heartbeat * SECOND if row.heartbeat else NEVER
        mine = Subscribed.objects.filter(id=of.id, version=of.version)
        mine.update(held_until=0, begun=0, next_at=wall() if waiting(of.id, 1) else beat)
