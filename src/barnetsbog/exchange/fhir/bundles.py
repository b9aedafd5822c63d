"""batch and transaction (FHIR R4 §3.1.0.11).

A batch is requests that have nothing to do with each other. A transaction is one act: what its parts are called in the
Bundle becomes what the book calls them, criteria are looked up, and everything is stored or nothing; deletions first,
then what is new, then changes, then reads.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import orjson
from django.db import OperationalError, transaction

from barnetsbog.access.reading import open_book
from barnetsbog.fhir import check, check_bundle_envelope, references
from barnetsbog.kernel.sentences import say
from barnetsbog.record.searching.judging import meets_alone
from barnetsbog.record.searching.model import Level

from . import defined, judging, kinds, log, searching, subscriptions, writing
from .changes import Change, Done, How
from .conditional import MANY
from .failures import as_fault
from .model import Answer, Ask, Exchanging, Resource
from .negotiation import JSON, JSON_PATCH, content_of, pairs_of, require_json, steps
from .outcomes import Fault, fault, invalid, not_by, not_used
from .storing import SAME_CRITERIA, carried_out

MOST = 2_000
"""Entries in one Bundle."""

NONE = say("Betingelsen passer ikke på noget, I kan læse.", "The criteria fit nothing that you may read.")

Answering = Callable[[Ask], Answer]

_WRITES = ("DELETE", "POST", "PUT", "PATCH")
ALONE = frozenset((subscriptions.KIND, log.KIND, *defined.KINDS))
"""Types that are not the book's."""
_RESTFUL = re.compile(r"(https?://.+)/[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}")
"""A fullUrl that says where others lie beside it (R4 §2.36.4.1)."""
_ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2, "GET": 3, "HEAD": 3}
_CONDITIONS = {
    "ifMatch": "if-match", "ifNoneExist": "if-none-exist", "ifNoneMatch": "if-none-match",
    "ifModifiedSince": "if-modified-since",
}  # fmt: skip


@dataclass(slots=True)
class _Part:
    """One entry: its request, what it is called in the Bundle, and what is to be done. `criteria`: what a conditional
    create or update goes by, alike however it is written."""

    number: int
    ask: Ask
    full_url: str
    change: Change | None = None
    criteria: str = ""

    @property
    def place(self) -> str:
        return f"Bundle.entry[{self.number}]"


def bundle(ask: Ask, answered: Answering) -> Answer:
    """`answered`: what answers each part that is a request by itself."""
    content = ask.content
    if not isinstance(content, dict) or content.get("resourceType") != "Bundle":
        text = say(
            "Her sendes en Bundle af typen batch eller transaction.",
            "A Bundle of the type batch or transaction is sent here.",
        )
        raise fault(400, "structure", text)
    if content.get("type") not in ("batch", "transaction"):
        text = say(
            "Bundle.type skal være batch eller transaction. Andre pakker (document, message) gemmes ikke som pakker.",
            "Bundle.type must be batch or transaction. Other Bundles (document, message) are not stored as Bundles.",
        )
        raise fault(422, "not-supported", text, "Bundle.type")
    entries = content.get("entry", [])
    if isinstance(entries, list) and len(entries) > MOST:
        text = say(
            "Der er {0} dele. En pakke må højst have {1}. Del den i flere.",
            "There are {0} entries. A Bundle may have {1} at most. Divide it.",
            len(entries),
            MOST,
        )
        raise fault(413, "too-long", text, "Bundle.entry")
    if errors := [issue for issue in check_bundle_envelope(content) if issue.severity == "error"]:
        raise invalid(errors)
    return (_batch if content["type"] == "batch" else _transaction)(ask, entries, answered)


# -- batch -------------------------------------------------------------------------------------------------------------


def _batch(ask: Ask, entries: Sequence[Resource], answered: Answering) -> Answer:
    return answer_of(b"batch-response", [_alone(ask, *one, answered) for one in enumerate(entries)])


def _alone(ask: Ask, number: int, entry: Resource, answered: Answering) -> bytes:
    """Whatever goes wrong with one, the others are carried out and answered."""
    try:
        return response(answered(_part(ask, number, entry).ask))
    except Exception as error:
        return response(as_fault(error).answer(ask.language))


