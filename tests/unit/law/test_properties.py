"""What must hold for every family and every set of answers, whatever they are."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barnetsbog.kernel.time import DAY
from barnetsbog.law.ages import turned
from barnetsbog.law.consents import breakpoints, evaluate
from barnetsbog.law.model import Answer, Blocked, Complete, Consent, Custody, NotRequired, Review, Sharing, Status
from barnetsbog.law.rules import Effect
from tests.samples import EXAMPLES
from tests.unit.law.family import (
    ASSESSMENT,
    FATHER,
    JOINT,
    MOTHER,
    NOW,
    REFERRAL,
    answer,
    ask,
    child,
    complete,
    refusal,
)
from tests.unit.law.strategies import BOOK, cases, sharings

many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def permissive(result: Answer) -> bool:
    return isinstance(result, Complete | NotRequired)


def no_wider(after: Answer, before: Answer) -> bool:
    """The second answer allows nothing that the first did not."""
    if not permissive(after):
        return True
    if not isinstance(after, Complete) or not isinstance(before, Complete):
        return type(after) is type(before)
    if after.sharing is None or before.sharing is None:
        return after.sharing is before.sharing
    return before.sharing.covers(after.sharing)


def apart_from_until(result: Answer) -> Answer:
    return replace(result, until=0) if isinstance(result, Complete) else result


@many
@given(sharings, sharings)
def test_an_intersection_never_widens(one: Sharing, other: Sharing) -> None:
    both = one & other
    assert one.covers(both)
    assert other.covers(both)
    assert both == other & one


@many
@given(cases())
def test_what_is_shared_is_within_what_is_wanted_and_what_each_used_consent_shares(case: Any) -> None:
    matter, _, _, consents, _ = case
    result = evaluate(*case, BOOK)
    if isinstance(result, Complete) and result.sharing is not None:
        assert result.sharing.shelves
        assert matter.wanted.covers(result.sharing)
        for consent in consents:
            assert consent.id not in result.consents or consent.sharing.covers(result.sharing)


@many
@given(cases())
def test_a_complete_answer_rests_on_consents_that_are_valid_now(case: Any) -> None:
    matter, _, _, consents, at = case
    result = evaluate(*case, BOOK)
    if not isinstance(result, Complete):
        return
    used = [consent for consent in consents if consent.id in result.consents]
    assert used
    for consent in used:
        assert consent.valid_from <= at < consent.valid_to
        assert consent.answered_at is not None
        assert consent.answered_at <= at
        assert consent.act == matter.act
        assert consent.recipient == matter.recipient
        assert matter.disclosers <= consent.disclosers
        assert consent.withdrawn_at is None or consent.withdrawn_at > at
        assert consent.id not in dict(result.rejected)


@many
@given(cases(), st.integers(0, 7))
def test_withdrawing_a_consent_never_makes_the_answer_more_permissive(case: Any, which: int) -> None:
    matter, who, custody, consents, at = case
    said = [
        each
        for each in consents
        if each.status is Status.GIVEN
        and each.answered_at
        and each.answered_at <= at
        and (each.withdrawn_at is None or each.withdrawn_at > at)
    ]
    if not said:
        return
    chosen = said[which % len(said)]
    for withdrawn_at in (at, chosen.answered_at):
        taken_back = replace(chosen, status=Status.WITHDRAWN, withdrawn_at=withdrawn_at)
        after = [taken_back if each is chosen else each for each in consents]
        assert no_wider(evaluate(matter, who, custody, after, at, BOOK), evaluate(*case, BOOK))


@many
@given(cases())
def test_every_answer_is_explained(case: Any) -> None:
    result = evaluate(*case, BOOK)
    assert result.rules
    assert result.reason.endswith(".")
    for rule in result.rules:
        assert BOOK.rule(rule).summary
    assert len(set(result.rules)) == len(result.rules)
    assert len(set(result.duties)) == len(result.duties)
    for _, why in result.rejected:
        assert why.endswith(".")


@many
@given(cases(), st.sampled_from(["birthday", "custody", "nobody"]))
def test_what_is_unknown_is_never_complete(case: Any, what: str) -> None:
    matter, who, custody, consents, at = case
    if what == "birthday":
        who = replace(who, born=None)
    else:
        custody = Custody(custody.holders if what == "custody" else (), known=False)
    result = evaluate(matter, who, custody, consents, at, BOOK)
    by_itself = isinstance(result, Blocked) and set(result.by) == {who.id}  # a no of one's own, whoever has custody
    assert turned(who.born, 18, at) or by_itself or isinstance(result, Review | NotRequired)


@many
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_is_irrelevant(case: Any, random: Any) -> None:
    matter, who, custody, consents, at = case
    shuffled = list(consents)
    random.shuffle(shuffled)
    assert evaluate(matter, who, custody, shuffled, at, BOOK) == evaluate(*case, BOOK)


@many
@given(cases(), st.sampled_from([{"act": "medication"}, {"recipient": "elsewhere"}, {"child": "the-twin"}]))
def test_an_answer_about_something_else_changes_nothing(case: Any, other: dict[str, str]) -> None:
    matter, who, custody, consents, at = case
    more = [replace(consent, id=f"other-{consent.id}", **other) for consent in consents]  # type: ignore[arg-type]
    assert evaluate(matter, who, custody, [*consents, *more], at, BOOK) == evaluate(*case, BOOK)


@many
@given(cases())
def test_between_two_breakpoints_the_answer_is_the_same(case: Any) -> None:
    matter, who, custody, consents, _ = case
    points = breakpoints(matter, who, custody, consents, BOOK)
    assert list(points) == sorted(set(points))
    for start, end in pairwise(points):
        if end < NOW - 500 * DAY or start > NOW + 1000 * DAY:
            continue
        first = evaluate(matter, who, custody, consents, start, BOOK)
        for moment in {(start + end) // 2, end - 1}:
            again = evaluate(matter, who, custody, consents, moment, BOOK)
            assert apart_from_until(again) == apart_from_until(first)


@many
@given(cases())
def test_it_is_complete_with_the_same_sharing_until_the_time_it_says(case: Any) -> None:
    matter, who, custody, consents, at = case
    result = evaluate(*case, BOOK)
    if not isinstance(result, Complete):
        return
    assert result.until > at
    assert result.until in breakpoints(matter, who, custody, consents, BOOK)
    for moment in ((at + result.until) // 2, result.until - 1):
        later = evaluate(matter, who, custody, consents, moment, BOOK)
        assert isinstance(later, Complete)
        assert (later.sharing, later.consents, later.until) == (result.sharing, result.consents, result.until)


# -- switching rules off ----------------------------------------------------------------------------------------------

SWITCHED = sorted(rule.id for rule in BOOK.rules.values() if rule.effect is not Effect.BACKGROUND)


@settings(parent=many, max_examples=EXAMPLES // 4)
@pytest.mark.parametrize("how", ["off", "expired"])
@given(case=cases())
def test_switching_any_rule_off_never_makes_the_answer_more_permissive(how: str, case: Any) -> None:
    at = case[4]
    before = evaluate(*case, BOOK)
    for rule in SWITCHED:
        book = OFF[rule] if how == "off" else BOOK.with_changes(expire={rule: at})
        after = evaluate(*case, book)
        if permissive(after):
            assert permissive(before), rule
        if isinstance(after, Complete) and isinstance(before, Complete):
            assert no_wider(after, before), rule
        for code in ("waiting-list-allowed", "appointment-allowed"):
            assert code not in after.duties or code in before.duties, rule


OFF = {rule: BOOK.with_changes(off=[rule]) for rule in SWITCHED}


@pytest.mark.parametrize("rule", sorted(rule for rule in SWITCHED if BOOK.rule(rule).effect is Effect.GOVERNS))
@settings(parent=many, max_examples=EXAMPLES // 10)
@given(case=cases())
def test_an_answer_that_rests_on_a_governing_rule_which_is_off_is_for_a_human_being(rule: str, case: Any) -> None:
    before, after = evaluate(*case, BOOK), evaluate(*case, OFF[rule])
    if rule not in before.rules or isinstance(before, NotRequired):
        assert after == before
    else:
        assert isinstance(after, Review)
        assert after.rules == before.rules
        assert after.rejected == before.rejected


def test_the_answer_changes_at_the_instant_the_rule_ends_and_says_so_before() -> None:
    ends = NOW + 5
    book = BOOK.with_changes(expire={"FAL3": ends})
    yes = (answer(REFERRAL, MOTHER), answer(REFERRAL, FATHER))
    assert complete(ask(REFERRAL, *yes, book=book)).until == ends
    after = ask(REFERRAL, *yes, book=book, when=ends)
    assert isinstance(after, Review)
    assert after.reason == "Reglen FAL3 er slået fra eller gælder ikke på det tidspunkt. Et menneske skal vurdere det."


def test_what_is_allowed_falls_away_with_the_rule_and_what_protects_stays() -> None:
    who = child(view_recorded=False, suspected_honour_conflict=True)
    after = ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), who=who, book=OFF["SL15"])
    assert after.duties == ("child-view-missing", "hold-parent-notice")
    held = ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), who=who, book=OFF["BL18"])
    assert isinstance(held, Review)
    assert "hold-parent-notice" in held.duties


def test_acute_treatment_stays_allowed_when_the_rule_about_notices_is_off_and_the_notice_stays_held() -> None:
    acute = replace(ASSESSMENT, acute=True)
    result = ask(acute, who=child(suspected_honour_conflict=True), book=OFF["BL18"])
    assert isinstance(result, NotRequired)
    assert "hold-parent-notice" in result.duties


# -- two at once ------------------------------------------------------------------------------------------------------


@given(st.permutations([answer(REFERRAL, MOTHER, answered_at=NOW), answer(REFERRAL, FATHER, answered_at=NOW)]))
def test_two_parents_may_answer_in_the_same_microsecond(consents: list[Consent]) -> None:
    result = complete(evaluate(REFERRAL, child(), JOINT, consents, NOW, BOOK))
    assert result.consents == ("father-ppr-to-bup", "mother-ppr-to-bup")


@given(st.permutations([answer(REFERRAL, MOTHER, answered_at=NOW), refusal(REFERRAL, FATHER, answered_at=NOW)]))
def test_and_one_of_them_may_say_no(consents: list[Consent]) -> None:
    assert not permissive(evaluate(REFERRAL, child(), JOINT, consents, NOW, BOOK))
