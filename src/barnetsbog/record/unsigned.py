"""What somebody of the family reads without: who wrote a notification of concern, but for their own; and in what is
known of the child that an honour-related conflict is suspected.

Law-and-access §3, row 20, and screens §1: whoever has notified is protected from those it is about. The words stay as
they are, also where they say it themselves. Barnets lov § 18: nothing of such a suspicion goes to parents and network
before its risk is assessed, and by which answer it would come to them then is a human being's to say. Pure.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from barnetsbog.fhir.own import members, without
from barnetsbog.kernel import exact

from .entries import EntryRow, Heading, VersionRow
from .scope import Scope

CONCERN, CHILD = "concern", "child"
SUSPICION = "honour-conflict"
SAYS_WHO = frozenset(("sender", "identifier", "_source"))
"""Search parameters of a notification that would find out who."""

_LEFT_OUT = ("sender", "identifier")


def is_unsigned(what: str, author_id: UUID | None, scope: Scope) -> bool:
    return what == CONCERN and scope.unit_id is None and author_id != scope.role_id


def is_silent(what: str, scope: Scope) -> bool:
    """Whether it may hold a suspicion that is not told to the asker."""
    return what == CHILD and scope.unit_id is None


def as_read(body: bytes, what: str, author_id: UUID | None, scope: Scope) -> bytes:
    """What an entry says, as it is told to the asker."""
    if is_unsigned(what, author_id, scope):
        return unsigned(body)
    return silent(body) if is_silent(what, scope) and SUSPICION.encode() in body else body


def silent(body: bytes) -> bytes:
    """The child without that an honour-related conflict is suspected."""
    said: dict[str, Any] = exact.loads(body)
    said["extension"] = without(said, SUSPICION)
    return exact.dumps({name: value for name, value in said.items() if value != []})


def unsigned(body: bytes) -> bytes:
    """A notification without who sent it, and from which system it came."""
    said: dict[str, Any] = exact.loads(body)
    kept = {name: value for name, value in said.items() if name not in _LEFT_OUT}
    if "meta" in kept:
        kept["meta"] = {name: value for name, value in kept["meta"].items() if name != "source"}
    kept |= {"extension": without(said, "author")} if members(said.get("extension")) else {}
    return exact.dumps({name: value for name, value in kept.items() if value})


def unsigned_row(row: EntryRow) -> EntryRow:
    return row._replace(author_id=None, unit_id=None, source="")


def unsigned_heading(one: Heading) -> Heading:
    return one._replace(author_id=None, unit_id=None, body=None if one.body is None else unsigned(one.body))


def unsigned_version(one: VersionRow) -> VersionRow:
    """Without who registered it; its words are for `unsigned`."""
    return replace(one, by_id=None, on_behalf_of_id=None)
