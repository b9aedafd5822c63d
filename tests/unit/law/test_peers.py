"""What users of neighbouring systems have complained of, turned into tests of the evaluation (lessons from peers, B)."""

from dataclasses import replace

from barnetsbog.kernel.time import FOREVER
from barnetsbog.law import duties
from barnetsbog.law.consents import givers
from barnetsbog.law.model import Capacity, CapacityDecision, Matter, Status
from barnetsbog.law.rulebook import standard
from tests.unit.law.family import (
    ALMA,
    ANSWERED,
    ASSESSMENT,
    FATHER,
    GRANDMOTHER,
    JOINT,
    MOTHER,
    NOW,
    PPR,
    REFERRAL,
    WIDE,
    answer,
    ask,
    at,
    child,
    complete,
    missing,
    refusal,
    rejected,
)


def test_given_a_15_year_old_and_parents_who_disagree_then_her_own_yes_is_enough() -> None:
    who = child("2011-01-01")
    disagree = (answer(ASSESSMENT, MOTHER), refusal(ASSESSMENT, FATHER))
    assert missing(ask(ASSESSMENT, *disagree, who=who)) == {ALMA}
    result = complete(ask(ASSESSMENT, *disagree, answer(ASSESSMENT, ALMA), who=who))
    assert result.consents == ("alma-bup-assessment",)
    assert [code for code in result.duties if code.startswith(duties.INFORM)] == ["inform:mother", "inform:father"]


def test_given_a_record_that_she_cannot_answer_alone_after_mothers_yes_then_mothers_yes_still_stands() -> None:
    yes = (answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER))
    decision = CapacityDecision(ANSWERED + 1, FOREVER, reasoned=True)
    who = child("2011-01-01", capacity_decisions=(decision,))
    assert complete(ask(ASSESSMENT, *yes, who=who)).consents == ("father-bup-assessment", "mother-bup-assessment")


def test_given_a_record_that_she_cannot_answer_alone_about_a_13_year_old_then_it_changes_nothing() -> None:
    yes = (answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER))
    decision = CapacityDecision(0, FOREVER, reasoned=True)
    who = child(capacity_decisions=(decision,))
    assert complete(ask(ASSESSMENT, *yes, who=who)).consents == complete(ask(ASSESSMENT, *yes)).consents


def test_given_the_link_was_opened_by_grandmother_then_it_is_not_fathers_answer() -> None:
    as_herself = answer(ASSESSMENT, GRANDMOTHER)
    as_him = answer(ASSESSMENT, FATHER, capacity=Capacity.OTHER)
    result = ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), as_herself, as_him)
    assert missing(result) == {FATHER}
    assert rejected(result) == {
        "grandmother-bup-assessment": "Svaret er givet af en, der ikke kan give samtykke.",
        "father-bup-assessment": "Svaret er ikke givet i den egenskab, der skal til.",
    }


def test_given_a_condition_removes_the_part_that_needs_father_then_his_answer_is_not_demanded() -> None:
    consultation = Matter("ppr-consultation")
    with_tests = Matter("ppr-assessment")
    assert missing(ask(with_tests, answer(with_tests, MOTHER))) == {FATHER}
    complete(ask(consultation, answer(consultation, MOTHER)))
    found = givers(consultation, child(), JOINT, NOW, standard())
    assert [person for person, _ in found.people] == [MOTHER]  # type: ignore[union-attr]


def test_given_twins_when_father_answers_about_one_then_nothing_is_said_about_the_other() -> None:
    alma, emil = child(), child(id="emil")
    about_alma = [answer(REFERRAL, parent, child=ALMA) for parent in (MOTHER, FATHER)]
    complete(ask(REFERRAL, *about_alma, who=alma))
    assert missing(ask(REFERRAL, *about_alma, who=emil)) == {MOTHER, FATHER}
    assert not ask(REFERRAL, *about_alma, who=emil).rejected


def test_given_an_unrelated_file_is_added_or_removed_then_the_consent_stands() -> None:
    yes = (answer(REFERRAL, MOTHER, evidence="underskrift.pdf"), answer(REFERRAL, FATHER))
    without = (replace(yes[0], evidence=""), yes[1])
    assert ask(REFERRAL, *yes) == ask(REFERRAL, *without)


def test_given_mother_is_reminded_then_the_answer_tells_who_is_missing_and_who_has_been_asked() -> None:
    result = ask(REFERRAL, answer(REFERRAL, MOTHER, Status.ASKED))
    assert [(each.person, each.asked) for each in result.missing] == [(MOTHER, True), (FATHER, False)]  # type: ignore[union-attr]


def test_given_consent_ends_next_month_then_the_answer_says_the_day() -> None:
    ends = at("2026-11-20")
    result = complete(ask(REFERRAL, answer(REFERRAL, MOTHER, valid_to=ends), answer(REFERRAL, FATHER)))
    assert result.until == ends


def test_given_a_parent_says_yes_to_one_receiver_then_a_matter_with_another_unit_of_the_same_region_is_open() -> None:
    other = Matter("ppr-to-bup", frozenset({PPR}), "bup-nord-ambulatorium", WIDE)
    assert missing(ask(other, answer(REFERRAL, MOTHER), answer(REFERRAL, FATHER))) == {MOTHER, FATHER}
