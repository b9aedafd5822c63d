"""The log over FHIR, for those who may read it on a page, and no more than the page tells them.

Whoever oversees the log reads all of it, one child's for a case with a number. The child itself and those who hold
custody read who had to do with the child's book (`own_log`). For everybody else there is no log. Reading it is in the
log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings

from barnetsbog.audit.mapping import Agent, Telling, actions_of, audit_event, letter
from barnetsbog.audit.model import Action, Criteria, LogRow, Place
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import RoleName
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import derived_id
from barnetsbog.kernel.time import DAY, day_start, local_day
from barnetsbog.record import store
from barnetsbog.record.instance import id_key
from barnetsbog.record.scope import Scope

from . import overseeing
from .gathering import patients_of
from .naming import somewhere
from .overseeing import FHIR
from .own_log import OwnLog, look_up_of, own_log
from .reading import open_book
from .roles import role_named

Resource = dict[str, Any]
FAR_BACK = 730 * DAY
"""How far back a family is told without asking for more."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for. `patient` and `agent` are ids of resources; moments are UTC microseconds, `until` is not
    included; `action` is C, R, U, D or E; `case` is the number of the case that one child's log is read in."""

    patient: UUID | None = None
    agent: UUID | None = None
    action: str = ""
    since: int | None = None
    until: int | None = None
    case: str = ""


class Events(NamedTuple):
    """A page of AuditEvents, the newest first. `next`: where the next one begins; None when this is the last."""

    resources: list[Resource]
    next: Place | None


def search(scope: Scope, wanted: Wanted, *, count: int = MOST, before: Place | None = None) -> Events:
    """The lines that fit, for somebody who may read the log. `NotFound` when they may not; `overseeing.NoCase` when a
    child is named without a case number."""
    limit = max(1, min(count, MOST))
    child_id = _child_of(wanted.patient) if wanted.patient else None
    if _oversees(scope):
        actions, none_of = actions_of(wanted.action) if wanted.action else ((), ())
        criteria = Criteria(
            person_id=wanted.agent, child_id=child_id, actions=actions, none_of=none_of, since=wanted.since,
            until=wanted.until,
        )  # fmt: skip
        page = overseeing.lines(scope, criteria, case=wanted.case, limit=limit, before=before)
        return Events([audit_event(one) for one in _overseen(scope, page.rows)], page.next)
    if scope.child is None or child_id not in (None, scope.child):
        raise NotFound
    since = scope.at - FAR_BACK if wanted.since is None else wanted.since
    told = _own(scope, scope.child, day_start(local_day(since)))
    fitting = [one for one in told if one.at >= since and _fits(one, wanted) and _is_after(one, before)]
    shown = fitting[:limit]
    more = Place(shown[-1].at, UUID(shown[-1].id)) if len(fitting) > limit else None
    return Events([audit_event(one) for one in shown], more)


def read(scope: Scope, ident: UUID) -> Resource:
    """One line. `NotFound` when there is none, or it is not the reader's to know."""
    if _oversees(scope):
        return audit_event(_overseen(scope, [overseeing.line(scope, ident)])[0])
    if scope.child is None:
        raise NotFound
    found = next((one for one in _own(scope, scope.child, 0) if one.id == str(ident)), None)
    if found is None:
        raise NotFound
    return audit_event(found)


def _oversees(scope: Scope) -> bool:
    return "audit" in role_named(scope.role).may


def _child_of(patient: UUID) -> UUID:
    """Whose book a Patient is in; one that there is not is nobody's."""
    found = store.filed_on([patient.bytes]).get(patient.bytes)
    return UUID(bytes=found) if found else patient


def _patients(children: Iterable[UUID | None]) -> dict[UUID, str]:
    """References to the resources that children are."""
    found = patients_of({one for one in children if one})
    return {child: f"Patient/{patient}" for child, patient in found.items()}


# -- for overseers -----------------------------------------------------------------------------------------------------


