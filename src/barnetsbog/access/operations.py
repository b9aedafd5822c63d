"""Keeping everybody's rights in step with what they follow from, in the transaction that changed it.

There are two sorts. Rights that follow from the whole of a child's facts (care relations, custody, consents, birthdays,
blocked entries, emergencies) are derived anew and compared with what is there. What is sent to a unit or a person
follows from the one entry, and is kept with it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import transaction

from barnetsbog.audit.operations import rights_changed
from barnetsbog.consent.addressing import SENT, addressed_to, is_notice
from barnetsbog.directory.places import Places
from barnetsbog.record import store
from barnetsbog.record.inserting import insert
from barnetsbog.record.instance import now
from barnetsbog.record.models import Grant
from barnetsbog.record.rights import CONTENT

from .deriving import ALWAYS, OWN_ADDRESSED, OWN_TOLD, in_force, matters, rights_of
from .facts import Facts, Right
from .gathering import Told, facts_of
from .law_in_force import law_in_use

Row = tuple[Any, ...]


class Ended(NamedTuple):
    """A sharing that a unit has lost: which unit (16 bytes), and from when (UTC microseconds)."""

    unit_id: bytes
    at: int


class Changed(NamedTuple):
    """What became of a child's rights. Rows as in the table."""

    given: tuple[Row, ...]
    ended: tuple[Row, ...]
    sharings: tuple[Ended, ...] = ()
    """Sharings that were open and are no longer."""

    def __bool__(self) -> bool:
        return bool(self.given or self.ended)


class Sent(NamedTuple):
    """An entry and those it is sent to now: units and people of the family. Ids are the 16 bytes of a UUID."""

    child_id: bytes
    entry_id: bytes
    to: tuple[bytes, ...]
    is_new: bool
    told: bool = False
    """It tells that a sharing has ended, so it may be read without any other right."""


def rights_follow(child_id: UUID, *, new: Told | None = None) -> Changed:
    """Derives a child's rights anew, writes the difference and logs it, in the caller's transaction. Until that ends
    nobody else derives them, for what this transaction has written is not seen by others yet. `new`: the child had no
    book before and this is what it says, so there is nothing to compare with, and nobody whose rights have changed."""
    is_new = new is not None
    if not is_new:
        store.lock_book(child_id.bytes)
    facts = facts_of(child_id, new=new)
    wanted = rows(child_id, rights_of(facts, law_in_use()))
    present = set() if is_new else store.grants_of(child_id.bytes, besides=(OWN_ADDRESSED, OWN_TOLD))
    changed = Changed(
        tuple(one for one in wanted if one not in present), tuple(present.difference(wanted)),
        ended_sharings(present, wanted, now()),
    )  # fmt: skip
    write(changed)
    if not is_new:
        log_change(child_id, changed, facts, basis="facts")
    return changed


def ended_sharings(before: Collection[Row], after: Collection[Row], at: int) -> tuple[Ended, ...]:
    """What units could read of what others have written before a change, and can't after it. Pure."""
    told: dict[bytes, int] = {}
    still = {(row[1], row[2]) for row in after if _is_sharing(row) and row[11] <= at < row[12]}
    for row in before:
        if _is_sharing(row) and row[11] <= at < row[12] and (row[1], row[2]) not in still:
            told[row[1]] = max(told.get(row[1], 0), _end_of(row, after, at))
    return tuple(Ended(unit, ended) for unit, ended in sorted(told.items()))


def _is_sharing(row: Row) -> bool:
    """A right to what somebody certain has written, and that is not oneself: only consents give such."""
    return row[8] is None and row[6] is not None and row[6] != row[1]


def _end_of(row: Row, after: Collection[Row], at: int) -> int:
    """From when it has ended, as the new rows tell; at once, when they tell nothing."""
    ends = [one[12] for one in after if _is_sharing(one) and one[1:3] == row[1:3] and one[12] <= at]
    return max(ends, default=at)


SHOWN = 50
"""Rights that one line of the log tells of; of more its reason tells how many."""


def log_change(child_id: UUID, changed: Changed, facts: Facts, *, basis: str, reason: str = "") -> None:
    """Who may see the child has changed, in one line. What merely lets somebody read their own answer is not told."""
    asked = {given[0].id: [one.id for one in given] for _, given in matters(facts.consents)}
    given, ended = (_told((row for row in some if row[8] is None), asked) for some in (changed.given, changed.ended))
    if given or ended:
        rights_changed(child_id, at=now(), by=None, basis=basis, given=given, ended=ended, reason=reason)


