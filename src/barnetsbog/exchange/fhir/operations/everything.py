"""Patient/$everything (FHIR R4, Patient operations): all of a child's book that the asker may read the contents of, and
the professionals and units that are named in it.

What is stored is what is shown, put together as bytes: as a Bundle, or line by line. Whoever is named is found in the
bytes that are shown, so that what a veil takes away leads nowhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from barnetsbog.audit.model import Action
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.record.book import Book
from barnetsbog.record.entries import DIRECTORY_TYPES
from barnetsbog.record.told import Said

from .. import kinds, paging
from ..history import since_of
from ..judging import require_scope
from ..model import Answer, Ask
from ..negotiation import Shape, shape_of, shaped, wants_lines
from ..outcomes import not_used
from ..reading import opened
from ..serving import ident_in, stamped, version_of
from . import registry
from .inputs import Inputs, inputs

MOST = 10_000
"""Entries of the child on one page."""

_NAMED = re.compile(rb'"reference":"(?:%s)/([0-9a-f-]{36})"' % "|".join(sorted(DIRECTORY_TYPES)).encode())
_STEPS = 5
"""From whoever is named to their unit, and from unit to unit above."""


def everything(ask: Ask, kind: str, ident: str) -> Answer:
    require_scope(ask.who, kind, "r")
    given = inputs(ask, "_since", "_type", "_count", "_outputFormat")
    ask = _repeatable(ask, given)
    wanted, shape = _types(ask, given.texts("_type")), shape_of(ask, "")
    size, place = max(paging.page_size(ask, MOST, MOST), 1), paging.opened(ask)
    since, after = since_of(given.text("_since")), UUID(place["id"]) if place else None
    with opened(ask, ident, Action.EXPORT, what="$everything") as (book, child_id, entry_id):
        if book.readable(child_id, [entry_id]).get(entry_id) != kind:
            raise NotFound
        found = book.all_said(child_id, wanted, since=since, limit=size + 1, after=after)
        reached = [one for one in sorted(DIRECTORY_TYPES) if ask.who.allowed.may(one, "r")]
        named = _named(book, found[:size], reached, [one for one in wanted if one in DIRECTORY_TYPES], since)
    return _answer(ask, found, named, size, shape)


def _repeatable(ask: Ask, given: Inputs) -> Ask:
    """What was asked, however it was sent, as it stands in the address of the next page."""
    asked = [(name, str(one)) for name, some in given.values.items() for one in some]
    return replace(ask, query=[*(pair for pair in ask.query if pair[0] not in given.values), *asked])


def _types(ask: Ask, asked: Sequence[str]) -> list[str]:
    """The types that are wanted and that the token allows."""
    for one in asked:
        if one not in kinds.SERVED:
            raise not_used(one, 400, "http._type")
    return [one for one in kinds.SERVED if (not asked or one in asked) and ask.who.allowed.may(one, "r")]


def _named(book: Book, found: Sequence[Said], reached: Sequence[str], wanted: Sequence[str], since: int) -> list[Said]:
    """Whoever is named, and where they work, each once. `reached`: the types that the token allows: nothing is told by
    way of another."""
    seen: dict[UUID, Said] = {}
    front: Sequence[Said] = found
    for _ in range(_STEPS):
        named = {one for said in front for one in _NAMED.findall(said.body)}
        new = sorted(ident for one in named if (ident := ident_in(one.decode())) and ident not in seen)
        front = book.those_said(DIRECTORY, reached, new) if new else []
        if not front:
            break
        seen |= {one.id: one for one in front}
    if since and seen:
        return book.those_said(DIRECTORY, wanted, sorted(seen), since=since)
    return [one for one in seen.values() if one.kind in wanted]


# -- what is answered --------------------------------------------------------------------------------------------------


def _answer(ask: Ask, found: Sequence[Said], named: Sequence[Said], size: int, shape: Shape | None) -> Answer:
    page = found[:size]
    url = "/".join((ask.base, *ask.path))
    more = paging.onwards(url, ask.query, paging.sealed(ask, {"id": str(page[-1].id)})) if len(found) > size else ""
    if wants_lines(ask):
        body = b"".join(b"%s\n" % _shaped(one, shape) for one in (*page, *named))
        return Answer(200, body, {"Link": f'<{more}>; rel="next"'} if more else {}, lines=True)
    told = paging.links(self=paging.address(url, ask.query), next=more)
    entries = [*_entries(ask, page, b"match", shape), *_entries(ask, named, b"include", shape)]
    total = b'"total":%d,' % len(page) if not more and not ask.asked(paging.CURSOR) else b""
    listed = b',"entry":[%s]' % b",".join(entries) if entries else b""
    return Answer(200, b'{"resourceType":"Bundle","type":"searchset",%s"link":%s%s}' % (total, told, listed))


def _entries(ask: Ask, found: Sequence[Said], mode: bytes, shape: Shape | None) -> Iterator[bytes]:
    frame = b'{"fullUrl":"%s/%%b/%%b","resource":%%b,"search":{"mode":"%s"}}' % (ask.base.encode(), mode)
    return (frame % (one.kind.encode(), str(one.id).encode(), _shaped(one, shape)) for one in found)


def _shaped(said: Said, shape: Shape | None) -> bytes:
    return shaped(stamped(said.body, said.kind, version_of(said.id, said.number), said.recorded_at), shape)


registry.add(registry.Operation(
    "everything", everything, "http://hl7.org/fhir/OperationDefinition/Patient-everything",
    types=frozenset(("Patient",)), of_one=True, lines=True,
))  # fmt: skip
