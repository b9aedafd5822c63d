"""Subscriptions as they stand."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db.models import Count, QuerySet

from barnetsbog.clients.model import Client
from barnetsbog.clients.models import Approval
from barnetsbog.clients.queries import Lent
from barnetsbog.kernel.sentences import Sentence

from .model import Content, Event, Status, Stuck, Subscription, Way, Wish
from .models import Subscribed, Waiting

_EVENT = ("id", "child_id", "entry_id", "kind", "at", "number", "heard")


class Owner(NamedTuple):
    """Whose a subscription is: a system's, or an app's as somebody has let it in."""

    client: Client
    lent: Lent | None = None

    @property
    def key(self) -> dict[str, object]:
        """The columns that say so."""
        return {"client_id": self.client.id, "approval_id": self.lent.id if self.lent else None}

    @property
    def seen(self) -> QuerySet[Subscribed]:
        """What they see and may end. To an app it is all that it has asked for as the same person, into the same book
        and by the same level of log-in, also when it was let in at another time."""
        if self.lent is None:
            return Subscribed.objects.filter(**self.key)
        alike = {name: getattr(self.lent, name) for name in ("person_id", "own_child_id", "child_id", "level")}
        approvals = Approval.objects.filter(client_id=self.client.id, **alike)
        return Subscribed.objects.filter(client_id=self.client.id, approval_id__in=approvals.values("id"))

    def asked_for(self, found: Subscription) -> bool:
        """Whether it is theirs to change: of an app, whether it was asked for by what it was let in with now."""
        return found.approval_id == (self.lent.id if self.lent else None)


def subscription(ident: UUID, owner: Owner) -> Subscription | None:
    """One that somebody sees; None for one that isn't there and for somebody else's alike."""
    row = owner.seen.filter(id=ident).first()
    return read(row) if row else None


def subscriptions(owner: Owner) -> list[Subscription]:
    """Those that somebody sees, the oldest first."""
    return [read(row) for row in owner.seen.order_by("id")]


def in_error() -> list[Subscription]:
    """Those that have been tried as often as they are tried: for the operator."""
    return [read(row) for row in Subscribed.objects.filter(status=Status.ERROR).order_by("id")]


def stuck() -> list[Stuck]:
    """The same, with how much waits, for whoever administers."""
    found = in_error()
    waits = Waiting.objects.filter(subscription_id__in=[one.id for one in found], heard=False)
    counts = dict(waits.values_list("subscription_id").annotate(Count("id")))
    return [Stuck(one, counts.get(one.id, 0)) for one in found]


def told(ident: UUID, since: int, until: int, most: int) -> list[Event]:
    """Events that were told, by their numbers: both ends are in."""
    rows = Waiting.objects.filter(subscription_id=ident, number__gte=since, number__lte=until).order_by("number")
    return events(rows.values_list(*_EVENT)[:most])


def waiting(ident: UUID, most: int) -> list[Event]:
    """What has not been received for certain, in the order in which it is told: what has a number first."""
    rows = Waiting.objects.filter(subscription_id=ident, heard=False)
    numbered = events(rows.filter(number__isnull=False).order_by("number").values_list(*_EVENT)[:most])
    return [*numbered, *events(rows.filter(number=None).order_by("id").values_list(*_EVENT)[:most])][:most]


def events(rows: Iterable[tuple[object, ...]]) -> list[Event]:
    return [Event._make(row) for row in rows]


def read(row: Subscribed) -> Subscription:
    wish = Wish(
        row.topic, row.reason, Status(row.status), Content(row.content), Way(row.way), row.endpoint,
        tuple(orjson.loads(row.filters)), None, row.heartbeat, row.end,
    )  # fmt: skip
    error = Sentence(row.error, row.error_english or row.error)
    return Subscription(
        row.id, row.client_id, row.approval_id, row.base, wish, Status(row.status), error, row.version,
        row.changed_at, row.told, row.attempts, row.last_at, bytes(row.headers), row.begun,
    )  # fmt: skip
