"""Arranging, answering, booking, moving and cancelling: each is a version of the appointment.

A warning never stops anybody: that somebody is busy, or that an interpreter is lacking, is for the page to say before
it is pressed. What stops is the law (a first visit without the consents), time itself, and two who change the same.
"""

from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access.roles import role_named
from barnetsbog.access.waiting import must_reach
from barnetsbog.fhir.own import extension_of
from barnetsbog.intake.writing import CHANGED, author_of, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused, require
from barnetsbog.kernel.ids import derived_id, new_id
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.instance import id_key
from barnetsbog.record.scope import Scope

from . import mapping, rules
from .model import Answer, Brought, Doing, Fault, Incoming, Meeting, Planning, Sheet, Slot, State, Told, Wanted
from .queries import WHAT, contact_parties, first_visits, interventions, invited, meeting, permission

ANOTHER_CHOSEN = "Et af de andre tidspunkter blev valgt."
CANCELLED_THERE = "Aflyst i den kalender, den kom fra."
GOT_A_TIME = "Der er fundet en tid."
TIME_MOVED = "Tiden er ændret imens. Se den nye tid, og svar igen."

# -- arranging ---------------------------------------------------------------------------------------------------------


def arrange(*, by: Scope, child_id: UUID, wanted: Wanted) -> list[UUID]:
    """A new appointment: booked, proposed with one or several times, or on the waiting list when it has none. One that
    belongs to an agreement on contact is read by those whom that is for, and by nobody else."""
    slots: list[Slot | None] = [*wanted.slots] or [None]
    made = [(new_id(), slot) for slot in slots]
    with writing(by, Planning.ARRANGE, child_id, appointment=str(made[0][0])) as book:
        _must_plan(by)
        require(rules.may_arrange(wanted, by.at))
        _must_be_invited(book, child_id, wanted.guests)
        _must_be_tried(book, child_id, wanted.intervention)
        _must_be_allowed(by, child_id, wanted)
        parties = contact_parties(book, child_id, wanted.intervention)
        wanted = wanted._replace(guests=tuple(dict.fromkeys((*wanted.guests, *(parties or ())))))
        must_reach(child_id, wanted.guests, by.at)
        group = str(new_id()) if len(wanted.slots) > 1 else ""
        child = patient_of(child_id)
        write(by, *(
            mapping.appointment(
                str(ident), child=child, author=author_of(by), wanted=wanted, slot=slot, at=by.at, group=group,
                between=parties is not None,
            ) for ident, slot in made
        ), *(_no_longer_waiting(book, child_id, wanted.act) if wanted.booked else ()))  # fmt: skip
    return [ident for ident, _ in made]


def _must_be_invited(book: Book, child_id: UUID, guests: tuple[str, ...]) -> None:
    known = {reference for reference, _ in invited(book, child_id)} | {author_of(book.scope)}
    if not known.issuperset(guests):
        raise Refused("Vælg kun nogen, der er om barnet og på arbejde.")


def _must_be_tried(book: Book, child_id: UUID, intervention: str) -> None:
    if intervention and intervention not in dict(interventions(book, child_id)):
        raise Refused("Vælg en indsats, der er i gang.")


def _must_be_allowed(by: Scope, child_id: UUID, wanted: Wanted) -> None:
    """A first visit gets a time when the law says so, and else a place on the waiting list, if the law allows that."""
    if not wanted.act:
        if not wanted.slots:
            raise Refused("Vælg mindst én tid.")
        return
    if by.unit_id is None or wanted.act not in dict(first_visits(by)):
        raise Refused("Et første besøg aftales af det sted, der skal holde det.")
    found = permission(child_id, wanted.act, by.unit_id, by.at)
    if wanted.slots and not found.appointment:
        more = " Barnet kan stå på venteliste imens." if found.waiting_list else ""
        raise Refused(f"Der kan ikke gives en tid endnu. {found.reason}{more}", (rules.CONSENT, *found.rules))
    if not wanted.slots and not found.waiting_list:
        raise Refused(f"Barnet kan ikke komme på venteliste. {found.reason}", (rules.CONSENT, *found.rules))


