"""Reading the calendar: one child's, or that of all the reader's children in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.access.deriving import judged
from barnetsbog.access.gathering import facts_of, protected_among
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.people import own_name
from barnetsbog.access.roles import works
from barnetsbog.consent.addressing import addressed_to
from barnetsbog.consent.matters import asked_about
from barnetsbog.contacts.mapping import has_died
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import Named, names_over, own_people, team_row
from barnetsbog.directory.model import SECTORS
from barnetsbog.fhir.own import extension_of, ident_of
from barnetsbog.intake.writing import author_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY, FOREVER
from barnetsbog.law.duties import APPOINTMENT, WAITING_LIST
from barnetsbog.law.model import Answer as LawAnswer
from barnetsbog.law.model import Matter
from barnetsbog.plan.queries import OVER
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import CONTACT_PLAN
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import class_of
from barnetsbog.responsibility.queries import UNIT, receivers

from . import mapping, rules
from .model import Answer, Clash, Guest, Meeting, Part, Permission, Slot, State

WHAT = ("appointment",)
NEUTRAL = "Aftale"
LONGEST = rules.LONGEST

# -- appointments ------------------------------------------------------------------------------------------------------


def of_child(book: Book, child_id: UUID, start: int, end: int) -> list[Meeting]:
    """A child's appointments in a time, the earliest first, and those that wait for a time."""
    there = Filter(what=WHAT, ends_after=start - mapping.USUAL, start_to=end)
    rows = [one for one in book.entries(child_id, there, newest_first=False) if _is_at_a_time(one)]
    rows += _waiting(book, child_id)
    bodies = book.bodies(rows)
    lead = _coordinates(book, child_id)
    found = _meetings(book, [(row, bodies.get(row.id)) for row in rows], frozenset((child_id,) if lead else ()))
    shown = [one for one in found if one.waits or (one.end > start and one.start < end)]
    return [_bare(one) for one in shown] if _only_when(book, child_id) else shown


def _waiting(book: Book, child_id: UUID) -> list[EntryRow]:
    rows = book.entries(child_id, Filter(what=WHAT, open=True), newest_first=False)
    return [one for one in rows if not _is_at_a_time(one)]


def _is_at_a_time(row: EntryRow) -> bool:
    """What waits is at none, nor is what another system has proposed, or cancelled, without one (R4 app-2, app-3): an
    entry has the day on which it was made then."""
    return row.end is not None and row.status != State.WAITLIST


def across(book: Book, start: int, end: int) -> list[Meeting]:
    """The appointments of all the reader's children in a time, the earliest first."""
    found = book.across(WHAT, start, end)
    return _meetings(book, [(row, body) for row, body in found if _is_at_a_time(row)], frozenset())


def meeting(book: Book, child_id: UUID, ident: UUID) -> Meeting:
    """One appointment; `NotFound` when there is none that the reader may see."""
    row = book.entry(child_id, ident)
    if row.what not in WHAT:
        raise NotFound
    lead = frozenset((child_id,) if _coordinates(book, child_id) else ())
    (found,) = _meetings(book, [(row, book.bodies([row]).get(row.id))], lead)
    return _bare(found) if _only_when(book, child_id) else found


def _coordinates(book: Book, child_id: UUID) -> bool:
    team = team_row(book, child_id) if book.scope.unit_id else None
    return team is not None and team.holder_id == book.scope.role_id


def _meetings(book: Book, found: Sequence[tuple[EntryRow, bytes | None]], leads: frozenset[UUID]) -> list[Meeting]:
    """Rows with names. `leads`: the children whose coordinator the reader is."""
    read = [(row, orjson.loads(body) if body else None) for row, body in found]
    named = {(row.child_id, ident) for row, body in read if body for ident in map(ident_of, _named(body)) if ident}
    known, me = names_over(book, named), book.scope.role_id
    for one in named - known.keys():
        if one[1] == me:  # a parent may not read the people of the book, and knows who they are
            known[one] = Contact(me, own_name(book.scope, one[0]))
    return [_meeting(row, body, known, book.scope, row.child_id in leads) for row, body in read]


