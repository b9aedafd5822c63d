"""Starting a deadline by hand, where no entry tells that it has begun: the day on which somebody became aware."""

from datetime import date
from uuid import UUID

from barnetsbog.directory import queries as directory
from barnetsbog.kernel.decisions import Refused
from barnetsbog.kernel.time import day_start, local_day
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import operations
from barnetsbog.responsibility.model import NewBall

from . import rules
from .in_use import counting, deadlines_in_use
from .model import Deadline, Start


def startable(by: Scope) -> list[Deadline]:
    """The deadlines that somebody's unit can start by hand."""
    sector = directory.sectors([by.unit_id]).get(by.unit_id, "") if by.unit_id else ""
    return [one for one in counting(by.at) if one.starts is Start.HAND and rules.concerns(one, sector)]


def start(*, by: Scope, child_id: UUID, deadline: str, since: date, to: str) -> UUID:
    """Opens the ball of a deadline that has run since a day. It may be over already: then it is red at once."""
    wanted = next((one for one in startable(by) if one.id == deadline), None)
    if wanted is None:
        raise Refused("Vælg en frist.")
    if since > local_day(by.at):
        raise Refused("Fristen løber fra en dag, der har været. Ret dagen.")
    due = rules.after(day_start(since), wanted.length, deadlines_in_use().days)
    ball = NewBall(wanted.title, wanted.text, to, due, wanted.important, deadline=wanted.id)
    return operations.open_ball(by=by, child_id=child_id, wanted=ball)
