"""Proposing that two books are one, deciding it, and taking them apart again.

Joining moves everything of one book into the other (`record.relocating`), in one transaction in which nobody else
writes. Rights are derived anew from the facts of both. Taking apart puts each thing back where it stood; what was
written meanwhile stays with the book that was kept, but for what is the other child's for certain (`written`).
"""

from collections.abc import Iterable, Sequence
from functools import partial, reduce
from uuid import UUID

import orjson
from django.db import transaction

from barnetsbog.access import breakglass
from barnetsbog.access.operations import Row, ended_sharings
from barnetsbog.access.rebuilding import rebuild
from barnetsbog.audit.operations import note
from barnetsbog.delivery import queue as outbox
from barnetsbog.directory import operations as directory
from barnetsbog.directory.queries import child as child_named
from barnetsbog.fhir.own import members
from barnetsbog.intake.facts import facts_of
from barnetsbog.intake.operations import receive
from barnetsbog.intake.telling import told
from barnetsbog.intake.writing import hold, patient_of
from barnetsbog.kernel.decisions import Conflict, NotFound, require
from barnetsbog.kernel.ids import bytes_of, new_id
from barnetsbog.record import relocating, store
from barnetsbog.record.former import Names, Other, Resource, as_former, as_kept, without_former, without_kept
from barnetsbog.record.instance import now
from barnetsbog.record.promotion import FORMER
from barnetsbog.record.relocating import Move, Says, relocate, says_anew
from barnetsbog.record.scope import Scope
from barnetsbog.subscriptions import happening

from . import rules
from .coordinators import stands_again, stands_back, was_told
from .model import Joins
from .models import Joining
from .people import is_coordinated, numbers_of, same_people, without_coordinator
from .reach import may_see, must_join
from .registers import identities
from .telling import answer_all, whole
from .written import of_the_other


def propose(
    kept: UUID, other: UUID, *, by: Scope, why: str, certain: bool = False, wrong: bool = False
) -> UUID:  # fmt: skip
    """Proposes that the book of `other` is put into that of `kept`, for somebody else to decide. `certain`: it has been
    looked into that they are no twins; `wrong`: the other's numbers are somebody else's and lead to nobody from then
    on. `Refused` says why it can't be; `Conflict`: it has been proposed already."""
    with transaction.atomic():
        _books_of_their_own(kept, other)
        may_see(by, {kept, other})
        why = whole(why)
        _must_be_one(kept, other, by, why, certain)
        if _open(kept, other) or _open(other, kept):
            raise Conflict
        ident = new_id()
        row = Joining(
            id=ident, kept_id=kept, other_id=other, at=by.at, by_id=by.role_id, person_id=by.person_id, why=why,
            certain=certain, wrong=wrong,
        )  # fmt: skip
        row.save(force_insert=True)
        _note(Joins.PROPOSE, row, by, why)
    return ident


def decide(ident: UUID, *, by: Scope, approved: bool, remark: str = "") -> None:
    """Joins two books as proposed, or refuses it. `Refused`: not by whoever proposed it, or it can't be any more;
    `Conflict`: it has been decided, or a book is in another one by now."""
    with transaction.atomic():
        row = _locked(ident, by)
        if row.approved is not None:
            raise Conflict
        row.decided_at, row.decided_by, row.approved = by.at, by.role_id, approved
        row.remark = whole(remark)
        if approved:
            require(rules.may_decide(row.person_id, by.person_id))
            _must_be_one(row.kept_id, row.other_id, by, row.why, row.certain)
            join(row, by)
        row.save()
        _note(Joins.JOIN if approved else Joins.REFUSE, row, by, row.remark)
        answer_all({row.kept_id, row.other_id}, by=by)


def part(ident: UUID, *, by: Scope, why: str) -> None:
    """Takes two books apart again. One person is enough: it gives everybody back what they had and no more.
    `Refused`: without a reason, or while the book itself is in another one."""
    with transaction.atomic():
        row = _locked(ident, by)
        if not row.approved or row.apart_at is not None:
            raise Conflict
        require(rules.may_part(why, inside=relocating.keeps(row.kept_id) != row.kept_id))
        row.apart_at, row.apart_by = by.at, by.role_id
        row.apart_why = whole(why)
        take_apart(row, by)
        row.save()
        _note(Joins.PART, row, by, row.apart_why)


