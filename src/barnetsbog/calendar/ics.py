"""iCalendar (RFC 5545): reading a file somebody uploads, and writing a feed. Pure.

A file comes from outside and may be hostile. It has a size and a number of appointments at most, nothing in it is ever
fetched, a repetition is worked out for a time that is bounded at both ends and with plain rules only, and what can't be
used is told one by one while the rest is. A feed tells when somebody has an appointment, and nothing else.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from heapq import merge
from itertools import islice
from time import thread_time
from typing import Any, NamedTuple
from uuid import UUID

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event

from barnetsbog.kernel.time import COPENHAGEN, DAY, day_start, instant, local_day, moment

from .model import Fault, Incoming, Meeting, Sheet, Slot, State
from .rules import instants

LARGEST = 512 * 1024
MOST_EVENTS = 1000
MOST_TIMES = 200
"""Times of one repeated appointment."""
LONGEST = 3.0
"""Seconds that a file may take: a rule that no day fits is looked through to the end of the calendar."""
BEHIND, AHEAD = 30 * DAY, 400 * DAY
SUMMARY = "Aftale"

_TITLE, _TEXT, _LONGEST_UID = 300, 2000, 200
_ROOM = {"SUMMARY": _TITLE, "LOCATION": _TITLE, "DESCRIPTION": _TEXT}
_YEARS = range(1970, 2101)
_PLAIN = {
    "DAILY": {"BYDAY"}, "WEEKLY": {"BYDAY", "WKST"}, "MONTHLY": {"BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST"},
    "YEARLY": {"BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"},
}  # fmt: skip
"""What a repetition may be made of: what people's calendars write. Others can be made to run without end."""
_USUAL = {"FREQ", "INTERVAL", "COUNT", "UNTIL"}


class Unusable(ValueError):
    """A file, or one appointment in it, that can't be used, and why, in Danish."""


# -- reading -----------------------------------------------------------------------------------------------------------


def read(content: bytes, at: int) -> Sheet:
    """What a file says of appointments around now; `Unusable` when it is no calendar."""
    calendar = _calendar(content)
    cancels = str(calendar.get("METHOD", "")).upper() == "CANCEL"
    events = list(islice(calendar.walk("VEVENT"), MOST_EVENTS + 1))
    if not events:
        raise Unusable("Filen har ingen aftaler.")
    if len(events) > MOST_EVENTS:
        raise Unusable(f"Filen har flere end {MOST_EVENTS} aftaler. Del den i flere.")
    found: dict[str, tuple[_Rank, Incoming]] = {}
    faults: list[Fault] = []
    begun = thread_time()
    for event in sorted(events, key=_is_single):
        try:
            for one in _incoming(event, at, cancels):
                rank = (_is_single(event), one.sequence, one.stamp)
                if one.key not in found or rank >= found[one.key][0]:
                    found[one.key] = rank, one
        except (ValueError, TypeError, AttributeError, OverflowError, KeyError) as why:
            reason = str(why) if isinstance(why, Unusable) else "Den kan ikke læses."
            faults.append(Fault(_words(event, "SUMMARY", 80) or "Aftale uden titel", reason))
        if thread_time() - begun > LONGEST:
            raise Unusable("Filen tager for lang tid at læse. Der er gentagelser i den, som ikke giver mening.")
    told = [one for _, one in found.values()]
    return Sheet(
        tuple(one for one in told if not one.left_out), tuple(faults), tuple(one for one in told if one.left_out)
    )


_Rank = tuple[bool, int, int]
"""Of two that tell of the same time: what is said of that time alone goes before what is said of them all, however
lately the series was changed; and else the later."""


def _is_single(event: Any) -> bool:
    return "RECURRENCE-ID" in event


