"""Giving a child's book back.

What came from a source leaves as the source said it: its own ids, its own references. What was written here leaves
with the ids of the book. The professionals and units that the book's entries name come along, so that no reference
dangles that did not dangle before. What is given is for `exact` to write: decimals are as they were written.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import operator_scope
from barnetsbog.directory import queries as directory
from barnetsbog.fhir import references
from barnetsbog.kernel import exact
from barnetsbog.kernel.cpr import normalise
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.kernel.time import moment
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, VersionRow
from barnetsbog.record.relocating import keeps

Resource = dict[str, Any]
_MARK = b"\xef\xbb\xbf"
"""What some write before a file in UTF-8."""


def find_child(text: str) -> UUID:
    """The child with this id or person number; `NotFound` when there is none. The id of a child whose book is in
    another's leads to that."""
    try:
        child_id: UUID | None = UUID(text) if len(text) == 36 else None
    except ValueError:
        child_id = None
    child_id = keeps(child_id) if child_id else directory.child_by_number(normalise(text))
    if child_id is None or directory.child(child_id) is None:
        raise NotFound
    return child_id


def export_child(child_id: UUID, *, account: str, reason: str = "") -> Resource:
    """The whole book of a child as a FHIR collection Bundle. Logged as an export, with the operator's account on the
    machine, and why; without a reason the line has none, which whoever oversees the log sees."""
    told: dict[str, Any] = {"account": account} | ({"why": reason} if reason else {})
    with (
        operator_scope([child_id, DIRECTORY], purpose="export") as scope,
        open_book(scope, "export", child_id, **told) as book,
    ):
        mine = list(_resources(book, child_id))
        named = _named({ident for one in book.whole(child_id) for ident in _references(one[2].body)}, book)
        entries = [{"fullUrl": url, "resource": resource} for url, resource in (*mine, *named)]
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": moment(scope.at).isoformat(),
            "entry": entries,
        }


def export_directory() -> Resource:
    """Everything on the directory's shelf."""
    with operator_scope([DIRECTORY], purpose="export") as scope, open_book(scope, "export") as book:
        entries = [{"fullUrl": url, "resource": resource} for url, resource in _resources(book, DIRECTORY)]
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": moment(scope.at).isoformat(),
            "entry": entries,
        }


def _resources(book: Book, child_id: UUID) -> Iterator[tuple[str, Resource]]:
    """Address and resource of each entry, as its source gave them."""
    yield from _as_received(book.whole(child_id), book)


def _as_received(found: list[tuple[EntryRow, str, VersionRow]], book: Book) -> Iterator[tuple[str, Resource]]:
    payloads = book.payloads({version.delivery_id for _, _, version in found if version.delivery_id})
    opened = {ident: _Opened(payload) for ident, payload in payloads.items()}
    for row, source_ref, version in found:
        delivery = opened.get(version.delivery_id) if version.delivery_id else None
        yield delivery.at(version.place, source_ref) if delivery else _own(row, version)


def _own(row: EntryRow, version: VersionRow) -> tuple[str, Resource]:
    return f"urn:uuid:{row.id}", exact.loads(version.body)


def _references(body: bytes) -> Iterator[UUID]:
    for holder in references(exact.loads(body)):
        try:
            yield UUID(holder["reference"].rpartition("/")[2])
        except ValueError:
            continue


def _named(ids: set[UUID], book: Book) -> Iterator[tuple[str, Resource]]:
    """Those directory resources that these ids lead to, and those that they lead to in turn."""
    shelf = {row.id: (row, ref, version) for row, ref, version in book.whole(DIRECTORY)}
    wanted, seen = set(ids), set[UUID]()
    while wanted := (wanted & shelf.keys()) - seen:
        seen |= wanted
        wanted = {ref for ident in wanted for ref in _references(shelf[ident][2].body)}
    yield from _as_received([shelf[ident] for ident in sorted(seen)], book)


def _said(sent: bytes) -> Any:
    return exact.loads(sent.removeprefix(_MARK))


class _Opened:
    """A delivery, parsed once, from which many resources are taken."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._content: Any = None

    def at(self, place: str, source_ref: str) -> tuple[str, Resource]:
        """The address and the resource at a place."""
        address = source_ref if ":" in source_ref else f"https://source.barnetsbog.example/{source_ref}"
        if place.startswith("line "):
            return address, _said(self._payload.split(b"\n")[int(place[5:]) - 1])
        if self._content is None:
            self._content = _said(self._payload)
        if not place:
            return address, self._content
        entry = self._content["entry"][int(place.removeprefix("entry[").partition("]")[0])]
        return entry.get("fullUrl", address), entry["resource"]


def export_all(*, account: str, reason: str = "") -> Iterator[Resource]:
    """The book of every child, one Bundle a child."""
    for child_id in directory.all_children():
        yield export_child(child_id, account=account, reason=reason)
