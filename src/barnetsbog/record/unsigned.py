"""What somebody of the family reads without who wrote it: a notification of concern, but for their own.

Law-and-access §3, row 20, and screens §1: whoever has notified is protected from those it is about. The words stay as
they are, also where they say it themselves. Pure.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.fhir.own import members, without

from .entries import EntryRow, Heading, VersionRow
from .scope import Scope

CONCERN = "concern"
SAYS_WHO = frozenset(("sender", "identifier", "_source"))
"""Search parameters of a notification that would find out who."""

_LEFT_OUT = ("sender", "identifier")


def is_unsigned(what: str, author_id: UUID | None, scope: Scope) -> bool:
    return what == CONCERN and scope.unit_id is None and author_id != scope.role_id


def unsigned(body: bytes) -> bytes:
    """A notification without who sent it, and from which system it came."""
    said: dict[str, Any] = orjson.loads(body)
    kept = {name: value for name, value in said.items() if name not in _LEFT_OUT}
    if "meta" in kept:
        kept["meta"] = {name: value for name, value in kept["meta"].items() if name != "source"}
    kept |= {"extension": without(said, "author")} if members(said.get("extension")) else {}
    return orjson.dumps({name: value for name, value in kept.items() if value})


def unsigned_row(row: EntryRow) -> EntryRow:
    return row._replace(author_id=None, unit_id=None, source="")


def unsigned_heading(one: Heading) -> Heading:
    return one._replace(author_id=None, unit_id=None, body=None if one.body is None else unsigned(one.body))


def unsigned_version(one: VersionRow) -> VersionRow:
    """Without who registered it; its words are for `unsigned`."""
    return replace(one, by_id=None, on_behalf_of_id=None)
