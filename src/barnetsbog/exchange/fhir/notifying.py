"""Telling those who subscribe what has happened: judged anew by what the client may see at the moment it is told.

What may not be told is not logged either, for nobody has read it. What goes out stands in the child's log as read by
the client's system, in the transaction that gives the event its number, before anything leaves.
"""

import logging
import time
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from barnetsbog.access.reading import open_book
from barnetsbog.access.waiting import waits
from barnetsbog.clients.calling import Holder, without_token
from barnetsbog.clients.clock import wall
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import Sentence, say
from barnetsbog.kernel.time import SECOND
from barnetsbog.record.instance import is_demo, now
from barnetsbog.record.searching.model import Hit, Search, TooCostly
from barnetsbog.subscriptions import mapping, queue
from barnetsbog.subscriptions.channels import carriers
from barnetsbog.subscriptions.mapping import Notice
from barnetsbog.subscriptions.model import (
    Carrier,
    Content,
    Event,
    Failed,
    Parcel,
    Status,
    Subscription,
    Unreached,
    Way,
)
from barnetsbog.subscriptions.sealing import opened
from barnetsbog.subscriptions.topics import Topic, topics

from . import asking
from .asking import Pair
from .model import Exchanging
from .negotiation import pairs_of
from .serving import instant_of, present

AT_ONCE, SECONDS = 10, 120.0
"""Events of one subscription before another has its turn, and how long it may go on with them: within a worker's hold,
however slow the receiver is. After so long no other is begun in the same round."""

OVER = say(
    "Abonnementet er udløbet, eller klienten må ikke kalde mere.",
    "The subscription has run out, or the client may not call any more.",
)
ENDS_WORKERS = say(
    "Programmet stoppede hver gang, der skulle gives besked. Se dets log. Prøv igen, når fejlen er rettet.",
    "The program was ended each time it was to notify. See its log. Try again when the fault is mended.",
)
_log = logging.getLogger(__name__)


class _Hidden(Exception):
    """It may not be told: everything that was looked up is undone, and its line in the log with it."""


def work() -> int:
    """One round of the worker: hands out what happened, and has each subscription that is due told, once. How much it
    was. What more there is, and what takes longer, has to wait: a worker has letters to send, too."""
    queue.forget(now() - queue.KEPT)
    queue.end_with_approvals()
    done = queue.hand_out_all()
    ways = carriers(Path(settings.DATA), demo=is_demo(), broker=settings.BROKER)
    began, until = wall(), time.monotonic() + SECONDS
    while time.monotonic() < until and (found := queue.claim(began)):
        _serve(found, ways)
        done += 1
    return done


def _serve(of: Subscription, ways: Mapping[Way, Carrier]) -> None:
    """A fault of the program is a failure like any other: the hold ends, and it is tried again. What goes wrong is
    told by its name alone, for what was sent has secrets in it."""
    if queue.ends_workers(of):
        _failed(of, ENDS_WORKERS)
        return
    try:
        _tell(of, ways[of.wish.way])
    except Failed as error:
        _failed(of, error.why)
    except Exception as fault:
        _failed(of, say("Fejl i programmet: {0}", "A fault of the program: {0}", type(fault).__name__))


def _failed(of: Subscription, why: Sentence) -> None:
    if queue.failed(of, why):
        _log.error("subscription %s of %s is in error: %s", of.id, of.client_id, why)


def _tell(of: Subscription, way: Carrier) -> None:
    """Handshake, then events one by one, each for whoever the client is then, or a heartbeat."""
    until, who = time.monotonic() + SECONDS, subscriber(of)
    if who is None:
        queue.off(of, OVER)
        return
    told, beat = of.told, bool(of.wish.heartbeat) and wall() >= of.last_at + of.wish.heartbeat * SECOND
    if of.status is Status.REQUESTED:
        _send(of, who, way, "handshake", told)
        beat = False
    for _ in range(AT_ONCE):
        event = queue.next_event(of)
        who = subscriber(of) if event else who
        if event is None or who is None or time.monotonic() > until or not queue.is_current(of):
            break
        if _tell_of(of, who, way, event):
            beat = False
    if beat and who:
        _send(of, who, way, "heartbeat", told)
    queue.release(of)


