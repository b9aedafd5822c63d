"""What holds for every combination, and for every choice of rules that are switched off."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barnetsbog.routing.checking import dead_ends, failures, questions
from barnetsbog.routing.loading import contents_of, standard
from barnetsbog.routing.model import AGES, EMERGENCY, Home, Question, Urgency, Verdict
from barnetsbog.routing.rulebook import Rulebook, build
from barnetsbog.routing.rules import advise, deciding, override_needs_reason
from tests.unit.law.test_properties import EXAMPLES

BOOK = standard()
QUESTIONS = st.builds(
    Question, st.sampled_from(sorted(BOOK.askers)), st.sampled_from(AGES), st.sampled_from(sorted(BOOK.suspicions)),
    st.sampled_from(Urgency), st.sampled_from(Home),
)  # fmt: skip
LOOSE = sorted(name for name, rule in BOOK.rules.items() if not rule.fixed)


def _without(off: set[str]) -> Rulebook:
    rules = {name: replace(rule, on=name not in off) for name, rule in BOOK.rules.items()}
    return build(replace(contents_of(BOOK), rules=rules), {})


def test_every_combination_has_an_open_door_and_the_acute_one() -> None:
    for question in questions(BOOK):
        advice = advise(question, BOOK)
        assert advice.open and advice.first.open, question
        assert advice.acute.door.id == EMERGENCY and advice.acute.open, question


def test_the_ages_that_are_asked_stand_for_all_ages() -> None:
    """The check skips ages between which no rule changes; here none is skipped."""
    asked = {(one.asker, one.suspicion, one.urgency, one.home): {} for one in questions(BOOK)}
    for one in questions(BOOK):
        asked[one.asker, one.suspicion, one.urgency, one.home][one.age] = deciding(one, BOOK)
    for key, by_age in asked.items():
        for age in AGES:
            nearest = max(one for one in by_age if one <= age)
            assert deciding(Question(key[0], age, *key[1:]), BOOK) == by_age[nearest], (key, age)


@given(QUESTIONS)
def test_the_order_is_total_and_always_the_same(question: Question) -> None:
    first, again = advise(question, BOOK), advise(question, BOOK)
    assert first == again
    doors = [one.door.id for one in first.doors]
    assert len(set(doors)) == len(doors)
    verdicts = [list(Verdict).index(one.verdict) for one in first.doors]
    assert verdicts == sorted(verdicts)


@given(QUESTIONS)
def test_the_order_of_the_file_s_rules_does_not_matter(question: Question) -> None:
    backwards = dict(reversed(BOOK.rules.items()))
    assert advise(question, build(replace(contents_of(BOOK), rules=backwards), {})) == advise(question, BOOK)


@given(QUESTIONS)
def test_a_no_says_what_is_right_instead_and_that_is_open(question: Question) -> None:
    advice = advise(question, BOOK)
    opened = {one.door.id for one in advice.open}
    for one in advice.doors:
        assert one.open or (one.instead and one.instead.id in opened), one
        assert one.via is None or one.via.id in opened, one
        assert override_needs_reason(advice, one.door.id).outcome != "refused"


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sets(st.sampled_from(LOOSE), max_size=40), QUESTIONS)
def test_no_switch_leaves_two_rules_that_contradict_each_other(on: set[str], question: Question) -> None:
    """Whatever is on, one rule decides at each door and never two."""
    book = _without(set(LOOSE) - on)
    for door, rules in book.by_asker[question.asker].items():
        fitting = [one for one in rules if one.fits(question)]
        assert len({one.level for one in fitting}) == len(fitting), (door, fitting)


@settings(max_examples=EXAMPLES // 10, deadline=None)
@given(st.sets(st.sampled_from(LOOSE), max_size=40))
def test_switching_rules_off_gives_a_dead_end_with_its_name_or_none_at_all(off: set[str]) -> None:
    book = _without(off)
    found = list(dead_ends(book))
    lost = [
        one
        for one in questions(book)
        if not any(rule.verdict is not Verdict.NO for door, rule in deciding(one, book).items() if door != EMERGENCY)
    ]
    assert [one.question for one in found if one.what == "Uden dør"] == lost


def test_each_case_notices_when_its_first_door_is_shut() -> None:
    """A case that can't fail would be none."""
    for case in BOOK.cases.values():
        deciders = {
            rule.id
            for rule in BOOK.rules.values()
            if case.question.asker in rule.askers and case.first in rule.doors and not rule.fixed
        }
        assert failures(_without(deciders), case), case.id
        assert failures(BOOK, case) == []


@pytest.mark.parametrize("field", ["asker", "suspicion", "urgency"])
def test_the_cases_cover_every_asker_urgency_and_many_worries(field: str) -> None:
    covered = {getattr(case.question, field) for case in BOOK.cases.values()}
    wanted = {"asker": set(BOOK.askers) - {"specialist", "bup", "misuse-centre"}, "urgency": set(Urgency)}
    assert wanted.get(field, set()) <= covered
    assert len(covered) > 2


def test_no_two_rules_of_the_file_say_the_same_at_the_same_place() -> None:
    for one, other in combinations(BOOK.rules.values(), 2):
        assert replace(one, id="") != replace(other, id=""), (one.id, other.id)
