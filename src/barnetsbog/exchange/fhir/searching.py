"""search by GET and POST, in everything or in a compartment (FHIR R4 §3.1.1): a page as a searchset Bundle."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from barnetsbog.access.reading import note_each, open_book
from barnetsbog.kernel.sentences import say
from barnetsbog.record.book import Book
from barnetsbog.record.searching.model import (
    AnyOf,
    Chained,
    Condition,
    Cursor,
    Found,
    Has,
    Hit,
    Level,
    Search,
    TooCostly,
)

from . import asking, paging
from .asking import Asked, Pair
from .faults import Fault as Unread
from .model import Answer, Ask, Exchanging
from .negotiation import Shape, pairs_of, shape_of, shaped, strict
from .outcomes import Fault, Problem, as_entry, fault
from .serving import present
from .terms import IN_USE

SHAPING = ("_format", "_pretty")

NO_CRITERIA = say(
    "Betingelsen vælger ingenting ud. Sig mindst én parameter.",
    "The criteria choose nothing. Give one parameter at least.",
)
TOO_MUCH = say(
    "Der er for meget at lede igennem. Spørg med flere betingelser.",
    "There is too much to look through. Ask with more criteria.",
)
CUT = say(
    "Der fulgte mere med, end en side kan rumme. Spørg om færre på siden (_count).",
    "More came along than a page can hold. Ask for fewer on a page (_count).",
)


def search(ask: Ask, kind: str, compartment: tuple[str, str] | None = None) -> Answer:
    """One page. What is asked in a form is answered as what is asked in an address."""
    shape, place = shape_of(ask, kind), paging.opened(ask)
    asked = parsed(ask, kind, [pair for pair in ask.query if pair[0] != paging.CURSOR], compartment)
    assert asked.search
    wanted = _along(ask, asked.search if place is None else _from(asked.search, place))
    require_types(ask, wanted)
    with open_book(ask.who.scope, Exchanging.SEARCH, ask.who.scope.child, looks=True, query=_told(kind, asked)) as book:
        found = _found(book, wanted)
        hits = [*found.hits, *(hit for hit in found.included if ask.who.allowed.may(hit.row.kind, "r"))]
        note_each(book, Exchanging.READ, [hit.row for hit in hits])
    return Answer(200, _bundle(ask, asked, found, shape))


def _along(ask: Ask, wanted: Search) -> Search:
    """With nothing that would come along by way of a type that the token does not reach."""
    kind = wanted.level.kind
    return replace(
        wanted,
        includes=tuple(one for one in wanted.includes if one.kind == kind or ask.who.allowed.may(one.kind, "r")),
    )


def _told(kind: str, asked: Asked) -> str:
    """What was asked about, for the log: never what was looked for, which may be a name or a number."""
    return kind + "".join(f" {name}" for name in sorted({name for name, _ in asked.used}))[:200]


def parsed(ask: Ask, kind: str, pairs: Sequence[Pair], compartment: tuple[str, str] | None = None) -> Asked:
    """A question read; what is wrong with it is said of each parameter."""
    asked = asking.parse(kind, pairs, base=ask.base, strict=strict(ask), compartment=compartment, terms=IN_USE)
    if asked.faults or asked.search is None:
        raise fault_of(asked.faults)
    return asked


def fault_of(faults: Iterable[Unread]) -> Exception:
    told = tuple(Problem(one.code, one.text(), f"http.{one.parameter}") for one in faults)
    return Fault(400, told)


def chosen_by(ask: Ask, kind: str, criteria: str) -> Level:
    """What a conditional request speaks of."""
    asked = asking.parse(kind, pairs_of(criteria), base=ask.base, strict=True, terms=IN_USE)
    if asked.faults or asked.search is None:
        raise fault_of(asked.faults)
    if not asked.search.level.conditions:
        raise fault(412, "multiple-matches", NO_CRITERIA)
    require_types(ask, asked.search)
    return asked.search.level


def matches(ask: Ask, book: Book, kind: str, criteria: str, but: Collection[UUID] = ()) -> list[Hit]:
    """Those that a conditional request speaks of, as far as the asker may read them: two at most, and none of some."""
    return fitting(book, chosen_by(ask, kind, criteria), but)


def fitting(book: Book, wanted: Level, but: Collection[UUID] = ()) -> list[Hit]:
    found = _found(book, Search(wanted, count=2 + len(but))).hits
    return [hit for hit in found if hit.row.id not in but][:2]


def _found(book: Book, wanted: Search) -> Found:
    try:
        return book.search(wanted)
    except TooCostly as error:
        raise fault(403, "too-costly", TOO_MUCH, f"http.{error.param}") from None


def require_types(ask: Ask, wanted: Search) -> None:
    """A chain reads resources, too: the token must allow searching each type that it passes."""
    for kind in sorted(set(_types(wanted.level))):
        if not ask.who.allowed.may(kind, "s"):
            text = say(
                "Adgangen (scope) rækker ikke til at søge i {0}.", "The scope does not reach searching {0}.", kind
            )
            raise fault(403, "forbidden", text)


def _types(level: Level) -> Iterator[str]:
    yield level.kind
    for condition in level.conditions:
        yield from _passed(condition)


def _passed(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Chained):
        for level in condition.to:
            yield from _types(level)
    elif isinstance(condition, Has):
        yield from _types(condition.of)
    elif isinstance(condition, AnyOf):
        for one in condition.conditions:
            yield from _passed(one)


# -- the page ----------------------------------------------------------------------------------------------------------


def _from(wanted: Search, place: dict[str, Any]) -> Search:
    return replace(wanted, after=Cursor(place["moment"], tuple(place["values"]), UUID(place["id"])))


def _bundle(ask: Ask, asked: Asked, found: Found, shape: Shape | None) -> bytes:
    readable = [hit for hit in found.included if ask.who.allowed.may(hit.row.kind, "r")]
    entries = [_entry(ask, hit, b"match", shape) for hit in found.hits]
    entries += [_entry(ask, hit, b"include", shape) for hit in readable]
    if problems := _remarks(asked, found):
        entries.append(as_entry(ask.language, problems))
    total = b"" if found.total is None else b'"total":%d,' % found.total
    told = b',"entry":[%s]' % b",".join(entries) if entries else b""
    return b'{"resourceType":"Bundle","type":"searchset",%s"link":%s%s}' % (total, _links(ask, asked, found), told)


def _links(ask: Ask, asked: Asked, found: Found) -> bytes:
    used = [pair for pair in asked.used if pair[0] not in SHAPING]
    return paging.page_links(ask, _token(ask, found) if found.next else "", used)


def _token(ask: Ask, found: Found) -> str:
    assert found.next
    moment, values, ident = found.next.moment, list(found.next.values), str(found.next.id)
    return paging.sealed(ask, {"moment": moment, "values": values, "id": ident})


def _entry(ask: Ask, hit: Hit, mode: bytes, shape: Shape | None) -> bytes:
    row = hit.row
    body = shaped(present(row, hit.body), shape)
    url = f"{ask.base}/{row.kind}/{row.id}".encode()
    return b'{"fullUrl":"%s","resource":%s,"search":{"mode":"%s"}}' % (url, body, mode)


def _remarks(asked: Asked, found: Found) -> list[Problem]:
    told = [Problem(one.code, one.text(), f"http.{one.parameter}", severity="warning") for one in asked.ignored]
    if found.cut:
        told.append(Problem("too-costly", CUT, "http._include", severity="warning"))
    return told
