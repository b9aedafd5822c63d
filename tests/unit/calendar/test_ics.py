"""iCalendar: files from outside, friendly and hostile, and feeds that tell when and nothing else."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from barnetsbog.calendar import ics
from barnetsbog.calendar.model import Answer, Guest, Incoming, Meeting, Sheet, Slot, State
from barnetsbog.contacts.model import Contact
from barnetsbog.kernel.time import DAY, SECOND, iso, moment, parse

HOUR = 3600 * SECOND
NOW = parse("2026-11-25T12:00:00+01:00")[0]
OWNER = UUID(int=5)


def event(
    *lines: str, uid: str = "u1", start: str = "DTSTART:20261203T090000Z", end: str = "DTEND:20261203T100000Z"
) -> str:
    told = [f"UID:{uid}"] if uid else []
    return "\r\n".join(["BEGIN:VEVENT", *told, *filter(None, [start, end]), *lines, "END:VEVENT"])


def file(*events: str, method: str = "") -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *([f"METHOD:{method}"] if method else [])]
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""]).encode()


def read(*events: str, method: str = "") -> Sheet:
    return ics.read(file(*events, method=method), NOW)


def only(sheet: Sheet) -> Incoming:
    assert not sheet.faults, sheet.faults
    (found,) = sheet.found
    return found


# -- what people's calendars write -------------------------------------------------------------------------------------


def test_a_plain_appointment() -> None:
    found = only(
        read(
            event("SUMMARY:Netværksmøde\\, skolen", "LOCATION:Lokale 4", "DESCRIPTION:Tag\\nkalender med", "SEQUENCE:2")
        )
    )
    assert (found.title, found.place, found.text, found.sequence) == (
        "Netværksmøde, skolen",
        "Lokale 4",
        "Tag\nkalender med",
        2,
    )
    assert [iso(at) for at in found.slot] == ["2026-12-03T10:00:00+01:00", "2026-12-03T11:00:00+01:00"]
    assert found.key == "u1#" and not found.cancelled and not found.tentative


@pytest.mark.parametrize(
    ("start", "end", "slot"),
    [
        (
            "DTSTART;TZID=Europe/Copenhagen:20261203T100000",
            "DTEND;TZID=Europe/Copenhagen:20261203T110000",
            ("2026-12-03T10:00:00+01:00", "2026-12-03T11:00:00+01:00"),
        ),
        (
            "DTSTART;TZID=Europe/Copenhagen:20260803T100000",
            "DURATION:PT30M",
            ("2026-08-03T10:00:00+02:00", "2026-08-03T10:30:00+02:00"),
        ),
        (
            "DTSTART;TZID=America/New_York:20261203T100000",
            "DTEND;TZID=America/New_York:20261203T110000",
            ("2026-12-03T16:00:00+01:00", "2026-12-03T17:00:00+01:00"),
        ),
        (
            "DTSTART;TZID=Romance Standard Time:20261203T100000",
            "DTEND;TZID=Romance Standard Time:20261203T110000",
            ("2026-12-03T10:00:00+01:00", "2026-12-03T11:00:00+01:00"),
        ),
        (
            "DTSTART:20261203T100000",
            "DTEND:20261203T110000",
            ("2026-12-03T10:00:00+01:00", "2026-12-03T11:00:00+01:00"),
        ),
        ("DTSTART:20261203T100000", "", ("2026-12-03T10:00:00+01:00", "2026-12-03T11:00:00+01:00")),
        ("DTSTART;VALUE=DATE:20261203", "", ("2026-12-03T00:00:00+01:00", "2026-12-04T00:00:00+01:00")),
        (
            "DTSTART;VALUE=DATE:20270327",
            "DTEND;VALUE=DATE:20270329",
            ("2027-03-27T00:00:00+01:00", "2027-03-29T00:00:00+02:00"),
        ),
        ("DTSTART:20261025T023000", "DURATION:PT1H", ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")),
    ],
)
def test_times_and_zones(start: str, end: str, slot: tuple[str, str]) -> None:
    assert tuple(iso(at) for at in only(read(event(start=start, end=end))).slot) == slot


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["03.12", "10.12", "17.12"]),
        ("FREQ=WEEKLY;UNTIL=20261210T090000Z", ["03.12", "10.12"]),
        ("FREQ=DAILY;BYDAY=MO,FR;COUNT=2", ["04.12", "07.12"]),
        ("FREQ=MONTHLY;BYDAY=1TH;COUNT=2", ["03.12", "07.01"]),
    ],
)
def test_what_repeats_comes_each_time(rule: str, days: list[str]) -> None:
    found = read(event(f"RRULE:{rule}"))
    assert [f"{moment(one.slot.start):%d.%m}" for one in found.found] == days
    assert len({one.key for one in found.found}) == len(days)


def test_a_meeting_at_ten_stays_at_ten_when_the_clock_changes() -> None:
    start = "DTSTART;TZID=Europe/Copenhagen:20270322T100000"
    found = read(event("RRULE:FREQ=WEEKLY;COUNT=2", start=start, end="DURATION:PT1H"))
    assert [iso(one.slot.start) for one in found.found] == ["2027-03-22T10:00:00+01:00", "2027-03-29T10:00:00+02:00"]


@pytest.mark.parametrize(
    ("start", "until", "hours"),
    [
        ("DTSTART:20270322T090000Z", "", [10, 11]), ("DTSTART;TZID=America/New_York:20270308T100000", "", [16, 15]),
        ("DTSTART:20270322T090000Z", ";UNTIL=20270329T090000Z", [10, 11]), ("DTSTART;TZID=Europe/Berlin:20270322T100000", ";UNTIL=20270329T080000Z", [10, 10]),
    ],
)  # fmt: skip
def test_a_repetition_is_counted_where_it_begins(start: str, until: str, hours: list[int]) -> None:
    """Where the clock doesn't change, or on another day, it is at another hour here."""
    rule = f"RRULE:FREQ=WEEKLY{until or ';COUNT=2'}"
    found = read(event(rule, "DURATION:PT1H", start=start, end=""))
    assert [moment(one.slot.start).hour for one in found.found] == hours


