"""Subscription over REST: create, read, update, delete and search of a client's own, `$status` and `$events` (R4 §2.45,
Subscriptions R5 Backport 1.1). Somebody else's, also the same app's for another user or
another book, does not exist."""

from typing import Any
from uuid import UUID

from django.db import transaction

from barnetsbog.clients.calling import Holder
from barnetsbog.fhir import check, folded
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import say, sentence_of
from barnetsbog.record.instance import now
from barnetsbog.subscriptions import mapping, operations, queries, queue, rules
from barnetsbog.subscriptions.mapping import Notice, Unclear
from barnetsbog.subscriptions.model import Subscription, Wish
from barnetsbog.subscriptions.queries import Owner
from barnetsbog.subscriptions.topics import topics

from . import conditional, judging, notifying, paging
from .languages import written
from .model import Answer, Ask
from .negotiation import preferred, shape_of, shaped
from .outcomes import fault, invalid, not_found, not_searched, other_id, out_of_scope
from .serving import etag, http_date, ident_in, instant_of
from .values import divided, plain

KIND = "Subscription"
PARAMETERS = {"_id": "token", "status": "token", "url": "uri", "criteria": "string"}
STATUSES = "http://hl7.org/fhir/subscription-status"
OF_BEFORE = say(
    "Det er lavet, da appen var lukket ind en anden gang. Det kan læses og slettes. Lav et nyt.",
    "It was made when the app was let in at another time. It can be read and deleted. Make a new one.",
)
_PLACES: dict[str, str] = {
    rules.OF_UNITS: "criteria", rules.NOT_WHOLE: "channel.payload", rules.NO_BROKER: "channel.type",
    rules.OWN_BROKER: "channel.endpoint", rules.NOT_THERE: "channel.endpoint", rules.TOO_LONG: "channel.endpoint",
    rules.REASON: "reason", rules.FILTERS: "criteria.extension", rules.HEADERS: "channel.header",
    rules.HEARTBEAT: "channel.extension",
}  # fmt: skip
"""Where what is refused stands; what is not here is said of the whole."""
MOST = 100
"""Events in one answer to `$events`."""
LAST = 2**53
"""The number of no event: until there is no other."""
SHAPING = frozenset(("_format", "_pretty", "_elements", "_summary", "_count", paging.CURSOR))


def create(ask: Ask) -> Answer:
    judging.require_scope(ask.who, KIND, "c")
    if ask.header("if-none-exist"):
        text = say(
            "Et abonnement laves uden betingelser. Søg først.", "A subscription is made without criteria. Search first."
        )
        raise fault(412, "not-supported", text, "http.if-none-exist")
    made = _tried(lambda: operations.subscribe(_wish(ask), ask.base, _owner(ask), by=ask.who.scope))
    return _answer(ask, 201, made, Location=f"{ask.base}/{KIND}/{made.id}")


def read(ask: Ask, ident: str) -> Answer:
    judging.require_scope(ask.who, KIND, "r")
    found = _own(ask, ident)
    return Answer(200, shaped(_body(ask, found), shape_of(ask, KIND)), _headers(found))


def update(ask: Ask, ident: str) -> Answer:
    judging.require_scope(ask.who, KIND, "u")
    found = _of_now(ask, ident)
    wish = _wish(ask)
    if ask.content.get("id") != ident:
        raise other_id(KIND, ident)
    expected = _expected(ask, found)
    changed = _tried(lambda: operations.change(found.id, wish, _owner(ask), expected, by=ask.who.scope))
    return _answer(ask, 200, changed)


def remove(ask: Ask, ident: str) -> Answer:
    """What is gone already is gone."""
    judging.require_scope(ask.who, KIND, "d")
    found = _own(ask, ident)
    operations.unsubscribe(found.id, _owner(ask), _expected(ask, found), by=ask.who.scope)
    return Answer(204)


def search(ask: Ask) -> Answer:
    judging.require_scope(ask.who, KIND, "s")
    shape = shape_of(ask, KIND)
    for name, _ in ask.query:
        if name not in PARAMETERS and name not in SHAPING:
            raise not_searched(name)
    found = [one for one in queries.subscriptions(_owner(ask)) if _meets(ask, one)]
    page, token = paging.page_of(ask, found, operations.MOST, operations.MOST)
    entries = b",".join(
        b'{"fullUrl":"%s/%s/%s","resource":%s,"search":{"mode":"match"}}'
        % (ask.base.encode(), KIND.encode(), str(one.id).encode(), shaped(_body(ask, one), shape))
        for one in page
    )
    told = b',"entry":[%s]' % entries if entries else b""
    frame = b'{"resourceType":"Bundle","type":"searchset","total":%d,"link":%s%s}'
    return Answer(200, frame % (len(found), paging.page_links(ask, token), told))


def status(ask: Ask, ident: str) -> Answer:
    """`$status` of one, as the backport answers it: a searchset of one Parameters."""
    judging.require_scope(ask.who, KIND, "r")
    found = _of_now(ask, ident)
    resource = mapping.status_of(found, "query-status", found.status, found.told)
    entry = {"fullUrl": f"urn:uuid:{new_id()}", "resource": resource, "search": {"mode": "match"}}
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [entry]}
    return Answer(200, written(bundle, ask.language))


