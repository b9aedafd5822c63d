"""A subscription to and from FHIR: Subscription of R4 with the extensions of the Subscriptions R5 Backport 1.1. Pure.

What goes along as a header is a secret: it is read, and never told.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.fhir.own import texts_in
from barnetsbog.kernel.sentences import Sentence, say
from barnetsbog.kernel.time import parse

from .model import Content, Status, Subscription, Way, Wish

Resource = dict[str, Any]

BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
FILTER, PAYLOAD, HEARTBEAT, MAX, TIMEOUT = (
    f"{BACKPORT}backport-{name}"
    for name in ("filter-criteria", "payload-content", "heartbeat-period", "max-count", "timeout")
)
SUBSCRIPTION, STATUS = f"{BACKPORT}backport-subscription", f"{BACKPORT}backport-subscription-status-r4"
JSON = "application/fhir+json"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_MASKED = {"extension": [{"url": _ABSENT, "valueCode": "masked"}]}
_KNOWN = frozenset((
    "resourceType", "id", "meta", "text", "status", "contact", "end", "reason", "criteria", "_criteria", "error",
    "channel",
))  # fmt: skip
_OF_CHANNEL = frozenset(("extension", "type", "endpoint", "payload", "_payload", "header", "_header"))


NOT_HERE = say("Det kan et abonnement ikke her.", "A subscription cannot say that here.")
NO_TOPIC = say("Skriv adressen på et emne.", "Write the address of a topic.")
STATUS_ASKED = say(
    "Skriv requested (eller off). Bogen sætter selv active og error.",
    "Write requested (or off). The book itself sets active and error.",
)
CHANNELS = say(
    "Kanalen er rest-hook, eller message til beskedkøen.",
    "The channel is rest-hook, or message for the message broker.",
)
FORMAT = say("Besked gives kun som {0}.", "Notifications are given as {0} only.", JSON)
CONTENTS = say("Indholdet er empty, id-only eller full-resource.", "The content is empty, id-only or full-resource.")
EXTENSION = say("Udvidelsen kendes ikke.", "The extension is not known.")


class Unclear(Exception):
    """What can't be read as a subscription: why, and where (FHIRPath)."""

    def __init__(self, why: Sentence, path: str) -> None:
        super().__init__(why)
        self.why, self.path = why, path


class Notice(NamedTuple):
    """What a notification, or an answer to `$events`, tells of one event: its number and when it happened; the entry
    and what it says, as far as that may be told."""

    number: int
    at: str
    address: str = ""
    body: bytes = b""


def wish_of(resource: Resource) -> Wish:
    """What a client asks for. What is not understood is not promised: `Unclear`."""
    channel = resource["channel"]
    for name in sorted(set(resource) - _KNOWN):
        raise Unclear(NOT_HERE, f"Subscription.{name.lstrip('_')}")
    for name in sorted(set(channel) - _OF_CHANNEL):
        raise Unclear(NOT_HERE, f"Subscription.channel.{name.lstrip('_')}")
    if "criteria" not in resource:
        raise Unclear(NO_TOPIC, "Subscription.criteria")
    return Wish(
        str(resource["criteria"]), str(resource["reason"]), _status(resource), _content(channel), _way(channel),
        str(channel.get("endpoint", "")), tuple(_filters(resource)), _headers(channel), _numbers(channel),
        _end(resource),
    )  # fmt: skip


def _status(resource: Resource) -> Status:
    found = Status(resource["status"])
    if found not in (Status.REQUESTED, Status.OFF):
        raise Unclear(STATUS_ASKED, "Subscription.status")
    return found


def _way(channel: Resource) -> Way:
    try:
        return Way(channel["type"])
    except ValueError:
        raise Unclear(CHANNELS, "Subscription.channel.type") from None


def _content(channel: Resource) -> Content:
    if channel.get("payload", JSON) != JSON:
        raise Unclear(FORMAT, "Subscription.channel.payload")
    said = [str(one.get("valueCode")) for one in _extensions(channel.get("_payload"), (PAYLOAD,), "channel.payload")]
    try:
        return Content(said[0]) if said else Content.EMPTY
    except ValueError:
        raise Unclear(CONTENTS, "Subscription.channel.payload") from None


def _filters(resource: Resource) -> Iterable[str]:
    return (str(one.get("valueString", "")) for one in _extensions(resource.get("_criteria"), (FILTER,), "criteria"))