def test_a_night_without_that_hour_is_passed_over_and_the_others_are_kept() -> None:
    found = read(event("RRULE:FREQ=DAILY;COUNT=3", start="DTSTART:20270327T023000", end="DURATION:PT1H"))
    assert [f"{moment(one.slot.start):%d.%m %H.%M}" for one in found.found] == ["27.03 02.30", "29.03 02.30"]
    assert not found.faults


def test_exceptions_and_single_times_that_were_moved() -> None:
    series = event("RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20261210T090000Z", "SUMMARY:Møde")
    moved = event(
        "RECURRENCE-ID:20261217T090000Z",
        "SUMMARY:Flyttet",
        start="DTSTART:20261218T120000Z",
        end="DTEND:20261218T130000Z",
    )
    found = read(moved, series)
    assert [(one.title, f"{moment(one.slot.start):%d.%m %H}") for one in found.found] == [
        ("Møde", "03.12 10"), ("Flyttet", "18.12 13"), ("Møde", "24.12 10"),
    ]  # fmt: skip


WHOLE_DAY = {"start": "DTSTART;VALUE=DATE:20261203", "end": ""}


@pytest.mark.parametrize(
    ("series", "single"),
    [
        (["SEQUENCE:4"], ["SEQUENCE:1"]),
        (["LAST-MODIFIED:20261120T080000Z"], ["LAST-MODIFIED:20261101T080000Z"]),
    ],
)
def test_a_time_that_was_moved_stays_moved_when_the_series_is_changed(series: list[str], single: list[str]) -> None:
    moved = event("RECURRENCE-ID:20261210T090000Z", *single, start="DTSTART:20261211T120000Z", end="")
    found = read(moved, event("RRULE:FREQ=WEEKLY;COUNT=3", *series))
    assert [f"{moment(one.slot.start):%d.%m %H}" for one in found.found] == ["03.12 10", "11.12 13", "17.12 10"]


