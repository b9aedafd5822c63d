"""Reading the plan, within what the reader may see and in a fixed number of queries.

The plan is put together anew for each reader: a part they may not see is not there, and nothing else is changed by it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

import orjson

from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.roles import works
from barnetsbog.contacts import queries as contacts
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import names
from barnetsbog.directory import queries as directory
from barnetsbog.fhir.own import ident_of, referred
from barnetsbog.kernel import exact
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import local_day
from barnetsbog.record.attending import NEVER_HELD
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import queries as responsibility
from barnetsbog.responsibility.mapping import baton_of
from barnetsbog.responsibility.model import Part

from . import mapping, rules
from .model import (
    Around,
    Changed,
    Condition,
    Goal,
    GoalState,
    Intervention,
    Item,
    Meeting,
    Page,
    Parts,
    Plan,
    Readiness,
    Terms,
)  # fmt: skip

PLAN_KINDS = ("overall-plan", "own-goal", "goal", "intervention", "condition", "plan", "childs-view")
TURNING_POINTS, MEETINGS = 8, 3
NO_PLAN = Plan("")
OVER = ("completed", "revoked", "stopped", "not-done", "entered-in-error")
"""FHIR's words for what is over, of plans and of procedures."""

T = TypeVar("T")


def page(book: Book, child_id: UUID) -> Page:
    """The whole plan, for a professional or for the family."""
    found, today, terms = parts(book, child_id), local_day(book.scope.at), terms_in_use()
    asked = rules.asked_on(said(found.own_goals), said(found.views))
    return Page(
        found, around(book, child_id), tuple(_important(book, child_id)), tuple(_meetings(book, child_id)),
        tuple(responsibility.balls(book, child_id)), asked, rules.is_lately(asked, today, terms.childs_view),
        may_write(book.scope), readiness(book.scope, found) if leads(book, child_id) else None,
        activities(book, child_id),
    )  # fmt: skip


def parts(book: Book, child_id: UUID) -> Parts:
    """What the plan consists of."""
    rows = book.entries(child_id, Filter(what=PLAN_KINDS, on_timeline=False))
    read_all = {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}
    # What another system calls a Procedure has a page as an entry; it is no CarePlan to write in.
    bodies = {ident: body for ident, body in read_all.items() if body["resourceType"] != "Procedure"}
    here = [row for row in rows if row.id not in bodies or mapping.is_of_plan(bodies[row.id])]

    def items(what: str, read: Callable[[Any], T]) -> tuple[Item[T], ...]:
        return tuple(
            Item(row, read(bodies[row.id]) if row.id in bodies else None) for row in here if row.what == what
        )  # fmt: skip

    overall = sorted(items("overall-plan", mapping.plan_of), key=_rank, reverse=True)
    found = Parts(
        overall[0] if overall else None, items("own-goal", mapping.goal_of), items("goal", mapping.goal_of),
        items("intervention", mapping.intervention_of), items("condition", mapping.condition_of),
        items("plan", mapping.plan_of), items("childs-view", mapping.view_of),
    )  # fmt: skip
    return _with_people(book, child_id, found)


def activities(book: Book, child_id: UUID) -> dict[UUID, tuple[EntryRow, ...]]:
    """What is done in each intervention (the common model Aktivitet-Indsats-Tilstand): the appointments that say so."""
    rows = book.entries(child_id, Filter(what=("appointment", "meeting"), on_timeline=False))
    words = book.bodies(rows)
    found: dict[UUID, list[EntryRow]] = defaultdict(list)
    for row in rows:
        part_of = ident_of(referred(orjson.loads(words[row.id]), mapping.FOR_INTERVENTION)) if row.id in words else None
        if part_of and row.status not in NEVER_HELD:
            found[part_of].append(row)
    return {ident: tuple(some) for ident, some in found.items()}


def _rank(plan: Item[Plan]) -> tuple[bool, int]:
    """There is one overall plan. Where other systems sent more, the open and newest is it."""
    return plan.said is not None and plan.said.open, plan.row.start


def said(items: Iterable[Item[T]]) -> list[T]:
    return [one.said for one in items if one.said is not None]


def _with_people(book: Book, child_id: UUID, found: Parts) -> Parts:
    """With everybody's names. Who works on something is shown as far as the reader may know that they work with the
    child at all; who wrote something, wherever it may be read."""
    told = [one.said_to for one in said(found.own_goals)] + [one.said_to for one in said(found.views)]
    wrote = {_writer(one.row) for kind in (found.plans, found.interventions, found.goals) for one in kind}
    goals, interventions = said((*found.own_goals, *found.goals)), said(found.interventions)
    wrote |= {note.by for goal in goals for note in goal.notes} | {e.by for one in interventions for e in one.effects}
    works = {one for goal in goals for one in goal.workers} | {r for one in interventions for r in one.responsible}
    idents = {ident for one in works if (ident := ident_of(one))}
    here = contacts.known_here(book, child_id, idents)
    known = by_reference(book, child_id, {*told, *wrote, *(one for one in works if ident_of(one) in here)})
    return Parts(
        found.overall, found.own_goals, found.goals, found.interventions, found.conditions, found.plans, found.views,
        known,
    )  # fmt: skip


