"""A client asks to be told, changes what it asks for, and ends it. Each is one transaction with its line in the log."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import QuerySet

from barnetsbog.audit.operations import note
from barnetsbog.clients.clock import wall
from barnetsbog.clients.model import Calling
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import say
from barnetsbog.record.instance import is_demo
from barnetsbog.record.scope import Scope

from .model import Status, Subscription, Wish
from .models import Subscribed, Waiting
from .queries import Owner, read
from .queue import hand_out_all
from .rules import may_subscribe
from .sealing import sealed
from .topics import topics

MOST = 50
"""Subscriptions of one system, or of an app for the one who let it in."""

CHANGED = say(
    "Abonnementet er ændret imens. Hent det, og prøv igen.",
    "The subscription has been changed meanwhile. Fetch it and try again.",
)

ENOUGH = say(
    "Klienten har {0} abonnementer. Slet et, før der kommer flere.",
    "The client has {0} subscriptions. Delete one before there are more.",
    MOST,
)


def subscribe(wish: Wish, base: str, owner: Owner, *, by: Scope) -> Subscription:
    """A new one, which waits for its handshake. `Refused` says why not."""
    _require(wish, owner, by)
    book = owner.lent.book if owner.lent else None
    with transaction.atomic():
        hand_out_all()  # what has happened is of those who subscribed then
        if owner.seen.count() >= MOST:
            raise Refused(ENOUGH)
        row = Subscribed.objects.create(
            id=new_id(), **owner.key, child_id=book, base=base, **_columns(_within(wish, owner))
        )
        _log("subscribe", row, by)
    return read(row)


def change(ident: UUID, wish: Wish, owner: Owner, expected: int | None, *, by: Scope) -> Subscription:
    """Asks for something else from now on, or once more after an error: the handshake is made anew, numbers go on.
    `expected`: the version it must have now."""
    _require(wish, owner, by)
    with transaction.atomic():
        hand_out_all()  # what has happened while it was off is not of it
        row = _held(Subscribed.objects.filter(**owner.key), ident, expected)
        kept = {"headers": row.headers} if wish.headers is None else {}
        anew = {"version": row.version + 1, "attempts": 0, "begun": 0, "error": "", "error_english": ""}
        for name, value in {**_columns(_within(wish, owner)), **kept, **anew}.items():
            setattr(row, name, value)
        row.save()
        _log("subscribe-change", row, by)
    return read(row)


def try_again(ident: UUID, *, by: Scope) -> None:
    """Whoever administers has one tried anew that was tried no more: the handshake first, then what waits."""
    with transaction.atomic():
        row = Subscribed.objects.select_for_update().filter(id=ident, status=Status.ERROR).first()
        if row is None:
            raise NotFound
        at = wall()
        anew = {"status": Status.REQUESTED, "attempts": 0, "begun": 0, "next_at": at, "changed_at": at}
        for name, value in anew.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        _log("subscribe-again", row, by)


def unsubscribe(ident: UUID, owner: Owner, expected: int | None, *, by: Scope) -> None:
    """It is over, and nothing of it is kept but the line in the log."""
    with transaction.atomic():
        row = _held(owner.seen, ident, expected)
        Waiting.objects.filter(subscription_id=ident).delete()
        _log("unsubscribe", row, by)
        row.delete()


def _held(among: QuerySet[Subscribed], ident: UUID, expected: int | None) -> Subscribed:
    """One of them, until the end of the transaction nobody else's to change."""
    row = among.select_for_update().filter(id=ident).first()
    if row is None:
        raise NotFound
    if expected is not None and expected != row.version:
        raise Conflict(CHANGED)
    return row


def _require(wish: Wish, owner: Owner, by: Scope) -> None:
    client, topic = owner.client, topics().get(wish.topic)
    found = may_subscribe(wish, topic, client.notify, full=client.full, demo=is_demo(), unit=by.unit_id is not None)
    if not found.allowed:
        raise Refused(found.reason)


def _within(wish: Wish, owner: Owner) -> Wish:
    """An app's ends with what its user said yes to, at the latest."""
    if owner.lent is None:
        return wish
    return replace(wish, end=min(owner.lent.ends_at, owner.lent.ends_at if wish.end is None else wish.end))


def _columns(wish: Wish) -> dict[str, Any]:
    at = wall()
    return {
        "topic": wish.topic, "reason": wish.reason,
        "status": Status.OFF if wish.status is Status.OFF else Status.REQUESTED, "content": wish.content,
        "way": wish.way, "endpoint": wish.endpoint, "filters": orjson.dumps(wish.filters).decode(),
        "headers": sealed(wish.headers or ()), "heartbeat": wish.heartbeat, "end": wish.end, "changed_at": at,
        "next_at": at, "held_until": 0,
    }  # fmt: skip


def _log(step: str, row: Subscribed, by: Scope) -> None:
    """The place it is told, and never what goes along as a header. What an app does for its user, in one child's book,
    stands in that child's log."""
    action = Calling.APP if row.approval_id and by.client else Calling.CLIENT
    note(
        action, at=by.at, by=by, child_id=by.child, step=step, of=row.client_id, subscription=str(row.id),
        topic=row.topic,
    )  # fmt: skip