# -- with one that is there --------------------------------------------------------------------------------------------


def book_time(*, by: Scope, child_id: UUID, ident: UUID, version: int) -> None:
    """A proposed time is agreed on. The other times that were proposed with it are cancelled."""
    with writing(by, Planning.BOOK, child_id, appointment=str(ident)) as book:
        found = _mine(book, child_id, ident, Doing.BOOK, version=version)
        require(rules.may_be(Slot(found.start, found.end), by.at))
        _must_be_allowed(by, child_id, _at(found, Slot(found.start, found.end)))
        rest = _alternatives(book, child_id, found)
        write(
            by, mapping.with_state(body_of(child_id, ident), State.BOOKED),
            *(mapping.with_state(body_of(child_id, one), State.CANCELLED, ANOTHER_CHOSEN) for one in rest),
            *_no_longer_waiting(book, child_id, found.act),
        )  # fmt: skip


def _no_longer_waiting(book: Book, child_id: UUID, act: str) -> list[dict[str, Any]]:
    """The next versions of the places on the unit's waiting list for a first visit: a child that has got a time for it
    does not wait for one."""
    rows = book.entries(child_id, Filter(what=WHAT, open=True, unit_id=book.scope.unit_id)) if act else []
    waiting = (body_of(row.child_id, row.id) for row in rows if row.status == State.WAITLIST)
    return [mapping.with_state(one, State.CANCELLED, GOT_A_TIME) for one in waiting if mapping.act_of(one) == act]


def _at(found: Meeting, slot: Slot) -> Wanted:
    return Wanted(found.title, (slot,), act=found.act)


def _alternatives(book: Book, child_id: UUID, chosen: Meeting) -> list[UUID]:
    if not chosen.group:
        return []
    rows = book.entries(child_id, Filter(what=WHAT, open=True))
    bodies = {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}
    same = (ident for ident, body in bodies.items() if extension_of(body, "alternatives") == chosen.group)
    return [ident for ident in same if ident != chosen.id]


def move(*, by: Scope, child_id: UUID, ident: UUID, version: int, slot: Slot, reason: str) -> None:
    """Another time, and why. Everybody is asked again whether they come; and of a first visit the law is, for a yes may
    have been taken back since it was booked."""
    with writing(by, Planning.MOVE, child_id, appointment=str(ident)) as book:
        found = _mine(book, child_id, ident, Doing.MOVE, version=version, reason=reason)
        require(rules.may_be(slot, by.at))
        if slot == Slot(found.start, found.end):
            raise Refused("Det er den samme tid. Vælg en anden.")
        _must_be_allowed(by, child_id, _at(found, slot))
        write(by, mapping.with_slot(body_of(child_id, ident), slot, reason=reason, by=author_of(by)))


def cancel(*, by: Scope, child_id: UUID, ident: UUID, version: int, reason: str) -> None:
    """It does not take place, and why."""
    with writing(by, Planning.CANCEL, child_id, appointment=str(ident)) as book:
        _mine(book, child_id, ident, Doing.CANCEL, version=version, reason=reason)
        write(by, mapping.with_state(body_of(child_id, ident), State.CANCELLED, reason))


def answer(*, by: Scope, child_id: UUID, ident: UUID, who: str, comes: Answer, seen: int) -> None:
    """Somebody comes, or does not: oneself, or one of the family who has said so to a professional.

    Two who answer at once are both kept. `seen`: the beginning that was answered to; `Conflict` when the time has
    been moved meanwhile.
    """
    with writing(by, Planning.ANSWER, child_id, appointment=str(ident)) as book:
        found = meeting(book, child_id, ident)
        guest = next((one for one in found.guests if one.reference == who), None)
        if guest is None or guest.answer is None or not found.readable:
            raise NotFound
        if not (guest.me or (guest.family and Doing.ANSWER in found.may)):
            raise Refused("Du kan svare for dig selv og skrive ned, hvad familien har svaret.")
        if found.state not in (State.PROPOSED, State.PENDING, State.BOOKED) or found.end <= by.at:
            raise Refused("Aftalen er forbi eller aflyst.", (rules.NOT_NOW,))
        if found.start != seen:
            raise Conflict(TIME_MOVED)
        if guest.answer is not comes:
            write(by, mapping.with_answer(body_of(child_id, ident), who, comes))


