"""The acceptance cases of consent, in words that a psychologist and a lawyer can read. The number is the case's own."""

import pytest

from barnetsbog.kernel.time import DAY, SECOND
from barnetsbog.law import duties
from barnetsbog.law.consents import givers
from barnetsbog.law.model import (
    Blocked,
    CapacityDecision,
    Custody,
    Holder,
    HolderKind,
    Incomplete,
    Matter,
    Placement,
    Status,
)
from barnetsbog.law.rulebook import standard
from tests.unit.law.family import (
    ALMA,
    ASSESSMENT,
    BUP_MID,
    FATHER,
    FOSTER,
    JOINT,
    MOTHER,
    NARROW,
    NOW,
    PPV,
    REFERRAL,
    REPRESENTATIVE,
    SOLE,
    STEPFATHER,
    WIDE,
    answer,
    ask,
    at,
    blocked,
    child,
    complete,
    incomplete,
    missing,
    not_required,
    refusal,
    rejected,
    review,
)


def test_1_given_13_years_and_joint_custody_when_mother_signed_then_father_is_missing_and_the_waiting_list_is_open() -> (
    None
):
    result = ask(ASSESSMENT, answer(ASSESSMENT, MOTHER))
    assert missing(result) == {FATHER}
    assert duties.WAITING_LIST in result.duties
    assert duties.APPOINTMENT not in result.duties


def test_2_given_both_signed_when_evaluated_then_complete_until_the_earlier_end() -> None:
    early = at("2027-03-01")
    result = complete(ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER, valid_to=early)))
    assert result.until == early
    assert result.consents == (f"{FATHER}-bup-assessment", f"{MOTHER}-bup-assessment")
    assert duties.APPOINTMENT in result.duties


def test_3_given_father_refuses_then_blocked_without_reminders_and_nothing_is_fetched_without_consent() -> None:
    result = blocked(ask(REFERRAL, answer(REFERRAL, MOTHER), refusal(REFERRAL, FATHER)))
    assert result.by == (FATHER,)
    assert duties.NO_REMINDERS in result.duties
    assert result.duties[-4:] == (
        duties.EXIT_CONVERSATION,
        duties.EXIT_FAMILY_COURT,
        duties.EXIT_CONCERN,
        duties.EXIT_EXAMINATION,
    )
    assert "RSL11C" not in result.rules
    assert not any("RSL11C" in code for code in result.duties)
    assert standard().act("municipal-retrieval-without-consent").to_sectors == ("family-department",)


def test_4_given_15_today_when_she_signs_alone_then_complete_and_each_holder_is_to_be_told() -> None:
    birthday = at("2026-10-20")
    result = complete(
        ask(ASSESSMENT, answer(ASSESSMENT, ALMA, answered_at=birthday), who=child("2011-10-20"), when=birthday)
    )
    assert [code for code in result.duties if code.startswith("inform:")] == ["inform:mother", "inform:father"]
    assert "SL17-1" in result.rules


def test_5_given_the_last_microsecond_before_15_when_she_signs_alone_then_both_holders_are_missing() -> None:
    before = at("2026-10-20") - 1
    result = ask(ASSESSMENT, answer(ASSESSMENT, ALMA, answered_at=before), who=child("2011-10-20"), when=before)
    assert missing(result) == {MOTHER, FATHER}
    assert rejected(result) == {"alma-bup-assessment": "Barnet kan ikke give samtykke til dette alene."}


def test_6_given_sole_custody_when_the_other_parent_signs_then_rejected_with_a_reason_and_the_scope_is_unchanged() -> (
    None
):
    alone = complete(ask(REFERRAL, answer(REFERRAL, MOTHER), custody=SOLE))
    both = complete(ask(REFERRAL, answer(REFERRAL, MOTHER), answer(REFERRAL, STEPFATHER), custody=SOLE))
    assert both.sharing == alone.sharing
    assert rejected(both) == {
        "stepfather-ppr-to-bup": "Forælderen har ikke forældremyndighed og kan ikke give samtykke."
    }
    assert "OWN-VALID-GIVER" in both.rules


