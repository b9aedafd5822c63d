"""Which answers count: the latest of each giver, for this act, this receiver and every discloser, in its period."""

from dataclasses import replace

import pytest

from barnetsbog.kernel.time import FOREVER, SECOND
from barnetsbog.law import duties
from barnetsbog.law.model import (
    Capacity,
    CapacityDecision,
    Consent,
    Custody,
    Holder,
    Kind,
    Level,
    Matter,
    Placement,
    Status,
)
from tests.unit.law.family import (
    ALMA,
    ANSWERED,
    ASSESSMENT,
    BUP_NORTH,
    CONSULTATION,
    FATHER,
    GRANDMOTHER,
    JOINT,
    JUNE,
    MOTHER,
    NARROW,
    NOW,
    PPR,
    REFERRAL,
    REPRESENTATIVE,
    SCHOOL,
    SEPTEMBER,
    SOLE,
    WIDE,
    answer,
    ask,
    at,
    blocked,
    child,
    complete,
    incomplete,
    missing,
    refusal,
    rejected,
    review,
    sharing,
)

MOTHERS = answer(REFERRAL, MOTHER)
FATHERS = answer(REFERRAL, FATHER)


# -- the latest answer ------------------------------------------------------------------------------------------------


def test_a_refusal_after_a_yes_wins() -> None:
    later = refusal(REFERRAL, FATHER, id="later", answered_at=ANSWERED + 1)
    assert blocked(ask(REFERRAL, MOTHERS, FATHERS, later)).by == (FATHER,)


def test_a_yes_after_a_refusal_reopens() -> None:
    earlier = refusal(REFERRAL, FATHER, id="earlier", answered_at=ANSWERED - 1)
    complete(ask(REFERRAL, MOTHERS, FATHERS, earlier))


def test_a_yes_after_a_refusal_that_has_expired_leaves_the_question_open() -> None:
    earlier = refusal(REFERRAL, FATHER, id="earlier", answered_at=ANSWERED - 1)
    expired = replace(FATHERS, valid_to=NOW)
    assert missing(ask(REFERRAL, MOTHERS, expired, earlier)) == {FATHER}


def test_in_the_same_microsecond_a_no_goes_before_a_yes() -> None:
    blocked(ask(REFERRAL, MOTHERS, FATHERS, refusal(REFERRAL, FATHER, id="same")))


def test_the_latest_of_several_yeses_counts_though_it_is_narrower() -> None:
    newer = replace(FATHERS, id="newer", answered_at=ANSWERED + 1, sharing=NARROW)
    result = complete(ask(REFERRAL, newer, MOTHERS, FATHERS))
    assert result.sharing == NARROW
    assert result.consents == ("mother-ppr-to-bup", "newer")
    assert complete(ask(REFERRAL, FATHERS, MOTHERS, newer)) == result


def test_two_yeses_in_the_same_microsecond_are_told_apart_by_id_and_never_by_order() -> None:
    twin = replace(FATHERS, id="zz", sharing=NARROW)
    assert complete(ask(REFERRAL, MOTHERS, FATHERS, twin)).sharing == NARROW
    assert complete(ask(REFERRAL, twin, FATHERS, MOTHERS)).sharing == NARROW


def test_an_older_yes_counts_while_the_newer_one_has_not_begun_and_the_answer_ends_when_it_does() -> None:
    begins = at("2026-12-01")
    newer = replace(FATHERS, id="newer", answered_at=ANSWERED + 1, valid_from=begins, sharing=NARROW)
    result = complete(ask(REFERRAL, MOTHERS, FATHERS, newer))
    assert result.sharing == WIDE
    assert result.until == begins


def test_an_unanswered_renewal_does_not_shorten_what_is_there() -> None:
    renewal = answer(REFERRAL, FATHER, Status.ASKED, id="renewal", valid_from=at("2026-12-01"))
    assert complete(ask(REFERRAL, MOTHERS, FATHERS, renewal)).until == JUNE


def test_taking_back_an_older_yes_stops_the_newer_one_too_until_it_is_said_again() -> None:
    newer = replace(FATHERS, id="newer", answered_at=ANSWERED + 1)
    taken_back = replace(FATHERS, withdrawn_at=ANSWERED + 2, status=Status.WITHDRAWN)
    assert blocked(ask(REFERRAL, MOTHERS, newer, taken_back)).by == (FATHER,)
    complete(ask(REFERRAL, MOTHERS, replace(newer, answered_at=ANSWERED + 3), taken_back))


