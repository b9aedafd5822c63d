"""What an event sets off: balls, opened where the event is stored, in the same transaction (ADR 14). Pure.

A ball is offered to the unit whose duty it is and nobody's until somebody there accepts it. It stands on the shelf of
what set it off, so that it is known to nobody to whom that is not. Its id follows from deadline, event and unit: the
same event opens it once, however often it arrives.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from barnetsbog.fhir.own import codes_of, extension_of, members, reference_of
from barnetsbog.kernel.ids import derived_id
from barnetsbog.record.promotion import CARER_STATUS, CARER_TOPIC, DIALOGUE, HELP, Promoted, label_of, text_of
from barnetsbog.responsibility import mapping
from barnetsbog.responsibility.model import Baton, NewBall

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
}
"""What an entry must be to set something off."""
_DECISION = "afgørelse"
_VOID = frozenset(("entered-in-error", "draft", "revoked", "completed", "superseded"))


class Unit(NamedTuple):
    """An id, and the sector it is of."""

    id: str
    sector: str


class Event(NamedTuple):
    """An entry that is new in a child's book. `by`: the unit that wrote it; `to`: those it is sent to; `class_`: how
    guarded it stands."""

    resource: Resource
    read: Promoted
    class_: str
    by: Unit | None
    to: tuple[Unit, ...]


class Known(NamedTuple):
    """When it was received, and what is asked only when it matters: when the child is born, and whether a sector has
    written something of a kind that counts now."""

    born: Callable[[], date | None]
    received: int
    has: Callable[[str, str], bool]


def balls(
    event: Event, known: Known, deadlines: Iterable[Deadline], days: WorkingDays, *, key: bytes
) -> Iterator[Resource]:
    """The Tasks that an event opens. `key`: the instance's, from which ids are derived."""
    starts = _start(event)
    started = min(event.read.start, known.received) if event.read.start else known.received
    for one in deadlines:
        if one.starts is not starts or event.read.imported:
            continue
        due = rules.opens(one, started=started, received=known.received, born=known.born, days=days)
        for unit in _units(event, one) if due is not None else ():
            if not any(known.has(kind, unit.sector) for kind in one.unless):
                yield _ball(event, one, unit, started, due, key)


def _start(event: Event) -> Start | None:
    """What happened; None when it sets nothing off after all."""
    start = SETS_OFF.get(event.read.what)
    if start is Start.MESSAGE:
        return _of_message(event)
    if start is Start.HELP:
        return _of_status(event)
    if start is Start.DECISION and text_of(event.resource.get("type")).casefold() != _DECISION:
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
    place = f"Organization/{unit.id}"
    child = reference_of(event.resource.get("subject")).rpartition("/")[2]
    wanted = NewBall(deadline.title, deadline.text, place, due, deadline.important, about=about, deadline=deadline.id)
    found = mapping.ball(
        str(ident), child=child, wanted=wanted, baton=Baton(offered_to=place, opened_by=place), at=started
    )
    found["meta"]["security"] = [label_of(event.class_)]
    return found