def _calendar(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise Unusable(f"Filen er for stor. Den må højst fylde {LARGEST // 1024} kB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable("Filen er ikke en kalenderfil (.ics), der kan læses.") from None
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR") or "\0" in text:
        raise Unusable("Filen er ikke en kalenderfil (.ics).")
    try:
        return Calendar.from_ical(text)
    except Exception as why:  # whatever a hostile file does to the library
        raise Unusable("Filen er ikke en kalenderfil (.ics), der kan læses.") from why


def _incoming(event: Any, at: int, cancels: bool) -> Iterator[Incoming]:
    """Each of its times; and at the end, as `Unusable`, what of it there was no room for."""
    uid = _uid(event)
    if not uid:
        raise Unusable("Den har intet UID, så den kan ikke genkendes.")
    status = _words(event, "STATUS", 20).upper()
    first, length, whole_day = _times(event)
    times = _starts(event, first, at)
    for start, left_out in [
        *((one, False) for one in times.starts[:MOST_TIMES]),
        *((one, True) for one in times.left_out),
    ]:
        slot = _slot(start, length, whole_day)
        yield Incoming(
            f"{uid}#{_occurrence(event, start)}", _sequence(event), _words(event, "SUMMARY", _TITLE) or SUMMARY, slot,
            _words(event, "LOCATION", _TITLE), _words(event, "DESCRIPTION", _TEXT),
            cancelled=cancels or status == "CANCELLED" or left_out, tentative=status == "TENTATIVE",
            stamp=_stamp(event), left_out=left_out,
        )  # fmt: skip
    if len(times.starts) > MOST_TIMES:
        raise Unusable(f"Den gentages mange gange. De første {MOST_TIMES} er taget med, og resten er ikke.")
    for name, most in _ROOM.items():
        if len(_words(event, name, LARGEST)) > most:
            raise Unusable(f"Den er taget med, men noget i den er for langt. De første {most} tegn er taget med.")


def _uid(event: Any) -> str:
    """What the appointment is known by. One that is too long is known by its hash, so that two which begin alike stay
    two."""
    found = _words(event, "UID", LARGEST)
    return found if len(found) <= _LONGEST_UID else sha256(found.encode()).hexdigest()


def _words(event: Any, name: str, most: int) -> str:
    """Text, without what no page should be given; one of several."""
    found = event.get(name, "")
    text = str(found[0] if isinstance(found, list) else found)
    return "".join(one for one in text if one == "\n" or one.isprintable()).strip()[:most]


def _sequence(event: Any) -> int:
    found = int(event.get("SEQUENCE", 0))
    if not 0 <= found < 2**31:
        raise Unusable("Dens nummer (SEQUENCE) giver ingen mening.")
    return found


def _stamp(event: Any) -> int:
    """When its sender last changed it, else when it was written; 0 when neither is told."""
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        with suppress(KeyError, ValueError, TypeError, AttributeError):
            return max(instant(event[name].dt), 0)
    return 0


def _times(event: Any) -> tuple[date, timedelta, bool]:
    """When it begins, how long it lasts, and whether it is a whole day. Without an end: an hour, or the day."""
    if "DTSTART" not in event:
        raise Unusable("Den har ingen tid.")
    start = event["DTSTART"].dt
    whole_day = not isinstance(start, datetime)
    if start.year not in _YEARS:
        raise Unusable("Tiden er for langt væk.")
    usual = timedelta(days=1) if whole_day else timedelta(hours=1)
    if "DTEND" in event:
        end = event["DTEND"].dt
        if isinstance(end, datetime) is whole_day:
            raise Unusable("Begyndelse og slutning passer ikke sammen.")
        length = end - start if whole_day else _aware(end) - _aware(start)
    else:
        length = event["DURATION"].dt if "DURATION" in event else usual
    if not timedelta(0) < length <= timedelta(days=14):
        raise Unusable("Den slutter, før den begynder, eller varer mere end 14 dage.")
    return start, length, whole_day


def _aware(at: datetime) -> datetime:
    """A time without a zone is Danish. One in the hour that is not there is refused; of two the first is meant."""
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    found = instants(at.date(), at.time().replace(microsecond=0))
    if not found:
        raise Unusable(f"Kl. {at:%H.%M} findes ikke den nat: uret bliver stillet frem.")
    return moment(found[0]).astimezone(UTC)


def _slot(start: date, length: timedelta, whole_day: bool) -> Slot:
    if whole_day:
        day = start.date() if isinstance(start, datetime) else start
        return Slot(day_start(day), day_start(day + timedelta(days=max(length.days, 1))))
    assert isinstance(start, datetime)
    begins = _aware(start)
    return Slot(instant(begins), instant(begins + length))


def _occurrence(event: Any, start: date) -> str:
    """What tells one time of a repeated appointment from the others: when it would have been."""
    if not (_is_single(event) or _repeats(event)):
        return ""
    meant = event["RECURRENCE-ID"].dt if _is_single(event) else start
    return _aware(meant if isinstance(meant, datetime) else _local(meant)).strftime("%Y%m%dT%H%M")


# -- repetitions -------------------------------------------------------------------------------------------------------


class _Repeated(NamedTuple):
    """When it begins, one time more than there is room for at the most; and when not, though its rule says so."""

    starts: list[date]
    left_out: list[date]


def _repeats(event: Any) -> bool:
    return "RRULE" in event or "RDATE" in event


def _starts(event: Any, first: date, at: int) -> _Repeated:
    """When it begins: once, or each time within a month back and a year ahead."""
    if _is_single(event) and "RANGE" in event["RECURRENCE-ID"].params:
        raise Unusable("Den ændrer alle gange fra en dag af. Det kan ikke læses her. Ret hver gang for sig.")
    if not _repeats(event):
        return _Repeated([first], [])
    low, high = _local(moment(at - BEHIND)), _local(moment(at + AHEAD))
    left_out = {_local(one) for one in _days(event, "EXDATE")}
    within: list[date] = []
    for start in merge(_by_rule(event, first), sorted(map(_local, _days(event, "RDATE")))):
        if start > high or len(within) > MOST_TIMES:
            break
        if start >= low and start not in left_out and start not in within[-1:] and instants(start.date(), start.time()):
            within.append(start)
    return _Repeated(within, sorted(one for one in left_out if low <= one <= high))


def _by_rule(event: Any, first: date) -> Iterator[datetime]:
    if "RRULE" not in event:
        yield _local(first)
        return
    rule = event["RRULE"]
    if isinstance(rule, list):
        raise Unusable("Den gentages efter flere regler på en gang.")
    _must_be_plain(rule)
    zone = first.tzinfo if isinstance(first, datetime) else None
    for one in rrulestr(_in_clock_time(rule, zone), dtstart=_clock(first, zone)):
        yield _local(one.replace(tzinfo=zone))


def _days(event: Any, name: str) -> Iterator[date]:
    """The times that a list of times names."""
    for given in _several(event, name):
        for one in given.dts:
            if isinstance(one.dt, tuple):  # from when to when
                raise Unusable("Den gentages på en måde, der ikke kan læses her.")
            yield one.dt


def _clock(at: date, zone: tzinfo | None) -> datetime:
    """What clocks show where a repetition begins: what it is counted in (RFC 5545, 3.3.10), so that a meeting at nine
    stays at nine there. Without a zone that is here."""
    if zone is None or not isinstance(at, datetime):
        return _local(at)
    return (at.astimezone(zone) if at.tzinfo else at).replace(tzinfo=None, microsecond=0)


def _local(at: date) -> datetime:
    """Danish clock time without a zone."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time.min)
    return (at if at.tzinfo is None else at.astimezone(COPENHAGEN).replace(tzinfo=None)).replace(microsecond=0)


def _several(event: Any, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _must_be_plain(rule: Any) -> None:
    frequency = str((rule.get("FREQ") or [""])[0]).upper()
    names = {str(name).upper() for name in rule}
    interval = (rule.get("INTERVAL") or [1])[0]
    if frequency not in _PLAIN or names - _USUAL - _PLAIN[frequency] or not 1 <= int(interval) <= 1000:
        raise Unusable("Den gentages på en måde, der ikke kan læses her.")
    if len(rule.to_ical()) > 300:
        raise Unusable("Den gentages på en måde, der ikke kan læses her.")


def _in_clock_time(rule: Any, zone: tzinfo | None) -> str:
    """The rule as `dateutil` reads it, its last time in the same clock time too."""
    parts = [f"{name}={value}" for name, value in _parts(rule) if name != "UNTIL"]
    until = (rule.get("UNTIL") or [None])[0]
    if until is not None:
        last = _clock(until, zone) if isinstance(until, datetime) else datetime.combine(until, time.max)
        parts.append(f"UNTIL={last:%Y%m%dT%H%M%S}")
    return ";".join(parts)


def _parts(rule: Any) -> Iterator[tuple[str, str]]:
    for part in rule.to_ical().decode().split(";"):
        name, _, value = part.partition("=")
        yield name.upper(), value


# -- writing a feed ----------------------------------------------------------------------------------------------------

_STATUS = {State.BOOKED: "CONFIRMED", State.ARRIVED: "CONFIRMED", State.CHECKED_IN: "CONFIRMED",
           State.FULFILLED: "CONFIRMED", State.CANCELLED: "CANCELLED", State.NOSHOW: "CANCELLED"}  # fmt: skip


def feed(meetings: Iterable[Meeting], *, owner: UUID, at: int) -> bytes:
    """A calendar of neutral appointments: when, whether it is certain, and the place where the meeting still has one.

    Each is named by a word that nobody else's feed has, so that two feeds laid side by side tell nothing.
    """
    calendar = Calendar()
    calendar.add("PRODID", "-//Barnets Bog//DA")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", SUMMARY)
    calendar.add("REFRESH-INTERVAL", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for one in meetings:
        calendar.add_component(_event(one, owner, at))
    return bytes(calendar.to_ical())


def _event(one: Meeting, owner: UUID, at: int) -> Event:
    event = Event()
    event.add("UID", sha256(owner.bytes + one.id.bytes).hexdigest()[:40])
    event.add("SEQUENCE", one.version - 1)
    event.add("DTSTAMP", moment(at).astimezone(UTC))
    event.add("SUMMARY", SUMMARY)
    event.add("CLASS", "PRIVATE")
    event.add("STATUS", _STATUS.get(one.state, "TENTATIVE") if one.state else "TENTATIVE")
    if one.whole_day:
        event.add("DTSTART", local_day(one.start))
        event.add("DTEND", local_day(one.end - 1) + timedelta(days=1))
    else:
        event.add("DTSTART", moment(one.start).astimezone(UTC))
        event.add("DTEND", moment(one.end).astimezone(UTC))
    if one.place:
        event.add("LOCATION", one.place)
    return event