def test_one_whole_day_of_a_series_is_known_again() -> None:
    off = event("RECURRENCE-ID;VALUE=DATE:20261210", "STATUS:CANCELLED", start="DTSTART;VALUE=DATE:20261210", end="")
    found = read(event("RRULE:FREQ=WEEKLY;COUNT=3", **WHOLE_DAY), off)
    assert [(f"{moment(one.slot.start):%d.%m}", one.cancelled) for one in found.found] == [
        ("03.12", False), ("10.12", True), ("17.12", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["RDATE:20261208T090000Z,20261205T090000Z"], ["03.12", "05.12", "08.12"]),
        (["RDATE:20261208T090000Z", "EXDATE:20261203T090000Z"], ["08.12"]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=2", "RDATE:20261204T090000Z", "RDATE:20261210T090000Z"],
            ["03.12", "04.12", "10.12"],
        ),
    ],
)
def test_times_that_are_listed_come_too(lines: list[str], days: list[str]) -> None:
    found = read(event(*lines))
    assert [f"{moment(one.slot.start):%d.%m}" for one in found.found] == days and not found.faults
    assert len({one.key for one in found.found}) == len(days)


def test_what_a_series_leaves_out_is_told_beside_it() -> None:
    found = read(event("RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261210T090000Z", "EXDATE:20191210T090000Z"))
    assert [one.cancelled for one in found.found] == [False, False]
    (one,) = found.left_out
    assert one.cancelled and one.left_out
    assert one.key == next(each.key for each in read(event("RRULE:FREQ=WEEKLY;COUNT=3")).found if "1210" in each.key)


def test_when_it_was_changed_counts_before_when_it_was_written_out() -> None:
    written, changed = "DTSTAMP:20261124T080000Z", "LAST-MODIFIED:20261101T080000Z"
    stamps = [only(read(event(*lines))).stamp for lines in ([written], [written, changed], [], ["DTSTAMP:i går"])]
    assert [iso(one) if one else "" for one in stamps] == [
        "2026-11-24T09:00:00+01:00", "2026-11-01T09:00:00+01:00", "", "",
    ]  # fmt: skip


def test_two_whose_names_begin_alike_are_two_however_long_they_are() -> None:
    names = [f"{'x' * 200}{end}" for end in ("", "1", "2")]
    found = read(*(event(uid=one) for one in names)).found
    assert len(found) == 3 and found[0].key == f"{names[0]}#"
    assert max(len(one.key) for one in found) <= 201
    assert [one.key for one in read(*(event(uid=one) for one in names)).found] == [one.key for one in found]


def test_of_the_same_one_twice_the_later_sequence_counts() -> None:
    found = read(event("SEQUENCE:3", "SUMMARY:Ny"), event("SEQUENCE:1", "SUMMARY:Gammel"))
    assert only(found).title == "Ny"


@pytest.mark.parametrize(("lines", "method"), [(["STATUS:CANCELLED"], ""), ([], "CANCEL"), ([], "cancel")])
def test_cancelled_by_status_or_by_method(lines: list[str], method: str) -> None:
    assert only(read(event(*lines), method=method)).cancelled


