"""What whoever oversees the log (the data protection officer) may do: search it, and see what looks like snooping.

Books stay closed: only lines of the log are read, and pairs of who and whose. The log of one child is opened for a
case with a number, and the number is written in the log.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from barnetsbog.audit import checkpoints, proving
from barnetsbog.audit import queries as log
from barnetsbog.audit.checkpoints import Mark
from barnetsbog.audit.model import Action, Criteria, LogRow, Page, Place, Suspicion
from barnetsbog.audit.operations import Act, number_searched
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import RoleName
from barnetsbog.fhir import folded
from barnetsbog.kernel.cpr import normalise
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY
from barnetsbog.record import store
from barnetsbog.record.relocating import keepers
from barnetsbog.record.scope import Scope

from .naming import without_place
from .roles import role_named, roles

Named = tuple[UUID | None, UUID | None]
"""A professional's role, and the child whose book a line of the log is about."""

CONSPICUOUS_FOR = 90 * DAY
"""How far back one looks for snooping."""


A_PAGE = 25
FHIR = "fhir"
"""In the log: the log was read over the interface and not on a page."""


class NoCase(ValueError):
    """The log of one child is not read without a case number."""


def search(scope: Scope, criteria: Criteria, *, number: str = "", case: str = "", before: Place | None = None) -> Page:
    """Lines of the log. `number`: of one child, by its person number; then `case` must be given."""
    if number and not case.strip():
        raise NoCase
    child_id = directory.child_by_number(normalise(number)) if number else None
    with _overseen(scope, child_id, _asked(criteria, number, case)):
        if number and child_id is None:
            return Page([], None)
        asked = Criteria(
            people=criteria.people, child_id=child_id, action=criteria.action, allowed=criteria.allowed,
            break_glass=criteria.break_glass, since=criteria.since, until=criteria.until,
        )  # fmt: skip
        return log.search(asked, limit=A_PAGE, before=before)


def lines(scope: Scope, criteria: Criteria, *, case: str, limit: int, before: Place | None = None) -> Page:
    """The same over FHIR, where a child is named by its id."""
    if criteria.child_id and not case.strip():
        raise NoCase
    with _overseen(scope, criteria.child_id, {**_asked(criteria, "", case), "over": FHIR}):
        return log.search(criteria, limit=limit, before=before)


def line(scope: Scope, event_id: UUID) -> LogRow:
    """One line, over FHIR. NotFound when there is none."""
    with _overseen(scope, None, {"what": "event", "event": str(event_id), "over": FHIR}):
        found = log.one(event_id)
        if found is None:
            raise NotFound
        return found


def suspicions(scope: Scope) -> list[Suspicion]:
    """Who it seems looked where they had no business, in the last months."""
    with _overseen(scope, None, {"what": "snooping"}):
        systems = [code for code, role in roles().items() if role.system]
        return log.snooping(scope.at - CONSPICUOUS_FOR, tied=tied, same_surname=same_surname, systems=systems)


def checkpoint(scope: Scope, size: int) -> dict[str, Any]:
    """A checkpoint as it is kept and signed elsewhere. NotFound when there is none of that size."""
    with _overseen(scope, None, {"what": "checkpoint", "size": size}):
        return checkpoints.exported(_mark(size))


def continued(scope: Scope, size: int) -> dict[str, Any]:
    """The proof that the log has only grown since a checkpoint."""
    with _overseen(scope, None, {"what": "checkpoint-proof", "size": size}):
        return proving.continued(_mark(size))


def _mark(size: int) -> Mark:
    found = checkpoints.of_size(size)
    if found is None:
        raise NotFound
    return found


def proof(scope: Scope, event_id: UUID) -> dict[str, Any]:
    """The proof that one line stands in the newest checkpoint. NotFound when it does not."""
    with _overseen(scope, None, {"what": "proof", "event": str(event_id)}):
        return proving.inclusion(event_id)


@contextmanager
def _overseen(scope: Scope, child_id: UUID | None, asked: dict[str, Any]) -> Iterator[None]:
    """Reading the log is itself in the log; for others than its overseers there is no log."""
    if "audit" not in role_named(scope.role).may:
        raise NotFound
    with Act() as act:
        yield
        act.note(Action.LOG_READ, at=scope.at, by=scope, child_id=child_id, **asked)


def _asked(criteria: Criteria, number: str, case: str) -> dict[str, object]:
    given = {
        "people": [str(one) for one in criteria.people], "sought": criteria.action or [*criteria.actions],
        "outcome": criteria.allowed,
        "glass": criteria.break_glass, "since": criteria.since, "until": criteria.until, "case": case.strip(),
    }  # fmt: skip
    kept: dict[str, object] = {name: value for name, value in given.items() if value not in (None, "", [], False)}
    return {"what": "search", **kept, **(number_searched(number)._asdict() if number else {})}


def staff(scope: Scope, pairs: Iterable[Named]) -> dict[Named, RoleName]:
    """Professionals by name, each in the matter of a child. Where its address is protected they are told without where
    they work, but for the overseer's own unit: it would tell which school or doctor the child has."""
    wanted = [(who, child) for who, child in pairs if who]
    now = keepers({child for _, child in wanted if child})
    protected = store.protected(now.values(), scope.at)
    known = directory.roles({who for who, _ in wanted})
    shut = {ident: role if role.unit_id == scope.unit_id else without_place(role) for ident, role in known.items()}
    found = {(who, child): (shut if child and now[child] in protected else known).get(who) for who, child in wanted}
    return {pair: role for pair, role in found.items() if role}


def tied(pairs: set[log.Pair]) -> set[log.Pair]:
    """Those pairs where the person has something of their own in the book: it was written by them, names them, or is
    them. Only the pairs are told."""
    if not pairs:
        return set()
    now = keepers({child for _, child in pairs})
    found = store.ties({who for who, _ in pairs}, set(now.values()))
    return {(who, child) for who, child in pairs if (who, now[child]) in found}


def same_surname(pairs: set[log.Pair]) -> set[log.Pair]:
    """Those pairs where professional and child are called the same."""
    people = {ident: _surname(role.name) for ident, role in directory.roles({who for who, _ in pairs}).items()}
    children = {ident: _surname(one.family) for ident, one in directory.children({c for _, c in pairs}).items()}
    return {(who, child) for who, child in pairs if people.get(who) and people.get(who) == children.get(child)}


def _surname(name: str) -> str:
    return folded(name).rpartition(" ")[2]