def test_a_withdrawal_counts_from_its_instant() -> None:
    later = replace(FATHERS, withdrawn_at=NOW + SECOND)
    assert complete(ask(REFERRAL, MOTHERS, later)).until == NOW + SECOND
    blocked(ask(REFERRAL, MOTHERS, later, when=NOW + SECOND))
    blocked(ask(REFERRAL, MOTHERS, replace(FATHERS, withdrawn_at=NOW)))


def test_a_withdrawal_that_claims_to_be_older_than_its_yes_still_counts() -> None:
    blocked(ask(REFERRAL, MOTHERS, replace(FATHERS, status=Status.WITHDRAWN, withdrawn_at=ANSWERED - 1)))


def test_a_withdrawal_without_a_time_counts_from_the_answer() -> None:
    undated = replace(FATHERS, status=Status.WITHDRAWN)
    blocked(ask(REFERRAL, MOTHERS, undated))
    assert missing(ask(REFERRAL, MOTHERS, undated, when=ANSWERED - 1)) == {MOTHER, FATHER}


def test_a_refusal_without_a_time_stands_until_there_is_a_yes() -> None:
    undated = refusal(REFERRAL, FATHER, id="undated", answered_at=None)
    assert blocked(ask(REFERRAL, MOTHERS, undated)).by == (FATHER,)
    complete(ask(REFERRAL, MOTHERS, undated, FATHERS))


def test_a_refusal_is_not_known_before_it_is_said() -> None:
    later = refusal(REFERRAL, FATHER, answered_at=NOW + 1)
    assert missing(ask(REFERRAL, MOTHERS, later)) == {FATHER}
    blocked(ask(REFERRAL, MOTHERS, later, when=NOW + 1))


def test_an_answer_to_come_ends_what_is_complete_now() -> None:
    later = refusal(REFERRAL, FATHER, id="later", answered_at=NOW + SECOND)
    assert complete(ask(REFERRAL, MOTHERS, FATHERS, later)).until == NOW + SECOND


def test_a_refusal_does_not_expire() -> None:
    blocked(ask(REFERRAL, MOTHERS, refusal(REFERRAL, FATHER, valid_to=SEPTEMBER + 1)))


@pytest.mark.parametrize(
    "fault",
    [
        {"valid_from": JUNE, "valid_to": SEPTEMBER},
        {"capacity": Capacity.PARENT},
        {"kind": Kind.RETRIEVAL},
        {"recipient": ""},
        {"disclosers": frozenset()},
        {"disclosers": frozenset({PPR, SCHOOL})},
    ],
)
def test_a_no_is_never_lost_on_a_formality(fault: dict[str, object]) -> None:
    assert blocked(ask(REFERRAL, MOTHERS, refusal(REFERRAL, FATHER, **fault))).by == (FATHER,)


@pytest.mark.parametrize("status", [Status.SUPERSEDED, Status.ENTERED_IN_ERROR])
def test_what_is_replaced_or_was_a_mistake_says_nothing(status: Status) -> None:
    gone = replace(FATHERS, status=status)
    result = incomplete(ask(REFERRAL, MOTHERS, gone))
    assert result == ask(REFERRAL, MOTHERS)
    complete(ask(REFERRAL, MOTHERS, FATHERS, answer(REFERRAL, FATHER, status, id="x", answered_at=ANSWERED + 1)))


# -- what an answer must be to count ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"valid_from": JUNE, "valid_to": SEPTEMBER}, "Perioden slutter, før den begynder."),
        ({"valid_from": JUNE, "valid_to": JUNE}, "Perioden slutter, før den begynder."),
        ({"recipient": ""}, "Samtykket siger ikke, hvem der er modtager."),
        ({"disclosers": frozenset()}, "Samtykket omfatter ikke alle, der skal give oplysninger."),
        ({"kind": Kind.TREATMENT}, "Samtykket er til noget af en anden slags."),
        ({"capacity": Capacity.PARENT}, "Svaret er ikke givet i den egenskab, der skal til."),
        ({"capacity": Capacity.OTHER}, "Svaret er ikke givet i den egenskab, der skal til."),
        ({"answered_at": None}, "Svaret mangler et tidspunkt."),
    ],
)
def test_a_yes_with_a_fault_counts_for_nothing_and_says_why(fault: dict[str, object], why: str) -> None:
    result = ask(REFERRAL, MOTHERS, replace(FATHERS, **fault))  # type: ignore[arg-type]
    assert missing(result) == {FATHER}
    assert rejected(result) == {"father-ppr-to-bup": why}
    assert "OWN-VALID-GIVER" in result.rules


