"""When somebody is looked after, and whether they are told."""

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.kernel.decisions import Refused
from barnetsbog.kernel.time import COPENHAGEN, DAY, SECOND, instant, moment
from barnetsbog.notifications import rules
from barnetsbog.notifications.model import TEXT, Quiet, Standing, Told, Way

HOUR = 3600 * SECOND
HOURS = st.integers(0, 23)
QUIET = st.builds(Quiet, HOURS, HOURS)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
    lambda one: instant(one.replace(tzinfo=COPENHAGEN))
)


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN))


NOW = at("2026-11-25 12:00")


@given(MOMENTS, QUIET, st.uuids())
def test_no_look_is_in_the_quiet_hours_and_there_is_one_every_day(now: int, quiet: Quiet, person: UUID) -> None:
    look = rules.next_look(now, quiet, person)
    assert now < look <= now + DAY + 2 * HOUR
    assert not rules.is_quiet(look, quiet) or _skipped(look)


def _skipped(look: int) -> bool:
    """The hour from two to three, in a night that has none, is the one before or after it: still the same night."""
    return moment(look).month == 3 and moment(look).hour in (1, 3) and moment(look).day >= 25


@pytest.mark.parametrize(
    ("clock", "quiet"), [("19:59", False), ("20:00", True), ("00:00", True), ("07:59", True), ("08:00", False)]
)
@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-25", "2026-11-25"])
def test_quiet_hours_are_danish_clock_hours_also_when_the_clock_changes(day: str, clock: str, quiet: bool) -> None:
    assert rules.is_quiet(at(f"{day} {clock}"), Quiet()) is quiet


def test_quiet_hours_may_lie_within_a_day_and_be_none() -> None:
    assert rules.is_quiet(at("2026-11-25 12:00"), Quiet(8, 16))
    assert not rules.is_quiet(at("2026-11-25 16:00"), Quiet(8, 16))
    assert not rules.is_quiet(at("2026-11-25 03:00"), Quiet(5, 5))


def test_when_a_look_comes_follows_from_the_person_alone() -> None:
    mother, father = UUID(int=17), UUID(int=43)
    assert rules.next_look(at("2026-11-25 08:20"), Quiet(), mother) == at("2026-11-25 19:17")
    assert rules.next_look(at("2026-11-25 11:00"), Quiet(), mother) == at("2026-11-25 19:17")
    assert rules.next_look(at("2026-11-25 19:17"), Quiet(), mother) == at("2026-11-26 08:17")
    assert rules.next_look(at("2026-11-25 08:20"), Quiet(), father) == at("2026-11-25 08:43")


NOTHING, ONE, TWO = Standing((0, 0), False), Standing((1, 0), False), Standing((1, 1), False)
ACUTE = Standing((1, 1), True)


@pytest.mark.parametrize(
    ("standing", "told", "says"),
    [
        (NOTHING, Told(), False),
        (ONE, Told(), True),
        (ONE, Told((1, 0), NOW - 2 * DAY), False),  # they know
        (TWO, Told((1, 0), NOW - 2 * DAY), True),
        (TWO, Told((1, 0), NOW - HOUR), False),  # once a day
        (ONE, Told((1, 0), NOW - 7 * DAY), True),  # it has waited for a week
        (NOTHING, Told((1, 0), NOW - 7 * DAY), False),
        (ACUTE, Told((1, 1), NOW - HOUR), True),
        (ACUTE, Told((1, 1), NOW - HOUR, NOW - HOUR), False),
        (Standing((0, 0), True), Told((0, 0)), True),  # an appointment tomorrow, and nothing to answer
    ],
)
def test_who_is_told(standing: Standing, told: Told, says: bool) -> None:
    assert rules.is_told(NOW, standing, told) is says


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), max_size=30))
def test_nobody_is_told_more_than_once_a_day_and_once_more_of_something_acute(
    days: list[tuple[int, int, bool]],
) -> None:
    told, said = Told(), list[int]()
    for number, (one, other, acute) in enumerate(days):
        now = NOW + number * 6 * HOUR
        standing = Standing((one, other), acute)
        says, counts = rules.is_told(now, standing, told), rules.counted(now, standing, told)
        said += [now] if says else []
        told = Told(counts, now if says else told.at, now if says and acute else told.acute_at)
    by_day = [moment(one).date() for one in said]
    assert all(by_day.count(day) <= 2 for day in by_day)


def test_what_came_after_the_days_word_is_said_the_next_day() -> None:
    told = Told((1, 0), NOW - HOUR)
    assert not rules.is_told(NOW, TWO, told)
    assert rules.is_told(NOW + DAY, TWO, told._replace(counts=rules.counted(NOW, TWO, told)))
    first = Told((), NOW - HOUR)  # a new choice, when the address has been told of another child today
    assert not rules.is_told(NOW, TWO, first)
    assert rules.is_told(NOW + DAY, TWO, first._replace(counts=rules.counted(NOW, TWO, first)))


@pytest.mark.parametrize(
    ("way", "text", "used"),
    [
        (Way.SMS, "20 30 40 50", "+4520304050"), (Way.SMS, "+45 20304050", "+4520304050"),
        (Way.SMS, "+46701234567", "+46701234567"), (Way.MAIL, " sara@eksempel.dk ", "sara@eksempel.dk"),
    ],
)  # fmt: skip
def test_an_address_is_brought_to_one_form(way: Way, text: str, used: str) -> None:
    assert rules.address(way, text) == used


@pytest.mark.parametrize(
    ("way", "text"),
    [
        (Way.SMS, "112"), (Way.SMS, "10304050"), (Way.SMS, "sara@eksempel.dk"), (Way.MAIL, "sara"),
        (Way.MAIL, "a@b.dk\nBcc: c@d.dk"), (Way.MAIL, "a@b.dk, c@d.dk"), (Way.MAIL, "20304050"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(way: Way, text: str) -> None:
    with pytest.raises(Refused):
        rules.address(way, text)


def test_what_is_lacking_is_due_tomorrow_at_the_latest() -> None:
    assert rules.is_lacking(NOW, at("2026-11-26 23:59")) and rules.is_lacking(NOW, at("2026-11-20 12:00"))
    assert not rules.is_lacking(NOW, at("2026-11-27 00:00")) and not rules.is_lacking(NOW, None)


def test_the_words_name_nobody() -> None:
    assert TEXT == "Der er nyt i Barnets Bog. Log ind for at se det."