def _named(body: Mapping[str, Any]) -> list[str]:
    return [*mapping.answers_of(dict(body)), *mapping.units_of(dict(body))]


def _meeting(
    row: EntryRow, body: dict[str, Any] | None, known: Mapping[Named, Contact], scope: Scope, leads: bool
) -> Meeting:
    state = State(row.status) if row.status in list(State) else None
    slot = mapping.slot_from(row.start, row.end)
    bare = Meeting(
        row.child_id, row.id, row.title, *slot, row.whole_day or mapping.is_whole_day(slot), state, row.unit_id,
        row.version, hides_place=class_of(row.shelf) == "X", readable=body is not None,
        waits=not _is_at_a_time(row),
    )  # fmt: skip
    if body is None:
        return bare
    guests = tuple(_guests(row.child_id, body, known, scope))
    full = replace(
        bare, guests=guests, place=str(extension_of(body, "place") or ""), text=str(body.get("comment", "")),
        preparation=str(body.get("patientInstruction", "")), act=mapping.act_of(body),
        interpreter=str(extension_of(body, "interpreter") or ""), group=str(extension_of(body, "alternatives") or ""),
        reason=mapping.reason_of(body), moved_from=mapping.moved_from(body), part_of=mapping.part_of(body),
    )  # fmt: skip
    if not works(scope):
        return full
    mine = parts(full, scope, leads)
    return replace(full, parts=mine, may=rules.doings(state, mine))


def _guests(child_id: UUID, body: dict[str, Any], known: Mapping[Named, Contact], scope: Scope) -> Iterable[Guest]:
    """Who comes, by name. Somebody the reader may not know by name is not shown."""
    me = author_of(scope)
    told: dict[str, Any] = {**mapping.answers_of(body), **dict.fromkeys(mapping.units_of(body))}
    for reference, answer in told.items():
        if contact := known.get((child_id, ident_of(reference))):
            yield Guest(reference, contact, answer, reference == me)


def parts(one: Meeting, scope: Scope, leads: bool) -> frozenset[Part]:
    """What somebody is to an appointment."""
    found = {Part.COORDINATOR} if leads else set()
    if one.unit_id is not None and one.unit_id == scope.unit_id:
        found.add(Part.ORGANISER)
    if one.mine or any(guest.reference == f"{UNIT}/{scope.unit_id}" for guest in one.guests):
        found.add(Part.GUEST)
    return frozenset(found)


# -- protected addresses -----------------------------------------------------------------------------------------------


def _only_when(book: Book, child_id: UUID) -> bool:
    """Whether somebody of the family must not learn where the child is. Professionals read through the book's veil."""
    return book.scope.unit_id is None and book.veiled(child_id)


def _bare(one: Meeting) -> Meeting:
    """Nothing but when it is: a title, a name or a preparation can tell where a child comes."""
    mine = tuple(guest for guest in one.guests if guest.me)
    return replace(one, title=NEUTRAL, place="", preparation="", text="", reason="", guests=mine, hides_place=True)


# -- whom one can invite, and who is busy ------------------------------------------------------------------------------


def invited(book: Book, child_id: UUID) -> list[tuple[str, Contact]]:
    """Whom the reader can invite: the child's own people who live, and those who have a task with the child and are at
    work."""
    people = (row for row, said in own_people(book, child_id) if not (said and has_died(said)))
    own = [(f"RelatedPerson/{row.id}", Contact(row.id, row.title)) for row in people]
    return [*own, *((one.reference, one.contact) for one in receivers(book, child_id) if one.away is None)]


def interventions(book: Book, child_id: UUID) -> list[tuple[str, str]]:
    """What an appointment can be part of: the interventions that are going on and the agreements on contact that are in
    force, by reference, with their titles."""
    rows = book.entries(child_id, Filter(what=("intervention", CONTACT_PLAN), on_timeline=False), newest_first=False)
    return [(f"{row.kind}/{row.id}", row.title) for row in rows if row.kind == "CarePlan" and row.status not in OVER]


