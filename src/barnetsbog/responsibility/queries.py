"""Reading who has the ball."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access.roles import role_named
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.contacts import queries as contacts
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import Named, names, names_over, team_row
from barnetsbog.contacts.rules import vacant
from barnetsbog.deadlines.in_use import deadlines_in_use
from barnetsbog.deadlines.ladder import Climb, OnLadder, Reach
from barnetsbog.deadlines.model import Rung
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import Away, ChildName, Gone, RoleName
from barnetsbog.directory.nameless import unknown
from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import author_of
from barnetsbog.kernel.alphabet import alphabetical, is_called
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter, Key, OpenTask
from barnetsbog.record.fields import uuid_of
from barnetsbog.record.promotion import ABOUT_REFERRAL, WITH_RECEIVER
from barnetsbog.record.rights import PRIVATE
from barnetsbog.record.scope import LoginLevel, Scope

from . import rules
from .mapping import about_of, deadline_of, event_of, text_of_ball
from .model import (
    Absent,
    Actor,
    Ball,
    Baton,
    Case,
    Event,
    Held,
    Load,
    Notice,
    Order,
    Page,
    Part,
    Receiver,
    State,
    Tab,
    Told,
    Waiting,
    WorkList,
)

JOB, UNIT = "PractitionerRole", "Organization"


# -- one who acts ------------------------------------------------------------------------------------------------------


def actor_of(scope: Scope) -> Actor:
    unit = f"{UNIT}/{scope.unit_id}" if scope.unit_id else ""
    return Actor(author_of(scope), unit, "lead" in role_named(scope.role).may)


def _ids_of(scope: Scope) -> frozenset[UUID]:
    """What somebody goes by: their job, themselves, their unit."""
    return frozenset(ident for ident in (scope.role_id, scope.person_id, scope.unit_id) if ident)


def gone(references: Iterable[str], at: int) -> dict[str, Away]:
    """Those of these people and units who are away, by reference."""
    ids = {reference: ident_of(reference) for reference in references if reference}
    found = directory.away((ident for ident in ids.values() if ident), at)
    return {reference: found[ident] for reference, ident in ids.items() if ident in found}


# -- a child's balls ---------------------------------------------------------------------------------------------------


def balls(book: Book, child_id: UUID) -> list[Ball]:
    """A child's open tasks: the important ones first, then by deadline."""
    rows = book.entries(child_id, Filter(what=("task",), open=True), newest_first=False)
    found = _named(book, rows)
    return sorted(found, key=lambda ball: (not ball.important, ball.due is None, ball.due or 0, ball.since))


def finished(book: Book, child_id: UUID, limit: int) -> list[Ball]:
    """The tasks that ended last."""
    rows = book.entries(child_id, Filter(what=("task",)), order="recorded_at")
    return _named(book, [row for row in rows if not row.open][:limit])


def coordination(book: Book, child_id: UUID) -> Ball | None:
    """The coordinator's part: who has it, and whom it is offered to. None when there is no team to coordinate (yet)."""
    found = team_row(book, child_id)
    return _named(book, [found])[0] if found else None


def is_vacant(part: Ball | None) -> bool:
    """Whether a child has no coordinator, or one who will not come back."""
    return part is None or vacant(str(part.holder.id) if part.holder else "", part.away)


def page(book: Book, child_id: UUID, ident: UUID) -> Page:
    """One ball with its history, and what the reader may do with it."""
    row = book.entry(child_id, ident)
    if row.what not in ("task", "team"):
        raise NotFound
    history, text, body = told(book, row)
    known = _known(book, child_id, history)
    baton = history[-1].after if history else _of_row(row)
    mine = standing(baton, book.scope)
    can = role_named(book.scope.role).may
    moves = rules.moves_of(baton, mine, ends=row.what == "task") if "ball" in can else frozenset()
    elsewhere = answered_elsewhere(book, row, body, baton)
    if elsewhere:
        moves = frozenset()
    ball = _named(book, [row])[0]
    return Page(
        ball, baton.state, text, tuple(_line(event, known) for event in reversed(history)), moves,
        tuple(_others(receivers_of(book, row), baton)) if moves else (), _referral(book, child_id, body),
        deadline_of(body), _set_off_by(book, child_id, body),
        unread=not baton.over and rules.is_family(baton.holder) and not _reads(child_id, ident_of(baton.holder)),
        elsewhere=elsewhere,
    )  # fmt: skip


