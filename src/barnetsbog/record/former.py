"""Somebody who stands twice in a book that was two (ADR 39): the one that counts, and the former one. Pure.

A former Patient is what FHIR says of one that was merged: not active, with a link to the one that replaces it; the one
that counts has the link back, and the other's numbers as old ones. A RelatedPerson has no link in R4, so an extension
of ours says the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from barnetsbog.fhir.own import members, reference_of, referred, referring, without

from .promotion import ENTRY_TAG, FORMER, is_former

Resource = dict[str, Any]
Names = Mapping[str, str]
"""References (`Type/id`): of somebody as they are called in one book, and in the other."""

_TAG = {"system": ENTRY_TAG, "code": FORMER}
_ACTIVE = {True: "active", False: "inactive"}
"""What its source says of that itself, as the version of the tag."""
_WAS_ACTIVE = {text: active for active, text in _ACTIVE.items()}
_REPLACED_BY = "replaced-by"


class Said(NamedTuple):
    """A version of an entry, whichever book it is in: the columns of `version` but for child and entry."""

    number: int
    body: bytes
    recorded_at: int
    by_id: bytes | None
    on_behalf_of_id: bytes | None
    delivery_id: bytes | None
    place: str


class Other(NamedTuple):
    """A former Patient, as the one that counts tells of it: its reference, and its numbers."""

    reference: str
    identifiers: tuple[Resource, ...] = ()


def pointed(body: bytes, names: Names) -> bytes:
    """The same words, with each reference to somebody by the other's name."""
    for old, new in names.items():
        body = body.replace(f'"reference":"{old}"'.encode(), f'"reference":"{new}"'.encode())
    return body


def as_former(said: Resource, now: str, *, wrong: bool = False) -> Resource:
    """What a former Patient or RelatedPerson says. `now`: a reference to the one that counts; `wrong`: by a number that
    is somebody else's."""
    plain = without_former(said)
    plain = _with(plain, "identifier", ()) if wrong else plain
    meta = plain.get("meta") or {}
    tag = _TAG | ({"version": _ACTIVE[plain["active"]]} if "active" in plain else {})
    found = {**plain, "meta": {**meta, "tag": [*meta.get("tag", ()), tag]}, "active": False}
    if said["resourceType"] == "Patient":
        return {**found, "link": [*members(plain.get("link")), _link(now, _REPLACED_BY)]}
    return {**found, "extension": [*members(plain.get("extension")), referring(_REPLACED_BY, now)]}


def without_former(said: Resource) -> Resource:
    """What it said before it was a former one."""
    if not is_former(said):
        return said
    meta = said["meta"]
    tags = [one for one in meta["tag"] if _TAG.items() <= one.items()]
    found = {key: value for key, value in said.items() if key != "active"}
    if (active := _WAS_ACTIVE.get(str(tags[0].get("version")))) is not None:
        found["active"] = active
    found = _with(found, "meta", _with(meta, "tag", [one for one in meta["tag"] if one not in tags]))
    found = _with(found, "link", [one for one in members(said.get("link")) if one.get("type") != _REPLACED_BY])
    return _with(found, "extension", without(said, _REPLACED_BY))


def now_called(said: Resource) -> str:
    """The reference of the one that counts; empty when it is no former one."""
    links = members(said.get("link"))
    linked = next((reference_of(one.get("other")) for one in links if one.get("type") == _REPLACED_BY), "")
    return linked or referred(said, _REPLACED_BY)


def as_kept(said: Resource, others: Iterable[Other]) -> Resource:
    """What the Patient that counts says: whom it replaces, and by which numbers they were known."""
    for other in others:
        known = {_number(one) for one in members(said.get("identifier"))}
        more = [{**one, "use": "old"} for one in other.identifiers if _number(one) not in known]
        links = [one for one in members(said.get("link")) if one != _link(other.reference, "replaces")]
        said = {**said, "link": [*links, _link(other.reference, "replaces")]}
        said = _with(said, "identifier", [*members(said.get("identifier")), *more])
    return said


def without_kept(said: Resource, other: Other) -> Resource:
    """What it says without having replaced another."""
    added = [{**one, "use": "old"} for one in other.identifiers]
    links = [one for one in members(said.get("link")) if one != _link(other.reference, "replaces")]
    numbers = [one for one in members(said.get("identifier")) if one not in added]
    return _with(_with(said, "link", links), "identifier", numbers)


def arriving(there: Sequence[Said], coming: Sequence[Said]) -> list[Said]:
    """The versions that are added where an entry comes to. `there`: those from when it was there before. Where there
    are none they keep their numbers; else those that are new go on from the last number, and the entry ends by saying
    what it said where it came from: what is there is never written over."""
    if not there:
        return list(coming)
    known = {_mark(one) for one in there}
    new = [one for one in coming if _mark(one) not in known]
    last = (new or there)[-1]
    return returning(there, new if _mark(last) == _mark(coming[-1]) else [*new, coming[-1]])


def returning(there: Sequence[Said], new: Sequence[Said]) -> list[Said]:
    """The versions that are added where an entry comes back to: what was said of it meanwhile."""
    return [one._replace(number=there[-1].number + at) for at, one in enumerate(new, 1)]


def _mark(one: Said) -> tuple[Any, ...]:
    """What a version is known by in two books: what people are called in it may differ."""
    return (*one[2:], _PEOPLE.sub(b"", one.body))


_PEOPLE = re.compile(rb'"reference":"(?:Patient|RelatedPerson)/[0-9a-f-]{36}"')


def _link(reference: str, sort: str) -> Resource:
    return {"other": {"reference": reference}, "type": sort}


def _number(identifier: Resource) -> tuple[Any, Any]:
    return identifier.get("system"), identifier.get("value")


def _with(said: Resource, name: str, values: Any) -> Resource:
    """With a member, or without it when it is empty."""
    found = {key: value for key, value in said.items() if key != name}
    return {**found, name: values} if values else found