def contact_parties(book: Book, child_id: UUID, part_of: str) -> tuple[str, ...] | None:
    """Those of the child's people who read an agreement on contact; None when the reference is of something else."""
    ident = ident_of(part_of)
    row = book.entry(child_id, ident) if ident else None
    if row is None or row.what != CONTACT_PLAN:
        return None
    body = orjson.loads(book.bodies([row])[row.id])
    return tuple(one for one in addressed_to(body) if one.startswith("RelatedPerson/"))


def clashes(book: Book, child_id: UUID, slots: Sequence[Slot], guests: Sequence[str], *, but: UUID | None = None,
            group: str = "") -> list[Clash]:  # fmt: skip
    """Who would have to be in two places, as far as the reader may see. `but`: the appointment itself; `group`: those
    proposed with it."""
    if not slots:
        return []
    others = across(book, min(one.start for one in slots) - LONGEST, max(one.end for one in slots))
    others = [one for one in others if one.id != but and not (group and one.group == group)]
    found = []
    for slot in slots:
        for other, shared in rules.clashing(slot, guests, child_id, others):
            who = tuple(guest.contact.name for guest in other.guests if guest.reference in shared)
            same = other.child_id == child_id
            found.append(Clash(Slot(other.start, other.end), who, other.title if same else ""))
    return list(dict.fromkeys(found))


# -- the law about first visits ----------------------------------------------------------------------------------------


def first_visits(scope: Scope) -> list[tuple[str, str]]:
    """The acts that begin with a first visit in the reader's unit: id and title."""
    unit = naming.units(scope, [scope.unit_id], veiled=False).get(scope.unit_id) if scope.unit_id else None
    sector = unit.sector if unit else ""
    acts = law_in_use().book.acts
    return [
        (ident, act.title) for ident, act in acts.items()
        if act.waiting_list and sector in SECTORS and sector in {one.replace("-", "_") for one in act.to_sectors}
    ]  # fmt: skip


def permission(child_id: UUID, act: str, unit: UUID, at: int) -> Permission:
    """Whether a time may be given for a first visit, by everything that anybody has answered about it. The unit is the
    recipient of the matter, so it sees the whole of the judgement (docs/architecture.md, Yes and no)."""
    facts, book = facts_of(child_id), law_in_use().book
    if act not in book.acts:
        raise NotFound
    asked = (one.matter for one in asked_about(facts.consents).values())
    matters = [one for one in asked if (one.act, one.recipient) == (act, str(unit))]
    matters = matters or [Matter(act, recipient=str(unit))]  # a yes that names no receiver counts for none
    return _permission([judged(one, facts, at, book) for one in matters])


def _permission(answers: Sequence[LawAnswer]) -> Permission:
    """Where the unit is asked about in several ways, all must allow it: doubt closes."""
    least = min(answers, key=lambda one: (APPOINTMENT in one.duties, WAITING_LIST in one.duties))
    return Permission(APPOINTMENT in least.duties, WAITING_LIST in least.duties, least.reason, least.rules)


# -- for a feed --------------------------------------------------------------------------------------------------------

BEHIND, AHEAD = 30 * DAY, rules.FARTHEST + DAY
"""How far a list and a feed look: ahead as far as anything can be agreed, so that all that is agreed is there."""


def for_feed(book: Book, child_id: UUID | None, *, with_place: bool) -> list[Meeting]:
    """What somebody's own feed tells: for a professional the appointments they are to come to and have not said no to,
    for the family all of the child's that they may see. A place only where it was chosen and no address is protected.
    """
    at = book.scope.at
    start, end = at - BEHIND, min(at + AHEAD, FOREVER)
    if child_id is not None:
        found = [one for one in of_child(book, child_id, start, end) if not one.waits]
    else:
        found = [
            one for one in across(book, start, end) if one.mine and one.mine.answer is not Answer.NO and not one.waits
        ]
    hidden = protected_among((one.child_id for one in found if one.place), at) if with_place else set()
    shown = (one for one in found if one.state is not State.WRONG)
    return [
        one if with_place and not one.hides_place and one.child_id not in hidden else replace(one, place="")
        for one in shown
    ]
