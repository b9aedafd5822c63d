"""When somebody is looked after, and whether they are told. Pure.

Looks come at two moments of a person's day that follow from who they are and from their quiet hours, and from nothing
that happens: when a notification comes says nothing of when something was written, or by whom.
"""

import re
from datetime import date, datetime, time, timedelta
from uuid import UUID

from barnetsbog.calendar.model import Meeting
from barnetsbog.kernel.decisions import Refused
from barnetsbog.kernel.time import COPENHAGEN, DAY, SECOND, day_end, instant, local_day, moment

from .model import Quiet, Standing, Told, Way

AGAIN = 7 * DAY
"""How long something may wait before it is said once more."""

CODE_LIVES, TRIES, CODES = 15 * 60 * SECOND, 5, 5
"""How long a code works, how often one may try it, and how many one is sent in a day."""

TWICE = 30 * SECOND
"""The same choice again within this is a double tap."""

NO_NUMBER = "Skriv et mobilnummer med otte tal, eller med + og landekode."
NO_MAIL = "Skriv en mailadresse, fx navn@eksempel.dk."
_MAIL = re.compile(r"[^@\s<>,;:\"\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def address(way: Way, text: str) -> str:
    """The address as it is used. `Refused` when it is none."""
    plain = text.strip()
    if way is Way.MAIL:
        if len(plain) > 200 or not _MAIL.fullmatch(plain):
            raise Refused(NO_MAIL)
        return plain
    digits = re.sub(r"[\s().-]", "", plain)
    if re.fullmatch(r"[2-9][0-9]{7}", digits):
        return f"+45{digits}"
    if not re.fullmatch(r"\+[1-9][0-9]{7,14}", digits):
        raise Refused(NO_NUMBER)
    return digits


def is_on_its_way(at: int, code_until: int) -> bool:
    """Whether a code that works until then was sent just now."""
    return 0 <= at - (code_until - CODE_LIVES) < TWICE


def is_quiet(at: int, quiet: Quiet) -> bool:
    hour = moment(at).hour
    if quiet.since <= quiet.until:
        return quiet.since <= hour < quiet.until
    return hour >= quiet.since or hour < quiet.until


def next_look(at: int, quiet: Quiet, person: UUID) -> int:
    """The first look after a moment: in the first hour after the quiet ones, or in the last before them."""
    today = local_day(at)
    days = (today, today + timedelta(days=1), today + timedelta(days=2))
    return min(look for day in days for look in _looks(day, quiet, person) if look > at)


def _looks(day: date, quiet: Quiet, person: UUID) -> tuple[int, int]:
    minute = person.int % 60
    first, last = (instant(datetime.combine(day, time(hour, minute), COPENHAGEN)) for hour in _hours(quiet))
    return first, last


def _hours(quiet: Quiet) -> tuple[int, int]:
    return quiet.until, (quiet.since - 1) % 24


def is_told(at: int, standing: Standing, told: Told) -> bool:
    """Something has come since the last look, or has waited for a week: at most once a day. Something acute: at most
    once a day too, also when they have been told of something else."""
    if not standing.total and not standing.acute:
        return False
    if standing.acute and not _same_day(at, told.acute_at):
        return True
    more = not told.counts or any(now > then for now, then in zip(standing.counts, told.counts, strict=True))
    waited = told.at is not None and at - told.at >= AGAIN and standing.total > 0
    return (more or waited) and not _same_day(at, told.at)


def counted(at: int, standing: Standing, told: Told) -> tuple[int, ...]:
    """What is remembered of a look. What came on a day on which they have been told already is left for the next."""
    if is_told(at, standing, told) or not _same_day(at, told.at):
        return standing.counts
    before = told.counts or (0,) * len(standing.counts)  # the first look of a new choice
    return tuple(map(min, standing.counts, before))


def _same_day(at: int, then: int | None) -> bool:
    return then is not None and local_day(at) == local_day(then)


def is_tomorrow(at: int, meeting: Meeting) -> bool:
    """An appointment that the reader is to come to tomorrow."""
    comes = meeting.mine is not None and not meeting.over and not meeting.waits
    return comes and local_day(meeting.start) == local_day(at) + timedelta(days=1)


def is_lacking(at: int, due: int | None) -> bool:
    """What is due tomorrow at the latest."""
    return due is not None and due < day_end(local_day(at) + timedelta(days=1))