# -- what goes wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "ikke en kalenderfil"), (b"PK\x03\x04", "ikke en kalenderfil"), (b"\xff\xfe\x00", "ikke en kalenderfil"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "ingen aftaler"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "ikke en kalenderfil|ingen aftaler"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 3000, "ikke en kalenderfil|ingen aftaler"),
        (b"BEGIN:VCALENDAR\x00\r\nEND:VCALENDAR", "ikke en kalenderfil"),
        (b"x" * (ics.LARGEST + 1), "for stor"), (file(*[event()] * 1001), "flere end 1000"),
        (b"<html>BEGIN:VCALENDAR", "ikke en kalenderfil"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_calendar_says_so(content: bytes, why: str) -> None:
    with pytest.raises(ics.Unusable, match=why):
        ics.read(content, NOW)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (event(uid=""), "UID"), (event(start=""), "ingen tid"), (event(start="DTSTART:imorgen"), ""),
        (event(end="DTEND:20261203T080000Z"), "slutter"), (event(end="DTEND:20271203T080000Z"), "slutter"),
        (event(start="DTSTART:00010101T090000Z"), "langt væk"), (event(start="DTSTART:99991231T230000Z"), "langt væk"),
        (event(end="DTEND;VALUE=DATE:20261203"), "passer ikke"), (event("DTSTART:20261204T090000Z"), ""),
        (event("SEQUENCE:99999999999"), "SEQUENCE"), (event("SEQUENCE:-1"), "SEQUENCE"),
        (event(start="DTSTART:20270328T023000", end="DURATION:PT1H"), "findes ikke den nat"),
        (event("RRULE:FREQ=SECONDLY"), "gentages"), (event("RRULE:FREQ=DAILY;INTERVAL=0"), "gentages"),
        (event("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "gentages"), (event("RRULE:FREQ=DAILY;BYHOUR=1,2,3"), "gentages"),
        (event("RRULE:FREQ=YEARLY;BYDAY=" + ",".join(["MO"] * 200)), "gentages"), (event("RRULE:nonsense"), ""),
        (event("RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY"), "flere regler"),
        (event("RDATE;VALUE=PERIOD:20261204T090000Z/PT1H"), "gentages"),
        (event("RECURRENCE-ID;RANGE=THISANDFUTURE:20261210T090000Z"), "fra en dag af"),
    ],
)  # fmt: skip
def test_one_that_can_not_be_used_is_told_and_the_others_are_kept(bad: str, why: str) -> None:
    found = read(event(uid="før"), bad, event(uid="efter"))
    assert [one.key for one in found.found] == ["før#", "efter#"]
    (fault,) = found.faults
    assert fault.why and why in fault.why


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=MO;BYSETPOS=300",
    ],
)
@pytest.mark.parametrize("start", ["DTSTART:19700101T090000Z", "DTSTART:20261203T090000Z"])
def test_no_repetition_runs_without_end(rule: str, start: str) -> None:
    before = time.thread_time()
    found = read(event(f"RRULE:{rule}", start=start, end="DURATION:PT1H"))
    assert len(found.found) <= ics.MOST_TIMES
    assert all(NOW - ics.BEHIND - DAY <= one.slot.start <= NOW + ics.AHEAD + DAY for one in found.found)
    assert time.thread_time() - before < 5


def test_a_file_full_of_rules_that_no_day_fits_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics, "LONGEST", 0.3)
    impossible = [event("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", uid=f"u{number}") for number in range(500)]
    with pytest.raises(ics.Unusable, match="for lang tid"):
        read(*impossible)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the net was asked")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    lines = ["ATTACH:http://eksempel.invalid/x", "URL:http://eksempel.invalid", "ATTENDEE:mailto:a@eksempel.invalid"]
    assert only(read(event(*lines, 'DTSTAMP;TZID="http://eksempel.invalid/tz":20261203T090000')))


def test_what_no_page_should_be_given_is_left_out() -> None:
    found = only(read(event("SUMMARY:<script>a\x1b[0m\u202eb")))
    assert found.title == "<script>a[0mb"  # the page itself writes < as text


def test_what_there_is_no_room_for_is_told() -> None:
    found = read(event("SUMMARY:Møde", "DESCRIPTION:" + "x" * 9000), event("RRULE:FREQ=DAILY", uid="hver dag"))
    assert [len(one.text) for one in found.found] == [2000, *[0] * ics.MOST_TIMES]
    assert [one.why for one in found.faults] == [
        "Den er taget med, men noget i den er for langt. De første 2000 tegn er taget med.",
        "Den gentages mange gange. De første 200 er taget med, og resten er ikke.",
    ]
    assert not read(event("RRULE:FREQ=DAILY;COUNT=200", uid="så mange gange, der er plads til")).faults