def _overseen(scope: Scope, rows: Sequence[LogRow]) -> list[Telling]:
    staff = overseeing.staff(scope, [(row.person_id, row.child_id) for row in rows])
    patients = _patients(row.child_id for row in rows)
    return [
        Telling(
            str(row.id), row.at, row.action, row.allowed, _agent(row, staff.get((row.person_id, row.child_id))),
            str(row.detail.get("client", "")), patients.get(row.child_id, "") if row.child_id else "", row.purpose,
            row.reason, row.action == Action.BREAK_GLASS or row.detail.get("acute") is True, row.detail,
        )
        for row in rows
    ]  # fmt: skip


def _agent(row: LogRow, role: RoleName | None) -> Agent:
    """Where somebody works is not told of a child whose address is protected, so their job is not referred to."""
    if row.person_id is None:
        return Agent("Barnets Bog")
    if role is None:
        return Agent(row.role)
    return Agent(role.with_unit, f"PractitionerRole/{role.id}" if role.unit_id else "")


# -- for families ------------------------------------------------------------------------------------------------------


def _own(scope: Scope, child_id: UUID, since: int) -> list[Telling]:
    days = -(-(scope.at - since) // DAY)
    with open_book(scope, Action.LOG_READ, child_id, what="own", days=days, over=FHIR) as book:
        log = own_log(book, child_id, since=since, whole=True)
    rows = [row for row in log.rows if row.action != Action.RIGHTS]
    roles = directory.roles({row.person_id for row in rows if row.person_id and row.unit_id})
    units = directory.units({row.unit_id for row in rows if row.unit_id})
    sectors = {ident: unit.sector for ident, unit in units.items()}
    patient = _patients([child_id]).get(child_id, "")
    told = [
        _told(row, log, _known(row, scope, roles, sectors, log), patient)
        for row in rows
        if not (row.unit_id and sectors.get(row.unit_id, "other") in log.without)
    ]
    once = {one.id: one for one in told}
    return sorted(once.values(), key=lambda one: (one.at, one.id), reverse=True)


def _told(row: LogRow, log: OwnLog, agent: Agent, patient: str) -> Telling:
    glass = look_up_of(row, log.look_ups)
    ident, at = _of_the_day(row, agent) if row.action == Action.IMPORT else (row.id, row.at)
    return Telling(
        str(ident), at, row.action, True, agent, "", patient, "" if glass else row.purpose,
        glass.reason if glass and not log.nameless else "", glass is not None,
    )  # fmt: skip


def _of_the_day(row: LogRow, agent: Agent) -> tuple[UUID, int]:
    """Of an import the day is told, and neither the hour nor how many: that would tell of what the reader may not see.
    The id of a line has its hour in it, so a day's imports have one of their own."""
    at = day_start(local_day(row.at))
    return derived_id(id_key(), "audit-import", str(row.child_id), str(at), agent.name), at


def _known(row: LogRow, scope: Scope, roles: dict[UUID, RoleName], sectors: dict[UUID, str], log: OwnLog) -> Agent:
    """Who it was, as the family may know it: see `own_log` and docs/audit.md, "Who reads it"."""
    if row.person_id is None:
        return Agent("Barnets Bog")
    if row.unit_id is None:
        mine = row.person_id == scope.role_id
        return Agent(row.role, f"RelatedPerson/{row.person_id}" if mine and not scope.own else "")
    role = roles.get(row.person_id)
    if log.nameless or role is None:
        return Agent(somewhere(sectors.get(row.unit_id, "other")))
    if str(row.person_id) in settings.LOG_WITHOUT_NAMES:
        return Agent(", ".join(part for part in (role.title, role.unit) if part))
    return Agent(role.with_unit, f"PractitionerRole/{role.id}")


def _fits(one: Telling, wanted: Wanted) -> bool:
    return (
        (wanted.until is None or one.at < wanted.until)
        and (not wanted.action or letter(one.action) == wanted.action)
        and (wanted.agent is None or one.agent.reference.endswith(f"/{wanted.agent}"))
    )


def _is_after(one: Telling, before: Place | None) -> bool:
    return before is None or (one.at, one.id) < (before.at, str(before.id))