def _told(changed: Iterable[Row], asked: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """Rights as the log keeps them: whose, by which rule, from when and until when, and what they follow from: an entry
    (`for`), or everybody's answers about one matter (`asked`). Never what they open."""
    return [
        {"to": str(UUID(bytes=row[1])), "rule": row[9], "from": row[11], "until": row[12]} | _because(row, asked)
        for row in sorted(changed, key=lambda row: row[1:4])[:SHOWN]
    ]


def _because(row: Row, asked: Mapping[str, list[str]]) -> dict[str, Any]:
    basis = str(UUID(bytes=row[2]))
    return {"asked": asked[basis]} if basis in asked else {"for": basis}


def rows(child_id: UUID, rights: Iterable[Right]) -> list[Row]:
    """Rights as rows of the grants' table. What one basis gives one grantee is numbered in a fixed order, from 1: 0 is
    that the basis itself was sent to them (`sent_rows`)."""
    found: list[Row] = []
    parts: Counter[tuple[str, str]] = Counter()
    for right in rights:
        parts[right.grantee, right.basis] += 1
        part = parts[right.grantee, right.basis]
        found.append((
            child_id.bytes, _bytes(right.grantee), _bytes(right.basis), part, right.shelves, right.level,
            _maybe(right.source), right.lane, _maybe(right.entry), right.rule, right.purpose[:30], right.start,
            right.end,
        ))  # fmt: skip
    return found


def _bytes(ident: str) -> bytes:
    return bytes.fromhex(ident.replace("-", ""))


def _maybe(ident: str) -> bytes | None:
    return _bytes(ident) if ident else None


def write(changed: Changed) -> None:
    """The difference, into the table."""
    store.delete_grants([row[:4] for row in changed.ended])
    insert(Grant, changed.given)


def sent(changes: Sequence[Sent]) -> None:
    """What is sent to a unit or a person, it may read, as long as it has to do with the child at all."""
    known = [(one.child_id, one.entry_id) for one in changes if not one.is_new]
    for rule in (OWN_ADDRESSED, OWN_TOLD):
        store.delete_grants_of(known, rule)
    insert(Grant, sent_rows(changes))


def sent_rows(changes: Iterable[Sent]) -> list[Row]:
    """The grants of those to whom entries are sent."""
    spans = {rule: in_force(ALWAYS, (rule,), law_in_use().book) for rule in (OWN_ADDRESSED, OWN_TOLD)}
    ruled = [(one, OWN_TOLD if one.told else OWN_ADDRESSED) for one in changes]
    return [
        (one.child_id, to, one.entry_id, 0, 0, CONTENT, None, "", one.entry_id, rule, "modtager", *spans[rule])
        for one, rule in ruled
        for to in (() if spans[rule].empty else dict.fromkeys(one.to))
    ]


def mail_of(child_id: bytes, places: Places) -> list[Sent]:
    """Everything in a child's book that is sent to somebody, and to whom."""
    told = [(ident, orjson.loads(body)) for ident, body in store.bodies_of_types(child_id, SENT)]
    return [
        Sent(child_id, ident, readers(addressed_to(one), places), is_new=False, told=is_notice(one))
        for ident, one in told
    ]


def mail_follows(moved: Collection[bytes], places: Places) -> None:
    """What was sent to somebody whose unit was not known, or has become another, is for the unit they are in now. In
    the caller's transaction. `moved`: whose mail it was, the units they were in or they themselves."""
    entries = defaultdict(set)
    for child_id, entry_id in store.granted_entries(sorted(moved), OWN_ADDRESSED):
        entries[child_id].add(entry_id)
    for child_id, wanted in sorted(entries.items()):
        store.lock_book(child_id)
        sent([one for one in mail_of(child_id, places) if one.entry_id in wanted])


def readers(references: Iterable[str], places: Places) -> tuple[bytes, ...]:
    """Those who may read what is addressed to these: relatives themselves, and of professionals the unit. Of one whose
    unit is not known (yet) nobody but themselves."""
    found = []
    for reference in references:
        kind, _, ident = reference.partition("/")
        try:
            named = UUID(ident).bytes
        except ValueError:  # it leads out of the book
            continue
        found.append(named if kind == "RelatedPerson" else places.of(kind, named).unit_id or named)
    return tuple(found)


def sector_changed(units: Collection[UUID]) -> None:
    """A unit's sector says what its relation opens, so everybody's rights are derived anew where it has a task."""
    found = Grant.objects.filter(grantee_id__in=units, entry_id=None).values_list("child_id", flat=True).distinct()
    for child_id in sorted(found):
        with transaction.atomic():
            rights_follow(child_id)