def _mine(book: Book, child_id: UUID, ident: UUID, doing: Doing, *, version: int, reason: str = "") -> Meeting:
    """An appointment that the writer may do this with, as they saw it."""
    _must_plan(book.scope)
    found = meeting(book, child_id, ident)
    if not found.readable:
        raise NotFound
    require(rules.may_do(doing, found.state, found.parts, reason))
    if found.version != version:
        raise Conflict(CHANGED)
    return found


# -- from another calendar ---------------------------------------------------------------------------------------------


def bring_in(*, by: Scope, child_id: UUID, sheet: Sheet) -> Brought:
    """What a file says, into this child's calendar: each appointment is new, changed, cancelled, as it was, over, or
    unknown. All of it or, when anything fails, nothing."""
    with writing(by, Planning.IMPORT, child_id, found=len(sheet.found), faults=len(sheet.faults)) as book:
        _must_plan(by)
        known = _brought_before(book, child_id)
        child, written, told = patient_of(child_id), list[dict[str, Any]](), list[str]()
        faults = list(sheet.faults)
        for one in (*sheet.found, *(one for one in sheet.left_out if one.key in known)):
            before = known.get(one.key)
            what, after = _decide(one, before, by)
            if what == "unknown":
                faults.append(Fault(one.title, "Den er aflyst, men har ikke stået her."))
                continue
            told.append(what)
            if what == "new":
                after = mapping.from_ical(
                    str(new_id()), child=child, author=author_of(by), one=one, told=_told(one), at=by.at
                )
            written += [after] if after else []
        if written:
            write(by, *written)
    count = {word: told.count(word) for word in ("new", "changed", "cancelled", "unchanged", "past")}
    return Brought(**count, faults=tuple(faults))


def _brought_before(book: Book, child_id: UUID) -> dict[str, dict[str, Any]]:
    """What the writer's unit brought from other calendars before. What is hidden from them is not known here either."""
    rows = book.entries(child_id, Filter(what=WHAT, unit_id=book.scope.unit_id, on_timeline=False))
    bodies = map(orjson.loads, book.bodies(rows).values())
    return {key: body for body in bodies if (key := mapping.told_of(body).key)}


def _decide(one: Incoming, before: dict[str, Any] | None, by: Scope) -> tuple[str, dict[str, Any] | None]:
    """What becomes of one appointment in a file. What its calendar has told before says nothing new, and what was done
    here since stays."""
    if before is None:
        if one.cancelled:
            return "unknown", None
        return ("new" if one.slot.end > by.at else "past"), None
    told = _told(one)
    if not rules.is_news(told, mapping.told_of(before)):
        return "unchanged", None
    if one.cancelled:
        over = before["status"] == State.CANCELLED.value
        return ("unchanged", None) if over else (
            "cancelled", mapping.with_told(mapping.with_state(before, State.CANCELLED, CANCELLED_THERE), told)
        )  # fmt: skip
    after = mapping.with_ical(before, one, told, by=author_of(by))
    return ("unchanged", None) if after == before else ("changed", after)


def _told(one: Incoming) -> Told:
    """The fingerprint has the instance's key in it, so that nobody can guess a hidden place from it."""
    words = one.title, one.place, one.text, *map(str, (*one.slot, one.cancelled, one.tentative))
    return Told(one.key, one.sequence, one.stamp, str(derived_id(id_key(), "ical", *words)))


# -- what all need -----------------------------------------------------------------------------------------------------


def _must_plan(by: Scope) -> None:
    if by.unit_id is None or "ball" not in role_named(by.role).may:
        raise NotFound
