"""When a message is read, and what can be sent."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.deadlines.working_days import WorkingDays
from barnetsbog.kernel.time import moment, parse
from barnetsbog.messages.mapping import communication, sent_of
from barnetsbog.messages.model import Sent
from barnetsbog.messages.rules import LONGEST, can_be_sent, read_by

DAYS = WorkingDays()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-25T09:30:00+01:00", "2026-11-26T12:00:00+01:00"),
        ("2026-11-25T23:59:59+01:00", "2026-11-26T12:00:00+01:00"),
        ("2026-11-27T15:00:00+01:00", "2026-11-30T12:00:00+01:00"),  # a Friday
        ("2026-12-24T15:00:00+01:00", "2026-12-28T12:00:00+01:00"),  # Christmas
        ("2026-03-27T10:00:00+01:00", "2026-03-30T12:00:00+02:00"),  # the clock changes between
    ],
)
def test_it_is_read_by_noon_of_the_next_working_day(written: str, read: str) -> None:
    assert read_by(parse(written)[0], DAYS) == parse(read)[0]


@given(st.integers(parse("2020-01-01T00:00:00Z")[0], parse("2040-01-01T00:00:00Z")[0]))
def test_it_is_always_noon_of_a_working_day_that_comes(at: int) -> None:
    by = moment(read_by(at, DAYS))
    assert (by.hour, by.minute) == (12, 0) and DAYS.is_one(by.date()) and by.date() > moment(at).date()
    assert by.date() - moment(at).date() <= date(2026, 1, 9) - date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "Skriv"), (" \n ", "Skriv"), ("x" * (LONGEST + 1), "for langt"), ("a\x00b", "tegn"), ("a\ud800", "tegn")],
)
def test_what_can_t_be_sent_is_said(text: str, why: str) -> None:
    decided = can_be_sent(text)
    assert not decided.allowed and why in decided.reason and decided.rules


def test_the_longest_message_can_be_sent() -> None:
    assert can_be_sent("å" * LONGEST).allowed


_MOMENTS = st.integers(0, parse("2100-01-01T00:00:00Z")[0])


@given(
    st.builds(
        Sent, st.uuids(), st.just("RelatedPerson/m"), st.just("PractitionerRole/k"),
        st.sampled_from([(), ("RelatedPerson/f",)]), st.text(min_size=1, max_size=50).filter(lambda t: can_be_sent(t).allowed),
        _MOMENTS, st.just(UUID(int=5)), st.none() | _MOMENTS, st.booleans(), st.none(), st.just(""))
)  # fmt: skip
def test_a_message_comes_back_as_it_was(sent: Sent) -> None:
    assert sent_of(communication(sent, child="Patient/a")) == sent


def test_one_from_elsewhere_that_lacks_everything_is_read_all_the_same() -> None:
    found = sent_of({"resourceType": "Communication", "id": str(UUID(int=1)), "status": "completed"})
    assert (found.text, found.to, found.sender, found.thread) == ("", "", "", found.id)
