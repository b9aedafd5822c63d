"""What an event sets off: balls, opened where the event is stored, in the same transaction (ADR 14). Pure.

A ball is offered to the unit whose duty it is and nobody's until somebody there accepts it. It stands on the shelf of
what set it off, so that it is known to nobody to whom that is not. Its id follows from deadline, event and unit: the
same event opens it once, however often it arrives.

An answer about consent may have duties besides (`law.duties`). Their balls are the acting unit's alone (class D):
they tell what somebody answered, and who has answered what is told to nobody else.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from barnetsbog.fhir.own import codes_of, extension_of, members, reference_of
from barnetsbog.kernel.ids import derived_id
from barnetsbog.kernel.time import local_day, told_until
from barnetsbog.law import duties
from barnetsbog.law.model import Answer, Blocked, Capacity, Complete, Consent, Kind, NotRequired, Status
from barnetsbog.law.rules import YOUNG_PERSON_ANSWERS
from barnetsbog.record.promotion import (
    CARER_STATUS,
    CARER_TOPIC,
    DIALOGUE,
    HELP,
    HONOUR_CONFLICT,
    Promoted,
    label_of,
    text_of,
)
from barnetsbog.record.shelves import DRAFT
from barnetsbog.responsibility import mapping
from barnetsbog.responsibility.model import Baton, Move, NewBall
from barnetsbog.responsibility.model import Event as Moved

from . import rules
from .model import TO_RECEIVER, Deadline, Start
from .working_days import WorkingDays

Resource = dict[str, Any]

SETS_OFF = {
    "concern": Start.CONCERN,
    "intervention": Start.SUPPORT,
    "document": Start.DECISION,
    DIALOGUE: Start.MESSAGE,
    CARER_STATUS: Start.HELP,
    HONOUR_CONFLICT: Start.HONOUR,
}
"""What an entry must be to set something off."""
_DECISION = re.compile(r"\s*afgørelse(?!\w)", re.IGNORECASE)
"""A type of document: »Afgørelse«, »Afgørelse om aflastning«; not »Afgørelsesudkast«."""
EARLIER = "Det begyndte tidligere, end der stod først. Fristen er talt om."
_SUSPECTED = "preliminary"
_VOID = frozenset((
    "entered-in-error", "draft", "preparation", "revoked", "stopped", "not-done", "completed", "superseded",
))  # fmt: skip
"""FHIR's words for what is not, not yet or no more, of plans, procedures and documents."""


class Unit(NamedTuple):
    """An id, and the sector it is of."""

    id: str
    sector: str


class Event(NamedTuple):
    """An entry that is new in a child's book, or a new version of one. `by`: the unit that wrote it; `to`: those it is
    sent to; `class_`: how guarded it stands."""

    resource: Resource
    read: Promoted
    class_: str
    by: Unit | None
    to: tuple[Unit, ...]


class Known(NamedTuple):
    """When it was received, and what is asked only when it matters: when the child is born, and whether a unit's sector
    has written something of a kind that counts now. `not_before`: when another version told that it had not happened.
    """

    born: Callable[[], date | None]
    received: int
    has: Callable[[str, Unit], bool]
    not_before: int = 0


def balls(
    event: Event, known: Known, deadlines: Iterable[Deadline], days: WorkingDays, *, key: bytes
) -> Iterator[Resource]:
    """The Tasks that an event opens. `key`: the instance's, from which ids are derived."""
    starts = _start(event)
    started, latest = _happened(event.read, known.received, known.not_before)
    for one in deadlines:
        if one.starts is not starts or event.read.imported:
            continue
        due = rules.opens(one, started=started, latest=latest, received=known.received, born=known.born, days=days)
        for unit in _units(event, one) if due is not None else ():
            if not any(known.has(kind, unit) for kind in one.unless):
                yield _ball(event, one, unit, started, due, key)


def _happened(read: Promoted, received: int, not_before: int) -> tuple[int, int]:
    """The first and the last moment at which an event may have happened: never after it was received."""
    if not read.start:
        return received, received
    told = read.start, told_until(read.start, read.exactness)
    first, last = (min(max(one, not_before), received) for one in told)
    return first, last


def is_the_same(now: Event, before: Event) -> bool:
    """Whether a version tells of what the one before did, between the same units: its day may have been corrected."""
    return _start(now) is not None and (_start(now), now.by, now.to) == (_start(before), before.by, before.to)


def sooner(
    task: Resource, now: Event, before: Event, deadline: Deadline, days: WorkingDays, at: int
) -> Resource | None:
    """The next version of a ball whose event is told to have happened earlier than it was before: it is due earlier.
    None when it is not, when it has ended, or when somebody has chosen another day. Whatever is told to have happened
    later moves nothing by itself: whoever has the ball may move it, and says why."""
    was, due = (rules.after(_happened(one.read, at, 0)[0], deadline.length, days) for one in (before, now))
    baton = mapping.baton_of(task)
    if due >= was or baton.over or mapping.due_of(task) != was:
        return None
    return mapping.with_move(task, Moved(Move.DUE, at, baton.opened_by, baton, EARLIER, due))


def _start(event: Event) -> Start | None:
    """What happened; None when it sets nothing off after all."""
    start = SETS_OFF.get(event.read.what)
    if start is Start.MESSAGE:
        return _of_message(event)
    if start is Start.HELP:
        return _of_status(event)
    if start is Start.HONOUR:
        return start if event.read.status == _SUSPECTED else None
    if start is Start.DECISION and not _DECISION.match(text_of(event.resource.get("type"))):
        return None
    return None if start is not Start.CONCERN and event.resource.get("status") in _VOID else start