def _others(found: Iterable[Receiver], baton: Baton) -> Iterable[Receiver]:
    """Those who neither have it nor are asked already."""
    return (one for one in found if one.reference not in (baton.holder, baton.offered_to))


def _referral(book: Book, child_id: UUID, body: dict[str, Any]) -> UUID | None:
    """The referral that a ball is about, where the reader may see it: the child's doctor follows the ball alone."""
    found = _about(book, child_id, body) if about_of(body).startswith("ServiceRequest/") else None
    return found.id if found else None


def _set_off_by(book: Book, child_id: UUID, body: dict[str, Any]) -> EntryRow | None:
    """What set a ball off that a deadline opened, where the reader may see it."""
    return _about(book, child_id, body) if deadline_of(body) else None


def _about(book: Book, child_id: UUID, body: dict[str, Any]) -> EntryRow | None:
    ident = ident_of(about_of(body))
    try:
        return book.entry(child_id, ident) if ident else None
    except NotFound:
        return None


def answered_elsewhere(book: Book, row: EntryRow, body: dict[str, Any], baton: Baton) -> bool:
    """The ball of a referral that waits for its receiver: it moves with the referral's answer. When that is given, it
    is a ball like any other, and so it is to those who are asked to take it and know of no referral. `body`: empty for
    one who may see its heading only."""
    if row.status != ABOUT_REFERRAL or not baton.offered_to:
        return False
    if not body:
        return True
    referral = _about(book, row.child_id, body)
    return (
        referral is not None and referral.status in WITH_RECEIVER
        and baton.offered_to == f"{UNIT}/{referral.holder_id}"
    )  # fmt: skip


def told(book: Book, row: EntryRow) -> tuple[list[Event], str, dict[str, Any]]:
    """A ball's moves, oldest first, what there is to do, and what it says now. Nothing for one who may see its heading
    only."""
    versions = book.versions(row)
    if not versions:
        return [], "", {}
    read = [(orjson.loads(one.body), one) for one in versions]
    now = read[-1][0]
    events = [
        event_of(body, recorded_at=one.recorded_at, by=f"{JOB}/{one.by_id}" if one.by_id else "") for body, one in read
    ]
    return events, text_of_ball(now), now


def standing(baton: Baton, scope: Scope) -> frozenset[Part]:
    """What somebody is to a baton."""
    named = (baton.holder, baton.offered_to, baton.offered_by, baton.opened_by)
    ids = {one: ident for one in named if one.startswith((f"{JOB}/", f"{UNIT}/")) and (ident := ident_of(one))}
    known = directory.workplaces(ids.values())
    units = {one: f"{UNIT}/{known[ident][0]}" for one, ident in ids.items() if ident in known}
    return rules.parts(baton, actor_of(scope), gone(named, scope.at), units)


def of_unit(ids: Iterable[UUID], unit: UUID | None) -> set[UUID]:
    """Those of these holders who are of a unit: its jobs, and the unit itself."""
    wanted = set(ids)
    jobs = {ident for ident, role in directory.roles(wanted).items() if unit and role.unit_id == unit}
    return jobs | ({unit} & wanted if unit else set())


def _of_row(row: EntryRow) -> Baton:
    """As far as a heading tells it."""
    holder, offered, opener = (
        f"{JOB}/{ident}" if ident else "" for ident in (row.holder_id, row.offered_id, row.author_id)
    )
    return Baton(holder, offered, "", opener, None if row.open or row.what == "team" else State.DONE)


def _known(book: Book, child_id: UUID, history: list[Event]) -> dict[UUID, Contact]:
    references = [r for event in history for r in (event.by, event.after.holder, event.after.offered_to)]
    return names(book, child_id, {ident_of(reference) for reference in references if reference})


def _line(event: Event, known: Mapping[UUID, Contact]) -> Told:
    by, holder, offered = (_contact(ident_of(r), known) for r in (event.by, event.after.holder, event.after.offered_to))
    return Told(event.move, event.at, by, holder, offered, event.reason, event.due)


# -- whom one can ask --------------------------------------------------------------------------------------------------


def family(book: Book, child_id: UUID) -> list[tuple[Contact, bool]]:
    """The child's people, each with whether they read the book, and so a ball of theirs."""
    return [(one, _reads(child_id, one.id)) for one, _holds in contacts.relatives(book, child_id)]


def _reads(child_id: UUID, person_id: UUID | None) -> bool:
    return person_id is not None and scope_for_person(person_id, child_id, level=LoginLevel.SUBSTANTIAL) is not None


