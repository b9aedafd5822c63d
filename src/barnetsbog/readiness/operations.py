"""Opening tasks for what a visit lacks, and writing down why something is done without."""

from uuid import UUID

from barnetsbog.access.roles import role_named
from barnetsbog.intake.writing import CHANGED, author_of, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.law.rules import REFUSAL_STOPS
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility.model import NewBall
from barnetsbog.responsibility.operations import new_ball

from . import mapping, queries, rules
from .model import Item, Preparing, State, Visit

NO_REMINDERS = "Der er sagt nej. Der rykkes ikke. Tal med familien om, hvad der nu skal ske."


def ask(*, by: Scope, child_id: UUID, visit: UUID, requirements: frozenset[str] = frozenset(), to: str = "") -> int:
    """A task for each of these that is lacking (all, when none is named) and has none yet, before the visit. `to`: who
    is offered it; empty: whoever asks has it. Gives how many were opened: pressing twice opens nothing twice."""
    with writing(by, Preparing.ASK, child_id, visit=str(visit)) as book:
        stands = queries.one(book, child_id, visit).readiness
        wanted = [one for one in stands.items if not requirements or one.requirement.id in requirements]
        if requirements and any(one.state is State.REFUSED for one in wanted):
            raise Refused(NO_REMINDERS, (REFUSAL_STOPS,))
        lacking = [one for one in wanted if one.may_ask]
        if lacking:
            write(by, *(_task(book, child_id, stands.visit, one, to) for one in lacking))
    return len(lacking)


def _task(book: Book, child_id: UUID, visit: Visit, item: Item, to: str) -> dict[str, object]:
    text = f"Det skal være på plads før: {visit.title}. {item.reason}".strip()
    due = rules.due(visit, book.scope.at)
    wanted = NewBall(item.requirement.title, text, to or author_of(book.scope), due, visit.at is not None)
    return new_ball(book, child_id, new_id(), wanted)


def do_without(*, by: Scope, child_id: UUID, visit: UUID, requirement: str, reason: str) -> None:
    """The visit can be held without something, for a reason. A consent is not among it."""
    with writing(by, Preparing.OVERRIDE, child_id, visit=str(visit), requirement=requirement) as book:
        _must_prepare(by)
        stands = queries.one(book, child_id, visit).readiness
        item = next((one for one in stands.items if one.requirement.id == requirement), None)
        if item is None:
            raise NotFound
        if not item.may_override or item.settled:
            raise Refused("Det kan ikke undværes. Det er der, eller det er loven, der kræver det.", item.rules)
        if not reason.strip():
            raise Refused("Skriv, hvorfor besøget kan holdes uden.")
        about = f"{'Appointment' if stands.visit.at is not None else 'ServiceRequest'}/{stands.visit.id}"
        resource = mapping.override(
            str(new_id()), child=patient_of(child_id), visit=about, requirement=requirement, reason=reason.strip(),
            title=f"Besøget kan holdes uden: {item.requirement.title}", by=author_of(by), at=by.at,
        )  # fmt: skip
        write(by, resource)


def take_back(*, by: Scope, child_id: UUID, visit: UUID, ident: UUID, version: int) -> None:
    """It is not done without after all."""
    with writing(by, Preparing.OVERRIDE, child_id, visit=str(visit), taken_back=str(ident)) as book:
        _must_prepare(by)
        row = book.entry(child_id, ident)
        if row.what != mapping.OVERRIDE or not row.readable:
            raise NotFound
        if row.version != version:
            raise Conflict(CHANGED)
        write(by, mapping.taken_back(body_of(child_id, ident)))


def _must_prepare(by: Scope) -> None:
    if by.unit_id is None or "ball" not in role_named(by.role).may:
        raise NotFound
