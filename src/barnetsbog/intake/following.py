"""What an entry sets off, as units of work of our own: the balls that deadlines open, and those that an answer about
consent asks for."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access.deriving import judged
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.consent.addressing import addressed_to
from barnetsbog.consent.mapping import consent_of
from barnetsbog.consent.matters import asked_about, key_of
from barnetsbog.deadlines import rules
from barnetsbog.deadlines.in_use import deadlines_in_use
from barnetsbog.deadlines.model import DUTIES, Deadline
from barnetsbog.deadlines.opening import (
    Event,
    Known,
    Said,
    acting,
    balls,
    is_the_same,
    owed,
    owed_ball,
    said_at,
    sooner,
)
from barnetsbog.deadlines.opening import Unit as Workplace
from barnetsbog.directory.places import Place
from barnetsbog.directory.queries import child as child_named
from barnetsbog.directory.queries import elsewhere
from barnetsbog.kernel.time import told_until
from barnetsbog.law.model import Consent
from barnetsbog.record import store
from barnetsbog.record.instance import id_key
from barnetsbog.record.promotion import Promoted, promote
from barnetsbog.record.shelves import default_class
from barnetsbog.responsibility.mapping import deadline_of

from .model import OWN_SOURCE, Item, Unit

Resource = dict[str, Any]


def followed(
    item: Item, child: bytes, place: Callable[[str], Place], counting: list[Deadline], *, received: int,
    before: int | None,
) -> list[Unit]:  # fmt: skip
    """The balls, ready to be stored in the child's book. `place`: where an author or a receiver works; `counting`: the
    deadlines that count when it is received; `before`: the version that it had, if it was there. What was planned and
    begins, or was a draft and is sent, sets off then what it would have set off at once. What is told to have happened
    earlier than was told before is due earlier."""
    known = Known(lambda: _born(child), received, lambda what, unit: _has(child, what, unit))

    def opened(resource: Resource, read: Promoted, not_before: int) -> dict[bytes, Resource]:
        event, then = _event(resource, read, place), known._replace(not_before=not_before)
        found = balls(event, then, counting, deadlines_in_use().days, key=id_key())
        return {UUID(one["id"]).bytes: one for one in found}

    now, read = orjson.loads(item.body), item.promoted
    if before is None:
        return [_stored(one) for one in opened(now, read, 0).values()]
    possible = opened(now, read, received)
    if not possible:
        return []
    there = store.present([*possible])
    body, recorded_at = store.said_before(child, item.entry_id, before)
    said = orjson.loads(body)
    was = promote(said)
    events = _event(now, read, place), _event(said, was, place)
    corrected = is_the_same(*events)
    not_before = 0 if corrected else recorded_at
    old = there.keys() | opened(said, was, not_before).keys()
    found = [_stored(one) for ident, one in opened(now, read, not_before).items() if ident not in old]
    mine = [ident for ident, one in there.items() if one.child_id == child]
    return found + (_earlier(child, mine, events, counting, received) if corrected else [])


def _earlier(
    child: bytes, there: Iterable[bytes], events: tuple[Event, Event], counting: list[Deadline], received: int
) -> list[Unit]:
    """The balls of an event, as it is told now and as it was before, that are due earlier by that."""
    now, was = (one.read for one in events)
    if told_until(now.start, now.exactness) >= was.start:  # nor is it earlier, what is told less exactly
        return []
    tasks = (orjson.loads(store.body_of(child, ident)) for ident in sorted(there))
    by_id, days = {one.id: one for one in counting}, deadlines_in_use().days
    moved = (
        sooner(task, *events, deadline, days, received)
        for task in tasks if (deadline := by_id.get(deadline_of(task)))
    )  # fmt: skip
    return [_stored(one) for one in moved if one]


def _has(child: bytes, what: str, unit: Workplace) -> bool:
    """Whether a unit's sector has it. What another municipality has written is none of theirs, and told to nobody here
    (ADR 16)."""
    return bool(store.with_active(child, what, unit.sector) - elsewhere(UUID(unit.id)))


def _event(resource: Resource, read: Promoted, place: Callable[[str], Place]) -> Event:
    to = tuple(found for reference in addressed_to(resource) if (found := _workplace(place(reference))))
    class_ = read.sensitivity or default_class(read.what, place(read.author).lane)
    return Event(resource, read, class_, _workplace(place(read.author)), to)


def besides(
    item: Item, child: bytes, place: Callable[[str], Place], counting: list[Deadline], *, received: int, is_new: bool
) -> list[Unit]:
    """The balls of what the law asks for besides what a consent record says, but those that were opened before. What
    is old history asks for nothing any more."""
    consent = None if item.promoted.imported else consent_of(orjson.loads(item.body))
    if not isinstance(consent, Consent):
        return []
    ident, started, days = UUID(bytes=child), said_at(consent, received), deadlines_in_use().days
    dues = {
        one: due for one in counting if one.starts in DUTIES
        if (due := rules.opens(one, started=started, received=received, born=lambda: _born(child), days=days))
    }  # fmt: skip
    facts = facts_of(ident) if dues else None
    asked = asked_about(facts.consents).get(key_of(consent)) if facts else None
    if facts is None or asked is None:
        return []
    at_work = {one.unit for one in facts.cares if one.start <= received < one.end}
    at_work |= {unit for one in facts.referred if one.start <= received < one.end for unit in one.units}
    unit = acting(consent, str(store.asked_by(child, item.entry_id) or ""), at_work)
    here = _workplace(place(f"Organization/{unit}")) if unit else None
    if here is None:
        return []
    law = law_in_use().book
    answer = judged(asked.matter, facts, received, law)
    said = Said(consent, started, answer, bool(law.acts[consent.act].silent), is_new)
    found = [
        owed_ball(one, said, child=facts.child.id, name=_name(child, one.person), deadline=deadline, unit=here,
                  due=due, key=id_key())
        for one in owed(said) for deadline, due in dues.items()
        if deadline.starts is one.starts and here.sector in deadline.sectors
    ]  # fmt: skip
    known = store.present([UUID(one["id"]).bytes for one in found])
    return [_stored(one) for one in found if UUID(one["id"]).bytes not in known]


def _stored(ball: Resource) -> Unit:
    return Unit(f"Task/{ball['id']}", orjson.dumps(ball), OWN_SOURCE, own=True)


def _name(child: bytes, person: str) -> str:
    return store.title(child, UUID(person).bytes) if person else ""


def _born(child: bytes) -> date | None:
    name = child_named(UUID(bytes=child))
    return name.born if name else None


def _workplace(place: Place) -> Workplace | None:
    return Workplace(str(UUID(bytes=place.unit_id)), place.lane) if place.unit_id else None