def _of_message(event: Event) -> Start | None:
    """What the family writes is to be read; what a unit writes to the family sets nothing off."""
    if event.by is not None:
        return None
    return Start.DANGER if extension_of(event.resource, "danger") is True else Start.MESSAGE


def _of_status(event: Event) -> Start | None:
    """How it goes where the child lives sets something off only when help is asked for, or it tells of danger."""
    topics = [one.get("code") for one in members(event.resource.get("component"))]
    asks = Start.HELP if HELP in codes_of(topics, CARER_TOPIC) else None
    return Start.DANGER if extension_of(event.resource, "danger") is True else asks


def _units(event: Event, deadline: Deadline) -> list[Unit]:
    """Whose duty it is: of what is sent, the receivers', of what somebody did, their own."""
    about = (
        event.to if deadline.starts in TO_RECEIVER else event.to[:1] if deadline.starts is Start.HELP else (event.by,)
    )
    return [unit for unit in dict.fromkeys(about) if unit and unit.sector in deadline.sectors]


def _ball(event: Event, deadline: Deadline, unit: Unit, started: int, due: int | None, key: bytes) -> Resource:
    about = f"{event.resource['resourceType']}/{event.resource['id']}"
    ident = derived_id(key, "deadline", deadline.id, about, unit.id)
    child = reference_of(event.resource.get("subject")).rpartition("/")[2]
    wanted = NewBall(deadline.title, deadline.text, due=due, important=deadline.important, about=about)
    return _opened(str(ident), child, wanted, deadline, unit, started, event.class_)


def _opened(
    ident: str, child: str, wanted: NewBall, deadline: Deadline, unit: Unit, at: int, class_: str
) -> Resource:  # fmt: skip
    place = f"Organization/{unit.id}"
    wanted = replace(wanted, to=place, deadline=deadline.id)
    found = mapping.ball(ident, child=child, wanted=wanted, baton=Baton(offered_to=place, opened_by=place), at=at)
    found["meta"]["security"] = [label_of(class_)]
    return found


# -- what an answer about consent asks for besides ---------------------------------------------------------------------


class Said(NamedTuple):
    """What a consent record says that has just been stored, since when, and what the law makes of its matter now.
    `silent`: the act is one that the young person may keep to itself; `is_new`: nobody has been asked in it before."""

    consent: Consent
    at: int
    answer: Answer
    silent: bool
    is_new: bool


class Owed(NamedTuple):
    """Something to do. `person`: the holder it is about, if one; `once`: what makes it the same when it comes again."""

    starts: Start
    person: str
    once: tuple[str, ...]


def said_at(consent: Consent, received: int) -> int:
    """The moment of what a record says now: taken back, answered, or asked. It has been said when it is received."""
    told = consent.withdrawn_at if consent.withdrawn_at is not None else consent.answered_at
    return min(consent.valid_from if told is None else told, received)


def owed(said: Said) -> list[Owed]:
    """What must be done besides, once this is said."""
    one, answer = said.consent, said.answer
    if one.status is Status.ASKED:
        day = str(local_day(said.at))
        matter = (one.act, *sorted(one.disclosers), one.recipient, day)
        return [Owed(Start.PARTY, "", matter)] if said.is_new and duties.PARTY_NOTICE in answer.duties else []
    once = (one.id, str(said.at))
    if one.capacity is Capacity.AUTHORITY and one.status is Status.GIVEN:
        decided = isinstance(answer, NotRequired) and duties.PARTY_NOTICE in answer.duties
        return [Owed(Start.PARTY, "", once)] if decided else []
    if one.capacity is not Capacity.CHILD:
        return []
    if duties.CHILD_OBJECTS in answer.duties and one.status in (Status.REFUSED, Status.WITHDRAWN):
        return [Owed(Start.CHILD_OBJECTS, "", once)]
    return list(_of_young(said, once))


def _of_young(said: Said, once: tuple[str, ...]) -> Iterator[Owed]:
    """Each holder is told what a young person of 15-17 has decided; nobody before the risk is assessed."""
    answer = said.answer
    if not isinstance(answer, Complete | Blocked) or YOUNG_PERSON_ANSWERS not in answer.rules or said.silent:
        return
    if duties.HOLD_PARENT_NOTICE in answer.duties:
        yield Owed(Start.YOUNG_DECIDES_HELD, "", once)
    for code in answer.duties:
        if code.startswith(duties.INFORM):
            yield Owed(Start.YOUNG_DECIDES, code.removeprefix(duties.INFORM), once)


def acting(consent: Consent, asked_by: str, at_work: Collection[str]) -> str:
    """The unit that a duty is: of those that the matter is between, whoever asked, else who acts on the answer, else
    another; but one that has a task with the child (`at_work`) before one that could not read of it. A yes of the
    municipality is its own."""
    if consent.capacity is Capacity.AUTHORITY:
        return consent.giver
    disclosers, recipient = sorted(consent.disclosers), [consent.recipient] if consent.recipient else []
    acts = disclosers + recipient if consent.kind is Kind.DISCLOSURE else recipient + disclosers
    found = ([asked_by] if asked_by in acts else []) + acts
    return next((one for one in found if one in at_work), found[0] if found else "")


def owed_ball(
    one: Owed, said: Said, *, child: str, name: str, deadline: Deadline, unit: Unit, due: int, key: bytes
) -> Resource:  # fmt: skip
    """The Task of a duty. `name`: of the person it is about."""
    title = f"{deadline.title}: {name}" if name else deadline.title
    ident = derived_id(key, "duty", deadline.id, *one.once, one.person)
    wanted = NewBall(title, deadline.text, due=due, important=deadline.important, about=f"Consent/{said.consent.id}")
    return _opened(str(ident), child, wanted, deadline, unit, said.at, DRAFT)
