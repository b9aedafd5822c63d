"""Reading the six facts."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import orjson

from barnetsbog.access.roles import role_named
from barnetsbog.contacts import queries as contacts
from barnetsbog.contacts.model import Contact
from barnetsbog.directory import queries as directory
from barnetsbog.directory.nameless import unknown
from barnetsbog.fhir.own import extension_of, ident_of, members, reference_of, referred
from barnetsbog.kernel.time import age_on, local_day
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import text_of
from barnetsbog.record.rights import CONTENT
from barnetsbog.responsibility.model import Ball, Baton
from barnetsbog.responsibility.queries import JOB, coordination, standing
from barnetsbog.responsibility.queries import balls as open_balls

from . import rules
from .mapping import status_of
from .model import Change, Missing, Overview, OwnGoal, Person, Said, Status, StatusPage

_WRONG = "entered-in-error"
_NEVER_WAS = ("cancelled", "not-done", _WRONG)
_GIVEN_UP = ("cancelled", "entered-in-error", "rejected", "completed")
GOALS = 2
CHANGES = 2
APPOINTMENTS = 2


def overview(book: Book, child_id: UUID) -> Overview:
    """All six facts, within what the reader may see."""
    at = book.scope.at
    balls = open_balls(book, child_id)
    goals = _lasting(book, child_id)
    mark = book.read_mark(child_id)
    since = mark if mark is not None else at - rules.FIRST_VISIT
    changes, changes_total = _changes(book, child_id, *fresh_since(mark, since))
    first, second = contacts.coordinator(book, child_id)
    part = coordination(book, child_id)
    ball, last = rules.the_ball(balls), _last(book, child_id)
    changes = tuple(one for one in changes if last is None or one.entry.id != last.entry.id)  # said once on the page
    return Overview(
        person(book, child_id), status(book, child_id), _may_write(book, part, second), ball,
        first, second, last,
        _appointments(book, child_id), _missing(book, child_id, [one for one in balls if one is not ball]),
        _own_goals(book, child_id, goals[:GOALS]), len(goals[GOALS:]), changes, changes_total, since, mark is None,
        tuple(contacts.involved(book, child_id)), tuple(contacts.relatives(book, child_id)),
    )  # fmt: skip


def person(book: Book, child_id: UUID) -> Person:
    """Who the child is: name and age from the directory, the rest from the newest master data."""
    name = directory.child(child_id) or unknown(child_id)
    rows = book.entries(child_id, Filter(what=("child",), on_timeline=False), limit=1)
    patient = next(iter(_resources(book, rows).values()), {})
    languages = [text_of(c.get("language")) for c in patient.get("communication", ())]
    age = age_on(name.born, local_day(book.scope.at)) if name.born else None
    return Person(
        name, age, str(extension_of(patient, "custody-line") or ""), languages[0] if languages else "",
        str(extension_of(patient, "interpreter") or ""), extension_of(patient, "protected-address") is True,
        any(one.get("type") == "replaces" for one in members(patient.get("link"))),
    )  # fmt: skip


def _resources(book: Book, rows: list[EntryRow]) -> dict[UUID, dict[str, Any]]:
    return {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}


def _contact(known: dict[UUID, Contact], ident: UUID | None) -> Contact | None:
    return known.get(ident) if ident else None


def status(book: Book, child_id: UUID) -> Status | None:
    """The newest status that the reader may read."""
    rows = book.entries(child_id, Filter(what=("status",), without=(_WRONG,), on_timeline=False))
    row = next((one for one in rows if one.readable), None)
    if row is None:
        return None
    text = status_of(_resources(book, [row])[row.id])
    by = _contact(contacts.names(book, child_id, [row.author_id]), row.author_id)
    aged = rules.is_aged(row.start, book.scope.at)
    return Status(row.id, text, row.start, by, aged, row.version, row.recorded_at)


def status_page(book: Book, child_id: UUID) -> StatusPage:
    """The status with everything it said before."""
    now = status(book, child_id)
    return StatusPage(now, _said(book, book.entry(child_id, now.entry_id)) if now else (), may_write(book, child_id))


def _said(book: Book, row: EntryRow) -> tuple[Said, ...]:
    read = [(orjson.loads(one.body), one.recorded_at) for one in reversed(book.versions(row))]
    authors = [ident_of(referred(body, "author") or reference_of(body.get("assessor")))
               for body, _ in read]  # fmt: skip
    known = contacts.names(book, row.child_id, authors)
    return tuple(
        Said(status_of(body), at, _contact(known, author)) for (body, at), author in zip(read, authors, strict=True)
    )


def may_write(book: Book, child_id: UUID) -> bool:
    """Whether the reader may write the child's status: as the coordinator, or instead of one."""
    return _may_write(book, coordination(book, child_id), contacts.coordinator(book, child_id)[1])