def _tell_of(of: Subscription, who: Holder, way: Carrier, event: Event) -> bool:
    """False when it may not be told."""
    notice = told_of(of, who, event)
    if notice is None:
        queue.drop(of.id, event)
        return False
    try:
        _send(of, who, way, "event-notification", notice.number, notice)
    except Unreached:
        if event.number is None:
            queue.give_back(of.id, event, notice.number)
        raise
    queue.heard(of.id, event)
    return True


def _send(of: Subscription, who: Holder, way: Carrier, kind: str, told: int, *notices: Notice) -> None:
    """Nothing is open towards the database while it is under way."""
    at, ident = instant_of(now()), new_id()
    status = mapping.status_of(of, kind, Status.REQUESTED if kind == "handshake" else Status.ACTIVE, told, notices)
    body = mapping.bundle(of, ident, at, status, notices)
    key = f"event-{told:012d}" if notices else f"{kind}-{ident}"
    way.deliver(Parcel(key, of.id, of.wish.endpoint, opened(of.sealed), body), who.client.notify)
    queue.answered(of)


# -- what may be told --------------------------------------------------------------------------------------------------


def subscriber(of: Subscription) -> Holder | None:
    """Whose rights a subscription has, now. None when the client may not call any more, it or whoever it acts for has
    lost their role, its scope does not reach, or the subscription is over."""
    if of.wish.topic not in topics() or (of.wish.end is not None and of.wish.end <= wall()):
        return None
    found = without_token(of.client_id, of.approval_id)
    return found if found and found.allowed.may("Subscription", "r") else None


def told_of(of: Subscription, who: Holder, event: Event) -> Notice | None:
    """The event as it may be told now, with its number; None when it may not, and nobody can have been told of it. One
    that may have been told of, and may not be any more, keeps its number and says nothing. Nothing is told to an app of
    somebody who waits (BL § 18)."""
    try:
        with open_book(who.scope, Exchanging.READ, event.child_id, knows=False, subscription=str(of.id)) as book:
            wanted = None if waits(who.scope, event.child_id) else search_of(of, who, event)
            hits = book.search(wanted).hits if wanted else ()
            if not hits:
                raise _Hidden
            number = queue.number(of.id, event)
            return _notice(of, who, event, number, hits[0])
    except (_Hidden, TooCostly):
        return None if event.number is None else Notice(event.number, instant_of(event.at))


def _notice(of: Subscription, who: Holder, event: Event, number: int, hit: Hit) -> Notice:
    content, at = of.wish.content, instant_of(event.at)
    if content is Content.EMPTY:
        return Notice(number, at)
    full = content is Content.FULL and who.client.full
    address = f"{of.base}/{event.kind}/{event.entry_id}"
    return Notice(number, at, address, present(hit.row, hit.body) if full else b"")


def search_of(of: Subscription, who: Holder, event: Event) -> Search | None:
    """The one entry, if it is what the topic and the filters say, and the client's scope reaches it."""
    if not (who.allowed.may(event.kind, "r") and who.allowed.may(event.kind, "s")):
        return None
    criteria = topics()[of.wish.topic].criteria.format(unit=who.scope.unit_id)
    pairs = [("_id", str(event.entry_id)), *pairs_of(criteria), *_filters(of.wish.filters, event.kind)]
    asked = asking.parse(event.kind, pairs, base=of.base, strict=True)
    return Search(asked.search.level, count=1) if asked.search and not asked.faults else None


def _filters(filters: tuple[str, ...], kind: str) -> list[Pair]:
    """Those about this type: all of them must be met."""
    split = [one.partition("?") for one in filters]
    return [pair for name, _, query in split if name == kind for pair in pairs_of(query)]


def fault_of_filters(topic: Topic, filters: tuple[str, ...], base: str) -> Sentence | None:
    """What is wrong with the filters of a subscription; None when nothing is."""
    for one in filters:
        kind, _, query = one.partition("?")
        pairs = pairs_of(query)
        if kind not in topic.types or not pairs:
            return say(
                "»{0}« er ikke Type?parameter=værdi med en type, emnet handler om.",
                "“{0}” is not Type?parameter=value with a type that the topic is about.",
                one[:80],
            )
        if odd := next((name for name, _ in pairs if name.partition(":")[0] not in topic.filters or "." in name), ""):
            return say("Emnet kan ikke filtreres på »{0}«.", "The topic cannot be filtered by “{0}”.", odd[:40])
        if asking.parse(kind, pairs, base=base, strict=True).faults:
            return say("»{0}« kan ikke læses.", "“{0}” cannot be read.", one[:80])
    return None
