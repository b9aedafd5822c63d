"""A child's rights by its age and the law; whom it asks about an appointment; its words to FHIR and back."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.fhir import check
from barnetsbog.fhir.primitives import fault
from barnetsbog.kernel.time import day_start
from barnetsbog.law.rulebook import standard
from barnetsbog.record.promotion import promote
from barnetsbog.voice.mapping import note_of, observation, shown_in, stands, taken_away
from barnetsbog.voice.model import Note, Room
from barnetsbog.voice.rules import asked, rights

TODAY = day_start(date(2026, 11, 25))
LAW = standard()
CHILD, SOME = "Patient/10000000-0000-7000-8000-000000000009", UUID("10000000-0000-7000-8000-000000000001")


def keys(born: date | None, at: int = TODAY) -> set[str]:
    return {one.right.key for one in rights(born, at, LAW).now}


@pytest.mark.parametrize(
    ("born", "has", "has_not"),
    [
        (date(2017, 5, 7), {"speak", "bisidder", "informed"}, {"party", "answer", "youth-plan", "adult"}),
        (date(2016, 11, 25), {"party"}, {"answer"}),
        (date(2011, 11, 26), {"party", "informed"}, {"answer", "access"}),
        (date(2011, 11, 25), {"party", "answer", "access"}, {"informed", "youth-plan"}),
        (date(2010, 11, 25), {"youth-plan", "bisidder"}, {"adult"}),
        (date(2008, 11, 25), {"access", "seen", "adult"}, {"bisidder", "speak", "party", "answer"}),
        (None, {"answer"} - {"answer"}, {"party", "answer", "bisidder"}),
    ],
)  # fmt: skip
def test_what_a_child_may_follows_from_its_age(born: date | None, has: set[str], has_not: set[str]) -> None:
    assert has <= keys(born) and not has_not & keys(born)


def test_at_fifteen_and_eighteen_something_begins_and_something_ends() -> None:
    coming = {one.age: one for one in rights(date(2012, 1, 19), TODAY, LAW).coming}
    assert list(coming) == [15, 16, 18] and coming[15].at == day_start(date(2027, 1, 19))
    assert {one.right.key for one in coming[15].begins} == {"answer", "access"}
    assert {"speak", "bisidder", "party"} <= {one.right.key for one in coming[18].ends}
    assert [one.sure for one in coming[18].begins] == [False]  # from memory, so a human being must say


def test_a_rule_that_is_not_in_force_gives_no_right() -> None:
    assert not {"speak", "party", "bisidder"} & keys(date(2011, 1, 1), day_start(date(2023, 12, 31)))


@given(st.dates(date(2000, 1, 1), date(2026, 11, 25)))
def test_nothing_that_is_to_come_is_held_already(born: date) -> None:
    found = rights(born, TODAY, LAW)
    begins = {one.right.key for age in found.coming for one in age.begins}
    assert not begins & {one.right.key for one in found.now}
    assert all(age.at > TODAY for age in found.coming)


def meeting(*guests: str) -> SimpleNamespace:
    return SimpleNamespace(unit_id="u1", guests=[SimpleNamespace(reference=one) for one in guests])


def reader(reference: str, *, lead: bool = False) -> SimpleNamespace:
    return SimpleNamespace(reference=reference, lead=lead)


@pytest.mark.parametrize(
    ("readers", "found"),
    [
        ([reader("a", lead=True), reader("b")], "b"),
        ([reader("a", lead=True), reader("Organization/u1")], "Organization/u1"),
        ([reader("c"), reader("a", lead=True)], "a"),
        ([reader("c")], "c"),
        ([], None),
    ],
)
def test_whoever_arranged_it_is_asked_and_else_whoever_leads(readers: list[SimpleNamespace], found: str | None) -> None:
    told = asked(meeting("b"), readers)  # type: ignore[arg-type]
    assert (told and told.reference) == found


NOTES = st.builds(
    Note, st.just(SOME), st.sampled_from(Room), st.text(min_size=1).filter(lambda one: one.strip() and not fault("string", one)),
    st.just(TODAY), st.sampled_from(["", "Mormor Lis"]), st.just(()),
)  # fmt: skip


@given(NOTES)
def test_a_note_is_sound_fhir_and_comes_back_letter_by_letter(note: Note) -> None:
    body = observation(note, child=CHILD)
    assert not check(body) and note_of(body) == note and stands(body)
    read = promote(body)
    assert (read.what, read.block, read.sensitivity, read.month, read.own_words) == ("own-word", "GO", "P", 0, True)
    shown = shown_in(shown_in(body, SOME), SOME)
    assert note_of(shown).shared == (SOME, SOME) and note_of(shown).words == note.words and not check(shown)
    assert not stands(taken_away(shown)) and not check(taken_away(shown))
