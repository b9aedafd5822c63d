"""What an entry that is new sets off, as units of work of our own: the balls that deadlines open."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import orjson

from barnetsbog.deadlines.in_use import deadlines_in_use
from barnetsbog.deadlines.model import Deadline
from barnetsbog.deadlines.opening import Event, Known, balls
from barnetsbog.deadlines.opening import Unit as Workplace
from barnetsbog.directory.places import Place
from barnetsbog.directory.queries import child as child_named
from barnetsbog.record import store
from barnetsbog.record.instance import id_key
from barnetsbog.record.shelves import default_class

from .model import OWN_SOURCE, Item, Unit


def followed(
    item: Item, child: bytes, place: Callable[[str], Place], counting: list[Deadline], *, received: int
) -> list[Unit]:
    """The balls, ready to be stored in the child's book. `place`: where an author or a receiver works; `counting`: the
    deadlines that count when it is received."""
    read = item.promoted
    to = [found for reference in (item.facts or {}).get("to", ()) if (found := _workplace(place(reference)))]
    class_ = read.sensitivity or default_class(read.what, place(read.author).lane)
    event = Event(orjson.loads(item.body), read, class_, _workplace(place(read.author)), tuple(to))
    known = Known(lambda: _born(child), received, lambda what, sector: store.has_active(child, what, sector))
    opened = balls(event, known, counting, deadlines_in_use().days, key=id_key())
    return [Unit(f"Task/{one['id']}", orjson.dumps(one), OWN_SOURCE, own=True) for one in opened]


def _born(child: bytes) -> date | None:
    name = child_named(UUID(bytes=child))
    return name.born if name else None


def _workplace(place: Place) -> Workplace | None:
    return Workplace(str(UUID(bytes=place.unit_id)), place.lane) if place.unit_id else None
