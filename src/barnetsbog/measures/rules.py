"""The arithmetic of the measures. Pure: no clock, no database."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

from barnetsbog.kernel.time import DAY, FOREVER, day_start, local_day, month_of
from barnetsbog.record.entries import EntryRow, Stage
from barnetsbog.referrals.mapping import state_of
from barnetsbog.referrals.model import State
from barnetsbog.responsibility.rules import is_overdue

from .model import Case, Month, Planned, Share, Spell, Touch, Year

YEAR = 365.25 * DAY
"""A year, on average."""

# -- months ------------------------------------------------------------------------------------------------------------


def months(at: int, number: int) -> list[Month]:
    """The last months, the newest first: the present one as far as it has gone."""
    first, end, found = local_day(at).replace(day=1), at, list[Month]()
    for _ in range(number):
        start = day_start(first)
        found.append(Month(month_of(first), start, end))
        first, end = _before(first), start
    return found


def _before(first: date) -> date:
    return first.replace(year=first.year - 1, month=12) if first.month == 1 else first.replace(month=first.month - 1)


def share_of(counted: Iterable[tuple[int, bool]], month: Month) -> Share:
    """Of what happened in a month, how much was so."""
    found = [was_so for moment, was_so in counted if month.start <= moment < month.end]
    return Share(sum(found), len(found))


def last_year(found: Sequence[Month]) -> list[Month]:
    """The months of the last calendar year that is over, the newest first: of the two last years' months. Two readings
    of such a year are of the same months or of none in common, so nothing can be found by subtracting one sum from
    another. Of the last twelve months it could: what came and what went, from one month to the next."""
    year = found[0].number // 100 - 1
    return [one for one in found if one.number // 100 == year]


def years(found: Sequence[Month]) -> list[Year]:
    """The years that end with each of the later half of these months, the oldest first."""
    half = len(found) // 2
    return [Year(found[number + half - 1].start, found[number].end) for number in reversed(range(half))]


# -- balls -------------------------------------------------------------------------------------------------------------


def spells(stages: Sequence[Stage], at: int) -> list[Spell]:
    """With whom a ball was from when to when, until now. What was brought in late has been as its first stage says
    since it began."""
    begins = [min(stages[0].start, stages[0].recorded_at), *(_begins(one) for one in stages[1:])]
    found = []
    for one, start, end in zip(stages, begins, [*begins[1:], at], strict=True):
        if one.open:
            found.append(Spell(one.holder_id, one.due, start, end))
        elif one is stages[0] and one.end is not None:
            found.append(Spell(one.holder_id, one.due, start, min(one.end, end)))
    return [one for one in found if one.start < one.end]


def _begins(one: Stage) -> int:
    """What was over before somebody wrote that down was over then."""
    return one.recorded_at if one.open or one.end is None else min(one.end, one.recorded_at)


Lasting = TypeVar("Lasting", Spell, Case)


def open_at(found: Iterable[Lasting], moment: int) -> list[Lasting]:
    """Those that were open just before a moment: at the end of a month that is its last instant."""
    return [one for one in found if one.start < moment <= one.end]


def overdue(found: Iterable[Spell], moment: int) -> Share:
    """Those past their deadline, of those that were open just before a moment."""
    there = open_at(found, moment)
    return Share(sum(is_overdue(one.due, moment) for one in there), len(there))


def days_without(found: Iterable[Spell], month: Month) -> int:
    """The days of a month at whose end a ball was open and with nobody."""
    return sum(_day_ends(one, month) for one in found if one.holder is None)


def during(found: Iterable[Spell], cases: Iterable[Case]) -> list[Spell]:
    """The parts of these times in which there was a task with the child. Two tasks at once are one time."""
    times = _joined(cases)
    return [
        one._replace(start=max(one.start, start), end=min(one.end, end))
        for one in found for start, end in times if max(one.start, start) < min(one.end, end)
    ]  # fmt: skip


def _joined(cases: Iterable[Case]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for case in sorted(cases, key=lambda one: one.start):
        if found and case.start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], case.end)
        else:
            found.append((case.start, case.end))
    return found


def _day_ends(spell: Spell, month: Month) -> int:
    first, last = max(spell.start, month.start), min(spell.end, month.end)
    return (local_day(last) - local_day(first)).days if first < last else 0


# -- cases -------------------------------------------------------------------------------------------------------------

_IS_ONE = frozenset(("active", "onhold", "finished", "waitlist"))
"""What a task with a child must be for anything to follow from it (`access.gathering`)."""


def case_of(row: Stage | EntryRow) -> Case:
    """The time of a unit's task with a child; of one that never began, none."""
    end = row.end if row.end is not None else row.start if row.status == "finished" else FOREVER
    return Case(row.id, row.child_id, row.unit_id, row.start, end if row.status in _IS_ONE else row.start)