def test_7_given_custody_turns_sole_at_t_then_the_ex_holders_answer_counts_until_t_and_not_from_it() -> None:
    turns = at("2026-10-20", "10:00")
    custody = Custody((Holder(MOTHER, resident=True), Holder(FATHER, valid_to=turns)))
    answers = (answer(REFERRAL, MOTHER), answer(REFERRAL, FATHER, sharing=NARROW))
    before = complete(ask(REFERRAL, *answers, custody=custody, when=turns - 1))
    assert before.sharing == NARROW
    assert before.until == turns
    after = complete(ask(REFERRAL, *answers, custody=custody, when=turns + SECOND))
    assert after.sharing == WIDE
    assert rejected(after) == {"father-ppr-to-bup": "Giveren har ikke forældremyndighed på dette tidspunkt."}


def test_8_given_mother_withdraws_while_a_letter_is_queued_then_it_is_complete_before_and_blocked_from_that_instant() -> (
    None
):
    withdrawn = at("2026-10-20", "09:00")
    answers = (
        answer(REFERRAL, MOTHER, Status.WITHDRAWN, withdrawn_at=withdrawn),
        answer(REFERRAL, FATHER),
    )
    assert complete(ask(REFERRAL, *answers, when=withdrawn - 1)).until == withdrawn
    assert blocked(ask(REFERRAL, *answers, when=withdrawn)).by == (MOTHER,)


def test_9_given_ppv_and_only_the_resident_parent_then_the_municipality_decides_and_the_trace_names_the_rule() -> None:
    everyone = ask(PPV, answer(PPV, MOTHER))
    assert missing(everyone) == {FATHER}
    resident = standard().with_changes(options={"ppv-givers": "resident"})
    only = complete(ask(PPV, answer(PPV, MOTHER), book=resident))
    assert "OWN-PPV-ALL" in everyone.rules
    assert "OWN-PPV-ALL" in only.rules


def test_10_given_a_placed_child_and_a_decision_that_covers_the_act_then_not_required_and_from_10_the_child_is_told() -> (
    None
):
    placement = Placement(at("2026-01-01"), at("2027-01-01"), frozenset({"bup-assessment"}))
    result = not_required(ask(ASSESSMENT, who=child(placements=(placement,))))
    assert result.basis == "BL97-2"
    assert result.rules == ("BL97-2", "BL3")
    assert result.duties == (duties.PARTY_NOTICE, *duties.PLACE_AND_TIME)
    nine = not_required(ask(ASSESSMENT, who=child("2016-10-21", placements=(placement,))))
    assert nine.duties == duties.PLACE_AND_TIME


def test_11_given_a_placed_child_without_a_decision_when_the_foster_carer_signs_then_rejected() -> None:
    placement = Placement(at("2026-01-01"), at("2027-01-01"), frozenset({"medication"}))
    result = ask(ASSESSMENT, answer(ASSESSMENT, FOSTER), who=child(placements=(placement,)))
    assert missing(result) == {MOTHER, FATHER}
    assert rejected(result) == {"foster-bup-assessment": "Plejefamilien kan ikke give samtykke på barnets vegne."}


def test_12_given_an_unaccompanied_minor_who_gets_a_temporary_holder_when_the_representative_signs_then_rejected() -> (
    None
):
    turns = at("2026-10-01")
    custody = Custody(
        (
            Holder(REPRESENTATIVE, HolderKind.REPRESENTATIVE),
            Holder("temporary", HolderKind.TEMPORARY, valid_from=turns),
        )
    )
    signs = answer(ASSESSMENT, REPRESENTATIVE, answered_at=turns - SECOND)
    before = complete(ask(ASSESSMENT, signs, custody=custody, when=turns - 1))
    assert "UDL56A" in before.rules
    assert before.until == turns
    late = answer(ASSESSMENT, REPRESENTATIVE, answered_at=turns + 1)
    after = ask(ASSESSMENT, late, custody=custody, when=turns + 1)
    assert missing(after) == {"temporary"}
    assert rejected(after) == {"representative-bup-assessment": "Repræsentanten kan ikke (længere) give samtykke."}
    assert "FAL-TFM" in after.rules