@settings(deadline=None)
@given(st.binary(max_size=300) | st.lists(st.sampled_from(
    ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "UID:1", "DTSTART:20261203T090000Z", "RRULE:FREQ=WEEKLY", "EXDATE:x",
     "RRULE:;;;", "DURATION:P", "RECURRENCE-ID:1", "SEQUENCE:x", "END:VCALENDAR", " folded", ":", "X;Y=Z"],
), max_size=20).map(lambda lines: "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode()))  # fmt: skip
def test_whatever_comes_is_read_or_refused_in_words(content: bytes) -> None:
    try:
        found = ics.read(content, NOW)
    except ics.Unusable as why:
        assert str(why).endswith(".")
    else:
        assert found.found or found.faults


# -- feeds -------------------------------------------------------------------------------------------------------------


def canary(place: str = "") -> Meeting:
    guest = Guest(
        "RelatedPerson/KANARIE1", Contact(UUID(int=3), "KANARIE2", unit="KANARIE3", phone="KANARIE4"), Answer.YES
    )
    return Meeting(
        UUID(int=1), UUID(int=2), "KANARIE5", NOW, NOW + HOUR, False, State.BOOKED, UUID(int=4), 3, (guest,), place,
        "KANARIE6", "KANARIE7", "KANARIE8", "KANARIE9", "KANARIE10", "KANARIE11",
    )  # fmt: skip


def components(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_a_feed_tells_when_and_nothing_else() -> None:
    content = ics.feed([canary()], owner=OWNER, at=NOW)
    assert b"KANARIE" not in content
    (found,) = components(content)
    assert {*found} == {"UID", "SEQUENCE", "DTSTAMP", "SUMMARY", "CLASS", "STATUS", "DTSTART", "DTEND"}
    assert (str(found["SUMMARY"]), str(found["CLASS"]), str(found["STATUS"])) == ("Aftale", "PRIVATE", "CONFIRMED")
    assert found["DTSTART"].dt == datetime(2026, 11, 25, 11, tzinfo=UTC)
    assert str(UUID(int=2)) not in content.decode() and str(UUID(int=1)) not in content.decode()


def test_the_place_comes_where_the_meeting_still_has_one() -> None:
    (found,) = components(ics.feed([canary("Stue 4; BUP, Nord\nSTATUS:CANCELLED")], owner=OWNER, at=NOW))
    assert str(found["LOCATION"]) == "Stue 4; BUP, Nord\nSTATUS:CANCELLED"
    assert str(found["STATUS"]) == "CONFIRMED"  # what is written in a place adds no line of its own


def test_no_letter_of_a_place_begins_a_line_and_every_line_is_short_enough() -> None:
    content = ics.feed([canary("Sal 1\rATTENDEE:mailto:x\r\nX:1\x0b\u2028" + "æøå😀" * 60)], owner=OWNER, at=NOW)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\r" not in line and b"\n" not in line for line in lines)
    assert not [line for line in lines if line.startswith((b"ATTENDEE", b"X:"))]
    content.replace(b"\r\n ", b"").decode()


def test_two_feeds_side_by_side_tell_nothing() -> None:
    one, other = (components(ics.feed([canary()], owner=UUID(int=n), at=NOW))[0]["UID"] for n in (5, 6))
    assert one != other
    assert one == components(ics.feed([canary()], owner=UUID(int=5), at=NOW + DAY))[0]["UID"]


def test_an_empty_feed_is_a_calendar_without_appointments() -> None:
    assert components(ics.feed([], owner=OWNER, at=NOW)) == []


states = {State.BOOKED: "CONFIRMED", State.PROPOSED: "TENTATIVE", State.CANCELLED: "CANCELLED", None: "TENTATIVE"}
times = st.integers(-86400 * 20, 86400 * 390).map(lambda seconds: NOW + seconds * SECOND)


@given(st.lists(st.tuples(times, st.integers(60, 86400), st.sampled_from([*states]), st.booleans()), max_size=5))
def test_what_goes_out_comes_in_again_at_the_same_time(told: list[tuple[int, int, State | None, bool]]) -> None:
    """Also in the nights when the clock changes, and for whole days."""
    meetings = []
    for number, (start, length, state, whole_day) in enumerate(told):
        slot = Slot(start, start + length * SECOND)
        if whole_day:
            day = moment(start).date()
            slot = Slot(*(parse(str(day + timedelta(days=n)))[0] for n in (0, 1)))
        meetings.append(Meeting(UUID(int=1), UUID(int=number), "x", *slot, whole_day, state, None, 1))
    content = ics.feed(meetings, owner=OWNER, at=NOW)
    if not meetings:
        return
    sheet = ics.read(content, NOW)
    assert not sheet.faults
    assert [(one.slot, one.title) for one in sheet.found] == [(Slot(m.start, m.end), "Aftale") for m in meetings]
    assert [one.cancelled for one in sheet.found] == [m.state is State.CANCELLED for m in meetings]