def _locked(ident: UUID, by: Scope) -> Joining:
    """A proposal, while nobody else writes in any book. `NotFound` when it is not the asker's to see."""
    must_join(by)
    store.nobody_else_writes()
    row = Joining.objects.filter(id=ident).first()
    if row is None:
        raise NotFound
    may_see(by, {relocating.keeps(row.kept_id), relocating.keeps(row.other_id)})
    return row


def _books_of_their_own(kept: UUID, other: UUID) -> None:
    if child_named(kept) is None or child_named(other) is None:
        raise NotFound


def _must_be_one(kept: UUID, other: UUID, by: Scope, why: str, certain: bool) -> None:
    found = identities([kept, other], by.at)
    if not {kept, other} <= found.keys():
        raise Conflict
    alike = rules.likeness(found[kept], found[other])
    require(rules.may_propose(alike, itself=kept == other, why=why, certain=certain))


def _open(kept: UUID, other: UUID) -> bool:
    return Joining.objects.filter(kept_id=kept, other_id=other, approved=None).exists()


def _note(act: Joins, row: Joining, by: Scope, why: str) -> None:
    """A line in the log of each child."""
    for child, other in ((row.kept_id, row.other_id), (row.other_id, row.kept_id)):
        note(act, at=by.at, by=by, child_id=child, reason=why, joining=str(row.id), other=str(other))


# -- two books become one ----------------------------------------------------------------------------------------------


def join(row: Joining, by: Scope) -> int:
    """Puts the other book into the one that is kept, in the caller's transaction. How many entries moved."""
    kept, other = row.kept_id, row.other_id
    hold([kept, other])
    before = _grants(kept) | _grants(other)
    patient, people = patient_of(kept), _said(kept, "person")
    others = _said(other, "child")
    teams, mine = _said(other, "team"), _said(kept, "team")
    names = same_people(patient, others, people, _said(other, "person"))
    moved = relocate(Move(
        other, kept, by.at, names, becomes=_become(names, row, teams, mine, by.at),
        by_id=by.role_id, unit_id=by.unit_id,
    ))  # fmt: skip
    formers = relocating.joined(kept, other, by.at, moved, names, wrong=row.wrong)
    replaced = [relocating.other_of(one) for one in formers if one.kind == "Patient"]
    _says(kept, patient, partial(_as_kept, replaced), by)
    row.told = directory.joined(kept, other, wrong=row.wrong)._asdict()
    row.glass = [str(one) for one in breakglass.moved(other, kept)]
    _followed(other, kept, moved, names)
    _rights(kept, other, before)
    stands_back(row.id, kept, other, teams, mine, by.at)
    return len(moved)


def _become(
    names: Names, row: Joining, teams: Sequence[Resource], kept_teams: Sequence[Resource], at: int
) -> dict[bytes, Says]:  # fmt: skip
    """What entries of the other book say from now on: people who stand twice, and a second coordinator's team."""
    found: dict[bytes, Says] = {_key(old): partial(as_former, now=now, wrong=row.wrong) for old, now in names.items()}
    if any(map(is_coordinated, kept_teams)):
        found |= {UUID(one["id"]).bytes: partial(without_coordinator, at=at) for one in teams if is_coordinated(one)}
    return found


# -- and two again -----------------------------------------------------------------------------------------------------