def receivers_of(book: Book, row: EntryRow) -> list[Receiver]:
    """Whom this ball can be offered to. What is the own unit's alone goes to nobody else: they could not read it."""
    found = receivers(book, row.child_id)
    if not is_the_unit_s_alone(row):
        return found
    here = {f"{JOB}/{one.id}" for one in directory.roles_in(book.scope.unit_id)} if book.scope.unit_id else set()
    return [one for one in found if one.reference in (*here, f"{UNIT}/{book.scope.unit_id}")]


def is_the_unit_s_alone(row: EntryRow) -> bool:
    """Whether nobody is let into a ball by being offered it."""
    return bool(PRIVATE >> row.shelf & 1)


def receivers(book: Book, child_id: UUID) -> list[Receiver]:
    """The units that have a task with the child now, each followed by its people: whom a ball can be offered to. A unit
    that has closed is none."""
    ids = [row.unit_id for row in contacts.working(book, child_id) if row.unit_id]
    veiled = book.veiled(child_id)
    units = contacts.professionals(book.scope, ids, veiled=veiled)
    people = directory.roles_in(*units)
    away = directory.away([*units, *(role.id for role in people)], book.scope.at)
    found: list[Receiver] = []
    for unit in dict.fromkeys(ids):
        if unit in units and unit not in away:
            found.append(Receiver(f"{UNIT}/{unit}", units[unit]))
            here = contacts.professionals(
                book.scope, (role.id for role in people if role.unit_id == unit), veiled=veiled
            )
            found += [Receiver(f"{JOB}/{one}", contact, away.get(one)) for one, contact in here.items()]
    return found


# -- the work list -----------------------------------------------------------------------------------------------------

PAGE = 25
"""Cases on one page of the work list."""
MOST_OTHERS = 50
"""Children without a ball that a page names."""


def waiting(book: Book) -> Waiting:
    """The open balls on the asker's children, whose they are, and which have come to the asker by the ladder."""
    rows, coordinated = tuple(book.open_tasks()), book.coordinated()
    return Waiting(rows, _tabs(book, rows), _climbs(book, rows, coordinated), coordinated)


def work_list(
    book: Book, tab: Tab = Tab.MINE, page: int = 1, found: Waiting | None = None, order: Order = Order.URGENCY,
    called: str = "",
) -> WorkList:  # fmt: skip
    """The asker's children with an open ball, one line a child with its most urgent, in a fixed number of queries; and
    on the first page those who have none. `found`: the balls, where they have been read already; `called`: only the
    children of that name, all on one page."""
    found = found or waiting(book)
    first: dict[Key, OpenTask] = {}
    for row in found.rows:
        if found.stands_in(row, tab):
            first.setdefault(row.child_id, row)
    rows = list(first.values()) if order is Order.URGENCY else _by_name(first)
    if called:
        shown, page, pages = _called(rows, called), 1, 1
    else:
        pages = max(1, math.ceil(len(rows) / PAGE))
        page = min(max(1, page), pages)
        shown = rows[(page - 1) * PAGE : page * PAGE]
    alone = _without_a_ball(found)
    idle = _names(alone, called) if page == 1 and tab in (Tab.NOBODY, Tab.ALL) else ()
    others = _others_without(book, found, alone, called) if page == 1 and tab is Tab.ALL else ()
    for child in (*idle, *others[:MOST_OTHERS]):
        book.saw(child.id)
    return WorkList(
        tab, _counts(found, len(alone)), cases(book, found, shown), _next_due(found.rows, book.scope.at), page, pages,
        idle, others[:MOST_OTHERS], max(0, len(others) - MOST_OTHERS),
    )  # fmt: skip


def _called(rows: Sequence[OpenTask], called: str) -> list[OpenTask]:
    there = {one.id for one in _names((uuid_of(row.child_id) for row in rows), called)}
    return [row for row in rows if uuid_of(row.child_id) in there]


def _without_a_ball(found: Waiting) -> set[UUID]:
    """The children whom the asker coordinates, and who have no ball that the asker may see."""
    return set(map(uuid_of, found.coordinated - {row.child_id for row in found.rows}))


def _others_without(book: Book, found: Waiting, alone: set[UUID], called: str) -> tuple[ChildName, ...]:
    """The children whom the asker may know of and who have no ball that they may see. That is no alarm, for others see
    so little of a child; but nobody need ask for a child of their own as if it were a stranger."""
    listed = {uuid_of(row.child_id) for row in found.rows} | alone
    return _names(set(book.children()) - listed, called)