def test_13_given_consent_for_bup_north_when_it_is_to_go_to_bup_mid_then_it_says_nothing_about_that() -> None:
    elsewhere = Matter("ppr-to-bup", REFERRAL.disclosers, BUP_MID, WIDE)
    result = ask(elsewhere, answer(REFERRAL, MOTHER), answer(REFERRAL, FATHER))
    assert missing(result) == {MOTHER, FATHER}
    assert not any(each.asked for each in incomplete(result).missing)


def test_14_given_both_parents_refuse_when_a_teacher_notifies_then_no_consent_is_required_and_both_clocks_run() -> None:
    notice = Matter("concern-notification", frozenset({"skolen"}), "familieafdelingen", WIDE)
    result = not_required(ask(notice, refusal(notice, MOTHER), refusal(notice, FATHER)))
    assert result.basis == "BL133"
    assert {"deadline:24-hours", "deadline:6-working-days"} <= set(result.duties)


def test_15_given_an_ssd_meeting_held_when_a_second_pack_is_opened_without_special_reason_then_stopped() -> None:
    first = not_required(ask(Matter("ssd-meeting", frozenset({"skolen"}), "familieafdelingen", WIDE)))
    assert first.duties == ("once-at-one-meeting",)
    again = Matter("ssd-follow-up", frozenset({"skolen"}), "familieafdelingen", WIDE)
    assert blocked(ask(again)).by == ("SSD",)
    spaces = Matter("ssd-follow-up", frozenset({"skolen"}), "familieafdelingen", WIDE, purpose="   ")
    assert isinstance(ask(spaces), Blocked)
    reasoned = Matter("ssd-follow-up", frozenset({"skolen"}), "familieafdelingen", WIDE, purpose="Nyt fravær i uge 41")
    assert not_required(ask(reasoned)).basis == "SSD"


@pytest.mark.parametrize("purpose", ["efterforskning", "Efterforskningen af en sag", "INVESTIGATION", ""])
def test_16_given_investigation_as_the_purpose_under_rpl_115_then_stopped(purpose: str) -> None:
    exchange = Matter("ssp-exchange", frozenset({"skolen"}), "politiet", WIDE, purpose=purpose)
    assert blocked(ask(exchange, answer(exchange, MOTHER), answer(exchange, FATHER))).by == ("RPL115",)


def test_16_given_prevention_as_the_purpose_then_the_law_allows_it() -> None:
    exchange = Matter("ssp-exchange", frozenset({"skolen"}), "politiet", WIDE, purpose="forebyggelse")
    assert not_required(ask(exchange)).basis == "RPL115"


@pytest.mark.parametrize("assessed", [False, True])
def test_17_given_suspected_honour_conflict_without_risk_assessment_then_nothing_goes_to_the_parents(
    assessed: bool,
) -> None:
    who = child("2010-01-01", suspected_honour_conflict=True, risk_assessed=assessed)
    result = complete(ask(ASSESSMENT, answer(ASSESSMENT, ALMA), who=who))
    assert (duties.HOLD_PARENT_NOTICE in result.duties) is not assessed
    assert ("BL18" in result.rules) is not assessed
    assert ("inform:mother" in result.duties) is assessed


def test_17_the_notice_is_held_also_when_no_consent_is_required() -> None:
    who = child(suspected_honour_conflict=True)
    notice = Matter("concern-notification", frozenset({"skolen"}), "familieafdelingen", WIDE)
    assert duties.HOLD_PARENT_NOTICE in not_required(ask(notice, who=who)).duties


def test_20_given_a_holder_asks_for_a_17_year_olds_record_then_a_human_being_decides_and_a_refusal_is_reasoned() -> (
    None
):
    wish = Matter("holder-digital-record-access", frozenset({"bup-nord"}), MOTHER, WIDE)
    result = review(ask(wish, answer(wish, MOTHER), who=child("2009-01-01")))
    assert result.duties == ("manual-record-access", "reasoned-refusal")
    assert "SL39A" in result.rules


