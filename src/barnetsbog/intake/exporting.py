"""Giving a child's book back.

What came from a source leaves as the source said it: its own ids, its own references. What was written here leaves
with the ids of the book. The professionals and units that the book's entries name come along, so that no reference
dangles that did not dangle before. What is given is for `exact` to write: decimals are as they were written.
"""

from collections.abc import Iterator, Mapping, Sequence
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
from barnetsbog.record.objections import is_objected_to, still_objected_to
from barnetsbog.record.relocating import keeps

from .model import LINE, OWN_SOURCE

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
        mine = book.whole(child_id)
        here = {row.id for row, _, _ in mine}
        named = _named({ident for _, _, version in mine for ident in _references(version.body)} - here, book)
        entries = _entries([*mine, *named], book)
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": moment(scope.at).isoformat(),
            "entry": entries,
        }


def export_directory() -> Resource:
    """Everything on the directory's shelf."""
    with operator_scope([DIRECTORY], purpose="export") as scope, open_book(scope, "export") as book:
        entries = _entries(book.whole(DIRECTORY), book)
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": moment(scope.at).isoformat(),
            "entry": entries,
        }


Found = tuple[EntryRow, str, VersionRow]


def _entries(found: Sequence[Found], book: Book) -> list[Resource]:
    """Each with its address and as its source gave it. What is the book's own calls others by their ids here, and so it
    is told by which address they stand beside it."""
    before = _before(found, book)
    versions = (*(version for _, _, version in found), *before.values())
    sent = {one.delivery_id for one in versions if one.delivery_id}
    opened = {ident: _Opened(payload) for ident, payload in book.payloads(sent).items()}
    told = [(one, *_as_received(one, opened, before.get(one[0].id))) for one in found]
    addresses = {f"{row.kind}/{row.id}": url for (row, _, _), url, _ in told}
    for (row, _, version), _, resource in told:
        if _is_ours(row, version):
            _lead(resource, addresses)
    return [{"fullUrl": url, "resource": resource} for _, url, resource in told]


def _before(found: Sequence[Found], book: Book) -> dict[UUID, VersionRow]:
    """What was first said of entries of which the book itself has said something since: somebody has written in them
    here, or stands twice in a book that was two (ADR 39)."""
    rows: dict[UUID, list[EntryRow]] = {}
    for row, _, version in found:
        if row.version > 1 and _is_ours(row, version):
            rows.setdefault(row.child_id, []).append(row)
    told = {ident: some for of_child in rows.values() for ident, some in book.histories(of_child).items()}
    return {ident: first for ident, some in told.items() if (first := some[0]).delivery_id}


def _is_ours(row: EntryRow, version: VersionRow) -> bool:
    """Whether what an entry says now is the book's own words."""
    return row.source == OWN_SOURCE or version.delivery_id is None


def _as_received(
    one: Found, opened: Mapping[UUID, "_Opened"], before: VersionRow | None = None
) -> tuple[str, Resource]:  # fmt: skip
    """Address and resource. What the family has objected to in it since stands in it, too. `before`: what was first
    said of it. When that came from a source, others name it by the address and the id that it had there."""
    row, source_ref, version = one
    if before and before.delivery_id:
        url, first = opened[before.delivery_id].at(before.place)
        if first.get("id") != str(row.id):
            named = {"id": first["id"]} if "id" in first else {}
            return url or _address(f"{row.kind}/{first.get('id')}"), {**exact.loads(version.body), **named}
    if version.delivery_id is None:
        return f"urn:uuid:{row.id}", exact.loads(version.body)
    url, resource = opened[version.delivery_id].at(version.place)
    if is_objected_to(version.body):
        resource = exact.loads(still_objected_to(exact.dumps(resource), version.body))
    return url or _address(source_ref), resource


def _address(source_ref: str) -> str:
    """Of what came without one."""
    return source_ref if ":" in source_ref else f"https://source.barnetsbog.example/{source_ref}"


def _lead(resource: Resource, addresses: Mapping[str, str]) -> None:
    for holder in references(resource):
        address = addresses.get(holder["reference"], "")
        if not address.endswith(f"/{holder['reference']}"):  # by which it is found already
            holder["reference"] = address or holder["reference"]


def _references(body: bytes) -> Iterator[UUID]:
    for holder in references(exact.loads(body)):
        try:
            yield UUID(holder["reference"].rpartition("/")[2])
        except ValueError:
            continue


def _named(ids: set[UUID], book: Book) -> list[Found]:
    """Those directory resources that these ids lead to, and those that they lead to in turn."""
    found: dict[UUID, Found] = {}
    wanted, seen = set(ids), set[UUID]()
    while wanted := wanted - seen:
        seen |= wanted
        new = book.whole(DIRECTORY, wanted)
        found |= {row.id: (row, ref, version) for row, ref, version in new}
        wanted = {ident for _, _, version in new for ident in _references(version.body)}
    return [found[ident] for ident in sorted(found)]


def _said(sent: bytes) -> Any:
    return exact.loads(sent.removeprefix(_MARK))


class _Opened:
    """A delivery, parsed once, from which many resources are taken."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._content: Any = None

    def at(self, place: str) -> tuple[str, Resource]:
        """The address and the resource at a place; an empty address where none is given."""
        if place.startswith(LINE):
            return "", _said(self._payload.split(b"\n")[int(place.removeprefix(LINE)) - 1])
        if self._content is None:
            self._content = _said(self._payload)
        if not place:
            return "", self._content
        entry = self._content["entry"][int(place.removeprefix("entry[").partition("]")[0])]
        return entry.get("fullUrl", ""), entry["resource"]


def export_all(*, account: str, reason: str = "") -> Iterator[Resource]:
    """The book of every child, one Bundle a child."""
    for child_id in directory.all_children():
        yield export_child(child_id, account=account, reason=reason)