def test_a_yes_with_a_fault_does_not_reopen_a_refusal() -> None:
    faulty = replace(FATHERS, id="faulty", answered_at=ANSWERED + 1, valid_to=SEPTEMBER)
    assert blocked(ask(REFERRAL, MOTHERS, refusal(REFERRAL, FATHER), faulty)).by == (FATHER,)


@pytest.mark.parametrize(
    ("giver", "custody", "why"),
    [
        (GRANDMOTHER, JOINT, "Svaret er givet af en, der ikke kan give samtykke."),
        (ALMA, JOINT, "Barnet kan ikke give samtykke til dette alene."),
        (FATHER, SOLE, "Giveren har ikke forældremyndighed på dette tidspunkt."),
        (REPRESENTATIVE, JOINT, "Repræsentanten kan ikke (længere) give samtykke."),
        (FATHER, Custody((*SOLE.holders, Holder(FATHER, deceased_at=NOW))), "Giveren er død."),
        (
            FATHER,
            Custody((*SOLE.holders, Holder(FATHER, valid_to=NOW))),
            "Giveren har ikke forældremyndighed på dette tidspunkt.",
        ),
    ],
)
def test_who_is_no_giver_is_told_why(giver: str, custody: Custody, why: str) -> None:
    result = (
        complete(ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, giver), custody=custody))
        if (custody is not JOINT)
        else incomplete(ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, giver)))
    )
    assert rejected(result) == {f"{giver}-bup-assessment": why}


def test_the_other_parents_answer_is_not_asked_for_in_daily_matters() -> None:
    result = complete(ask(CONSULTATION, answer(CONSULTATION, MOTHER), answer(CONSULTATION, FATHER)))
    assert rejected(result) == {"father-ppr-consultation": "Det er den, barnet bor hos, der svarer på dette."}


def test_parents_answers_do_not_count_when_the_young_person_answers() -> None:
    result = complete(ask(ASSESSMENT, answer(ASSESSMENT, ALMA), refusal(ASSESSMENT, FATHER), who=child("2010-01-01")))
    assert rejected(result) == {"father-bup-assessment": "Den unge svarer selv; forældrenes svar tæller ikke."}


def test_what_is_rejected_is_told_in_the_order_of_the_ids() -> None:
    strangers = [answer(REFERRAL, GRANDMOTHER, id=each) for each in ("c", "a", "b")]
    assert [each for each, _ in ask(REFERRAL, *strangers).rejected] == ["a", "b", "c"]


def test_a_holder_from_today_must_answer_again() -> None:
    custody = Custody((Holder(MOTHER, resident=True), Holder(FATHER, valid_from=ANSWERED + 1)))
    result = ask(REFERRAL, MOTHERS, FATHERS, custody=custody)
    assert rejected(result) == {"father-ppr-to-bup": "Giveren kunne ikke give samtykke, da der blev svaret."}
    complete(ask(REFERRAL, MOTHERS, replace(FATHERS, answered_at=ANSWERED + 1), custody=custody))


def test_a_consent_for_more_disclosers_covers_fewer() -> None:
    wider = frozenset({PPR, SCHOOL})
    complete(ask(REFERRAL, replace(MOTHERS, disclosers=wider), replace(FATHERS, disclosers=wider)))
    both = replace(REFERRAL, disclosers=wider)
    assert missing(ask(both, MOTHERS, FATHERS)) == {MOTHER, FATHER}


def test_a_no_to_one_of_the_disclosers_stops_what_includes_it_and_nothing_else() -> None:
    both = replace(REFERRAL, disclosers=frozenset({PPR, SCHOOL}))
    yes = (answer(both, MOTHER), answer(both, FATHER))
    no = refusal(REFERRAL, FATHER, id="no-school", disclosers=frozenset({SCHOOL}), answered_at=ANSWERED + 1)
    assert blocked(ask(both, *yes, no)).by == (FATHER,)
    complete(ask(REFERRAL, *yes, no))


def test_a_matter_without_disclosers_is_stopped_by_a_no_that_names_some() -> None:
    named = refusal(ASSESSMENT, FATHER, disclosers=frozenset({PPR}))
    assert blocked(ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), named)).by == (FATHER,)