# -- beside the numbered cases: what the document says in words --------------------------------------------------------


def test_given_sl92a_when_a_young_person_signs_then_no_holder_is_to_be_told() -> None:
    matter = Matter("confidential-youth-treatment")
    result = complete(ask(matter, answer(matter, ALMA), who=child("2010-01-01")))
    assert not any(code.startswith("inform:") for code in result.duties)
    assert "SL92A" in result.rules
    review(ask(matter, answer(matter, MOTHER), answer(matter, FATHER)))


def test_given_a_reasoned_record_that_she_cannot_answer_alone_then_the_holders_answer() -> None:
    decision = CapacityDecision(at("2026-10-01"), at("2026-11-01"), reasoned=True)
    who = child("2010-01-01", capacity_decisions=(decision,))
    result = ask(ASSESSMENT, answer(ASSESSMENT, ALMA), who=who)
    assert missing(result) == {MOTHER, FATHER}
    assert "SL17-2" in result.rules
    both = complete(ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER), who=who))
    assert both.until == at("2026-11-01")


@pytest.mark.parametrize(("day", "alone"), [("2026-09-30", True), ("2026-10-01", False), ("2026-11-01", True)])
def test_a_record_counts_in_its_period(day: str, alone: bool) -> None:
    decision = CapacityDecision(at("2026-10-01"), at("2026-11-01"), reasoned=True)
    who = child("2010-01-01", capacity_decisions=(decision,))
    result = ask(ASSESSMENT, answer(ASSESSMENT, ALMA), who=who, when=at(day))
    assert isinstance(result, Incomplete) is not alone


def test_an_unreasoned_record_counts_for_nothing_and_is_pointed_out() -> None:
    decision = CapacityDecision(0, NOW + DAY, reasoned=False)
    result = complete(
        ask(ASSESSMENT, answer(ASSESSMENT, ALMA), who=child("2010-01-01", capacity_decisions=(decision,)))
    )
    assert duties.CAPACITY_WITHOUT_REASON in result.duties


def test_what_was_said_while_she_could_not_answer_alone_does_not_count_later() -> None:
    decision = CapacityDecision(at("2026-09-01"), at("2026-10-01"), reasoned=True)
    result = ask(ASSESSMENT, answer(ASSESSMENT, ALMA), who=child("2010-01-01", capacity_decisions=(decision,)))
    assert rejected(result) == {"alma-bup-assessment": "Giveren kunne ikke give samtykke, da der blev svaret."}


def test_a_yes_from_when_she_was_14_does_not_become_consent_at_15() -> None:
    result = ask(ASSESSMENT, answer(ASSESSMENT, ALMA), who=child("2011-10-01"))
    assert missing(result) == {ALMA}


def test_a_child_under_15_who_says_no_is_no_veto_but_is_not_overlooked() -> None:
    yes = (answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER))
    assert duties.CHILD_OBJECTS in complete(ask(ASSESSMENT, *yes, refusal(ASSESSMENT, ALMA))).duties
    assert duties.CHILD_OBJECTS not in complete(ask(ASSESSMENT, *yes, answer(ASSESSMENT, ALMA))).duties
    asked = answer(ASSESSMENT, ALMA, Status.ASKED)
    assert duties.CHILD_OBJECTS not in complete(ask(ASSESSMENT, *yes, asked)).duties
    assert duties.CHILD_OBJECTS not in complete(ask(ASSESSMENT, *yes, refusal(ASSESSMENT, STEPFATHER))).duties


def test_the_childs_view_is_a_flag_and_not_a_veto() -> None:
    yes = (answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER))
    result = complete(ask(ASSESSMENT, *yes, who=child(view_recorded=False)))
    assert duties.CHILD_VIEW_MISSING in result.duties
    assert "SL-CHILD" in result.rules
    assert duties.CHILD_VIEW_MISSING not in complete(ask(ASSESSMENT, *yes)).duties


