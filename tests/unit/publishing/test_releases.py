"""Which forms a new version of the catalogue is a new version of, and which version is the one to begin on."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.publishing.releases import Release, in_force, new_versions
from tests.unit.forms.inventing import form, line

DAYS = [date(2026, 11, day) for day in range(20, 30)]
A, B = form(line("x"), id="a"), form(line("y"), id="b")
LONGER = form(line("x"), line("z"), id="a")
PROGRAM = {"a": A, "b": B}


def _release(version: int, day: date, *, draft: int = 1, gone: bool = False, follows: int | None = None) -> Release:
    return Release("a", version, draft, day, gone, follows)


def test_a_version_is_in_force_from_its_day_and_an_older_one_never_after_it() -> None:
    rows = [_release(1001, DAYS[0]), _release(1002, DAYS[5]), _release(1003, DAYS[2])]
    assert in_force(rows, DAYS[0], {"a": 1}) == {"a": 1001}
    assert in_force(rows, DAYS[4], {"a": 1}) == in_force(rows, DAYS[9], {"a": 1}) == {"a": 1003}
    assert in_force([], DAYS[0], {"a": 1}) == {}


def test_a_form_that_is_withdrawn_is_not_begun() -> None:
    assert in_force([_release(1001, DAYS[0]), _release(1002, DAYS[1], gone=True)], DAYS[2], {}) == {"a": None}


def test_what_was_taken_back_to_the_program_s_goes_on_with_the_program() -> None:
    rows = [_release(1001, DAYS[0]), _release(1002, DAYS[1], follows=1)]
    assert in_force(rows, DAYS[2], {"a": 1}) == {"a": 1002}
    assert in_force(rows, DAYS[2], {"a": 2}) == {}


@given(st.lists(st.tuples(st.sampled_from(DAYS), st.booleans()), max_size=6), st.sampled_from(DAYS))
def test_what_is_in_force_has_begun_and_nothing_newer_has(rows: list[tuple[date, bool]], day: date) -> None:
    released = [_release(1000 + n, start, gone=gone) for n, (start, gone) in enumerate(rows, 1)]
    begun = [one for one in released if one.valid_from <= day]
    newest = max(begun, key=lambda one: one.version, default=None)
    expected = {} if newest is None else {"a": None if newest.withdrawn else newest.version}
    assert in_force(reversed(released), day, {"a": 1}) == expected


def test_only_what_says_something_else_gets_a_new_version() -> None:
    (new,) = new_versions({"a": LONGER, "b": B}, PROGRAM, {}, PROGRAM)
    assert (new.id, new.version, new.follows) == ("a", 1001, None) and new.form == replace(LONGER, version=1001)
    assert list(new_versions(PROGRAM, PROGRAM, {}, PROGRAM)) == []


def test_back_to_an_earlier_version_is_a_new_number_that_says_what_it_is_the_same_as() -> None:
    (back,) = new_versions(PROGRAM, {**PROGRAM, "a": replace(LONGER, version=1001)}, {"a": 1001}, PROGRAM)
    assert (back.version, back.follows) == (1002, 1)


def test_a_form_of_ones_own_comes_and_goes() -> None:
    (new,) = new_versions({**PROGRAM, "c": replace(A, id="c")}, PROGRAM, {}, PROGRAM)
    assert (new.id, new.version, new.follows) == ("c", 1001, None)
    (gone,) = new_versions(PROGRAM, {**PROGRAM, "c": new.form}, {"c": 1001}, PROGRAM)
    assert (gone.id, gone.version, gone.form) == ("c", 1002, None)
    (again,) = new_versions({**PROGRAM, "c": new.form}, {**PROGRAM, "c": None}, {"c": 1002}, PROGRAM)  # type: ignore[dict-item]
    assert again.version == 1003