def test_a_consent_about_another_child_act_or_receiver_says_nothing() -> None:
    others = [
        replace(FATHERS, child="the-twin"),
        replace(FATHERS, act="bup-to-school"),
        replace(FATHERS, recipient="bup-midt"),
    ]
    assert ask(REFERRAL, MOTHERS, *others) == ask(REFERRAL, MOTHERS)
    complete(ask(REFERRAL, MOTHERS, replace(FATHERS, child=ALMA)))


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [(NOW, JUNE, True), (NOW + 1, JUNE, False), (SEPTEMBER, NOW + 1, True), (SEPTEMBER, NOW, False)],
)
def test_the_period_includes_its_start_and_not_its_end(start: int, end: int, counts: bool) -> None:
    result = ask(REFERRAL, MOTHERS, replace(FATHERS, valid_from=start, valid_to=end))
    assert (result.__class__.__name__ == "Complete") is counts


def test_an_answer_counts_from_its_microsecond() -> None:
    complete(ask(REFERRAL, MOTHERS, replace(FATHERS, answered_at=NOW)))
    assert missing(ask(REFERRAL, MOTHERS, replace(FATHERS, answered_at=NOW + 1))) == {FATHER}


@pytest.mark.parametrize(
    ("record", "asked"),
    [
        ([], False),
        ([answer(REFERRAL, FATHER, Status.ASKED)], True),
        ([replace(FATHERS, valid_to=NOW)], True),
        ([replace(FATHERS, kind=Kind.TREATMENT)], True),
    ],
)
def test_the_missing_are_told_as_asked_or_not(record: list[Consent], asked: bool) -> None:
    only = incomplete(ask(REFERRAL, MOTHERS, *record)).missing
    assert [(each.person, each.capacity, each.asked) for each in only] == [(FATHER, Capacity.HOLDER, asked)]


# -- what may be shared -----------------------------------------------------------------------------------------------


def test_only_what_both_said_yes_to_is_shared_and_never_more_than_asked_for() -> None:
    mothers = replace(MOTHERS, sharing=sharing("IN/O", "TI/H", "KO/O"))
    fathers = replace(FATHERS, sharing=sharing("TI/H", "AK/O", "KO/O", level=Level.HEADINGS))
    result = complete(ask(REFERRAL, mothers, fathers))
    assert result.sharing == sharing("TI/H", level=Level.HEADINGS)
    assert duties.SHARING_REDUCED in result.duties
    assert duties.SHARING_REDUCED not in complete(ask(REFERRAL, MOTHERS, FATHERS)).duties


def test_nothing_in_common_is_not_complete() -> None:
    mothers, fathers = replace(MOTHERS, sharing=sharing("IN/O")), replace(FATHERS, sharing=sharing("TI/H"))
    result = incomplete(ask(REFERRAL, mothers, fathers))
    assert missing(result) == {MOTHER, FATHER}
    assert result.reason == "Der er sagt ja, men ikke til at dele det samme. Intet må deles endnu."
    assert {"OWN-INTERSECTION", "OWN-NOTHING-SHARED"} <= set(result.rules)
    assert result.missing[0].asked


def test_who_shares_nothing_of_what_is_wanted_is_the_one_who_is_missing() -> None:
    assert missing(ask(REFERRAL, MOTHERS, replace(FATHERS, sharing=sharing("KO/P")))) == {FATHER}
    assert missing(ask(REFERRAL, MOTHERS, replace(FATHERS, sharing=sharing()))) == {FATHER}


def test_one_of_two_is_enough_and_yet_a_narrower_yes_of_the_other_counts() -> None:
    matter = Matter("routine-examination", recipient=BUP_NORTH, wanted=WIDE)
    mothers, fathers = answer(matter, MOTHER), answer(matter, FATHER, sharing=NARROW)
    assert complete(ask(matter, mothers)).sharing == WIDE
    assert complete(ask(matter, mothers, fathers)).sharing == NARROW
    nothing = answer(matter, MOTHER, sharing=sharing("KO/P"))
    assert missing(ask(matter, nothing)) == {MOTHER}
    apart = answer(matter, MOTHER, sharing=sharing("IN/O"))
    assert missing(ask(matter, apart, fathers)) == {MOTHER, FATHER}


def test_what_shares_must_say_what_and_with_whom() -> None:
    yes = (MOTHERS, FATHERS)
    for bare in (replace(REFERRAL, wanted=None), replace(REFERRAL, wanted=sharing())):
        result = review(ask(bare, *yes))
        assert result.rules == ("FAL3", "OWN-NOTHING-SHARED")
        assert result.reason == "Det er ikke oplyst, hvad der skal deles."
    result = review(ask(replace(REFERRAL, recipient=""), *yes, who=child(view_recorded=False)))
    assert result.rules == ("SL-CHILD", "FAL3", "OWN-UNIT")
    assert result.reason == "Det er ikke oplyst, hvilken enhed der skal modtage."
    assert result.duties == (duties.CHILD_VIEW_MISSING,)
    unsaid = review(ask(replace(REFERRAL, wanted=None), *yes, who=child(view_recorded=False)))
    assert unsaid.duties == (duties.CHILD_VIEW_MISSING,)
    fetch = Matter("municipal-data-to-bup", frozenset({PPR}), BUP_NORTH)
    review(ask(fetch, answer(fetch, MOTHER), answer(fetch, FATHER)))