def take_apart(row: Joining, by: Scope) -> int:
    """Gives the other child its book back, in the caller's transaction. How many of the entries that were written
    meanwhile went along."""
    kept, other = row.kept_id, row.other_id
    assert row.told
    hold([kept, other])
    before, new = _grants(kept), relocating.new_in(kept, other)
    own, formers = relocating.moved_with(kept, other), relocating.formers_of(kept, other)
    patients = [one for one in formers if one.kind == "Patient"]
    replaced = [relocating.ever_was(one) for one in patients]
    names = {f"{one.kind}/{one.is_now}": f"{one.kind}/{one.id}" for one in reversed(formers)}
    _says(kept, str(patients[0].is_now), partial(_without, replaced), by)
    moved = relocate(Move(
        kept, other, by.at, names, entries=sorted(own), since=own,
        reads={one.id.bytes: partial(_as_it_was, _told_before(other, one.id) if one.wrong else ()) for one in formers},
    ))  # fmt: skip
    relocating.apart(kept, other)
    _found_again(row, kept, other)
    breakglass.moved(kept, other, [UUID(one) for one in row.glass])
    _followed(kept, other, moved, names)
    for one in (kept, other):
        rebuild(one, basis="joined")
    if strays := of_the_other(kept, other, new):
        went = relocate(Move(kept, other, by.at, names, entries=strays, since=dict.fromkeys(strays)))
        _followed(kept, other, went, names)
    _rights(other, kept, before)
    if was_told(row.id, own.keys()):
        stands_again(row.id, other, _said(other, "team"), by.at)
    return len(strays)


def _told_before(other: UUID, patient: UUID) -> Sequence[Resource]:
    """The numbers that were wrong, as the other book had them."""
    told = store.said_by(other.bytes, [patient.bytes]).get(patient.bytes)
    return list(members(orjson.loads(told[-1][1]).get("identifier"))) if told else ()


def _as_it_was(identifiers: Sequence[Resource], said: Resource) -> Resource:
    plain = without_former(said)
    return {**plain, "identifier": identifiers} if identifiers and "identifier" not in plain else plain


def _found_again(row: Joining, kept: UUID, other: UUID) -> None:
    """The other child is found as it was, and by what has been said of it since."""
    patients = _said(other, "child")
    mine, theirs = (numbers_of(_patients(child)) for child in (kept, other))
    facts = facts_of(patients[-1]) if patients else None
    directory.apart(kept, other, directory.Told(**(row.told or {})), facts, theirs - mine)


def _patients(child_id: UUID) -> list[Resource]:
    said = [*_said(child_id, "child"), *_said(child_id, FORMER)]
    return [one for one in said if one["resourceType"] == "Patient"]


# -- what both ways share ----------------------------------------------------------------------------------------------


def _says(child_id: UUID, patient: str, says: Says, by: Scope) -> None:
    """The Patient that counts says it anew; whoever subscribes to it may be told."""
    ident = UUID(patient)
    number = says_anew(child_id, ident.bytes, says, at=by.at, by_id=by.role_id, unit_id=by.unit_id)
    happening.happened([happening.Happened(child_id, ident, number, "Patient", "child")], by.at)


def _as_kept(replaced: Sequence[Other], said: Resource) -> Resource:
    return as_kept(said, replaced)


def _without(replaced: Sequence[Other], said: Resource) -> Resource:
    return reduce(without_kept, replaced, said)


def _followed(source: UUID, target: UUID, moved: Iterable[bytes], names: Names) -> None:
    """What waits to be sent or told follows its entry."""
    entries = {UUID(bytes=ident) for ident in moved}
    outbox.moved(source, target, entries, names)
    happening.moved(source, target, entries)


def _rights(child_id: UUID, other: UUID, before: set[Row]) -> None:
    """Everybody's rights, from what each book says now. A unit whose sharing has ended by it is told so (ADR 12)."""
    for one in (child_id, other):
        rebuild(one, basis="joined")
    for ended in ended_sharings(before, _grants(child_id) | _grants(other), now()):
        receive([told(child_id, ended)], jobs=1)


def _grants(child_id: UUID) -> set[Row]:
    return store.grants_of(child_id.bytes)


def _said(child_id: UUID, what: str) -> list[Resource]:
    return [orjson.loads(body) for _, body in store.bodies_of(child_id.bytes, [what])]


def _key(reference: str) -> bytes:
    found = bytes_of(reference)
    assert found
    return found
