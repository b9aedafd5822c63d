"""Who children are, as far as it takes to tell whether two books are about one.

Like what rights are gathered from it knows everything, whoever asks. So nobody is shown it: what `joining` makes of it
is whether two are alike, and in what.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import ChildName
from barnetsbog.fhir import folded
from barnetsbog.fhir.own import members
from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS, normalise
from barnetsbog.record import store

Resource = dict[str, Any]
Number = tuple[str, str]
"""The register it is from, and the number."""


class Identity(NamedTuple):
    """Who a book is about. `addresses` are those that anybody may know: none where the address is protected."""

    name: ChildName
    numbers: frozenset[Number] = frozenset()
    parents: frozenset[Number] = frozenset()
    addresses: frozenset[str] = frozenset()
    protected: bool = False


def identities(child_ids: Sequence[UUID], at: int) -> dict[UUID, Identity]:
    """Those of these children that have a book, in three queries whatever their number."""
    names, protected = directory.children(child_ids), store.protected(child_ids, at)
    said: dict[UUID, dict[str, list[Resource]]] = {child: {"child": [], "person": []} for child in names}
    for child, what, body in store.bodies_of_many([child.bytes for child in names], ("child", "person")):
        said[UUID(bytes=child)][what].append(orjson.loads(body))
    return {
        child: Identity(
            names[child], frozenset(_numbers(told["child"])), frozenset(_numbers(told["person"])),
            frozenset() if child in protected else frozenset(_addresses(told["child"])), child in protected,
        )
        for child, told in said.items()
    }  # fmt: skip


def numbers_of(person: Resource) -> frozenset[Number]:
    """The person numbers of a Patient or a RelatedPerson."""
    return frozenset(_numbers([person]))


def _numbers(people: Iterable[Resource]) -> Iterator[Number]:
    for one in (one for person in people for one in members(person.get("identifier"))):
        if one.get("system") in PERSON_NUMBER_SYSTEMS and isinstance(one.get("value"), str):
            yield one["system"], normalise(one["value"])


def _addresses(people: Iterable[Resource]) -> Iterator[str]:
    for one in (one for person in people for one in members(person.get("address"))):
        parts = [*one.get("line", ()), one.get("postalCode", "")]
        if all(parts):
            yield folded(" ".join(map(str, parts)))