def test_an_act_that_shares_nothing_has_nothing_shared() -> None:
    result = complete(ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER)))
    assert result.sharing is None
    assert "OWN-INTERSECTION" not in result.rules
    assert "OWN-UNIT" in result.rules
    bare = complete(ask(CONSULTATION, answer(CONSULTATION, MOTHER)))
    assert "OWN-UNIT" not in bare.rules


def test_a_narrower_sharing_covers_and_is_covered() -> None:
    assert WIDE.covers(NARROW)
    assert not NARROW.covers(WIDE)
    assert not sharing("TI/H", level=Level.AT).covers(NARROW)
    assert NARROW.covers(sharing("TI/H", level=Level.HEADINGS))


# -- until when -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("custody", "until"),
    [
        (Custody((Holder(MOTHER, resident=True), Holder(FATHER, valid_to=NOW + 5))), NOW + 5),
        (Custody((Holder(MOTHER, resident=True), Holder(FATHER, deceased_at=NOW + 6))), NOW + 6),
        (Custody((*JOINT.holders, Holder("aunt", valid_from=NOW + 7))), NOW + 7),
        (JOINT, JUNE),
    ],
)
def test_a_change_of_custody_ends_it(custody: Custody, until: int) -> None:
    assert complete(ask(REFERRAL, MOTHERS, FATHERS, custody=custody)).until == until


def test_a_birthday_ends_it_only_if_somebody_else_answers_from_then() -> None:
    fifteen = child("2012-01-15")
    assert complete(ask(REFERRAL, MOTHERS, FATHERS, who=fifteen)).until == at("2027-01-15")
    assert complete(ask(CONSULTATION, answer(CONSULTATION, MOTHER), who=fifteen)).until == JUNE
    assert complete(ask(CONSULTATION, answer(CONSULTATION, MOTHER), who=child("2009-01-15"))).until == at("2027-01-15")
    assert complete(ask(REFERRAL, MOTHERS, FATHERS, who=child("2017-01-15"))).until == JUNE


def test_a_record_about_capacity_ends_it_if_it_is_reasoned_and_the_act_is_hers_to_answer() -> None:
    reasoned, unreasoned = (CapacityDecision(NOW + 5, NOW + 9, reasoned=each) for each in (True, False))
    hers, mothers = answer(ASSESSMENT, ALMA), answer(CONSULTATION, MOTHER)
    who = child("2010-01-01", capacity_decisions=(reasoned,))
    assert complete(ask(ASSESSMENT, hers, who=who)).until == NOW + 5
    assert complete(ask(CONSULTATION, mothers, who=who)).until == JUNE
    who = child("2010-01-01", capacity_decisions=(unreasoned,))
    assert complete(ask(ASSESSMENT, hers, who=who)).until == JUNE


def test_a_placement_ends_it_only_with_a_decision_about_the_act() -> None:
    yes = (answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER))
    covers, other = (Placement(NOW + 5, NOW + 9, frozenset({act})) for act in ("bup-assessment", "medication"))
    assert complete(ask(ASSESSMENT, *yes, who=child(placements=(covers,)))).until == NOW + 5
    assert complete(ask(ASSESSMENT, *yes, who=child(placements=(other,)))).until == JUNE


def test_death_ends_it() -> None:
    yes = (answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER))
    assert complete(ask(ASSESSMENT, *yes, who=child(died_at=NOW + 5))).until == NOW + 5


def test_a_change_of_custody_does_not_end_a_young_persons_yes() -> None:
    custody = Custody((Holder(MOTHER, resident=True, valid_to=NOW + 5), Holder(FATHER)))
    assert complete(ask(ASSESSMENT, answer(ASSESSMENT, ALMA), who=child("2010-01-01"), custody=custody)).until == JUNE


def test_what_has_no_end_is_ended_after_twelve_months() -> None:
    forever = (replace(MOTHERS, valid_to=FOREVER), replace(FATHERS, valid_to=2**62))
    assert complete(ask(REFERRAL, *forever)).until == at("2027-09-01")
