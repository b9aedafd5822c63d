"""A child has one coordinator. Who was it in the book that is put into another is told by a ball that they are not any
more, and, when the books are taken apart, by another that they are again.

A ball is theirs from the start and opened by their own unit (ADR 14), so that it stands where their unit's other tasks
do. It follows their book, as what is said of their child does.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from barnetsbog.directory.queries import workplaces
from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import body_of, patient_of, write
from barnetsbog.kernel.ids import derived_id
from barnetsbog.kernel.time import day_end, local_day
from barnetsbog.record import relocating
from barnetsbog.record.former import Resource
from barnetsbog.record.instance import id_key
from barnetsbog.responsibility import mapping
from barnetsbog.responsibility.model import Baton, Event, Move, NewBall, State

from .people import coordinator_in

WITHIN = timedelta(days=7)
JOINED = NewBall(
    "Bogen er samlet med en anden: aftal med tovholderen, hvem der gør hvad",
    "Du var tovholder i den ene bog. Tovholderen i den anden fortsætter, og du er en af teamet.",
)
APART = NewBall(
    "Bogen er skilt fra en anden: se, om noget mangler",
    "De to bøger var ikke om det samme barn. Du er tovholder igen, og bogen står, som den gjorde.",
)

Teams = Sequence[Resource]
"""The CareTeams of a book."""


def stands_back(joining: UUID, kept: UUID, other: UUID, teams: Teams, mine: Teams, at: int) -> None:
    """Tells whoever was coordinator in the other book and is not in the one that is kept. `teams`, `mine`: those of the
    other and of the kept one, as they were."""
    was, now = coordinator_in(teams), coordinator_in(mine)
    if was and now and was != now:
        ident = _told(joining)
        write(None, _ball(kept, ident, was, JOINED, at))
        relocating.followed(ident.bytes, [(kept, other)])


def stands_again(joining: UUID, other: UUID, teams: Teams, at: int) -> None:
    """Tells the coordinator of a book that is no longer in another, in place of what was told before. `teams`: those of
    the book now."""
    before, again = body_of(other, _told(joining)), coordinator_in(teams)
    baton = mapping.baton_of(before)
    over = Event(Move.CANCEL, at, baton.opened_by, replace(baton, over=State.CANCELLED), APART.title)
    balls = [] if baton.over else [mapping.with_move(before, over)]
    if again:
        balls.append(_ball(other, derived_id(id_key(), "coordinator-again", str(joining)), again, APART, at))
    write(None, *balls)


def was_told(joining: UUID, own: Collection[bytes]) -> bool:
    """Whether somebody was, by what goes back with a book."""
    return _told(joining).bytes in own


def _told(joining: UUID) -> UUID:
    return derived_id(id_key(), "coordinator-no-more", str(joining))


def _ball(child_id: UUID, ident: UUID, job: str, wanted: NewBall, at: int) -> Resource:
    known = ident_of(job)
    places = workplaces([known] if known else [])
    opener = next((f"Organization/{unit}" for unit, _ in places.values()), job)
    due = day_end(local_day(at) + WITHIN)
    return mapping.ball(
        str(ident),
        child=patient_of(child_id),
        wanted=replace(wanted, due=due),
        baton=Baton(job, opened_by=opener),
        at=at,
    )