def _may_write(book: Book, part: Ball | None, substitute: Contact | None) -> bool:
    """Who may see headings only can't know what it would write over."""
    scope = book.scope
    if part is None or scope.unit_id is None or scope.reach < CONTENT or "ball" not in role_named(scope.role).may:
        return False
    holder = f"{JOB}/{part.holder.id}" if part.holder else ""
    mine = standing(Baton(holder), scope) if holder else ()
    return rules.may_write(mine, substitute=bool(substitute and substitute.id == scope.role_id))


def own_goals(book: Book, child_id: UUID) -> tuple[OwnGoal, ...]:
    """The child's own goals that last, the newest first."""
    return _own_goals(book, child_id, _lasting(book, child_id))


def _lasting(book: Book, child_id: UUID) -> list[tuple[EntryRow, dict[str, Any]]]:
    """The own goals that are not given up or reached, and what they say."""
    rows = book.entries(child_id, Filter(what=("own-goal",)))
    bodies = _resources(book, rows)
    read = ((row, bodies[row.id]) for row in rows if row.id in bodies)
    return [(row, said) for row, said in read if said.get("lifecycleStatus") not in _GIVEN_UP]


def _own_goals(book: Book, child_id: UUID, found: Sequence[tuple[EntryRow, dict[str, Any]]]) -> tuple[OwnGoal, ...]:
    known = contacts.names(book, child_id, [_told_to(said) for _, said in found])
    return tuple(
        OwnGoal(
            row.id, text_of(said.get("description")), row.start, _contact(known, _told_to(said)),
            extension_of(said, "may-be-shared"),
        )
        for row, said in found
    )  # fmt: skip


def _told_to(goal: dict[str, Any]) -> UUID | None:
    return ident_of(referred(goal, "said-to"))


def _last(book: Book, child_id: UUID) -> Change | None:
    """The last thing that was done; tasks, what is still to come and what came to nothing are not acts."""
    done = (
        "meeting",
        "observation",
        "measure",
        "document",
        "letter",
        "message",
        "concern",
        "referral",
        "consent",
        "plan",
        "overall-plan",
    )
    rows = book.entries(child_id, Filter(what=done, without=_NEVER_WAS, start_to=book.scope.at), limit=1)
    return _named(book, child_id, rows)[0] if rows else None


def _named(book: Book, child_id: UUID, rows: list[EntryRow]) -> tuple[Change, ...]:
    known = contacts.names(book, child_id, [row.author_id for row in rows])
    return tuple(Change(row, _contact(known, row.author_id)) for row in rows)


def _appointments(book: Book, child_id: UUID) -> tuple[EntryRow, ...]:
    coming = Filter(what=("appointment",), open=True, start_from=book.scope.at)
    return tuple(book.entries(child_id, coming, limit=APPOINTMENTS, newest_first=False))


def _missing(book: Book, child_id: UUID, tasks: list[Ball]) -> tuple[Missing, ...]:
    """Open tasks besides the ball, and questions about sharing without an answer."""
    consents = book.entries(child_id, Filter(what=("consent",)))
    unanswered = [row for row in consents if rules.is_answer_missing(row, consents)]
    known = contacts.names(book, child_id, [row.author_id for row in unanswered])
    found = [Missing(one.id, one.title, "task", one.holder, one.due) for one in tasks]
    found += [Missing(row.id, row.title, "consent", _contact(known, row.author_id), None) for row in unanswered]
    return tuple(sorted(found, key=lambda one: (one.due is None, one.due or 0)))


Order = Literal["came", "recorded_at"]


def fresh_since(mark: int | None, since: int) -> tuple[Filter, Order]:
    """What is new to a reader, and by what it is ordered: what has come since their mark; without one, what was
    registered since."""
    return (Filter(came_after=mark), "came") if mark is not None else (Filter(recorded_after=since), "recorded_at")


def _changes(book: Book, child_id: UUID, fresh: Filter, order: Order) -> tuple[tuple[Change, ...], int]:
    """What is new, the newest first."""
    rows = book.entries(child_id, fresh, limit=CHANGES, order=order)
    return _named(book, child_id, rows), book.count(child_id, fresh)