# -- referrals ---------------------------------------------------------------------------------------------------------

_TAKEN = frozenset((State.RECEIVED, State.ACCEPTED, State.CLOSED))
_BACK = frozenset((State.INCOMPLETE, State.RETURNED, State.REJECTED, State.REDIRECTED))


def sent_at(stages: Sequence[Stage]) -> int | None:
    """When a referral was sent; None while it is a draft, or when it was given up as one. Of what was brought in
    answered only its own day is known."""
    first = next((one for one in stages if _state(one) is not State.DRAFT), None)
    if first is None or first.status == State.WITHDRAWN:
        return None
    return first.recorded_at if first.status == State.SENT else min(first.start, first.recorded_at)


def got_through(stages: Sequence[Stage]) -> bool:
    """Whether its receiver had it in hand or accepted it, and never sent it back or asked for more."""
    states = {_state(one) for one in stages}
    return not states.isdisjoint(_TAKEN) and states.isdisjoint(_BACK)


def _state(one: Stage) -> State:
    return State(one.status) if one.status in list(State) else state_of({"status": one.status})


# -- first visits ------------------------------------------------------------------------------------------------------

_AGREED = frozenset(("booked", "arrived", "checked-in"))
_HELD = frozenset((*_AGREED, "fulfilled"))
_LOST = frozenset(("cancelled", "noshow"))


def planned(stages: Sequence[Stage]) -> list[Planned]:
    """The times that were agreed for one appointment. A time that was proposed and not chosen never was."""
    found = [
        _given_up(before.start, after.recorded_at)
        for before, after in pairwise(stages)
        if before.status in _AGREED and (after.start != before.start or after.status in _LOST)
    ]
    last = stages[-1]
    if last.status in _HELD:
        found.append(Planned(last.start))
    elif stages[0].status in _LOST:
        found.append(_given_up(stages[0].start, stages[0].recorded_at))
    return found


def _given_up(start: int, recorded_at: int) -> Planned:
    return Planned(start, min(start, recorded_at))


def first_visits(times: Iterable[Planned], been_there: Iterable[int]) -> list[Planned]:
    """Those agreed times before whose day the child had not been at the unit. `been_there`: when it was, besides."""
    times = list(times)
    first = min((*been_there, *(one.start for one in times if one.given_up is None)), default=None)
    return [one for one in times if first is None or local_day(one.start) <= local_day(first)]


# -- contacts ----------------------------------------------------------------------------------------------------------


def child_years(cases: Iterable[Case], year: Year) -> dict[UUID, float]:
    """How long the unit had a task with each child in a year, as a part of one. Two tasks at once are one time."""
    by_child: defaultdict[UUID, list[Case]] = defaultdict(list)
    for case in cases:
        if case.start < year.end and case.end > year.start:
            by_child[case.child_id].append(case)
    return {child: _covered(found, *year) / YEAR for child, found in by_child.items()}


def _covered(cases: Iterable[Case], start: int, end: int) -> int:
    return sum(max(0, min(last, end) - max(first, start)) for first, last in _joined(cases))


def contacts(touches: Iterable[Touch], years: Sequence[Year]) -> list[dict[UUID, int]]:
    """How many contacts each child had in each of these years, of which each begins and ends after the one before:
    different professionals who had to do with it, and units of which nobody is named."""
    starts, ends = [one.start for one in years], [one.end for one in years]
    lies_in: defaultdict[tuple[UUID, UUID, UUID], set[int]] = defaultdict(set)
    for one in touches:
        numbers = range(bisect_right(ends, one.start), bisect_right(starts, one.end))
        lies_in[one.child_id, one.who, one.unit].update(numbers)
    met: list[defaultdict[UUID, set[tuple[UUID, UUID]]]] = [defaultdict(set) for _ in years]
    for (child, who, unit), numbers_of_years in lies_in.items():
        for number in numbers_of_years:
            met[number][child].add((who, unit))
    return [{child: _different(found) for child, found in year.items()} for year in met]


def _different(found: Collection[tuple[UUID, UUID]]) -> int:
    named = {unit for who, unit in found if who != unit}
    return sum(who != unit or unit not in named for who, unit in found)
