"""Who a child's letters could go to: the child, its parents and carers, the units that have a task with it."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.access.facts import Facts
from barnetsbog.access.openers import held
from barnetsbog.contacts.queries import working
from barnetsbog.delivery.channels.digital_post.sender import sender
from barnetsbog.delivery.model import Channel
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import Gone
from barnetsbog.fhir.own import codes_of, extension_of, extensions_of, ident_of, in_use, number_of, texts_in
from barnetsbog.intake.writing import patient_of
from barnetsbog.kernel.cpr import CPR_SYSTEM, DEMO_SYSTEM
from barnetsbog.kernel.time import age_on, local_day
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.promotion import text_of
from barnetsbog.requests.model import Ground, Request

from .model import Audience, Candidate, Person, Template
from .standing import CARE, CUSTODY, Circumstances, answering, channels, standing

Resource = dict[str, Any]
_PARENTS = frozenset(("MTH", "FTH", "PRN", "NMTH", "NFTH", "NPRN", "ADOPTP", "ADOPTM", "ADOPTF"))
"""Whom the law knows as parents: a step-parent has a right to nothing (forældreansvarsloven § 23)."""
_ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"


def circumstances(book: Book, child_id: UUID, facts: Facts, *, unit: UUID, lane: str, class_: str) -> Circumstances:
    """What everybody's standing depends on now, when this unit writes something of this class."""
    at, child = book.scope.at, facts.child
    dead = child.died_at is not None and child.died_at <= at
    honour = child.parents_wait
    return Circumstances(
        held(child_id, at), unit=unit, lane=lane, class_=class_, protected=facts.protected, dead=dead, honour=honour,
        partners=_partners(facts, str(unit)), post=sender() is not None,
    )  # fmt: skip


def _partners(facts: Facts, unit: str) -> set[UUID]:
    """Both ends of a sharing know of each other, whatever was answered."""
    shared = ({*one.disclosers, one.recipient} - {""} for one in facts.consents)
    return {UUID(one) for parties in shared if unit in parties for one in parties}


def candidates(book: Book, child_id: UUID, template: Template, now: Circumstances) -> list[Candidate]:
    """Everybody of the child's circle whom the letter is meant for, also those who get none, with the reason."""
    found = [*family(book, child_id, now), *_units(book, child_id, now)]
    strangers = directory.elsewhere(now.unit)
    return [_candidate(one, template, now, strangers) for one in found if one.audience in template.to]


def the_one_who_asked(
    book: Book, child_id: UUID, template: Template, now: Circumstances, asked: Request
) -> list[Candidate]:
    """The only one whom an answer to a request can go to. Who has no custody has no log-in, and reads it elsewhere."""
    as_holder = asked.ground is Ground.ACCESS
    found = (one for one in family(book, child_id, now) if one.reference == asked.asker)
    return [Candidate(one, answering(one, now, as_holder=as_holder), *_ways(one, template, now)) for one in found]


def _ways(person: Person, template: Template, now: Circumstances) -> tuple[tuple[Channel, ...], str]:
    return channels(person, template.channels, post=now.post)


def _candidate(person: Person, template: Template, now: Circumstances, strangers: frozenset[UUID]) -> Candidate:
    return Candidate(person, standing(person, now, abroad(person, now, strangers)), *_ways(person, template, now))


def abroad(person: Person, now: Circumstances, strangers: frozenset[UUID]) -> frozenset[UUID]:
    """The writer's unit, for whom it is one of another municipality. `strangers`: those for whom it is."""
    return frozenset((now.unit,)) if ident_of(person.reference) in strangers else frozenset()


# -- the family --------------------------------------------------------------------------------------------------------


def family(book: Book, child_id: UUID, now: Circumstances) -> Iterator[Person]:
    """The child, its parents, also one without custody, and its carers."""
    rows = book.entries(child_id, Filter(what=("child", "person"), on_timeline=False), newest_first=False)
    bodies = {ident: orjson.loads(body) for ident, body in book.bodies(rows).items()}
    home: tuple[str, ...] = ()
    patient = patient_of(child_id) if rows else ""
    for row in sorted(rows, key=lambda row: row.what):  # the child first
        body = bodies.get(row.id)
        if body is None or body.get("active") is False:
            continue
        if row.what == "child":
            home = _address(body, book.scope.at) or home
            if str(row.id) == patient:  # several systems may tell of it
                yield _child(body, row.title, book.scope.at, home)
        elif audience := _audience(row.id, body, now):
            yield _relative(body, row.title, audience, book.scope.at, home)


def _child(body: Resource, name: str, at: int, home: tuple[str, ...]) -> Person:
    born = str(body.get("birthDate", ""))
    age = age_on(local_day(at).fromisoformat(born), local_day(at)) if len(born) == 10 else None
    return Person(
        f"Patient/{body['id']}", name, Audience.CHILD, age=age, number=_number(body, at), exempt=_exempt(body),
        at_home=True, address=home,
    )  # fmt: skip


def _relative(body: Resource, name: str, audience: Audience, at: int, home: tuple[str, ...]) -> Person:
    relation = text_of(body.get("relationship"))
    at_home = extension_of(body, "lives-with-child") is True
    return Person(
        f"RelatedPerson/{body['id']}", name, audience, relation, number=_number(body, at), exempt=_exempt(body),
        deceased=extension_of(body, "deceased") is not None, at_home=at_home,
        address=_address(body, at) or (home if at_home else ()),
    )  # fmt: skip


def _audience(ident: UUID, body: Resource, now: Circumstances) -> Audience | None:
    """As what a relative receives: by the rights they have now; a parent who has none is a parent all the same."""
    rules = {grant.rule for who, grant in now.held if who == ident}
    if CARE in rules and CUSTODY not in rules:
        return Audience.CARER
    parent = _PARENTS.intersection(codes_of(body.get("relationship"), _ROLE_CODE))
    held_once = extensions_of(body, "custody")
    return Audience.HOLDER if CUSTODY in rules or parent or held_once else None


def _number(body: Resource, at: int) -> str:
    return number_of(body, (CPR_SYSTEM, DEMO_SYSTEM), at).replace("-", "")


def _exempt(body: Resource) -> bool:
    return extension_of(body, "no-digital-post") is True


def _address(body: Resource, at: int) -> tuple[str, ...]:
    """Where somebody lives now: a letter to where they lived before would be opened by others."""
    found = next(in_use(body.get("address"), at), {})
    town = " ".join(str(found[part]) for part in ("postalCode", "city") if found.get(part))
    return tuple(one for one in (*texts_in(found.get("line")), town) if one)


# -- units -------------------------------------------------------------------------------------------------------------


def _units(book: Book, child_id: UUID, now: Circumstances) -> Iterator[Person]:
    ids = ({row.unit_id for row in working(book, child_id) if row.unit_id} | now.partners) - {now.unit}
    away = directory.away(ids, book.scope.at)
    names = naming.units(book.scope, ids, veiled=book.veiled(child_id))
    for unit in sorted(names.values(), key=lambda one: one.name):
        closed = unit.id in away and away[unit.id].why is Gone.CLOSED
        yield Person(f"Organization/{unit.id}", unit.name, Audience.UNIT, sector=unit.sector, closed=closed)


def by_reference(found: Iterable[Candidate]) -> dict[str, Candidate]:
    return {one.person.reference: one for one in found}