def events(ask: Ask, ident: str, since: int, until: int) -> Answer:
    """`$events`: what was told, from one number to another, and what waits to be told. Each is judged anew; one that
    may not be told any more keeps its number and says nothing."""
    judging.require_scope(ask.who, KIND, "r")
    found = _of_now(ask, ident)
    who = notifying.subscriber(found)
    if who is None:
        raise fault(422, "business-rule", notifying.OVER, f"{KIND}.end")
    with transaction.atomic():
        notices = _replayed(found, who, since, until)
    told = queries.subscription(found.id, _owner(ask))
    number = told.told if told else found.told
    answer = mapping.status_of(found, "query-event", found.status, number, notices)
    return Answer(200, mapping.bundle(found, new_id(), instant_of(now()), answer, notices))


def _replayed(of: Subscription, who: Holder, since: int, until: int) -> list[Notice]:
    told = queries.told(of.id, since, until, MOST)
    found = [one for event in told if (one := notifying.told_of(of, who, event))]
    for event in told:
        queue.heard(of.id, event)
    if until < LAST or len(told) == MOST:
        return found
    for event in queries.waiting(of.id, MOST):
        if event.number is None and len(found) < MOST:
            notice = notifying.told_of(of, who, event)
            if notice is None:
                queue.drop(of.id, event)
            elif notice.number >= since:
                found.append(notice)
                queue.heard(of.id, event)
    return found


# -- one ---------------------------------------------------------------------------------------------------------------


def _own(ask: Ask, ident: str) -> Subscription:
    found = queries.subscription(ident_in(ident) or UUID(int=1), _owner(ask))
    if found is None:
        raise not_found()
    return found


def _of_now(ask: Ask, ident: str) -> Subscription:
    """One that was asked for by what the asker is let in with now. Another approval of the same person's may be wider:
    of one of those the asker sees what was asked for, may end it, and is told no more."""
    found = _own(ask, ident)
    if not _owner(ask).asked_for(found):
        raise fault(403, "forbidden", OF_BEFORE)
    return found


def _owner(ask: Ask) -> Owner:
    return Owner(ask.who.client, ask.who.lent)


def _expected(ask: Ask, found: Subscription) -> int | None:
    wanted = conditional.expected(ask)
    if wanted is not None and wanted != str(found.version):
        raise fault(412, "conflict", operations.CHANGED, "http.if-match")
    return None if wanted is None else found.version


def _wish(ask: Ask) -> Wish:
    resource: Any = ask.content
    if not isinstance(resource, dict) or resource.get("resourceType") != KIND:
        text = say("Indholdet er ikke et {0}.", "The content is not a {0}.", KIND)
        raise fault(400, "invalid", text, f"{KIND}.resourceType")
    if errors := [issue for issue in check(resource) if issue.severity == "error"]:
        raise invalid(errors, ask.place)
    try:
        wish = mapping.wish_of(resource)
    except Unclear as error:
        raise fault(422, "business-rule", error.why, error.path) from None
    topic = topics().get(wish.topic)
    if topic is None:
        raise fault(422, "not-supported", rules.UNKNOWN_TOPIC, f"{KIND}.criteria")
    for kind in sorted(topic.types):
        if not (ask.who.allowed.may(kind, "r") and ask.who.allowed.may(kind, "s")):
            raise out_of_scope(kind)
    if why := notifying.fault_of_filters(topic, wish.filters, ask.base):
        raise fault(422, "business-rule", why, f"{KIND}.criteria.extension")
    return wish


def _tried(do: Any) -> Subscription:
    try:
        found: Subscription = do()
    except Refused as why:
        place = _PLACES.get(why.reason, "")
        raise fault(422, "business-rule", sentence_of(why.reason), f"{KIND}.{place}".rstrip(".")) from None
    except NotFound:
        raise not_found() from None
    return found


def _meets(ask: Ask, one: Subscription) -> bool:
    said = {"_id": str(one.id), "status": str(one.status), "url": one.wish.endpoint, "criteria": one.wish.topic}
    asked = [(name, [plain(part) for part in divided(value, ",")]) for name, value in ask.query if name in said]
    return all(any(_is(name, said[name], value) for value in values) for name, values in asked)


def _is(name: str, said: str, value: str) -> bool:
    """By the type of the parameter (R4 §3.1.1.4): what is searched as a text begins with it, a code may have its
    system."""
    if PARAMETERS[name] == "string":
        return folded(said).startswith(folded(value))
    system, _, code = value.rpartition("|")
    return said == (code if PARAMETERS[name] == "token" and system in ("", STATUSES) else value)


def _body(ask: Ask, of: Subscription) -> bytes:
    end = "" if of.wish.end is None else instant_of(of.wish.end)
    return written(mapping.resource_of(of, instant_of(of.changed_at), end), ask.language)


def _headers(of: Subscription) -> dict[str, str]:
    return {"ETag": etag(str(of.version)), "Last-Modified": http_date(of.changed_at)}


def _answer(ask: Ask, code: int, of: Subscription, **more: str) -> Answer:
    return preferred(ask, Answer(code, _body(ask, of), {**_headers(of), **more}))
