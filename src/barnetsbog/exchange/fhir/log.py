"""The log as AuditEvents, for those who may read it (`access.audit_events`): read, and search by patient, agent, action
and date. Whoever oversees the log gives the number of a case (`case`) with a child."""

from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access import audit_events
from barnetsbog.access.audit_events import MOST, Wanted
from barnetsbog.access.overseeing import NoCase
from barnetsbog.audit.model import Place
from barnetsbog.kernel.sentences import say
from barnetsbog.record.searching.model import Dates, Prefix, Span

from . import paging
from .conditions import Conditions
from .faults import Wrong
from .model import Answer, Ask
from .negotiation import shape_of, shaped
from .outcomes import fault, not_found, not_searched
from .serving import ident_in

KIND = "AuditEvent"
ACTIONS = "http://hl7.org/fhir/audit-event-action"
PARAMETERS = {"patient": "reference", "agent": "reference", "action": "token", "date": "date"}
SHAPING = frozenset(("case", "_count", "_format", "_pretty", "_elements", "_summary", paging.CURSOR))


def read(ask: Ask, ident: str) -> Answer:
    shape, found = shape_of(ask, KIND), ident_in(ident)
    if found is None:
        raise not_found()
    return Answer(200, shaped(orjson.dumps(audit_events.read(ask.who.scope, found)), shape))


def search(ask: Ask) -> Answer:
    shape, place = shape_of(ask, KIND), paging.opened(ask)
    before = Place(place["at"], UUID(place["id"])) if place else None
    try:
        found = audit_events.search(ask.who.scope, _wanted(ask), count=paging.page_size(ask, MOST, MOST), before=before)
    except NoCase:
        text = say(
            "Et barns log læses i en sag. Skriv sagens nummer i case.",
            "A child's log is read in a case. Write the number of the case in case.",
        )
        raise fault(400, "required", text, "http.case") from None
    token = paging.sealed(ask, {"at": found.next.at, "id": str(found.next.id)}) if found.next else ""
    entries = b",".join(_entry(ask, one, shape) for one in found.resources)
    told = b',"entry":[%s]' % entries if entries else b""
    return Answer(
        200, b'{"resourceType":"Bundle","type":"searchset","link":%s%s}' % (paging.page_links(ask, token), told)
    )


def _entry(ask: Ask, event: dict[str, Any], shape: Any) -> bytes:
    url = f"{ask.base}/{KIND}/{event['id']}".encode()
    return b'{"fullUrl":"%s","resource":%s,"search":{"mode":"match"}}' % (url, shaped(orjson.dumps(event), shape))


def _wanted(ask: Ask) -> Wanted:
    for name, _ in ask.query:
        if name not in PARAMETERS and name not in SHAPING:
            raise not_searched(name)
    for name, value in ask.query:
        if name in PARAMETERS and "," in value:
            text = say("Spørg om én {0} ad gangen.", "Ask for one {0} at a time.", name)
            raise fault(400, "not-supported", text, f"http.{name}")
    if ask.asked("_summary") == "count":
        text = say("Loggen tælles ikke. Læs den side for side.", "The log is not counted. Read it page by page.")
        raise fault(400, "not-supported", text, "http._summary")
    since, until = _times(ask)
    return Wanted(_ident(ask, "patient"), _ident(ask, "agent"), _action(ask), since, until, ask.asked("case"))


def _action(ask: Ask) -> str:
    given = ask.asked("action")
    system, _, code = given.rpartition("|")
    if given and (code not in ("C", "R", "U", "D", "E") or system not in ("", ACTIONS)):
        raise fault(400, "invalid", say("action er C, R, U, D eller E.", "action is C, R, U, D or E."), "http.action")
    return code


def _ident(ask: Ask, name: str) -> UUID | None:
    given = ask.asked(name)
    return ident_in(given.rpartition("/")[2]) or UUID(int=1) if given else None


def _times(ask: Ask) -> tuple[int | None, int | None]:
    """From when, and until when (not included), by all that is said of the date."""
    since: int | None = None
    until: int | None = None
    for span in (span for name, value in ask.query if name == "date" for span in _spans(ask, value)):
        low, high = _reach(span)
        since = low if since is None or (low is not None and low > since) else since
        until = high if until is None or (high is not None and high < until) else until
    return since, until


def _spans(ask: Ask, value: str) -> tuple[Span, ...]:
    try:
        found = Conditions(ask.base, None).read(KIND, "date", value)
    except Wrong as wrong:
        text = say("date kan ikke læses: {0}", "date cannot be read: {0}", ", ".join(wrong.params))
        raise fault(400, "invalid", text, "http.date") from None
    return found.values if isinstance(found, Dates) else ()


def _reach(span: Span) -> tuple[int | None, int | None]:
    match span.prefix:
        case Prefix.EQUAL:
            return span.low, span.high + 1
        case Prefix.GREATER | Prefix.STARTS_AFTER:
            return span.high + 1, None
        case Prefix.GREATER_OR_EQUAL:
            return span.low, None
        case Prefix.LESS | Prefix.ENDS_BEFORE:
            return None, span.low
        case Prefix.LESS_OR_EQUAL:
            return None, span.high + 1
    text = say(
        "date kan have eq, gt, ge, sa, lt, le og eb foran.", "date may begin with eq, gt, ge, sa, lt, le and eb."
    )
    raise fault(400, "not-supported", text, "http.date")