def _headers(channel: Resource) -> tuple[str, ...] | None:
    """None when the client sends back what it was shown: they stay as they are."""
    if "header" in channel:
        return tuple(texts_in(channel["header"]))
    return None if "_header" in channel else ()


def _numbers(channel: Resource) -> int:
    """Seconds between heartbeats. One event is told at a time, so how many at most is always kept; how long to wait is
    the house's to say."""
    found = 0
    for one in _extensions(channel, (HEARTBEAT, MAX, TIMEOUT), "channel"):
        if one["url"] == HEARTBEAT:
            found = int(one.get("valueUnsignedInt", 0))
    return found


def _end(resource: Resource) -> int | None:
    return parse(resource["end"])[0] if "end" in resource else None


def _extensions(holder: Resource | None, known: Sequence[str], where: str) -> list[Resource]:
    found = list((holder or {}).get("extension", ()))
    for one in found:
        if one.get("url") not in known:
            raise Unclear(EXTENSION, f"Subscription.{where}.extension")
    return found


# -- and back ----------------------------------------------------------------------------------------------------------


def resource_of(of: Subscription, changed_at: str, end: str) -> Resource:
    """As its client reads it. `changed_at`, `end`: as FHIR instants."""
    wish = of.wish
    payload = [{"url": PAYLOAD, "valueCode": wish.content}]
    channel: Resource = {"type": wish.way, "payload": JSON, "_payload": {"extension": payload}}
    if wish.heartbeat:
        channel["extension"] = [{"url": HEARTBEAT, "valueUnsignedInt": wish.heartbeat}]
    if wish.endpoint:
        channel["endpoint"] = wish.endpoint
    if of.sealed:
        channel["_header"] = [_MASKED]
    found: Resource = {
        "resourceType": "Subscription", "id": str(of.id),
        "meta": {"versionId": str(of.version), "lastUpdated": changed_at, "profile": [SUBSCRIPTION]},
        "status": of.status, "reason": wish.reason, "criteria": wish.topic, "channel": channel,
    }  # fmt: skip
    if wish.filters:
        found["_criteria"] = {"extension": [{"url": FILTER, "valueString": one} for one in wish.filters]}
    if of.error:
        found["error"] = of.error
    return {**found, **({"end": end} if end else {})}


def status_of(of: Subscription, kind: str, status: Status, told: int, notices: Iterable[Notice] = ()) -> Resource:
    """SubscriptionStatus as R4 has it: Parameters. `kind`: handshake, heartbeat, event-notification, query-status or
    query-event; `told`: the number of the last event."""
    said: list[Resource] = [
        {"name": "subscription", "valueReference": {"reference": f"{of.base}/Subscription/{of.id}"}},
        {"name": "topic", "valueCanonical": of.wish.topic}, {"name": "status", "valueCode": status},
        {"name": "type", "valueCode": kind}, {"name": "events-since-subscription-start", "valueString": str(told)},
    ]  # fmt: skip
    said += [{"name": "notification-event", "part": _event(one)} for one in notices]
    if of.error and kind == "query-status":
        said.append({"name": "error", "valueCodeableConcept": {"text": of.error}})
    return {"resourceType": "Parameters", "meta": {"profile": [STATUS]}, "parameter": said}


def _event(of: Notice) -> list[Resource]:
    said: list[Resource] = [
        {"name": "event-number", "valueString": str(of.number)}, {"name": "timestamp", "valueInstant": of.at},
    ]  # fmt: skip
    return [*said, *([{"name": "focus", "valueReference": {"reference": of.address}}] if of.address else [])]


def bundle(of: Subscription, ident: UUID, at: str, status: Resource, notices: Iterable[Notice]) -> bytes:
    """A notification (a Bundle of type history): what it says of itself first, and then what it is about."""
    begins = orjson.dumps({"resourceType": "Bundle", "id": str(ident), "type": "history", "timestamp": at})
    request = {"method": "GET", "url": f"{of.base}/Subscription/{of.id}/$status"}
    first = {"fullUrl": f"urn:uuid:{ident}", "resource": status, "request": request, "response": {"status": "200"}}
    entries = [orjson.dumps(first), *(_entry(one) for one in notices if one.address)]
    return b'%s,"entry":[%s]}' % (begins[:-1], b",".join(entries))


def _entry(of: Notice) -> bytes:
    told: Resource = {"fullUrl": of.address, "request": {"method": "GET", "url": of.address}}
    frame = orjson.dumps({**told, "response": {"status": "200"}})
    return b'%s,"resource":%s}' % (frame[:-1], of.body) if of.body else frame
