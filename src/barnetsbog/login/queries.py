"""Whom a log-in is about, and the log-ins that hold."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from barnetsbog.access.roles import roles as roles_described
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.directory import queries as directory
from barnetsbog.kernel.cpr import DEMO_SYSTEM, PERSON_NUMBER_SYSTEMS
from barnetsbog.kernel.time import DAY
from barnetsbog.record import store
from barnetsbog.record.fields import for_database, maybe_uuid, uuid_of
from barnetsbog.record.instance import is_demo
from barnetsbog.record.scope import LoginLevel
from barnetsbog.record.sql import fetch, fetch_one

from . import rules
from .clock import wall
from .model import Audience, Choice, Identity, Job, Kept, Provider, Session
from .models import KeptInput

NUMBER_ID = "https://data.gov.dk/model/core/eid/cprUuid"
PROFESSIONAL = "https://data.gov.dk/model/core/eid/professional/uuid/persistent"
"""The systems under which a source says, in a Patient, RelatedPerson or Practitioner, what MitID calls the person. A
CPR number stands under the CPR office's own."""
CVR = "urn:oid:2.16.840.1.113883.2.24.1.1"
ORGANISATION = "https://kombit.dk/sts/organisation"
"""hl7.dk core, DkCoreOrganization: the systems of a unit's CVR number and of its id in KOMBIT's organisation."""


def choices(identity: Identity, provider: Provider) -> tuple[Choice, ...]:
    """As whom somebody can be logged in now. None says nothing about whether they are known."""
    if provider.audience is Audience.CITIZENS:
        return tuple(_books(identity))
    own = [job for one in _uuids(PROFESSIONAL, identity.professional) for job in _jobs(one)]
    found = rules.jobs(identity, provider, own, {code: one.privilege for code, one in roles_described().items()})
    return tuple(one for one in found if scope_for(one.actor_id, level=identity.level))


def _books(identity: Identity) -> Iterable[Choice]:
    """The books that they have rights in. Custody is what the books' sources say; no claim is asked."""
    if not rules.may_be_here(identity.number, demo=is_demo()):
        return
    known = {DEMO_SYSTEM} if is_demo() else PERSON_NUMBER_SYSTEMS - {DEMO_SYSTEM}
    found = {*store.people_numbered(identity.number, known), *store.people_numbered(identity.number_id, {NUMBER_ID})}
    for child_id, person_id in sorted(found):
        if scope_for_person(person_id, child_id, level=identity.level):
            yield Choice(person_id, child_id)


def _uuids(system: str, value: str) -> list[UUID]:
    return store.professionals_numbered(value, system) if value else []


def _jobs(professional_id: UUID) -> list[Job]:
    """A professional's jobs, with what their units and the wholes of these are called."""
    found = [one for one in directory.roles(directory.roles_of(professional_id)).values() if one.active and one.unit_id]
    above = {one.id: directory.units_above(one.unit_id) for one in found if one.unit_id}
    names = store.numbers_of_units({unit for units in above.values() for unit in units})
    jobs = []
    for one in found:
        mine = {pair for unit in above[one.id] for pair in names.get(unit, ())}
        jobs.append(Job(
            one.id, one.code, frozenset(value for system, value in mine if system == CVR),
            frozenset(value.lower().removeprefix("urn:uuid:") for system, value in mine if system == ORGANISATION),
        ))  # fmt: skip
    return jobs


_SESSIONS = """SELECT id, provider, who, actor_id, child_id, level, started_at, seen_at, ended_at, name_id,
  session_index FROM login_session WHERE """


def session(ident: UUID) -> Session | None:
    """A log-in, whether or not it still holds. In plain SQL: every request asks."""
    row = fetch_one(_SESSIONS + "id = %s", [for_database(ident, connection)])
    return _session(*row) if row else None


def running(who: str, *, limits_from: int) -> list[Session]:
    """The log-ins of a person that began after a moment and have not been ended, the newest first."""
    theirs = "who = %s AND ended_at IS NULL AND started_at > %s ORDER BY started_at DESC"
    return [_session(*row) for row in fetch(_SESSIONS + theirs, [who, limits_from])]


def _session(ident: Any, provider: str, who: str, actor: Any, child: Any, level: str, *rest: Any) -> Session:
    return Session(uuid_of(ident), provider, who, uuid_of(actor), maybe_uuid(child), LoginLevel(level), *rest)


def kept(session: Session) -> Kept | None:
    """What this person had typed, as whom they are logged in now, when their last log-in was over."""
    mine = KeptInput.objects.filter(
        who=session.who, actor_id=session.actor_id, child_id=session.child_id, kept_at__gt=wall() - DAY
    )
    row = mine.order_by("-kept_at").first()
    return Kept(row.id, row.path, tuple((name, value) for name, value in row.fields)) if row else None