def _writer(row: EntryRow) -> str:
    return f"PractitionerRole/{row.author_id}" if row.author_id else ""


def by_reference(book: Book, child_id: UUID, references: Iterable[str]) -> dict[str, Contact]:
    """Contacts by the reference that names them."""
    ids = {reference: ident_of(reference) for reference in references if reference}
    known = names(book, child_id, ids.values())
    return {reference: known[ident] for reference, ident in ids.items() if ident in known}


# -- single parts ------------------------------------------------------------------------------------------------------


def goal(book: Book, child_id: UUID, ident: UUID) -> Item[Goal]:
    """A goal; `NotFound` for one who may not read it."""
    return _one(book, child_id, ident, ("own-goal", "goal"), mapping.goal_of)


def intervention(book: Book, child_id: UUID, ident: UUID) -> Item[Intervention]:
    return _one(book, child_id, ident, ("intervention",), mapping.intervention_of)


def _one(book: Book, child_id: UUID, ident: UUID, what: tuple[str, ...], read: Callable[[Any], T]) -> Item[T]:
    row = book.entry(child_id, ident)
    body = body_of(book, row) if row.what in what else None
    if body is None or body["resourceType"] not in ("Goal", "CarePlan"):
        raise NotFound
    return Item(row, read(body))


def body_of(book: Book, row: EntryRow) -> dict[str, Any] | None:
    found = book.bodies([row]).get(row.id)
    return exact.loads(found) if found else None


def changed_since(book: Book, child_id: UUID, ident: UUID, version: int) -> Changed:
    """What an entry said in the version that somebody began from, and what it says now."""
    versions = book.versions(book.entry(child_id, ident))
    if not versions:
        raise NotFound
    before = next((one for one in versions if one.number == version), versions[0])
    return Changed(before.body, versions[-1].body, versions[-1].number, versions[-1].by_id, versions[-1].recorded_at)


# -- around the plan ---------------------------------------------------------------------------------------------------


def around(book: Book, child_id: UUID) -> Around:
    first, second = contacts.coordinator(book, child_id)
    return Around(first, second, tuple(contacts.involved(book, child_id)), tuple(contacts.relatives(book, child_id)))


def _important(book: Book, child_id: UUID) -> list[EntryRow]:
    return book.entries(child_id, Filter(important=True, start_to=book.scope.at), limit=TURNING_POINTS)


def _meetings(book: Book, child_id: UUID) -> list[EntryRow]:
    return book.entries(child_id, Filter(what=("meeting",), start_to=book.scope.at), limit=MEETINGS)


def meeting(book: Book, child_id: UUID) -> Meeting:
    """What a plan meeting starts from."""
    (child,) = directory.children([child_id]).values()
    return Meeting(
        parts(book, child_id), tuple(responsibility.balls(book, child_id)),
        tuple(responsibility.receivers(book, child_id)),
        tuple(person for person, _ in contacts.relatives(book, child_id)), child.called, leads(book, child_id),
    )  # fmt: skip


# -- who may what ------------------------------------------------------------------------------------------------------


def may_write(scope: Scope) -> bool:
    """Professionals who work with children write in the plan; the family reads it."""
    return works(scope)


def leads(book: Book, child_id: UUID) -> bool:
    """Whether the overall plan is the reader's: the coordinator's, and meanwhile whoever stands in for them."""
    if not may_write(book.scope):
        return False
    row = contacts.team_row(book, child_id)
    body = body_of(book, row) if row else None
    if body is None:
        return False
    mine = responsibility.standing(baton_of(body), book.scope)
    return bool(mine & {Part.HOLDER, Part.STAND_IN}) or _is_substitute(book, child_id)


def _is_substitute(book: Book, child_id: UUID) -> bool:
    _, second = contacts.coordinator(book, child_id)
    return second is not None and second.id == book.scope.role_id


def terms_in_use() -> Terms:
    option = law_in_use().book.option
    return Terms(**{name: int(option(choice)) for name, choice in rules.MONTHS_OPTIONS.items()})


def readiness(scope: Scope, found: Parts) -> Readiness:
    """What the overall plan lacks, of what the reader may see."""
    plan = found.overall.said if found.overall and found.overall.said else NO_PLAN
    return rules.readiness(
        plan, said((*found.own_goals, *found.goals)), said(found.interventions), said(found.views),
        today=local_day(scope.at), terms=terms_in_use(),
    )  # fmt: skip


# Of what only the heading may be seen, the columns of the entry tell whether it lasts.


def current_goals(found: Parts) -> list[Item[Goal]]:
    both = (*found.own_goals, *found.goals)
    return [one for one in both if one.said is None or one.said.state is GoalState.ACTIVE]


def current_interventions(found: Parts) -> list[Item[Intervention]]:
    return [one for one in found.interventions if one.row.status not in OVER]


def current_conditions(found: Parts) -> list[Item[Condition]]:
    return [one for one in found.conditions if (one.row.end is None if one.said is None else one.said.open)]


def open_plans(found: Parts) -> list[Item[Plan]]:
    return [one for one in found.plans if one.row.status not in OVER]
