"""Making a pack, and a leader's approval of one that goes to the police.

Only what the own unit has written is told, by roles that may, to units that the act allows; and each is in the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.roles import role_named
from barnetsbog.audit.model import Action
from barnetsbog.directory.queries import roles_of, sectors
from barnetsbog.intake.writing import author_of, write, writing
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import DAY
from barnetsbog.record import store
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.scope import Scope

from . import rules
from .mapping import pack_of, resource_of
from .model import Pack
from .queries import tellable

LONGEST = 30 * DAY
"""How far ahead a meeting can be: until then the pack is read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pack to be made. `until`: when the day of the meeting is over."""

    act: str
    until: int
    to: Sequence[UUID]
    entries: Sequence[UUID]
    title: str
    reason: str = ""


def make(*, by: Scope, child_id: UUID, wanted: Wanted) -> UUID:
    """The units it goes to may read it at once; one for the police, when a leader has approved it. `Refused` with the
    reason when the law, or common sense, says no; that is in the log too."""
    refused: list[str] = []
    to, told = [str(one) for one in wanted.to], [str(one) for one in wanted.entries]
    with writing(by, Action.PACK_MAKE, child_id, meeting=wanted.act, to=to, told=told, refused=refused) as book:
        if "pack" not in role_named(by.role).may:
            raise NotFound
        facts, rows = facts_of(child_id), {row.id: row for row in tellable(book, child_id)}
        chosen = [rows[one] for one in wanted.entries if one in rows]
        pack = _pack(wanted, by)
        why_not = _missing(wanted, chosen, by) or _forbidden(pack, facts.packs, by)
        refused += [why_not] if why_not else []
        if not refused:
            references = [f"{row.kind}/{row.id}" for row in chosen]
            author = author_of(by)
            write(by, resource_of(pack, child=facts.child.id, author=author, title=wanted.title, entries=references))
    if refused:
        raise Refused(refused[0])
    return UUID(pack.id)


def _pack(wanted: Wanted, by: Scope) -> Pack:
    known = sectors(wanted.to)
    to = tuple((str(unit), known.get(unit, "")) for unit in dict.fromkeys(wanted.to) if unit != by.unit_id)
    entries = tuple(str(one) for one in wanted.entries)
    return Pack(str(new_id()), wanted.act, by.at, wanted.until, to, entries, wanted.reason.strip())


def _forbidden(pack: Pack, before: Sequence[Pack], by: Scope) -> str:
    here = sectors([by.unit_id]).get(by.unit_id, "") if by.unit_id else ""
    return rules.why_not(pack, before, by.at, law_in_use().book, by=here)


def _missing(wanted: Wanted, chosen: Sequence[EntryRow], by: Scope) -> str:
    if not chosen or len(chosen) != len(wanted.entries):
        return "Vælg mindst én post, som I selv har skrevet."
    if not [one for one in wanted.to if one != by.unit_id]:
        return "Vælg mindst ét sted, der skal have pakken."
    return "" if by.at < wanted.until <= by.at + LONGEST else "Mødet skal holdes i dag eller inden for 30 dage."


def approve(*, by: Scope, child_id: UUID, ident: UUID) -> None:
    """A leader of the unit that made it, and not the one who did, in whichever role."""
    with writing(by, Action.PACK_APPROVE, child_id, pack=str(ident)) as book:
        row = book.entry(child_id, ident)
        own = row.author_id in {by.role_id, *roles_of(by.person_id)}
        if "approve-pack" not in role_named(by.role).may or row.unit_id != by.unit_id or own:
            raise NotFound
        bodies = (orjson.loads(body) for _, body in store.bodies_of(child_id.bytes, ("pack",)))
        resource: dict[str, Any] = next((one for one in bodies if one["id"] == str(ident)), {})
        pack = pack_of(resource)
        if pack is None or pack.approved_by or pack.until <= by.at:
            raise NotFound
        write(by, resource_of(
            replace(pack, approved_by=str(by.role_id)), child=facts_of(child_id).child.id, title=row.title,
            author=f"PractitionerRole/{row.author_id}",
            entries=[one["item"]["reference"] for one in resource["entry"]],
        ))  # fmt: skip
