"""Books that may be about one child, as whoever compares them may see it; proposals, and what would become of them."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from barnetsbog.access import naming
from barnetsbog.access.gathering import facts_of
from barnetsbog.audit.operations import Act
from barnetsbog.directory import queries as directory
from barnetsbog.kernel.cpr import masked, normalise
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record import relocating, store
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from . import rules
from .model import Effects, Face, Identity, Joins, Opening, Pair, Proposal, Sighting, Sign, Sort, State, Told, Written
from .models import Joining
from .models import Sighting as Sightings
from .operations import join, take_apart
from .reach import may_see, must_join, own_children, own_units
from .registers import identities


def likely(by: Scope) -> list[Pair]:
    """Books of the own organisation that may be about the same child as another, the surest first. Children who are
    merely born on one day into one family are not among them. As many queries for one child as for thousands."""
    pairs = sorted(directory.born_alike(sorted(own_children(by))))
    names = directory.children({child for pair in pairs for child in pair})
    pairs = [(one, other) for one, other in pairs if rules.near(names[one], names[other])]
    with Act() as act:
        known = identities(sorted({child for pair in pairs for child in pair}), by.at)
        found = [_pair(known[one], known[other]) for one, other in pairs if {one, other} <= known.keys()]
        shown = sorted(filter(_may_be_one, found), key=lambda pair: (_ORDER.index(pair.likeness.sort), pair.one.name))
        children = sorted({str(face.child_id) for pair in shown for face in (pair.one, pair.other)})
        act.note(Joins.COMPARE, at=by.at, by=by, children=children)
    return shown


_ORDER = (Sort.SAME, Sort.LIKELY, Sort.TWINS)


def _may_be_one(pair: Pair) -> bool:
    return pair.likeness.sort in (Sort.SAME, Sort.LIKELY) or (
        pair.likeness.sort is Sort.TWINS and Sign.NAME in pair.likeness.signs
    )


def told_by(book: Book, child_id: UUID) -> list[Told]:
    """What the reader's own unit has told of a child, the newest first."""
    children, unit = relocating.all_of(child_id), book.scope.unit_id
    rows = Sightings.objects.filter(child_id__in=children, unit_id=unit).order_by("-at") if unit else ()
    return [Told(row.at, row.answered_at) for row in rows]


def sightings(by: Scope) -> list[Sighting]:
    """What administrators have been told and have not looked into, of children of the own organisation, the oldest
    first. Where the reader must not learn where a child is, no place is named."""
    rows = list(Sightings.objects.filter(unit_id__in=own_units(by), answered_at=None).order_by("at", "id"))
    now = relocating.keepers({row.child_id for row in rows})
    names, hidden = directory.children(now.values()), store.protected(now.values(), by.at)
    mine = own_children(by) & names.keys()
    units = {veiled: naming.units(by, {row.unit_id for row in rows}, veiled=veiled) for veiled in (False, True)}
    veil = naming.veil_for(by) if hidden else None
    return [
        Sighting(
            row.id, child, names[child].full, units[child in hidden][row.unit_id].name, row.at,
            veil.text(row.seen) if veil and child in hidden else row.seen,
        )
        for row in rows if (child := now[row.child_id]) in mine
    ]  # fmt: skip


def by_numbers(by: Scope, one: str, other: str) -> tuple[UUID, UUID]:
    """The children that two person numbers lead to. `NotFound` when one leads to nobody, both to the same child, or
    neither is the own organisation's."""
    found = [directory.child_by_number(normalise(number)) for number in (one, other)]
    first, second = found
    if first is None or second is None or first == second:
        may_see(by, ())
        raise NotFound
    may_see(by, {first, second})
    return first, second


def compared(by: Scope, one: UUID, other: UUID) -> Pair:
    """Two books beside each other; a line in the log of each child."""
    may_see(by, {one, other})
    with Act() as act:
        known = identities([one, other], by.at)
        if not {one, other} <= known.keys() or one == other:
            raise NotFound
        for child, beside in ((one, other), (other, one)):
            act.note(Joins.COMPARE, at=by.at, by=by, child_id=child, other=str(beside))
    return _pair(known[one], known[other])


