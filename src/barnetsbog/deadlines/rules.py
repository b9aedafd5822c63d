"""From what has happened, and a moment, to the clocks that run and how each of them stands. Pure."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from barnetsbog.kernel.time import DAY, SECOND, day_start, last_of_day, local_day
from barnetsbog.law.ages import ADULT_AGE, birthday, months_after, turned

from .model import EVENTS, Clock, Deadline, Fact, Length, Span, Start, State
from .working_days import WorkingDays

_HOUR = 3600 * SECOND
_LONG_AGO = day_start(date(1900, 1, 1))


# -- time --------------------------------------------------------------------------------------------------------------


def after(start: int, length: Length, days: WorkingDays) -> int:
    """When a length that begins at a moment is over. One in days or months ends with the last microsecond of its last
    day, and the day on which it begins is not counted; one in hours ends to the microsecond."""
    if length.span is Span.HOURS:
        return start + length.number * _HOUR
    if length.span is Span.MONTHS:
        return last_of_day(local_day(months_after(start, length.number)))
    first = local_day(start)
    if length.span is Span.WORKING_DAYS:
        return last_of_day(days.after(first, length.number))
    return last_of_day(first + timedelta(days=length.number))


def before(moment: int, length: Length, days: WorkingDays) -> int:
    """When something begins that comes so long before a moment. All but hours begin with the Danish day. Long ago is
    long ago: nothing comes before the calendar begins."""
    moment = max(moment, _LONG_AGO)
    if length.span is Span.HOURS:
        return moment - length.number * _HOUR
    if length.span is Span.MONTHS:
        return day_start(local_day(months_after(moment, -length.number)))
    last = local_day(moment)
    if length.span is Span.WORKING_DAYS:
        return day_start(days.before(last, length.number))
    return day_start(last - timedelta(days=length.number))


def ends_a_day(due: int) -> bool:
    """Whether something is due by the end of a Danish day, and not at a time of day."""
    return day_start(local_day(due + 1)) == due + 1


# -- clocks ------------------------------------------------------------------------------------------------------------


def state_of(due: int, at: int, soon: int, *, met: bool = False, passes: bool = False) -> State:
    """How a clock stands. What is met stays met. What merely passes is never over. `soon`: from when it is yellow."""
    if met:
        return State.MET
    if at > due and not passes:
        return State.OVER
    if local_day(at) == local_day(due):
        return State.TODAY
    if at > due:
        return State.MET
    return State.SOON if at >= soon else State.RUNNING


def clock(deadline: Deadline, fact: Fact, at: int, days: WorkingDays) -> Clock | None:
    """The clock that a fact sets going, met or not; None as long as there is nothing to see of it, and for what it does
    not concern."""
    started = _anchor(deadline, fact)
    if started is None:
        return None
    shown = before(started, deadline.lead, days)
    if shown > at:
        return None
    since = day_start(local_day(shown))  # what is known by its day alone begins with it
    met = any(kind in deadline.unless and begun >= since for kind, begun in fact.written)
    due = after(started, deadline.length, days)
    state = state_of(due, at, before(due, deadline.soon, days), met=met, passes=deadline.passes)
    return Clock(
        deadline.id, deadline.title, started, due, state, deadline.rules, deadline.text, fact.title, fact.child_id,
        fact.entry_id, not ends_a_day(due) and not deadline.passes, deadline.passes,
    )  # fmt: skip


def _anchor(deadline: Deadline, fact: Fact) -> int | None:
    """The moment that a deadline counts from."""
    if deadline.starts is not fact.starts:
        return None
    if deadline.starts is not Start.AGE:
        return fact.at
    assert deadline.age is not None
    return birthday(fact.born, deadline.age) if fact.born else None


def clocks(
    deadlines: Iterable[Deadline], facts: Iterable[Fact], sector: str, at: int, days: WorkingDays
) -> list[Clock]:
    """The clocks that somebody in a unit of a sector has to know of and that are not met, the most urgent first."""
    mine = [one for one in deadlines if one.counts(at) and concerns(one, sector)]
    found = (
        clock(deadline, fact, at, days) for fact in facts for deadline in mine if not _grown_up(deadline, fact, at)
    )
    running = [one for one in found if one is not None and one.state is not State.MET]
    return sorted(running, key=lambda one: (one.due, one.title, str(one.entry_id), str(one.child_id)))


def concerns(deadline: Deadline, sector: str) -> bool:
    return not deadline.sectors or sector in deadline.sectors


def _grown_up(deadline: Deadline, fact: Fact, at: int) -> bool:
    """An age that was left behind in childhood is nobody's task any more."""
    return deadline.starts is Start.AGE and deadline.age != ADULT_AGE and turned(fact.born, ADULT_AGE, at)


def rounds(deadline: Deadline, at: int) -> Iterator[Fact]:
    """The next day of a round."""
    today = local_day(at)
    coming = (date(year, *day) for year in (today.year, today.year + 1) for day in deadline.rounds)
    yield Fact(Start.ROUND, day_start(min(day for day in coming if day >= today)))


def latest(deadlines: Iterable[Deadline], start: Start, at: int, days: WorkingDays) -> int | None:
    """Until when a day must come by itself for its clock to be seen now; None when there is no such clock."""
    return max((after(at, one.lead, days) + DAY for one in deadlines if one.starts is start), default=None)


Window = tuple[int, int]


def births(deadlines: Iterable[Deadline], at: int, days: WorkingDays) -> list[Window]:
    """Between which moments a child is born whose age may set a clock going now: wide enough, for `clock` to judge."""
    found = []
    for one in deadlines:
        if one.starts is Start.AGE and one.age is not None:
            latest = after(at, one.lead, days) + 2 * DAY
            earliest = at - 2 * DAY if one.passes else months_after(at, 12 * (one.age - ADULT_AGE)) - 2 * DAY
            found.append((months_after(earliest, -12 * one.age), months_after(latest, -12 * one.age)))
    return found


# -- what an event opens -----------------------------------------------------------------------------------------------


def opens(
    deadline: Deadline, *, started: int, received: int, born: Callable[[], date | None], days: WorkingDays,
    latest: int | None = None,
) -> int | None:  # fmt: skip
    """By when what an event opens is due; None when it opens nothing: it is history that has come late, or the child is
    too young (of one whose birthday nobody knows, nobody can say so). `latest`: the last moment at which it may have
    happened, where `started` is the first, for of some events only the month or the year is told. It is due as if it
    was the first of them, and history only if it was so even at the last."""
    last = started if latest is None else latest
    if deadline.starts not in EVENTS or not deadline.counts(last):
        return None
    over = after(last, deadline.length, days)
    if received > after(over, deadline.grace, days) or _too_young(deadline, born, last):
        return None
    return after(started, deadline.length, days)


def _too_young(deadline: Deadline, born: Callable[[], date | None], at: int) -> bool:
    day = born() if deadline.from_age else None
    return day is not None and not turned(day, deadline.from_age, at)