def _names(children: Iterable[UUID], called: str) -> tuple[ChildName, ...]:
    """Those of these children who are called that, or all of them, in the order of the alphabet."""
    found = directory.children(children).values()
    those = (one for one in found if not called or is_called(f"{one.full} {one.called}", called))
    return tuple(sorted(those, key=lambda one: alphabetical(one.full)))


def _by_name(first: Mapping[Key, OpenTask]) -> list[OpenTask]:
    names = directory.children(map(uuid_of, first))
    called = {child: alphabetical(names[ident].full) if (ident := uuid_of(child)) in names else "" for child in first}
    return sorted(first.values(), key=lambda row: called[row.child_id])


def notices(book: Book) -> list[Notice]:
    """What the asker's unit has been told of sharings that have ended, the newest first."""
    rows = book.notices()
    known = set(book.children()) if rows else set()
    names = directory.children(row.child_id for row in rows)
    return [
        Notice(
            row.id, names[row.child_id].initials if row.child_id in names else "",
            names.get(row.child_id) if row.child_id in known else None, row.start,
        )
        for row in rows
    ]  # fmt: skip


def come_up(book: Book) -> tuple[Case, ...]:
    """What has come to the asker by the ladder, most urgent first."""
    found = waiting(book)
    return cases(book, found, [row for row in found.rows if row.id in found.climbs])


def _tabs(book: Book, rows: Sequence[OpenTask]) -> dict[Key, Tab]:
    mine = frozenset(book.key(ident) for ident in _ids_of(book.scope))
    others = {ident for row in rows for ident in (row.holder_id, row.offered_id) if ident is not None} - mine
    actor = actor_of(book.scope)
    covered = frozenset(
        book.key(ident) for ident, away in directory.away(map(uuid_of, others), book.scope.at).items()
        if rules.stands_in("away", actor, {"away": away})
    )  # fmt: skip
    return {row.id: rules.tab_of(row.holder_id, row.offered_id, mine, covered) for row in rows}


def _climbs(book: Book, rows: Sequence[OpenTask], mine: frozenset[Key]) -> dict[Key, Climb]:
    """Those balls that have come to the asker, who neither has them nor is asked in person: as the child's coordinator,
    as the leader of the unit that has it or is asked, or as the leader of the one above. `mine`: whose coordinator they
    are."""
    at, leads = book.scope.at, actor_of(book.scope).leads
    me = {book.key(ident) for ident in (book.scope.role_id, book.scope.person_id) if ident}
    waiting = [row for row in rows if (leads or row.child_id in mine) and row.what == "task" and _waits(row, at)]
    others = [row for row in waiting if me.isdisjoint((row.holder_id, row.offered_id))]
    reach = Reach(deadlines_in_use().ladders, at, deadlines_in_use().days)
    led = _led(book, others) if leads else {}
    found = {}
    for row in others:
        stands = ({Rung.COORDINATOR} if row.child_id in mine else set()) | led.get(row.id, set())
        climb = reach.first(OnLadder(row.start, row.due, row.holder_id is not None), stands)
        if climb:
            found[row.id] = climb
    return found


def _waits(row: OpenTask, at: int) -> bool:
    return row.holder_id is None or rules.is_overdue(row.due, at)


def _led(book: Book, rows: list[OpenTask]) -> dict[Key, set[Rung]]:
    """The rung on which a leader stands to balls: of the own unit, or of one that is under it."""
    named = {row.id: [uuid_of(one) for one in (row.holder_id, row.offered_id, row.unit_id) if one] for row in rows}
    places = directory.workplaces(ident for found in named.values() for ident in found)
    found = {}
    for ident, candidates in named.items():
        unit, above = next((places[one] for one in candidates if one in places), (None, None))
        if unit == book.scope.unit_id:
            found[ident] = {Rung.LEADER}
        elif above == book.scope.unit_id:
            found[ident] = {Rung.ABOVE}
    return found


def cases(book: Book, found: Waiting, shown: Sequence[OpenTask]) -> tuple[Case, ...]:
    """These balls with their children and names."""
    rows = book.tasks(shown)
    open_balls = Counter(row.child_id for row in found.rows)
    children = directory.children(row.child_id for row in rows)
    nobody = unknown(UUID(int=0))
    return tuple(
        Case(
            children.get(ball.child_id, nobody), ball, open_balls[book.key(ball.child_id)] - 1,
            found.climbs.get(book.key(ball.id)),
        )
        for ball in _named(book, rows)
    )  # fmt: skip