def _pair(one: Identity, other: Identity) -> Pair:
    return Pair(_face(one), _face(other), rules.likeness(one, other))


def _face(one: Identity) -> Face:
    numbers = tuple(sorted(masked(value) for _, value in one.numbers))
    return Face(one.name.id, one.name.full, one.name.born, numbers)


def proposals(by: Scope) -> list[Proposal]:
    """Those of the own organisation's children, the newest first."""
    mine, rows = own_children(by), list(Joining.objects.order_by("-at", "-id"))
    names = directory.children({one.kept_id for one in rows})
    return [_proposal(row, by, names[row.kept_id].full, None) for row in rows if row.kept_id in mine & names.keys()]


def proposal(by: Scope, ident: UUID) -> Proposal:
    """One proposal, with both books beside each other while they are two. `NotFound` when it isn't the
    asker's to see."""
    must_join(by)
    row = Joining.objects.filter(id=ident).first()
    kept = directory.child(row.kept_id) if row else None
    if row is None or kept is None:
        raise NotFound
    may_see(by, {row.kept_id, row.other_id})
    pair = compared(by, row.kept_id, row.other_id) if _state(row) is not State.JOINED else None
    return _proposal(row, by, kept.full, pair)


def _proposal(row: Joining, by: Scope, kept: str, pair: Pair | None) -> Proposal:
    return Proposal(
        row.id, pair, row.kept_id, row.other_id, kept, _state(row), row.at, row.by_id, row.why, row.certain, row.wrong,
        row.decided_at, not rules.may_decide(row.person_id, by.person_id).allowed,
    )  # fmt: skip


def _state(row: Joining) -> State:
    if row.approved is None:
        return State.OPEN
    if not row.approved:
        return State.REFUSED
    return State.JOINED if row.apart_at is None else State.APART


def effects(by: Scope, ident: UUID) -> Effects:
    """What would become of an open proposal: it is carried out, looked at, and undone. Nothing is told of units outside
    the own organisation."""
    row = Joining.objects.get(id=ident, approved=None)
    may_see(by, {row.kept_id, row.other_id})
    units = {unit.bytes for unit in own_units(by)}
    with transaction.atomic():
        store.nobody_else_writes()
        known = [facts_of(child).custody.known for child in (row.kept_id, row.other_id)]
        kept, other = (_knowing(child, units, by.at) for child in (row.kept_id, row.other_id))
        coordinators = [bool(store.holders(child.bytes, "team")) for child in (row.kept_id, row.other_id)]
        moved = join(row, by)
        after, still = _knowing(row.kept_id, units, by.at), facts_of(row.kept_id).custody.known
        transaction.set_rollback(True)
    veiled = bool(store.protected({row.kept_id, row.other_id}, by.at))
    names = naming.units(by, [UUID(bytes=unit) for unit in kept | other | after], veiled=veiled)
    opened = [
        (one.name, Opening(ident.bytes in kept, ident.bytes in other, ident.bytes in after))
        for ident, one in names.items()
    ]
    return Effects(tuple(sorted(opened)), any(known) and not still, all(coordinators), moved)


def written_since(by: Scope, ident: UUID) -> Written:
    """What has been written in a book since another was put into it: they are taken apart, and that is undone. While
    the book itself is in another they can't be, and nothing goes."""
    row = Joining.objects.get(id=ident)
    may_see(by, {row.kept_id})
    with transaction.atomic():
        store.nobody_else_writes()
        new = len(relocating.new_in(row.kept_id, row.other_id))
        inside = relocating.keeps(row.kept_id) != row.kept_id
        goes = 0 if inside else take_apart(row, by)
        transaction.set_rollback(True)
    return Written(new - goes, goes)


def _knowing(child_id: UUID, units: Iterable[bytes], at: int) -> set[bytes]:
    """Those of these units that know of a child."""
    rows = store.grants_of(child_id.bytes)
    return {row[1] for row in rows if row[8] is None and row[5] > 0 and row[11] <= at < row[12]} & set(units)
