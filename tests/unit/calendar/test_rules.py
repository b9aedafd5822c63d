"""When an appointment can be, and who may do what with it, row by row."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.calendar import rules
from barnetsbog.calendar.model import Answer, Doing, Guest, Meeting, Part, Slot, State, Told, Wanted
from barnetsbog.contacts.model import Contact
from barnetsbog.kernel.decisions import Decision
from barnetsbog.kernel.time import COPENHAGEN, DAY, SECOND, instant, moment, parse

HOUR = 3600 * SECOND
NOW = parse("2026-11-25T12:00:00+01:00")[0]
FORWARD, BACK = date(2027, 3, 28), date(2026, 10, 25)
ALMA, NOAH = UUID(int=1), UUID(int=2)


def refused(said: object) -> tuple[str, ...]:
    assert isinstance(said, Decision) and not said.allowed and said.reason
    return said.rules


# -- the nights when the clock changes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "clock", "count"),
    [
        (FORWARD, time(1, 59), 1), (FORWARD, time(2, 0), 0), (FORWARD, time(2, 59), 0), (FORWARD, time(3, 0), 1),
        (BACK, time(1, 59), 1), (BACK, time(2, 0), 2), (BACK, time(2, 59), 2), (BACK, time(3, 0), 1),
        (date(2026, 12, 3), time(10, 0), 1),
    ],
)  # fmt: skip
def test_how_often_a_clock_shows_a_time(day: date, clock: time, count: int) -> None:
    assert len(rules.instants(day, clock)) == count


@given(st.datetimes(datetime(1981, 1, 1), datetime(2036, 12, 31)))
def test_every_moment_found_is_one_at_which_danish_clocks_show_it(local: datetime) -> None:
    local = local.replace(microsecond=0)
    for at in rules.instants(local.date(), local.time()):
        assert moment(at).replace(tzinfo=None) == local


@given(st.integers(0, 60 * 366 * 86400))
def test_every_moment_is_found_by_what_clocks_show_at_it(seconds: int) -> None:
    at = seconds * SECOND
    shown = moment(at)
    assert at in rules.instants(shown.date(), shown.time())


def test_a_time_that_is_not_there_is_refused_in_words() -> None:
    said = rules.span(FORWARD, time(2, 30), time(4, 0))
    assert refused(said) == (rules.NO_SUCH_TIME,)
    assert isinstance(said, Decision) and "Kl. 02.30 findes ikke den nat" in said.reason
    assert refused(rules.span(FORWARD, time(1, 30), time(2, 30))) == (rules.NO_SUCH_TIME,)


def test_a_time_that_is_there_twice_is_chosen_and_not_guessed() -> None:
    assert refused(rules.span(BACK, time(2, 15), time(2, 45))) == (rules.TWICE,)
    first, second = (rules.span(BACK, time(2, 15), time(2, 45), later=later) for later in (False, True))
    assert isinstance(first, Slot) and isinstance(second, Slot)
    assert second.start - first.start == second.end - first.end == HOUR
    assert moment(first.start).utcoffset() == timedelta(hours=2)
    assert moment(second.start).utcoffset() == timedelta(hours=1)


def test_an_hour_over_the_change_has_its_real_length() -> None:
    short, long = rules.span(FORWARD, time(1, 0), time(4, 0)), rules.span(BACK, time(1, 0), time(4, 0))
    assert isinstance(short, Slot) and isinstance(long, Slot)
    assert (short.end - short.start, long.end - long.start) == (2 * HOUR, 4 * HOUR)


@pytest.mark.parametrize("end", [time(10, 0), time(9, 59)])
def test_it_ends_after_it_begins(end: time) -> None:
    said = rules.span(date(2026, 12, 3), time(10, 0), end)
    assert refused(said) == (rules.ORDER,)
    assert isinstance(said, Decision) and "Slutter den en anden dag, så skriv også den dag." in said.reason


def test_it_may_end_on_another_day() -> None:
    friday, sunday = date(2026, 12, 4), date(2026, 12, 6)
    night = rules.span(friday, time(22, 0), time(7, 0), last=date(2026, 12, 5))
    stay = rules.span(friday, time(15, 0), time(10, 0), last=sunday)
    assert isinstance(night, Slot) and isinstance(stay, Slot)
    assert (night.end - night.start, stay.end - stay.start) == (9 * HOUR, 43 * HOUR)
    assert refused(rules.span(sunday, time(22, 0), time(23, 0), last=friday)) == (rules.ORDER,)


# -- when it can be ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slot", "rule"),
    [
        (Slot(NOW + HOUR, NOW + 2 * HOUR), None),
        (Slot(NOW, NOW + HOUR), None),
        (Slot(NOW - 1, NOW + HOUR), rules.PAST),
        (Slot(NOW + HOUR, NOW + HOUR), rules.ORDER),
        (Slot(NOW + 2 * HOUR, NOW + HOUR), rules.ORDER),
        (Slot(NOW + HOUR, NOW + HOUR + 14 * DAY), None),
        (Slot(NOW + HOUR, NOW + HOUR + 14 * DAY + 1), rules.FAR),
        (Slot(NOW + 3 * 366 * DAY, NOW + 3 * 366 * DAY + HOUR), rules.FAR),
    ],
)
def test_when_something_can_be_agreed(slot: Slot, rule: str | None) -> None:
    said = rules.may_be(slot, NOW)
    assert said.allowed if rule is None else refused(said) == (rule,)


def later(hours: int) -> Slot:
    return Slot(NOW + hours * HOUR, NOW + (hours + 1) * HOUR)


@pytest.mark.parametrize(
    ("wanted", "rule"),
    [
        (Wanted("Samtale", (later(1),), booked=True), None),
        (Wanted("Samtale", (later(1), later(3))), None),
        (Wanted("Samtale"), None),  # the waiting list: the law is asked elsewhere
        (Wanted("  ", (later(1),)), rules.NOT_WHOLE),
        (Wanted("Samtale", (later(1), later(3)), booked=True), rules.NOT_WHOLE),
        (Wanted("Samtale", booked=True), rules.NOT_WHOLE),
        (Wanted("Samtale", tuple(later(2 * n) for n in range(1, 7))), rules.NOT_WHOLE),
        (Wanted("Samtale", (later(1), later(1))), rules.ORDER),
        (Wanted("Samtale", (later(1), later(2))), None),  # back to back
        (Wanted("Samtale", (later(-1),)), rules.PAST),
        (Wanted("Samtale", (later(1),), place="x" * 2001), rules.NOT_WHOLE),
    ],
)
def test_what_is_whole_enough_to_be_arranged(wanted: Wanted, rule: str | None) -> None:
    said = rules.may_arrange(wanted, NOW)
    assert said.allowed if rule is None else refused(said) == (rule,)


# -- who may do what ---------------------------------------------------------------------------------------------------

COMING, WAITING = (State.PROPOSED, State.PENDING, State.BOOKED), (State.PROPOSED, State.PENDING)
LEADS = (Part.ORGANISER, Part.COORDINATOR)


@pytest.mark.parametrize("state", [*State, None])
@pytest.mark.parametrize("doing", list(Doing))
@pytest.mark.parametrize("part", list(Part))
def test_what_may_be_done_is_as_the_table_says(state: State | None, doing: Doing, part: Part) -> None:
    allowed = {
        Doing.ANSWER: state in COMING, Doing.BOOK: state in WAITING and part in LEADS, Doing.MOVE: state in COMING,
        Doing.CANCEL: state in (*COMING, State.WAITLIST),
    }[doing]  # fmt: skip
    assert rules.may_do(doing, state, {part}, "far er syg").allowed is allowed
    assert (doing in rules.doings(state, {part})) is allowed
    assert not rules.may_do(doing, state, (), "far er syg").allowed


@pytest.mark.parametrize("doing", [Doing.MOVE, Doing.CANCEL])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_moving_and_cancelling_need_a_reason(doing: Doing, reason: str) -> None:
    assert refused(rules.may_do(doing, State.BOOKED, {Part.GUEST}, reason)) == (rules.NO_REASON,)
    assert refused(rules.may_do(doing, State.BOOKED, {Part.GUEST}, "x" * 2001)) == (rules.NOT_WHOLE,)


def test_a_new_time_is_a_new_question() -> None:
    before = {"Patient/a": Answer.YES, "PractitionerRole/ida": Answer.ASKED, "RelatedPerson/far": Answer.YES}
    assert rules.answers_after_move(before, "PractitionerRole/ida") == {
        "Patient/a": Answer.YES, "PractitionerRole/ida": Answer.YES, "RelatedPerson/far": Answer.ASKED,
    }  # fmt: skip


# -- two places at once ------------------------------------------------------------------------------------------------


def meeting(child: UUID, slot: Slot, state: State = State.BOOKED, **guests: Answer) -> Meeting:
    found = tuple(Guest(who, Contact(UUID(int=9), who), answer) for who, answer in guests.items())
    return Meeting(child, UUID(int=7), "Møde", *slot, False, state, None, 1, found, waits=state is State.WAITLIST)


@pytest.mark.parametrize(
    ("other", "clashes"),
    [
        (meeting(ALMA, later(1)), True),
        (meeting(ALMA, later(2)), False),  # back to back
        (meeting(ALMA, Slot(NOW, NOW + 9 * HOUR)), True),
        (meeting(ALMA, later(1), State.CANCELLED), False),
        (meeting(ALMA, later(1), State.WAITLIST), False),
        (meeting(NOAH, later(1)), False),
        (meeting(NOAH, later(1), kim=Answer.YES), True),
        (meeting(NOAH, later(1), kim=Answer.ASKED), True),
        (meeting(NOAH, later(1), kim=Answer.NO), False),
        (meeting(NOAH, later(1), ida=Answer.YES), False),
    ],
)
def test_the_same_child_or_the_same_person_at_the_same_time(other: Meeting, clashes: bool) -> None:
    assert bool(rules.clashing(later(1), ["kim", "bo"], ALMA, [other])) is clashes


@given(st.integers(0, 9), st.integers(1, 9), st.integers(0, 9), st.integers(1, 9))
def test_overlapping_is_the_same_from_both_sides(a: int, b: int, c: int, d: int) -> None:
    one, other = Slot(a, a + b), Slot(c, c + d)
    shared = range(max(one.start, other.start), min(one.end, other.end))
    assert rules.overlap(one, other) is rules.overlap(other, one) is bool(shared)


def test_the_clock_of_the_test_is_danish() -> None:
    assert instant(datetime(2026, 11, 25, 12, 0, tzinfo=COPENHAGEN)) == NOW


# -- from another calendar ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sequence", "stamp", "said", "news"),
    [
        (3, 0, "før", True), (3, 1, "nyt", True), (1, 9, "nyt", False), (2, 9, "før", False), (2, 9, "nyt", True),
        (2, 5, "nyt", True), (2, 4, "nyt", False), (2, 0, "nyt", True), (2, 0, "før", False),
    ],
)  # fmt: skip
def test_what_a_calendar_has_told_before_is_no_news(sequence: int, stamp: int, said: str, news: bool) -> None:
    assert rules.is_news(Told("u", sequence, stamp, said), Told("u", 2, 5, "før")) is news
