"""To whom a ball comes that nobody takes, or that is late: found out at each reading, written nowhere. Pure.

A higher rung never comes before a lower one, and a ball never climbs down while it waits (`files` refuses a ladder that
would). Weekends and holidays do not count: nobody is reproached on a Monday with what came on a Friday evening.
"""

from collections.abc import Collection
from typing import NamedTuple

from barnetsbog.kernel.time import day_start, local_day

from .model import Ladder, Rung, Waits
from .working_days import WorkingDays


class OnLadder(NamedTuple):
    """A ball as far as the ladder needs it: since when it is as it is, by when it is due, and whether somebody has
    accepted it."""

    since: int
    due: int | None
    accepted: bool


class Climb(NamedTuple):
    """That a ball comes to somebody, and why: for so many working days it has been nobody's, or late."""

    waits: Waits
    to: Rung
    days: int


class Reach:
    """Which balls have reached which rung at a moment. The ends of the waiting times are worked out once, so that a
    list of five hundred balls compares numbers."""

    def __init__(self, ladders: tuple[Ladder, ...], at: int, days: WorkingDays) -> None:
        self._at, self._days = at, days
        self._ladders = [(one, [(step.to, self._latest(step.after)) for step in one.steps]) for one in ladders]

    def _latest(self, after: int) -> int:
        """Who began to wait before this moment has waited for so many working days."""
        if not after:
            return self._at + 1
        last = self._days.before(local_day(self._at), after)
        return day_start(last.fromordinal(last.toordinal() + 1))

    def rungs(self, ball: OnLadder) -> dict[Rung, Waits]:
        """The rungs that a ball has reached, each with the reason."""
        found: dict[Rung, Waits] = {}
        for waits, began in self._reasons(ball):
            for to, latest in self._steps(waits, ball):
                if began < latest:
                    found.setdefault(to, waits)
        return found

    def _reasons(self, ball: OnLadder) -> list[tuple[Waits, int]]:
        found = [] if ball.accepted else [(Waits.NOBODY, ball.since)]
        if ball.due is not None and ball.due < self._at:
            found.append((Waits.LATE, ball.due))
        return found

    def _steps(self, waits: Waits, ball: OnLadder) -> list[tuple[Rung, int]]:
        """Of the ladder for a ball with so little time, or else of the one for all."""
        whole = None if ball.due is None else ball.due - ball.since
        fitting = [
            (ladder, steps) for ladder, steps in self._ladders
            if ladder.waits is waits and (not ladder.within or (whole is not None and whole <= ladder.within))
        ]  # fmt: skip
        return min(fitting, key=lambda one: (not one[0].within, one[0].within), default=(None, []))[1]

    def first(self, ball: OnLadder, stands: Collection[Rung]) -> Climb | None:
        """Why a ball has come to somebody who stands on these rungs; None when it has not."""
        reached = ((to, waits) for to, waits in self.rungs(ball).items() if to in stands)
        to, waits = next(reached, (None, None))
        if to is None or waits is None:
            return None
        began = ball.since if waits is Waits.NOBODY or ball.due is None else ball.due
        return Climb(waits, to, self._days.between(local_day(began), local_day(self._at)))
