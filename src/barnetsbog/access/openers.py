"""Who can open one entry now: for telling a young person what it means to close it, and what somebody may be sent.

It is read from the rows that reads are judged by, so the preview can't say anything else than what is so. What somebody
opens in an emergency is told apart and not counted here; nor is the young person, for whom nothing is closed.
"""

from typing import NamedTuple
from uuid import UUID

from barnetsbog.directory.queries import elsewhere
from barnetsbog.record import store
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.fields import maybe_uuid, uuid_of
from barnetsbog.record.rights import BREAK_GLASS, CONTENT, FORBIDDEN, GrantRow, opens


class Opener(NamedTuple):
    """A unit, or somebody of the family. `words`: may read what the entry says, and not only its heading."""

    id: UUID
    words: bool


def openers(row: EntryRow, at: int) -> list[Opener]:
    """Everybody who can open the entry, or could if the young person had not closed it."""
    known: set[UUID] = set()
    level: dict[UUID, int] = {}
    strangers = elsewhere(row.unit_id) if row.unit_id else frozenset[UUID]()
    for grantee, grant in held(row.child_id, at):
        if grant.entry_id is None:
            known.add(grantee)
        away = {row.unit_id} if row.unit_id and grantee in strangers else frozenset[UUID]()
        if opens(grant, entry_id=row.id, shelf=row.shelf, unit_id=row.unit_id, lane=row.lane, elsewhere=away):
            level[grantee] = max(grant.level, level.get(grantee, FORBIDDEN))
    return [Opener(one, level[one] >= CONTENT) for one in sorted(level) if one in known]


def held(child_id: UUID, at: int) -> list[tuple[UUID, GrantRow]]:
    """Everybody's rights in a child's book at a moment, but what somebody has broken the glass for."""
    found = []
    for grant in store.grants_of(child_id.bytes, besides=(BREAK_GLASS,)):
        _, grantee, _, _, shelves, level, source, lane, entry, rule, purpose, start, end = grant
        if level > FORBIDDEN and start <= at < end:
            written = GrantRow(shelves, level, maybe_uuid(source), lane, maybe_uuid(entry), rule, purpose, end)
            found.append((uuid_of(grantee), written))
    return found