def _part(ask: Ask, number: int, entry: Resource) -> _Part:
    """The request that an entry is."""
    request, place = entry["request"], f"Bundle.entry[{number}]"
    parts = urlsplit(str(request["url"]).removeprefix(f"{ask.base}/"))
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        text = say(
            "request.url skal være en adresse i grænsefladen.", "request.url must be an address in the interface."
        )
        raise fault(400, "invalid", text, f"{place}.request.url")
    path = tuple(unquote(one) for one in steps(parts.path))
    if not path:
        text = say("En pakke kan ikke ligge i en pakke.", "A Bundle cannot stand in a Bundle.")
        raise fault(400, "invalid", text, f"{place}.request.url")
    headers = {header: str(request[name]) for name, header in _CONDITIONS.items() if name in request}
    content, kind = _content(entry.get("resource"), place)
    query = pairs_of(parts.query)
    require_json("", next((value for name, value in query if name == "_format"), ""))
    one = replace(
        ask, method=str(request["method"]), path=path, query=query, content=content, content_type=kind,
        headers={"prefer": ask.header("prefer"), **headers}, place=f"{place}.resource",
    )  # fmt: skip
    return _Part(number, one, str(entry.get("fullUrl", "")))


def _content(resource: Any, place: str) -> tuple[Any, str]:
    """A JSON Patch travels as a Binary (R4 §3.1.0.9.1)."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "Binary":
        return resource, JSON
    try:
        told = base64.b64decode(str(resource.get("data", "")), validate=True)
    except binascii.Error:
        text = say("data er ikke base64.", "data is not base64.")
        raise fault(400, "structure", text, f"{place}.resource.data") from None
    kind = str(resource.get("contentType", ""))
    return content_of(told, kind, also=JSON_PATCH), kind


# -- transaction -------------------------------------------------------------------------------------------------------


def _transaction(ask: Ask, entries: Sequence[Resource], answered: Answering) -> Answer:
    parts = [_part(ask, number, entry) for number, entry in enumerate(entries)]
    problems = [problem for part in parts for problem in _planned(part)]
    if problems:
        raise _all_of(problems)
    _require_once(parts)
    _led(ask, parts)
    writes = sorted((part for part in parts if part.change), key=lambda part: _ORDER[part.ask.method])
    answers: dict[int, bytes] = {}

    def finish(done: Sequence[Done]) -> None:
        for part, one in zip(writes, done, strict=True):
            answers[part.number] = response(writing.answer(part.ask, one))
        for part in parts:
            if part.number not in answers:
                answers[part.number] = _read(part, answered)

    if writes:
        carried_out(ask, [part.change for part in writes if part.change], finish)
    elif any(part.ask.method == "POST" for part in parts):  # an operation may change something
        with transaction.atomic():
            finish(())
    else:
        finish(())
    return answer_of(b"transaction-response", [answers[part.number] for part in parts])


def _planned(part: _Part) -> list[Fault]:
    """What a part is to change, and by which criteria; what is wrong with it."""
    try:
        part.change = _change(part)
        part.criteria = _criteria(part)
    except Exception as error:
        return [as_fault(error).placed(part.place)]
    return []


def _change(part: _Part) -> Change | None:
    ask, (kind, *rest) = part.ask, part.ask.path
    if ask.method not in _WRITES or (ask.method == "POST" and (rest or kind.startswith(("$", "_")))):
        return None
    if kind in ALONE:
        text = say(
            "{0} skrives ikke i en transaktion. Se metadata.",
            "{0} is not written in a transaction. See metadata.",
            kind,
        )
        raise fault(422, "not-supported", text)
    if kind not in kinds.SERVED:
        raise not_used(kind)
    if not rest and ask.method != "POST":
        return writing.chosen(ask, kind, writing.criteria_of(ask)) if ask.query else _nowhere(ask)
    if len(rest) > 1 or (rest and rest[0].startswith(("_", "$"))):
        return _nowhere(ask)
    if ask.method == "POST":
        return writing.created(ask, kind)
    by_method = {"PUT": writing.updated, "PATCH": writing.changed, "DELETE": writing.removed}
    return by_method[ask.method](ask, kind, rest[0])


def _criteria(part: _Part) -> str:
    ask = part.ask
    if part.change is None or len(ask.path) > 1 or ask.method not in ("POST", "PUT"):
        return ""
    told = part.change.unless if ask.method == "POST" else writing.criteria_of(ask)
    return f"{part.change.kind}?{urlencode(sorted(pairs_of(told)))}" if told else ""


def _nowhere(ask: Ask) -> Change:
    raise not_by(ask.method, "/".join(ask.path))


def _all_of(faults: Sequence[Fault]) -> Fault:
    """Everything that is wrong, with the status of the first."""
    return Fault(faults[0].status, tuple(problem for one in faults for problem in one.problems))


def _require_once(parts: Sequence[_Part]) -> None:
    """No resource twice, and no name for two (R4 §3.1.0.11.2). Of two that go by the same criteria neither would see
    that the other creates what they ask for."""
    changed, called, asked = set[str](), set[str](), set[str]()
    for part in parts:
        if part.change and not part.change.new:
            if part.change.reference in changed:
                raise twice(part.change.reference, f"{part.place}.request.url")
            changed.add(part.change.reference)
        if part.full_url:
            if part.full_url in called:
                raise twice(part.full_url, f"{part.place}.fullUrl")
            called.add(part.full_url)
        if part.criteria:
            if part.criteria in asked:
                raise fault(400, "duplicate", SAME_CRITERIA, f"{part.place}.request")
            asked.add(part.criteria)


def twice(name: str, place: str = "") -> Fault:
    text = say("{0} står to gange. Send den én gang.", "{0} stands twice. Send it once.", name)
    return fault(400, "duplicate", text, place)


def _led(ask: Ask, parts: Sequence[_Part]) -> None:
    """Leads references to where what they mean will be: by its name in the Bundle, or by criteria."""
    names, chosen = _names(parts), dict[str, str]()
    for part in parts:
        said = part.change and (part.change.resource or part.ask.content)  # a resource, or what a patch puts into one
        if not isinstance(said, dict | list):
            continue
        beside = _RESTFUL.fullmatch(part.full_url)
        for holder in references(said):
            address = str(holder["reference"])
            plain = address.partition("/_history/")[0]
            found = names.get(plain) or (names.get(f"{beside[1]}/{plain}") if beside else None)
            if found is None and "?" in address:
                if address not in chosen:
                    chosen[address] = _by_criteria(ask, parts, part, address)
                found = chosen[address]
            holder["reference"] = found or address


def _names(parts: Sequence[_Part]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts:
        if part.change and part.full_url:
            found[part.full_url] = part.change.reference
    return found


def _by_criteria(ask: Ask, parts: Sequence[_Part], part: _Part, address: str) -> str:
    """The one that fits when everything else has been done (R4 §3.1.0.11.2): in the book, or in the transaction. What
    is created only if it is missing counts when nothing else fits."""
    kind, _, criteria = address.removeprefix(f"{ask.base}/").partition("?")
    if kind not in kinds.SERVED:
        return ""
    judging.require_scope(ask.who, kind, "s")
    changed = [one.change for one in parts if one.change and one.change.kind == kind]
    over = {one.ident for one in changed if one.how is How.RESTRICT or (one.resource and not one.new)}
    with open_book(ask.who.scope, Exchanging.SEARCH, ask.who.scope.child) as book:
        wanted = searching.chosen_by(ask, kind, criteria)
        there = [hit.row.id for hit in searching.fitting(book, wanted, over)]
    coming = [one for one in changed if _fits(one, wanted, ask.who.scope.at)]
    found = {*there, *(one.ident for one in coming if not one.unless and (kind != "Patient" or not one.new))}
    found = found or {one.ident for one in coming}
    if len(found) != 1:
        text = MANY if found else NONE
        raise fault(412, "multiple-matches" if found else "not-found", text, f"{part.place}.resource")
    return f"{kind}/{found.pop()}"


def _fits(change: Change, wanted: Level, moment: int) -> bool:
    """Whether what is written fits criteria. What is unsound is refused in a moment, and fits none."""
    said = change.resource
    if said is None or any(issue.severity == "error" for issue in check(said)):
        return False
    return meets_alone(said, wanted, moment)


def _read(part: _Part, answered: Answering) -> bytes:
    """A part that only reads. If it can't, nothing of the transaction is stored: a fault undoes it, where `NotFound`
    would only say that the book was not shown. When the database was busy, all of it is tried again."""
    if part.change is None and part.ask.method == "DELETE":  # criteria that choose nothing
        return response(Answer(204))
    try:
        return response(answered(part.ask))
    except OperationalError:
        raise
    except Exception as error:
        raise as_fault(error).placed(part.place) from None


# -- what is answered --------------------------------------------------------------------------------------------------

_STATUS = {200: "200 OK", 201: "201 Created", 204: "204 No Content", 304: "304 Not Modified"}


def response(answer: Answer) -> bytes:
    """What became of one part."""
    told: dict[str, Any] = {"status": _STATUS.get(answer.status, str(answer.status))}
    for name, key in (("Location", "location"), ("Content-Location", "location"), ("ETag", "etag")):
        if name in answer.headers:
            told[key] = answer.headers[name]
    is_outcome = answer.body is not None and answer.body.startswith(b'{"resourceType":"OperationOutcome"')
    if is_outcome:
        told["outcome"] = orjson.loads(answer.body or b"")
    how = orjson.dumps(told)
    if answer.body is None or is_outcome:
        return b'{"response":%s}' % how
    return b'{"resource":%s,"response":%s}' % (answer.body, how)


def answer_of(kind: bytes, entries: Sequence[bytes]) -> Answer:
    """The Bundle that answers, of a type."""
    told = b',"entry":[%s]' % b",".join(entries) if entries else b""
    return Answer(200, b'{"resourceType":"Bundle","type":"%s"%s}' % (kind, told))
