"""What was written in a book while another was in it, and is that other child's for certain: whoever wrote it has or
had a right in that child's book, and never one in the book that was kept. It goes along when the books are taken apart;
where it stands, its writers could not read it, and people around another child could.

It is nobody's to judge by its words, so whatever is in doubt stays: what somebody around both has written, what came
from a connector, what rights follow from, what has been given to somebody who knows only the child that was kept, and
what something that stays refers to.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from barnetsbog.access.gathering import RIGHTS_FOLLOW_FROM
from barnetsbog.directory.queries import workplaces
from barnetsbog.record import store
from barnetsbog.record.former import Said

STAYS = frozenset((*RIGHTS_FOLLOW_FROM, "team"))
_GRANTEE, _BASIS, _LEVEL, _ENTRY = 1, 2, 5, 8
"""Columns of a grant."""


def of_the_other(kept: UUID, other: UUID, new: Mapping[bytes, str]) -> list[bytes]:
    """Those of the new entries (our kind of each, by id) of the book that was kept. Asked when each book has its own
    rights again."""
    said = {one: [Said(*row) for row in rows] for one, rows in store.said_by(kept.bytes, sorted(new)).items()}
    asked = {one for one, what in new.items() if what not in STAYS}
    mine, theirs = store.grants_of(kept.bytes), store.grants_of(other.bytes)
    place = _place([*(row[_GRANTEE] for row in (*mine, *theirs)), *map(_writer, _all(said))])
    knows = {place(row[_GRANTEE]) for row in mine if row[_BASIS] not in asked}
    beside = {place(row[_GRANTEE]) for row in theirs if row[_ENTRY] is None and row[_LEVEL] > 0}
    given: dict[bytes, set[bytes]] = {one: set() for one in asked}
    for row in mine:
        given.get(row[_BASIS], set()).add(place(row[_GRANTEE]))
    found = {
        one for one in asked
        if {place(_writer(version)) for version in said[one]} <= beside - knows and given[one] <= beside
    }  # fmt: skip
    return sorted(_referred_to_by_none(found, said))


def _all(said: Mapping[bytes, Sequence[Said]]) -> Iterable[Said]:
    return (version for versions in said.values() for version in versions)


def _writer(version: Said) -> bytes:
    """A unit, or somebody of the family; nobody, when a connector brought it."""
    return version.on_behalf_of_id or version.by_id or b""


def _place(idents: Iterable[bytes]) -> Callable[[bytes], bytes]:
    """Where somebody works; themselves, when they are a unit or of the family."""
    known = workplaces({UUID(bytes=one) for one in idents if one})
    units = {ident.bytes: unit.bytes for ident, (unit, _) in known.items()}
    return lambda ident: units.get(ident, ident)


def _referred_to_by_none(found: set[bytes], said: Mapping[bytes, Sequence[Said]]) -> set[bytes]:
    """Those that nothing new that stays refers to, and nothing that therefore stays."""
    stay = [versions[-1].body for one, versions in said.items() if one not in found]
    held = {one for one in found if any(str(UUID(bytes=one)).encode() in body for body in stay)}
    return _referred_to_by_none(found - held, said) if held else found
