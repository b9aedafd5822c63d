"""A file from another calendar in a child's book: known again, never lost, and blind to what is hidden."""

import pytest

from barnetsbog.calendar import ics, operations
from barnetsbog.calendar.model import Brought, Slot, State
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY
from barnetsbog.record.models import Entry, Version
from tests.conftest import BOTH_DATABASES
from tests.unit.calendar.test_ics import event, file

from .conftest import Calendar

pytestmark = BOTH_DATABASES


def brings(calendar: Calendar, name: str, *events: str, method: str = "") -> Brought:
    calendar.clock.at += 1_000_000
    sheet = ics.read(file(*events, method=method), calendar.clock.at)
    return operations.bring_in(by=calendar.scope(name), child_id=calendar.child, sheet=sheet)


def test_a_file_comes_in_once_and_changes_when_it_says_so(calendar: Calendar) -> None:
    first = event("SUMMARY:Tandlæge", "LOCATION:Klinikken")
    assert brings(calendar, "kim", first) == Brought(new=1)
    assert brings(calendar, "kim", first) == Brought(unchanged=1)
    moved = event("SUMMARY:Tandlæge", "SEQUENCE:1", start="DTSTART:20261204T090000Z", end="DTEND:20261204T100000Z")
    assert brings(calendar, "kim", moved) == Brought(changed=1)
    assert brings(calendar, "kim", first) == Brought(unchanged=1)  # an older one says nothing new
    (seen,) = calendar.sees("Sara")
    assert (seen.title, seen.place, f"{seen.start}") == ("Tandlæge", "", str(calendar.reads("kim", seen.id).start))
    assert Version.objects.filter(entry_id=seen.id).count() == 2


@pytest.mark.parametrize("stamps", [("", ""), ("DTSTAMP:20261120T080000Z", "DTSTAMP:20261126T080000Z")])
def test_what_is_done_here_stands_until_the_other_calendar_says_something_new(
    calendar: Calendar, stamps: tuple[str, str]
) -> None:
    """Also when it is written out anew, with the moment of that on everything."""
    first, again = (event("SUMMARY:Tandlæge", one) if one else event("SUMMARY:Tandlæge") for one in stamps)
    other = event("SUMMARY:Øjenlæge", uid="u2")
    assert brings(calendar, "kim", first, other) == Brought(new=2)
    by, child, seen = calendar.scope("kim"), calendar.child, {one.title: one for one in calendar.sees("kim")}
    operations.cancel(by=by, child_id=child, ident=seen["Tandlæge"].id, version=1, reason="Barnet er sygt")
    moved = Slot(seen["Øjenlæge"].start + DAY, seen["Øjenlæge"].end + DAY)
    operations.move(by=by, child_id=child, ident=seen["Øjenlæge"].id, version=1, slot=moved, reason="Travlt")
    assert brings(calendar, "kim", again, other) == Brought(unchanged=2)
    told = {one.title: (one.state, one.reason, one.start) for one in calendar.sees("kim")}
    assert told["Tandlæge"][:2] == (State.CANCELLED, "Barnet er sygt") and told["Øjenlæge"][2] == moved.start
    assert brings(calendar, "kim", event("SUMMARY:Tandlæge", "SEQUENCE:1")) == Brought(changed=1)
    assert brings(calendar, "kim", event("SUMMARY:Øjenlæge, i huset", uid="u2")) == Brought(changed=1)
    assert {one.title: one.state for one in calendar.sees("kim")} == {
        "Tandlæge": State.BOOKED, "Øjenlæge, i huset": State.BOOKED,
    }  # fmt: skip


def test_an_older_file_of_a_calendar_that_counts_nothing_brings_nothing_back(calendar: Calendar) -> None:
    older = event("SUMMARY:Møde", "DTSTAMP:20261101T080000Z", "LAST-MODIFIED:20261101T080000Z")
    newer = event("SUMMARY:Møde", "DTSTAMP:20261101T080000Z", "LAST-MODIFIED:20261110T080000Z", "STATUS:CANCELLED")
    assert brings(calendar, "kim", older) == Brought(new=1)
    assert brings(calendar, "kim", newer) == Brought(cancelled=1)
    assert brings(calendar, "kim", older) == Brought(unchanged=1)
    assert [one.state for one in calendar.sees("kim")] == [State.CANCELLED]


def test_a_series_is_cancelled_one_by_one_and_by_method(calendar: Calendar) -> None:
    series = event("SUMMARY:Træning", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert brings(calendar, "kim", series) == Brought(new=3)
    one = event(
        "SUMMARY:Træning",
        "STATUS:CANCELLED",
        "SEQUENCE:1",
        "RECURRENCE-ID:20261210T090000Z",
        start="DTSTART:20261210T090000Z",
        end="DTEND:20261210T100000Z",
    )
    assert brings(calendar, "kim", one).cancelled == 1
    assert [seen.state for seen in calendar.sees("kim")] == [State.BOOKED, State.CANCELLED, State.BOOKED]
    assert brings(calendar, "kim", series, method="CANCEL") == Brought(cancelled=2, unchanged=1)
    assert {seen.reason for seen in calendar.sees("kim")} == {operations.CANCELLED_THERE}


def test_a_time_that_a_series_leaves_out_from_now_on_is_cancelled(calendar: Calendar) -> None:
    series, without = "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261210T090000Z"
    assert brings(calendar, "kim", event(series)) == Brought(new=3)
    assert brings(calendar, "kim", event(series, without)) == Brought(cancelled=1, unchanged=2)
    assert [one.state for one in calendar.sees("kim")] == [State.BOOKED, State.CANCELLED, State.BOOKED]
    assert brings(calendar, "kim", event(series, without)) == Brought(unchanged=3)
    assert brings(calendar, "kim", event(series, without, uid="u2")) == Brought(new=2)


def test_nothing_in_a_file_is_left_out_of_the_count(calendar: Calendar) -> None:
    past = event("SUMMARY:Før", uid="p", start="DTSTART:20261101T090000Z", end="DTEND:20261101T100000Z")
    unknown = event("SUMMARY:Ukendt", "STATUS:CANCELLED", uid="c")
    found = brings(calendar, "kim", past, unknown, event(uid=""), event(uid="ny"))
    assert (found.new, found.past, [one.why[:11] for one in found.faults]) == (1, 1, ["Den har int", "Den er afly"])


def test_the_same_file_from_two_units_is_two_appointments_and_hidden_ones_are_not_found_by_it(
    calendar: Calendar,
) -> None:
    """Psychiatry brings it in first; that it has is nothing Maja is told."""
    alone = brings(calendar, "maja", event(uid="alene"))
    assert brings(calendar, "ida", event("SUMMARY:Samtale")) == Brought(new=1)
    assert brings(calendar, "maja", event("SUMMARY:Samtale")) == alone == Brought(new=1)
    assert brings(calendar, "maja", event("SUMMARY:Ny", "SEQUENCE:9")) == Brought(changed=1)
    assert [one.title for one in calendar.sees("ida")] == ["Samtale"]


def test_a_stranger_brings_nothing_in(calendar: Calendar) -> None:
    with pytest.raises(NotFound):
        brings(calendar, "ulla", event())
    assert not Entry.objects.filter(what="appointment").exists()


def test_what_is_over_here_is_not_woken_by_an_unchanged_file(calendar: Calendar) -> None:
    assert brings(calendar, "kim", event()) == Brought(new=1)
    calendar.clock.at += 30 * DAY
    assert brings(calendar, "kim", event()) == Brought(unchanged=1)