def test_a_grown_up_answers_alone_whoever_had_custody() -> None:
    who = child("2008-10-20")
    result = complete(
        ask(PPV, answer(PPV, ALMA, answered_at=at("2026-10-20")), who=who, custody=Custody((), known=False))
    )
    assert result.rules[:2] == ("FSL-PPV", "VML1")
    young = answer(PPV, ALMA, answered_at=at("2026-10-19"))
    assert rejected(ask(PPV, young, who=who)) == {
        "alma-ppr-assessment": "Giveren kunne ikke give samtykke, da der blev svaret."
    }


def test_the_municipalitys_decision_does_not_take_the_place_of_a_young_person_or_a_grown_up() -> None:
    placement = Placement(0, at("2030-01-01"), frozenset({"bup-assessment", "support-section-32"}))
    assert missing(ask(ASSESSMENT, who=child("2010-01-01", placements=(placement,)))) == {ALMA}
    support = Matter("support-section-32")
    assert not_required(ask(support, who=child("2010-01-01", placements=(placement,)))).basis == "BL97-2"
    assert missing(ask(support, who=child("2008-01-01", placements=(placement,)))) == {ALMA}


def test_the_child_is_a_party_in_support_from_10() -> None:
    support = Matter("support-section-32")
    yes = (answer(support, MOTHER), answer(support, FATHER))
    ten = complete(ask(support, *yes, who=child("2016-10-20")))
    assert duties.PARTY_NOTICE in ten.duties
    assert "BL3" in ten.rules
    nine = complete(ask(support, *yes, who=child("2016-10-21")))
    assert duties.PARTY_NOTICE not in nine.duties
    assert duties.PARTY_NOTICE not in complete(ask(PPV, answer(PPV, MOTHER), answer(PPV, FATHER))).duties


@pytest.mark.parametrize(
    ("born", "before", "birthday"),
    [
        ("2012-02-29", "2027-02-28T23:59", "2027-03-01T00:00"),  # 15 in a year without the day
        ("2011-03-27", "2026-03-26T23:59", "2026-03-27T00:00"),  # two days before the clock goes on
        ("2011-03-29", "2026-03-28T23:59", "2026-03-29T00:00"),  # the night the clock goes on
        ("2010-10-26", "2025-10-25T23:59", "2025-10-26T00:00"),  # the night it goes back
    ],
)
def test_the_age_is_the_danish_calendars(born: str, before: str, birthday: str) -> None:
    def who_answers(moment: str) -> set[str]:
        when = at(*moment.split("T"))
        return missing(ask(ASSESSMENT, who=child(born), when=when))

    assert who_answers(before) == {MOTHER, FATHER}
    assert who_answers(birthday) == {ALMA}


def test_who_must_answer_can_be_asked_before_anybody_has() -> None:
    found = givers(REFERRAL, child(), JOINT, NOW, standard())
    assert [person for person, _ in found.people] == [MOTHER, FATHER]  # type: ignore[union-attr]
    assert "FAL3" in found.rules
    bare = Matter("ppr-to-bup")
    assert givers(bare, child(), JOINT, NOW, standard()) == found


def test_a_deadline_is_never_longer_than_twelve_months() -> None:
    day = at("2026-02-01", "08:00")
    long = {"valid_from": day, "valid_to": day + 2000 * DAY, "answered_at": day}
    yes = (answer(ASSESSMENT, MOTHER, **long), answer(ASSESSMENT, FATHER, **long))
    end = at("2027-02-01", "08:00")
    assert complete(ask(ASSESSMENT, *yes)).until == end
    assert complete(ask(ASSESSMENT, *yes, when=end - 1)).until == end
    assert missing(ask(ASSESSMENT, *yes, when=end)) == {MOTHER, FATHER}
    short = standard().with_changes(options={"consent-max-months": "3"})
    assert missing(ask(ASSESSMENT, *yes, when=at("2026-05-01", "08:00"), book=short)) == {MOTHER, FATHER}
    assert complete(ask(ASSESSMENT, *yes, when=at("2026-05-01", "07:59"), book=short))