def _counts(found: Waiting, alone: int) -> dict[Tab, int]:
    """Children, not tasks, in each tab: that is what the list shows. `alone`: how many have no ball at all."""
    children: dict[Tab, set[Key]] = {tab: set() for tab in Tab}
    for row in found.rows:
        children[Tab.ALL].add(row.child_id)
        children[found.tabs[row.id]].add(row.child_id)
        if row.id in found.climbs:
            children[Tab.MINE].add(row.child_id)
    more = {Tab.NOBODY: alone, Tab.ALL: alone}
    return {tab: len(those) + more.get(tab, 0) for tab, those in children.items()}


def _next_due(rows: Sequence[OpenTask], at: int) -> int | None:
    return min((row.due for row in rows if row.due and row.due >= at), default=None)


# -- the unit ----------------------------------------------------------------------------------------------------------


def team(book: Book) -> list[Load]:
    """The reader's colleagues, by name, and what they have. By name and not by number: nobody is ranked."""
    unit, at = book.scope.unit_id, book.scope.at
    people = directory.roles_in(unit) if unit else []
    rows = book.open_tasks()
    held = Counter(row.holder_id for row in rows)
    late = Counter(row.holder_id for row in rows if rules.is_overdue(row.due, at))
    away = _absences(people, at)
    return [
        Load(contacts.contact(one), held[book.key(one.id)], late[book.key(one.id)], tuple(away.get(one.id, ())))
        for one in people
    ]


def colleague(book: Book, role_id: UUID) -> tuple[Load, list[Held]]:
    """One of the reader's colleagues, or the reader, and the balls they hold."""
    load = next((one for one in team(book) if one.who.id == role_id), None)
    if load is None:
        raise NotFound
    rows = book.tasks([row for row in book.open_tasks() if row.holder_id == book.key(role_id)])
    children = directory.children(row.child_id for row in rows)
    return load, [Held(children[ball.child_id], ball) for ball in _named(book, rows) if ball.child_id in children]


def _absences(people: list[RoleName], at: int) -> dict[UUID, list[Absent]]:
    known = {one.id: contacts.contact(one) for one in people}
    found: dict[UUID, list[Absent]] = {}
    for one in directory.absences(known, at):
        substitute = known.get(one.substitute_id) if one.substitute_id else None
        found.setdefault(one.role_id, []).append(Absent(one.id, one.start, one.end, substitute))
    return found


# -- rows with names ---------------------------------------------------------------------------------------------------


def _named(book: Book, rows: list[EntryRow]) -> list[Ball]:
    named = {(row.child_id, ident) for row in rows for ident in (row.holder_id, row.author_id, row.offered_id) if ident}
    away, known = directory.away({ident for _, ident in named}, book.scope.at), names_over(book, named)
    return [_ball(row, _of_child(row.child_id, known), away, book.scope) for row in rows]


def _of_child(child_id: UUID, known: Mapping[Named, Contact]) -> dict[UUID, Contact]:
    return {ident: contact for (child, ident), contact in known.items() if child == child_id and ident}


def _ball(row: EntryRow, known: Mapping[UUID, Contact], away: Mapping[UUID, Away], scope: Scope) -> Ball:
    mine, asked = _ids_of(scope), away.get(row.offered_id) if row.offered_id else None
    return Ball(
        row.id, row.child_id, row.title, row.status, _contact(row.holder_id, known),
        known.get(row.author_id) if row.author_id else None, row.start, row.due, row.important,
        rules.is_overdue(row.due, scope.at), row.holder_id in mine, row.version, _contact(row.offered_id, known),
        row.offered_id in mine or _covers(row.offered_id, away, actor_of(scope)),
        away.get(row.holder_id) if row.holder_id else None, row.what == "team", row.status == ABOUT_REFERRAL,
        asked if asked and asked.why is not Gone.ABSENT else None,
    )  # fmt: skip


def _covers(ident: UUID | None, away: Mapping[UUID, Away], actor: Actor) -> bool:
    found = away.get(ident) if ident else None
    return found is not None and rules.stands_in("away", actor, {"away": found})


def _contact(ident: UUID | None, known: Mapping[UUID, Contact]) -> Contact | None:
    """Somebody by name; without one, where the reader may not know who it is."""
    return known.get(ident, Contact(ident, "")) if ident else None
