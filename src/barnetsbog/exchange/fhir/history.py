"""history of one resource, of a type and of everything (FHIR R4 §3.1.0.10), the newest first, page by page.

A version that the asker may not read is not there, and neither is it counted: a history tells no total but that of one
resource's versions as they are shown.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access.reading import note_each, open_book
from barnetsbog.kernel.sentences import say
from barnetsbog.kernel.time import instant
from barnetsbog.record.book import Book
from barnetsbog.record.told import Before, Told

from . import kinds, paging
from .judging import LOOKING, may_all
from .model import Answer, Ask, Exchanging, Resource
from .negotiation import Shape, shape_of, shaped, strict
from .outcomes import fault
from .reading import opened
from .serving import etag, instant_of, number_of, shown, version_told

PAGE, MOST = 50, 500
_KNOWN = frozenset(("_since", "_count", "_format", "_pretty", "_elements", "_summary", paging.CURSOR))


def of_one(ask: Ask, kind: str, ident: str) -> Answer:
    """Every version of a resource. Of one that has been taken out of use it says when, and no longer what."""
    _require_known(ask)
    shape, since = shape_of(ask, kind), since_of(ask.asked("_since"))
    size = 0 if _counts(ask) else paging.page_size(ask, PAGE, MOST)
    before = _opened(ask)
    with opened(ask, ident, Exchanging.HISTORY) as (book, child_id, entry_id):
        found = book.history(child_id, kind, entry_id, since=since)
        page = [one for one in found if before is None or one.number < before.number]
        return _bundle(ask, book, page, size, shape, total=len(found))


def of_types(ask: Ask, types: Sequence[str]) -> Answer:
    """Every version of everything of these types that may be read."""
    _require_known(ask)
    if _counts(ask):
        text = say("Historik tælles kun for én ressource.", "A history is counted of one resource only.")
        raise fault(400, "not-supported", text, "http._summary")
    shape, since = shape_of(ask, types[0] if len(types) == 1 else ""), since_of(ask.asked("_since"))
    size, after = paging.page_size(ask, PAGE, MOST), _opened(ask)
    with open_book(ask.who.scope, Exchanging.HISTORY, ask.who.scope.child, looks=True) as book:
        found = book.histories_of(types, since=since, limit=size + 1, after=after)
        note_each(book, Exchanging.HISTORY, [one.row for one in found[:size]])
        return _bundle(ask, book, found, size, shape)


def _counts(ask: Ask) -> bool:
    return ask.asked("_summary") == "count"


def _require_known(ask: Ask) -> None:
    """A history of other versions than were asked for (`_at`) would be a wrong answer."""
    for name, _ in ask.query:
        if name not in _KNOWN and strict(ask):
            text = say("Historik har ingen parameter, der hedder {0}.", "A history has no parameter called {0}.", name)
            raise fault(400, "not-supported", text, f"http.{name}")


def readable_types(ask: Ask) -> list[str]:
    """Those that the token lets its bearer read, and look for."""
    return [kind for kind in kinds.SERVED if may_all(ask.who, kind, LOOKING)]


def since_of(given: str) -> int:
    """The moment that `_since` is; nought when it isn't given."""
    if not given:
        return 0
    try:
        moment = datetime.fromisoformat(given.replace(" ", "+"))
        assert moment.tzinfo
    except (ValueError, AssertionError):
        text = say(
            "_since skal være et tidspunkt med tidszone, fx 2026-03-01T09:30:00+01:00.",
            "_since must be a moment with a time zone, such as 2026-03-01T09:30:00+01:00.",
        )
        raise fault(400, "invalid", text, "http._since") from None
    return instant(moment)


def _bundle(
    ask: Ask, book: Book, found: Sequence[Told], size: int, shape: Shape | None, *, total: int | None = None
) -> Answer:
    page = found[:size]
    entries = b",".join(_entry(ask, book, one, shape) for one in page)
    url = "/".join((ask.base, *ask.path))
    more = paging.onwards(url, ask.query, paging.sealed(ask, _place(page[-1]))) if len(found) > size and page else ""
    counted = b"" if total is None else b'"total":%d,' % total
    told = paging.links(self=paging.address(url, ask.query), next=more)
    body = b'{"resourceType":"Bundle","type":"history",%s"link":%s%s}' % (
        counted, told, b',"entry":[%s]' % entries if page else b"",
    )  # fmt: skip
    return Answer(200, body)


def _place(last: Told) -> dict[str, Any]:
    return {"at": last.recorded_at, "id": str(last.row.id), "version": version_told(last)}


def _opened(ask: Ask) -> Before | None:
    """The last version of the page before; None on the first."""
    if (place := paging.opened(ask)) is None:
        return None
    ident = UUID(place["id"])
    number = number_of(ident, place["version"])
    if number is None:
        raise paging.unknown()
    return Before(place["at"], ident, number)


def _entry(ask: Ask, book: Book, told: Told, shape: Shape | None) -> bytes:
    row = told.row
    url, version = f"{row.kind}/{row.id}", version_told(told)
    method = "DELETE" if told.out else "POST" if told.first else "PUT"
    frame: Resource = {
        "fullUrl": f"{ask.base}/{url}", "request": {"method": method, "url": row.kind if method == "POST" else url},
        "response": {
            "status": {"DELETE": "204", "POST": "201", "PUT": "200"}[method], "etag": etag(version),
            "lastModified": instant_of(told.recorded_at),
        },
    }  # fmt: skip
    if told.by_id:
        who = {"reference": f"PractitionerRole/{told.by_id}"}
        frame["extension"] = [{"url": REGISTERED_BY, "valueReference": who}]
    framed = orjson.dumps(frame)
    if told.body is None:
        return framed
    return b'%s,"resource":%s}' % (framed[:-1], shaped(shown(told), shape))


REGISTERED_BY = "https://barnetsbog.example/fhir/StructureDefinition/registered-by"
"""Who put a version into the book."""
